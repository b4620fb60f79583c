"""Other VNC servers, to test this suite's own viewer and decoders with."""

import re
import socket
import tempfile
import time

from .port import free_port
from .process import end


class StandIn:
    """Another VNC server's process, listening on `port` at 127.0.0.1."""

    def __init__(self, xserver, arguments):
        for _ in range(3):  # another program may have taken the port
            self.port = free_port()
            words = [re.sub("PORT", str(self.port), w) for w in arguments]
            with tempfile.TemporaryFile() as log:
                self.process = xserver.start(*words, stdout=log, stderr=log)
                if self._listens():
                    return
                end(self.process)
                log.seek(0)
                said = log.read().decode(errors="replace")
        raise AssertionError(f"{words} never listened:\n{said}")

    def _listens(self):
        stop = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < stop:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

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
        "X0tigervnc", "-display", xserver.display, "-rfbport", "PORT",
        "-localhost=1", "-SecurityTypes=None", "-AlwaysShared=1"])
