"""Ports for programs that must be told theirs."""

import os
import random
import socket

# Below those that connections going out are given, also by chance.
FIRST, LAST = (int(n) for n in os.environ.get(
    "BLACKBOX_PORTS", "20000-32000").split("-"))


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
            return True
        except OSError:
            return False


def free_port():
    """Another one each time, mostly: others on this machine choose, too."""
    while True:
        port = random.randint(FIRST, LAST)
        if is_free(port):
            return port
