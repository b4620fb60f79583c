"""xterm with a program inside that writes down what is typed."""

import os

from Xlib import X
from Xlib.error import BadWindow

from .process import end, start
from .wait import wait_until


def wait_seen(root):
    """Until an xterm is: what is inside may run before its window is there."""
    def is_seen():
        for window in root.query_tree().children:
            try:
                if ("XTerm" in (window.get_wm_class() or ())
                        and window.get_attributes().map_state == X.IsViewable):
                    return True
            except BadWindow:  # gone meanwhile
                pass
        return False
    wait_until(is_seen, "an xterm is seen")


class Terminal:
    """An xterm over the whole screen; `path` gets what is typed, line by
    line, in UTF-8."""

    def __init__(self, xserver, path):
        self.path = path
        environment = dict(xserver.environment, LANG="C.UTF-8",
                           LC_ALL="C.UTF-8")
        ready = f"{path}.ready"
        self.process = start(
            ["xterm", "-u8", "-geometry", "100x30+0+0", "-xrm",
             "xterm*allowSendEvents: false", "-e", "sh", "-c",
             f"stty -echo; touch '{ready}'; cat >'{path}'"],
            env=environment)
        wait_until(lambda: os.path.exists(ready), "xterm runs")
        display = xserver.connect()
        root = display.screen().root
        wait_seen(root)
        root.warp_pointer(100, 100)
        display.sync()

    def text(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def wait_for(self, text):
        """Until exactly this has been typed."""
        try:
            wait_until(lambda: self.text() == text, "typed")
        except AssertionError:
            raise AssertionError(
                f"typed {text!r}, but {self.text()!r} came") from None

    def __enter__(self):
        return self

    def __exit__(self, *what):
        end(self.process)
