"""A real viewer under its own X server, looked at from outside."""

from Xlib import X, error

from blackbox.lib.process import end
from blackbox.lib.wait import wait_until

from .picture import difference
from .screen import Screen

# No dialogs, and no hint about the menu painted over the picture.
TIGER = ["xtigervncviewer", "-AlertOnFatalError=0", "-ReconnectOnError=0",
         "-MenuKey="]
TIGHT = ["xtightvncviewer"]


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
            assert self.process.poll() is None, (
                f"{self.command} ended with {self.process.returncode}:\n"
                f"{self.log()}")
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
