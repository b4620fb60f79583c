"""Who draws the pointer: the viewer that can, else the program."""

import numpy
import pytest
from PIL import Image
from Xlib.ext import xfixes

from viewers.lib.expect import expect
from viewers.lib.picture import difference
from viewers.lib.screen import CURSOR_SIZE
from viewers.lib.viewer import TIGER, TIGHT

RED, BLUE = (255, 0, 0), (0, 0, 255)
# The pointer, and its picture's hot spot.
X, Y = 650, 540
HOT_X, HOT_Y = 3, 5


@pytest.fixture
def cursor(stage):
    """Shows a square of a colour; afterwards nothing again."""
    def show(colour):
        stage.screen.set_cursor(colour, (X, Y))

    yield show
    stage.screen.set_cursor(None, (700, 550))


class WithCursor:
    """A picture with the pointer painted into it."""

    def __init__(self, picture, colour):
        self.width, self.height = picture.width, picture.height
        self.exact = picture.exact()
        self.pixels = picture.pixels.copy()
        left, top = X - HOT_X, Y - HOT_Y
        self.pixels[top:top + CURSOR_SIZE, left:left + CURSOR_SIZE] = colour


@pytest.mark.parametrize("options", [
    ["-nocursorshape"], ["-nocursorshape", "-encodings", "hextile"]],
    ids=" ".join)
def test_painted_for_a_viewer_without_shapes(
        options, server, stage, cursor, view):
    cursor(RED)
    viewer = view(*TIGHT, *options, f"127.0.0.1::{server.port}")
    for colour in (RED, BLUE, RED):
        cursor(colour)
        wanted = WithCursor(stage.picture, colour)
        viewer.wait_for(wanted, wanted.exact)


def test_painted_into_a_capture(server, stage, cursor, viewing, tmp_path):
    cursor(BLUE)
    wanted = WithCursor(stage.change(), BLUE)
    path = tmp_path / "capture.png"
    viewing.run("gvnccapture", "-q", f"127.0.0.1:{server.port - 5900}",
                str(path))
    with Image.open(path) as image:
        got = numpy.asarray(image.convert("RGB"))
    assert difference(got, wanted.pixels) == ""


def test_shape_and_colour_at_the_viewer(
        server, stage, cursor, view, viewing, looking):
    """The viewer's own pointer takes the shape, and its picture has none."""
    viewer = view(*TIGER, f"127.0.0.1::{server.port}")
    viewer.wait_for(stage.picture, stage.picture.exact())
    left, top = viewer.find_desktop(stage.picture.width, stage.picture.height)
    viewing.run("xdotool", "mousemove", str(left + X), str(top + Y))
    for colour in (RED, BLUE):
        cursor(colour)
        expect(lambda: shape(looking), colour)
    viewer.wait_for(stage.picture, stage.picture.exact())


@pytest.fixture
def looking(viewing):
    """A connection that can ask for the shape of the pointer."""
    display = viewing.connect()
    info = display.query_extension("XFIXES")
    display.display.set_extension_major("XFIXES", info.major_opcode)
    xfixes.init(display, info)
    display.xfixes_query_version()
    return display


def shape(display):
    """The colour in the middle of what the viewer's X server shows."""
    image = display.xfixes_get_cursor_image(display.screen().root)
    value = image.cursor_image[
        image.height // 2 * image.width + image.width // 2]
    return value >> 16 & 255, value >> 8 & 255, value & 255
