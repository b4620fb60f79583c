"""What tests of resizing need: an X server whose screen changes its size."""

from . import screen
from .compare import follow, wrong


def resize(x, width, height):
    """Gives Xtigervnc's one output a mode of exactly this size."""
    name = f"{width}x{height}"
    if f" {name} " not in x.run("xrandr"):
        x.run("xrandr", "--newmode", name, "30", *_timing(width),
              *_timing(height))
        x.run("xrandr", "--addmode", "VNC-0", name)
    x.run("xrandr", "--output", "VNC-0", "--mode", name)


def _timing(size):
    return [str(size + extra) for extra in (0, 8, 16, 32)]


def wait_common_part(viewer, display):
    """Until what both the screen and the viewer have is equal: for viewers
    that keep their size."""
    reference = screen.picture(display)
    height = min(viewer.height, reference.shape[0])
    width = min(viewer.width, reference.shape[1])

    def is_equal():
        off = wrong(_Cut(viewer, width, height), reference[:height, :width])
        return not off.any()

    follow(viewer, is_equal, lambda: "the common part differs")


class _Cut:
    """The top left part of a viewer's picture."""

    def __init__(self, viewer, width, height):
        self.format = viewer.format
        self.picture = viewer.picture[:height, :width]
