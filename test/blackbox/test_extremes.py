"""Screens of one pixel, of three rows, of 8192x8192; and what viewers may say
of quality, in any order."""

import random

import pytest
from Xlib import X

from lib import pixels, screen
from lib.compare import follow, psnr, wait_equal
from lib.decode import (
    COPYRECT, CORRE, HEXTILE, JPEG, RAW, RRE, TIGHT, TIGHT_PNG, TRLE, ZLIB,
    ZRLE)
from lib.memory import memory_kib
from lib.rfb import CURSOR, LAST_RECT, Viewer
from lib.transport import connect
from lib.xserver import XServer

ENCODINGS = [RAW, RRE, CORRE, HEXTILE, ZLIB, TIGHT, TIGHT_PNG, TRLE, ZRLE]
# Quality in steps, in percent, of colours; compression.
WISHES = [*range(-32, -22), *range(-512, -411, 9), *range(-768, -762),
          *range(-256, -246)]


def draw(canvas):
    """What fits on a screen of any size."""
    canvas.clear()
    for _ in range(40):
        canvas.rectangle(canvas.colour(),
                         canvas.random.randrange(canvas.width),
                         canvas.random.randrange(canvas.height),
                         1 + canvas.random.randrange(300),
                         1 + canvas.random.randrange(90))
    canvas.text(2)


@pytest.mark.parametrize("width,height", [
    (1, 1), (2, 1), (1, 3), (16384, 3), (3, 8192), (16383, 1)])
def test_odd_screens(launch, width, height):
    with XServer(width, height) as x:
        display = x.connect()
        canvas = screen.Canvas(display, width, height)
        with launch(x) as running:
            for encoding in ENCODINGS:
                with Viewer(connect("ws", running.port)) as viewer:
                    assert (viewer.width, viewer.height) == (width, height)
                    viewer.set_encodings(encoding, COPYRECT, CURSOR, -26)
                    draw(canvas)
                    viewer.refresh()
                    wait_equal(viewer, screen.picture(display))
                    draw(canvas)
                    canvas.shift(0, 0, width // 3, 0, width - width // 3,
                                 height)
                    wait_equal(viewer, screen.picture(display))


def piece(display, x, y):
    """256x256 of the screen there."""
    image = display.screen().root.get_image(
        x, y, 256, 256, X.ZPixmap, 0xFFFFFFFF)
    return screen.to_rgb(image.data, 256, 24)


def test_largest_screen(launch):
    side = 8192
    places = [(0, 0), (side - 256, 0), (0, side - 256),
              (side - 256, side - 256), (4000, 4000)]
    with XServer(side, side) as x:
        display = x.connect()
        canvas = screen.Canvas(display, side, side)
        canvas.rectangles(20)
        canvas.text(20)
        canvas.photo(side - 300, side - 300, 300, 300)
        with launch(x) as running:
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.set_encodings(TIGHT, COPYRECT, CURSOR)
                viewer.refresh()
                canvas.photo(4010, 4010, 200, 100)
                canvas.text(9, left=side - 200, top=120)
                for place in places:
                    wanted = piece(display, *place)
                    follow(viewer, lambda: (
                        patch(viewer, *place) == wanted).all(),
                        lambda: f"never equal at {place}")
            # Three frames of 256 MB, and an update of one.
            assert memory_kib(running.process.pid) < 4 * 300 << 10


def patch(viewer, x, y):
    values = viewer.picture[y:y + 256, x:x + 256]
    return viewer.format.to_rgb(values).astype("u1")


@pytest.mark.parametrize("encoding", [TIGHT, TIGHT_PNG, JPEG])
def test_quality_in_any_order(server, canvas, display, encoding):
    """Whatever stands where: photographs are like photographs, and become
    exact where nothing moves any more."""
    chance = random.Random(7)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(pixels.RGBX)
        for turn in range(8):
            wishes = chance.sample(WISHES, chance.randrange(1, len(WISHES)))
            wishes += [encoding, ZRLE, COPYRECT, CURSOR, LAST_RECT]
            chance.shuffle(wishes)
            viewer.set_encodings(*wishes)
            canvas.photo(60 + turn, 40, 400, 260)
            wanted = screen.picture(display)
            viewer.refresh()
            assert psnr(viewer.rgb(), wanted) > 12
        wait_equal(viewer, wanted)


@pytest.fixture(scope="module")
def canvas(display):
    return screen.Canvas(display, 640, 480)
