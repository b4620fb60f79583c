"""X servers for one test each: Xvfb, Xtigervnc where screens resize, and Xorg
where several outputs are wanted, on its driver for no card at all."""

import os
import secrets
import select
import tempfile

import Xlib.ext
from Xlib.display import Display

from .process import end, run, start

# We use none of them, and python-xlib's event numbers for them collide where
# a server numbers its events otherwise than Xorg (Xtigervnc).
Xlib.ext.__extensions__ = []

def own_numbers():
    """Other suites on the same machine have others, and so has each process of
    this one: a test may end a server and begin it anew under its number."""
    first, last = (int(n) for n in os.environ.get(
        "BLACKBOX_DISPLAYS", "90-129").split("-"))
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    away = process * (last - first + 1)
    return first + away, last + away


FIRST, LAST = own_numbers()


def spare_number():
    """For an X server that the test does not start itself."""
    for number in range(LAST, FIRST - 1, -1):
        if not (os.path.exists(f"/tmp/.X{number}-lock")
                or os.path.exists(f"/tmp/.X11-unix/X{number}")):
            return number
    raise AssertionError(f"all displays of :{FIRST}..:{LAST} are taken")


# The driver needs neither a card nor a console, and has 16 outputs.
XORG = """
Section "ServerFlags"
	Option "AutoAddDevices" "false"
	Option "AutoAddGPU" "false"
EndSection
Section "Device"
	Identifier "none"
	Driver "dummy"
	VideoRam 64000
EndSection
Section "Screen"
	Identifier "screen"
	Device "none"
	DefaultDepth {depth}
	SubSection "Display"
		Depth {depth}
		Modes "{width}x{height}"
	EndSubSection
EndSection
"""


class XServer:
    """A running X server with a cookie; use as a context manager."""

    def __init__(self, width=640, height=480, depth=24, extra=(),
                 kind="Xvfb"):
        self.kind = kind
        self.width, self.height, self.depth = width, height, depth
        self.directory = tempfile.TemporaryDirectory(prefix="blackbox-x-")
        self.authority = os.path.join(self.directory.name, "authority")
        self.extra = list(extra)
        self.connections = []
        self.process = None
        self.number = None
        for number in range(FIRST, LAST + 1):
            if os.path.exists(f"/tmp/.X{number}-lock"):
                continue
            if self._start(number):
                return
        raise AssertionError(f"{kind} did not start on :{FIRST}..:{LAST}")

    @property
    def display(self):
        return f":{self.number}"

    @property
    def environment(self):
        return dict(os.environ, DISPLAY=self.display,
                    XAUTHORITY=self.authority)

    def _arguments(self):
        geometry = f"{self.width}x{self.height}"
        if self.kind == "Xvfb":
            return ["-screen", "0", f"{geometry}x{self.depth}"]
        if self.kind == "Xorg":
            return self._xorg_arguments()
        return ["-geometry", geometry, "-depth", str(self.depth),
                "-SecurityTypes", "None", "-rfbport", "-1",
                # Without one, or a port, TigerVNC 1.13 and later end.
                "-rfbunixpath", os.path.join(self.directory.name, "socket")]

    def _xorg_arguments(self):
        config = os.path.join(self.directory.name, "xorg.conf")
        with open(config, "w") as out:
            out.write(XORG.format(width=self.width, height=self.height,
                                  depth=self.depth))
        return ["-config", config, "-logfile", config + ".log",
                "-novtswitch", "-sharevts"]

    def _start(self, number):
        cookie = secrets.token_hex(16)
        run(["xauth", "-q", "-f", self.authority, "add", f":{number}", ".",
             cookie])
        readable, writable = os.pipe()
        self.log_path = os.path.join(self.directory.name, "log")
        with open(self.log_path, "wb") as log:
            self.process = start(
                [self.kind, f":{number}", "-displayfd", str(writable),
                 "-auth", self.authority, "-nolisten", "tcp", "-noreset",
                 "-s", "0", *self._arguments(), *self.extra],
                pass_fds=[writable], stdout=log, stderr=log)
        os.close(writable)
        said = self._read_line(readable)
        os.close(readable)
        if not said:
            end(self.process)
            return False
        self.number = number
        return True

    @staticmethod
    def _read_line(readable):
        """What -displayfd says. It comes in two writes, and the server dies
        when the second finds nobody."""
        said = b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([readable], [], [], 30)
            chunk = os.read(readable, 16) if ready else b""
            if not chunk:
                return b""
            said += chunk
        return said

    def kill(self):
        """As a crash does: nothing is cleaned up, nobody is told."""
        self._forget_connections()
        self.process.kill()
        self.process.wait()

    def restart(self, width=None, height=None):
        """Another one under the same number, with a cookie of its own."""
        self.width, self.height = width or self.width, height or self.height
        os.unlink(self.authority)
        assert self._start(self.number), self.log()

    def connect(self):
        """A python-xlib connection, closed with the server."""
        before = os.environ.get("XAUTHORITY")
        os.environ["XAUTHORITY"] = self.authority
        try:
            display = Display(self.display)
        finally:
            if before is None:
                del os.environ["XAUTHORITY"]
            else:
                os.environ["XAUTHORITY"] = before
        self.connections.append(display)
        return display

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

    def run(self, *arguments, **keywords):
        """Runs a tool on this display to its end; its output."""
        return run(list(arguments), env=self.environment, **keywords)

    def start(self, *arguments, **keywords):
        return start(list(arguments), env=self.environment, **keywords)

    def _forget_connections(self):
        for display in self.connections:
            try:
                display.close()
            except Exception:  # its server may be gone already
                pass
        self.connections = []

    def stop(self):
        self._forget_connections()
        end(self.process)
        self.directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.stop()
