"""xterm with a program inside that writes down what is typed."""

import os

from .process import end, run
from .wait import wait_until


class Terminal:
    """An xterm over the whole screen; `path` gets what is typed, line by
    line, in UTF-8."""

    def __init__(self, xserver, path):
        self.path = path
        environment = dict(xserver.environment, LANG="C.UTF-8",
                           LC_ALL="C.UTF-8")
        ready = f"{path}.ready"
        from .process import start
        self.process = start(
            ["xterm", "-u8", "-geometry", "100x30+0+0", "-xrm",
             "xterm*allowSendEvents: false", "-e", "sh", "-c",
             f"stty -echo; touch '{ready}'; cat >'{path}'"],
            env=environment)
        wait_until(lambda: os.path.exists(ready), "xterm runs")
        run(["xdotool", "mousemove", "100", "100"], env=environment)

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
