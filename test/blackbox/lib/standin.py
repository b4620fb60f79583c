"""Other VNC servers, to test this suite's own viewer and decoders with."""

import re
import socket
import time

from .process import end


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class StandIn:
    """Another VNC server's process, listening on `port` at 127.0.0.1."""

    def __init__(self, xserver, arguments):
        self.port = free_port()
        self.process = xserver.start(
            *[re.sub("PORT", str(self.port), part) for part in arguments])
        stop = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return
            except OSError:
                assert time.monotonic() < stop, f"{arguments} never listened"
                assert self.process.poll() is None, f"{arguments} ended"
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        end(self.process)


def x11vnc(xserver):
    return StandIn(xserver, [
        "x11vnc", "-display", xserver.display, "-auth", xserver.authority,
        "-rfbport", "PORT", "-localhost", "-forever", "-shared", "-nopw",
        "-quiet", "-noipv6", "-nocursorpos"])


def x0vncserver(xserver):
    return StandIn(xserver, [
        "x0vncserver", "-display", xserver.display, "-rfbport", "PORT",
        "-localhost=1", "-SecurityTypes=None", "-AlwaysShared=1"])
