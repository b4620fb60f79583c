"""A real viewer under its own X server, looked at from outside."""

import re
import subprocess

from Xlib import X, error

from blackbox.lib.process import end, tool
from blackbox.lib.wait import wait_until

from .picture import difference
from .screen import Screen

# No dialogs, and no hint about the menu painted over the picture.
TIGER = ["xtigervncviewer", "-AlertOnFatalError=0", "-ReconnectOnError=0",
         "-MenuKey="]
TIGHT = ["xtightvncviewer"]


def tiger_knows():
    """The version of the TigerVNC that is installed, and the security types
    that it lists."""
    done = subprocess.run([tool(TIGER[0]), "--help"], capture_output=True,
                          text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    version = re.search(r"TigerVNC.*? v([\d.]+)", said, re.I)
    listed = re.search(r"security scheme to use \(([^)]*)\)", said)
    assert version and listed, said
    return version.group(1), re.split(r",\s+", listed.group(1))


class Viewer:
    """Started on `xserver`, which nobody else uses at that time."""

    def __init__(self, xserver, command, log):
        self.screen = Screen(xserver.connect())
        self.command = command
        self.log_path = log
        with open(log, "wb") as out:
            self.process = xserver.start(*command, stdout=out, stderr=out)

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

    def find_desktop(self, width, height):
        """The innermost mapped window of just the shared screen's size:
        x, y on the viewer's screen; None while there is none."""
        found = None
        queue = [self.screen.root]
        while queue:
            window = queue.pop(0)
            try:
                for child in window.query_tree().children:
                    shape = child.get_geometry()
                    seen = child.get_attributes().map_state == X.IsViewable
                    if seen and (shape.width, shape.height) == (width, height):
                        where = self.screen.root.translate_coords(child, 0, 0)
                        found = (where.x, where.y)
                    queue.append(child)
            except (error.BadWindow, error.BadDrawable):
                pass  # it went away while we looked
        return found

    def find_dialog(self, title):
        """The mapped window of that name, x and y of its middle."""
        for window in self.screen.root.query_tree().children:
            try:
                shape = window.get_geometry()
                seen = window.get_attributes().map_state == X.IsViewable
                if seen and window.get_wm_name() == title:
                    return (shape.x + shape.width // 2,
                            shape.y + shape.height // 2)
            except (error.BadWindow, error.BadDrawable):
                pass  # it went away while we looked
        return None

    def agree(self, xserver, title):
        """Presses Return in the dialog, once it is there, until it has gone;
        the pointer is where it was then."""
        wait_until(lambda: self._alive() and self.find_dialog(title),
                   f"the viewer asks: {title}")
        before = self.screen.root.query_pointer()

        def gone():
            place = self.find_dialog(title)
            if place is None:
                return True
            xserver.run("xdotool", "mousemove", *map(str, place),
                        "key", "Return")
            return False

        wait_until(gone, f"the viewer takes the answer: {title}", 60, 0.5)
        xserver.run("xdotool", "mousemove", str(before.root_x),
                    str(before.root_y))

    def _alive(self):
        assert self.process.poll() is None, (
            f"{self.command} ended with {self.process.returncode}:\n"
            f"{self.log()}")
        return True

    def shown(self, width, height):
        place = self.find_desktop(width, height)
        if place is None:
            return None
        # The part outside the viewer's screen cannot be looked at.
        assert min(place) >= 0, f"the viewer's picture is at {place}"
        return self.screen.look(area=(*place, width, height))

    def wait_for(self, picture, exact=None, compare=difference):
        """Waits until the viewer shows the picture."""
        said = "no window"

        def same():
            nonlocal said
            self._alive()
            got = self.shown(picture.width, picture.height)
            if got is None:
                return False
            said = compare(got, picture.pixels, exact)
            return said == ""

        try:
            wait_until(same, "the viewer shows the picture", 60, 0.1)
        except AssertionError as failure:
            raise AssertionError(
                f"{failure}\n{' '.join(self.command)}: {said}\n"
                f"{self.log()}") from None

    def stop(self):
        end(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.stop()
