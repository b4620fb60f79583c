#!/usr/bin/python3
"""The other side of the browser's tests: X screens, the program, viewers.

Reads one JSON request a line, [name, {arguments}], and answers each with one
line, {"value": ...} or {"error": "..."}. Ends, and ends all that it started,
with its standard input.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import numpy

from blackbox.lib.process import end, tool
from blackbox.lib.server import Server
from blackbox.lib.terminal import wait_seen
from blackbox.lib.wait import wait_until
from blackbox.lib.xserver import XServer
from viewers.lib.picture import Picture, difference, difference_of_tiles
from viewers.lib.screen import Screen
from viewers.lib.viewer import TIGER, Viewer


class Stage:
    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="browser-stage-")
        self.xserver = self.screen = self.picture = None
        self.server = self.viewer = self.viewer_xserver = None
        self.terminal = self.owner = None

    def file(self, name):
        return os.path.join(self.directory.name, name)

    def start(self, width=800, height=600, kind="Xvfb"):
        """An X server with the first picture on it."""
        self.xserver = XServer(width, height, kind=kind)
        self.screen = Screen(self.xserver.connect())
        self.show(0)

    def place(self):
        """Of the X server, for a program that the test starts itself."""
        return {"display": self.xserver.display,
                "authority": self.xserver.authority}

    def show(self, seed):
        self.picture = Picture(*self.screen.size(), seed)
        self.screen.show(self.picture)
        wrong = difference(self.screen.look(), self.picture.pixels)
        assert not wrong, f"the X screen itself: {wrong}"

    def scroll(self, area, up):
        self.screen.scroll(self.picture, area, up)

    def resize(self, width, height):
        self.xserver.run("xrandr", "-s", f"{width}x{height}")
        self.wait_size(width, height)

    def wait_size(self, width, height):
        wait_until(lambda: self.screen.size() == (width, height),
                   "the screen has its new size")

    def cursor(self, colour, pointer):
        self.screen.set_cursor(colour and tuple(colour), tuple(pointer))

    def compare(self, width, height, rgba, area=None, lossy=False):
        """'' where a browser's canvas shows the picture, or this part; lossy:
        as another server sends it."""
        got = numpy.frombuffer(base64.b64decode(rgba), "u1").reshape(
            height, width, 4)
        if not (got[..., 3] == 255).all():
            return "the canvas is transparent somewhere"
        if lossy:
            return difference_of_tiles(got[..., :3], self.picture.pixels)
        x, y, w, h = area or (0, 0, self.picture.width, self.picture.height)
        part = numpy.s_[y:y + h, x:x + w]
        return difference(got[..., :3], self.picture.pixels[part],
                          self.picture.exact()[part])

    def monitors(self, areas):
        for number, area in enumerate(areas):
            self.xserver.run("xrandr", "--setmonitor", f"m{number}", area,
                             "none" if number else "screen")

    def buttons(self):
        return self.screen.buttons()

    def keys(self):
        return self.screen.keys()

    def layout(self, name):
        """The keyboard of the shared screen."""
        self.xserver.run("setxkbmap", *name.split())

    def lock_capitals(self):
        self.xserver.run("xdotool", "key", "Caps_Lock")
        assert self.capitals()

    def capitals(self):
        """Whether Caps Lock is on there."""
        return re.search(r"Caps Lock:\s+on", self.xserver.run(
            "xset", "q")) is not None

    def forget(self):
        self.screen.forget()

    def serve(self, options, password=None, port=0):
        """Starts the program on the screen; its port."""
        program = os.environ.get("X11WSVNC")
        assert program, "X11WSVNC must name the program"
        self.server = Server(
            program, self.xserver, *options, port=port,
            password_option=["-passwd", password] if password else None)
        return self.server.port

    def users(self, name, password):
        """A file for -usersfile; mkpasswd's work is openssl's here."""
        hashed = self.xserver.run("openssl", "passwd", "-6", password).strip()
        with open(self.file("users"), "w", encoding="utf-8") as users:
            users.write(f"{name}:{hashed}\n")
        os.chmod(self.file("users"), 0o600)
        return self.file("users")

    def log(self):
        return self.server.log()

    def last_login(self):
        """How the newest viewer came in: layers, security type, user."""
        found = re.findall(
            r"event=login .*?how=(\S+) security=(\S+)(?: user=(\S+))?",
            self.server.log())
        return " ".join(filter(None, found[-1])) if found else ""

    def stop_serving(self):
        server, self.server = self.server, None
        server.stop()

    def certificate(self):
        """A self-signed one, with its key in the same file."""
        self.xserver.run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-keyout",
            self.file("key.pem"), "-out", self.file("cert.pem"))
        with open(self.file("both.pem"), "w", encoding="ascii") as both:
            for name in ("key.pem", "cert.pem"):
                with open(self.file(name), encoding="ascii") as part:
                    both.write(part.read())
        return self.file("both.pem")

    def terminal_start(self, x, y):
        """An xterm in front, whose input goes to a file."""
        wanted = self.file("typed")
        self.terminal = self.xserver.start(
            "xterm", "-geometry", f"60x12+{x}+{y}", "-e", "sh", "-c",
            f"cat > '{wanted}'")
        wait_until(lambda: os.path.exists(wanted), "the terminal is up")
        wait_seen(self.screen.root)

    def terminal_text(self):
        with open(self.file("typed"), encoding="utf-8") as typed:
            return typed.read()

    def terminal_stop(self):
        end(self.terminal)
        os.unlink(self.file("typed"))

    def copy(self, text):
        """As if it were copied on the screen."""
        path = self.file("copied")
        with open(path, "w", encoding="utf-8") as copied:
            copied.write(text)
        if self.owner is not None:
            end(self.owner)
        # -quiet: it stays a child, and ends with us.
        self.owner = self.xserver.start(
            "xclip", "-quiet", "-selection", "clipboard", "-i", path,
            stderr=subprocess.DEVNULL)

    def paste(self):
        """What a paste on the screen would give; '' where there is none."""
        got = subprocess.run(
            [tool("xclip"), "-selection", "clipboard", "-o"],
            env=self.xserver.environment, capture_output=True, timeout=60,
            check=False)
        return got.stdout.decode("utf-8")

    def viewer_start(self):
        """xtigervncviewer, beside the browser."""
        self.viewer_xserver = XServer(1280, 1024)
        self.viewer = Viewer(
            self.viewer_xserver,
            [*TIGER, f"127.0.0.1::{self.server.port}"],
            self.file("viewer.log"))

    def viewer_check(self):
        self.viewer.wait_for(self.picture, self.picture.exact())

    def viewer_stop(self):
        self.viewer.stop()
        self.viewer_xserver.stop()
        self.viewer = self.viewer_xserver = None

    def finish(self):
        if self.viewer is not None:
            self.viewer_stop()
        try:
            if self.server is not None:
                self.stop_serving()
        finally:
            if self.owner is not None:
                end(self.owner)
            if self.xserver is not None:
                self.xserver.stop()
                self.xserver = None
            self.directory.cleanup()


def main():
    stage = Stage()
    # Nothing a library prints may end up between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    finished = False
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"value": getattr(stage, name)(**arguments)}
        except Exception:
            answer = {"error": traceback.format_exc()}
            if stage.server is not None:
                answer["error"] += f"\nthe program's log:\n{stage.server.log()}"
        finished = finished or name == "finish"
        print(json.dumps(answer), file=answers, flush=True)
    if not finished:
        stage.finish()


main()
