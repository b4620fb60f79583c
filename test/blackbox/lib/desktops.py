"""Several X servers, and a file that names them for one program."""

import os
import tempfile

from . import http, screen
from .compare import wait_equal
from .decode import ZRLE
from .rfb import CURSOR, Viewer
from .transport import Plain, connect
from .websocket import request
from .xserver import XServer

SIZES = {"one": (320, 240), "two": (400, 200)}


class Desktops:
    """X servers by name, each with another picture; use as a context
    manager."""

    def __init__(self, sizes=SIZES):
        self.servers, self.displays, self.canvases = {}, {}, {}
        self.folder = tempfile.TemporaryDirectory(prefix="blackbox-d-")
        self.path = os.path.join(self.folder.name, "desktops")
        try:
            for seed, (name, size) in enumerate(sizes.items()):
                self._start(name, size, seed)
        except BaseException:
            self.close()
            raise

    def _start(self, name, size, seed):
        x = self.servers[name] = XServer(*size)
        self.displays[name] = x.connect()
        canvas = self.canvases[name] = screen.Canvas(
            self.displays[name], *size, seed=seed)
        canvas.rectangles(30)

    def line(self, name, *words):
        x = self.servers[name]
        return " ".join([f"{name}: -display {x.display} -auth {x.authority}",
                         *words])

    def write(self, words=None, extra=""):
        """The file, with these words for each name; its path."""
        with open(self.path, "w") as out:
            for name in self.servers:
                out.write(self.line(name, (words or {}).get(name, "")) + "\n")
            out.write(extra)
        return self.path

    def picture(self, name):
        self.displays[name].sync()
        return screen.picture(self.displays[name])

    def close(self):
        for x in self.servers.values():
            x.stop()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()


def enter(port, path="/websockify", kind="ws", password=None, **keywords):
    """A viewer by this address, logged in, that has asked for everything."""
    viewer = Viewer(connect(kind, port, path=path, **keywords),
                    password=password)
    viewer.set_encodings(ZRLE, CURSOR)
    viewer.refresh()
    return viewer


def assert_shows(viewer, desktops, name):
    """It is this one's picture, pixel by pixel."""
    width, height = desktops.servers[name].width, desktops.servers[name].height
    assert (viewer.width, viewer.height) == (width, height)
    wait_equal(viewer, desktops.picture(name))


def upgrade_answer(port, path, **keywords):
    """What a browser is told that wants a WebSocket there."""
    with Plain(port) as stream:
        stream.write(request(port, path=path, **keywords)[0])
        return http.read_answer(stream)
