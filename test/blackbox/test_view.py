"""What a viewer sees of the screen: scaled, turned, blackened, one monitor."""

import contextlib
import itertools
import struct

import numpy
import pytest

from lib import screen
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, HEXTILE, TIGHT, ZRLE
from lib.rfb import (ALPHA_CURSOR, CURSOR, DESKTOP_SIZE, EXTENDED_SIZE,
                     Viewer)
from lib.transport import connect
from lib.view import scaled
from lib.wait import wait_until
from lib.xserver import XServer

USAGE = 2


@pytest.fixture(scope="module")
def scene():
    with XServer(width=600, height=400) as x:
        display = x.connect()
        canvas = screen.Canvas(display, 600, 400)
        screen.mixed_scene(canvas)
        yield x, display, canvas


def listening(port, *encodings, path="/websockify"):
    stream = connect("ws", port, path=path) if path else connect("rfb", port)
    viewer = Viewer(stream)
    viewer.set_encodings(TIGHT, COPYRECT, CURSOR, *encodings)
    viewer.refresh()
    return viewer


def wait_pointer(display, x, y):
    def is_there():
        place = display.screen().root.query_pointer()
        return (place.root_x, place.root_y) == (x, y)
    wait_until(is_there, f"the pointer is at {x},{y}")


def scenes(canvas):
    """Changes of every kind, one after the other."""
    yield
    canvas.text(20)
    yield
    canvas.rectangles(3)
    yield
    canvas.scroll()
    yield
    canvas.rectangle(0x123456, 301, 203, 1, 1)
    canvas.sync()
    yield
    screen.mixed_scene(canvas)
    yield


# --- scaled ---

SCALES = [
    ("1/2", (120, 80)), ("1/3", (80, 53)), ("2", (480, 320)),
    ("0.7", (168, 112)), ("1.3", (312, 208)), ("1/2x1", (120, 160)),
    ("133x77", (133, 77))]


@pytest.fixture(scope="module")
def small():
    """The reference is slow."""
    with XServer(width=240, height=160) as x:
        display = x.connect()
        canvas = screen.Canvas(display, 240, 160)
        screen.mixed_scene(canvas)
        yield x, display, canvas


@pytest.mark.parametrize("scale,size", SCALES)
def test_scale(launch, small, scale, size):
    x, display, canvas = small
    with launch(x, "-scale", scale) as server:
        with listening(server.port) as viewer:
            assert (viewer.width, viewer.height) == size
            exact = all(s % w == 0 for s, w in zip(size, (240, 160)))
            for _ in scenes(canvas):
                wait_equal(viewer, scaled(screen.picture(display), *size),
                           slack=0 if exact else 1)


def test_scale_without_blending(launch, small):
    x, display, canvas = small
    with launch(x, "-scale", "3/4:nb") as server:
        with listening(server.port) as viewer:
            for _ in scenes(canvas):
                picture = screen.picture(display)
                rows = numpy.arange(120) * 160 // 120
                columns = numpy.arange(180) * 240 // 180
                wait_equal(viewer, picture[rows][:, columns])


def test_clicks_in_a_scaled_picture(launch, scene):
    x, display, canvas = scene
    with launch(x, "-scale", "1/2") as server:
        with listening(server.port) as viewer:
            for place in ((0, 0), (299, 199), (100, 50)):
                viewer.pointer(*place)
                wait_pointer(display, place[0] * 2 + 1, place[1] * 2 + 1)


# --- turned ---

TURNS = {
    "+90": lambda p: numpy.rot90(p, -1),
    "-90": numpy.rot90,
    "180": lambda p: p[::-1, ::-1],
    "x": lambda p: p[:, ::-1],
    "+90x": lambda p: numpy.rot90(p, -1)[:, ::-1],
}


@pytest.mark.parametrize("how", TURNS)
def test_rotate(launch, small, how):
    x, display, canvas = small
    with launch(x, "-rotate", how) as server:
        with listening(server.port) as viewer:
            for _ in scenes(canvas):
                wait_equal(viewer, TURNS[how](screen.picture(display)))
            # The pixel under the pointer is the one that is shown there.
            canvas.noise(0, 0, 240, 160)
            canvas.sync()
            turned = TURNS[how](screen.picture(display))
            wait_equal(viewer, turned)
            for place in ((0, 0), (37, 101), (viewer.width - 1, 5)):
                viewer.pointer(*place)
                picture = screen.picture(display)
                wait_until(lambda: (picture[pointer(display)]
                                    == turned[place[::-1]]).all(),
                           "the pointer is over that pixel")
            screen.mixed_scene(canvas)


def pointer(display):
    place = display.screen().root.query_pointer()
    return place.root_y, place.root_x


def test_all_at_once(launch, scene):
    x, display, canvas = scene
    with launch(x, "-clip", "401x303-10+20", "-rotate", "90x", "-scale",
                "2", "-padgeom", "700x900", "-blackout", "50x40+250+60"
                ) as server:
        with listening(server.port) as viewer:
            for _ in itertools.islice(scenes(canvas), 3):
                part = screen.picture(display)
                part[60:100, 250:300] = 0
                part = scaled(part[20:323, 189:590], 802, 606)
                wanted = numpy.zeros((900, 700, 3), "u1")
                wanted[:802, :606] = TURNS["+90x"](part)
                wait_equal(viewer, wanted)


# --- black ---

def test_blackout(launch, scene):
    x, display, canvas = scene
    with launch(x, "-blackout", "100x50+10+20,30x300+333+44") as server:
        with listening(server.port) as viewer:
            for _ in scenes(canvas):
                picture = screen.picture(display)
                picture[20:70, 10:110] = 0
                picture[44:344, 333:363] = 0
                wait_equal(viewer, picture)


def test_nothing_of_the_black_shows_through_a_scale(launch, scene):
    x, display, canvas = scene
    canvas.clear(0)
    canvas.rectangle(0xFFFFFF, 101, 101, 55, 77)
    canvas.sync()
    for scale in ("0.37", "1.7", "1/7"):
        with launch(x, "-scale", scale, "-blackout",
                    "55x77+101+101") as server:
            with listening(server.port) as viewer:
                assert not viewer.picture.any()
    screen.mixed_scene(canvas)


def test_the_pointer_stays_out_of_the_black(launch, scene):
    x, display, canvas = scene
    with launch(x, "-blackout", "noptr,100x100+100+100") as server:
        with listening(server.port) as viewer:
            viewer.pointer(50, 60)
            wait_pointer(display, 50, 60)
            viewer.pointer(150, 150)
            viewer.pointer(99, 150)
            wait_pointer(display, 99, 150)


def test_xinerama(launch, scene):
    x, display, canvas = scene
    x.run("xrandr", "--setmonitor", "one", "300/1x400/1+0+0", "screen")
    x.run("xrandr", "--setmonitor", "two", "300/1x200/1+300+50", "none")
    try:
        with launch(x, "-xinerama") as server:
            with listening(server.port) as viewer:
                picture = screen.picture(display)
                picture[:50, 300:] = picture[250:, 300:] = 0
                wait_equal(viewer, picture)
    finally:
        for name in ("one", "two"):
            x.run("xrandr", "--delmonitor", name)


@pytest.mark.parametrize("options", [
    ["-blackout", "everything"], ["-blackout", "10x10"], ["-scale", "0"],
    ["-scale", "big"], ["-scale", "1/0"], ["-rotate", "45"],
    ["-padgeom", "10"], ["-scale_cursor", "-1"], ["-scale", "1x"],
    ["-padgeom", "32767x32767"], ["-blackout", "10x10+1+99999999999"]])
def test_what_is_not_understood(launch, scene, options):
    with launch(scene[0], *options, expect_start=False) as server:
        assert server.wait() == USAGE
        assert options[0] in server.log()


# --- one monitor ---

@pytest.fixture
def two_monitors(scene):
    x, display, canvas = scene
    x.run("xrandr", "--setmonitor", "left", "350/1x400/1+0+0", "screen")
    x.run("xrandr", "--setmonitor", "right", "250/1x300/1+350+40", "none")
    yield scene
    for name in ("left", "right"):
        x.run("xrandr", "--delmonitor", name)


CHOICES = {
    "/websockify?monitor=1": (0, 0, 350, 400),
    "/?monitor=2": (350, 40, 250, 300),
    "/x?a=b&monitor=right": (350, 40, 250, 300),
    "/?monitor=left": (0, 0, 350, 400),
    "/?monitor=3": (0, 0, 600, 400),
    "/?monitor=0": (0, 0, 600, 400),
    "/?monitor=": (0, 0, 600, 400),
    "/?monitor=elsewhere": (0, 0, 600, 400),
    "/?monitor=99999999999999": (0, 0, 600, 400),
    "/?monitor=%00": (0, 0, 600, 400),
    "/?monitor=" + 300 * "x": (0, 0, 600, 400),
    "/?xmonitor=1": (0, 0, 600, 400),
}


def test_each_viewer_its_monitor(launch, two_monitors):
    """All of them at the same time."""
    x, display, canvas = two_monitors
    with launch(x) as server, contextlib.ExitStack() as stack:
        viewers = [(stack.enter_context(listening(
            server.port, EXTENDED_SIZE, path=path)), CHOICES[path])
            for path in CHOICES]
        for _ in itertools.islice(scenes(canvas), 4):
            whole = screen.picture(display)
            for viewer, (left, top, width, height) in viewers:
                wait_equal(viewer, whole[top:top + height,
                                         left:left + width])
        for viewer, (left, top, width, height) in viewers:
            if width < 600:
                assert [s[1:5] for s in viewer.screens[-1].screens] == [
                    (0, 0, width, height)]
            viewer.pointer(7, 9)
            wait_pointer(display, left + 7, top + 9)
            viewer.pointer(0, 1)


def test_a_monitor_that_changes(launch, two_monitors):
    x, display, canvas = two_monitors
    with launch(x) as server:
        with listening(server.port, DESKTOP_SIZE, EXTENDED_SIZE,
                       path="/?monitor=right") as viewer:
            for geometry in ("200/1x300/1+400+40", "200/1x300/1+380+20"):
                x.run("xrandr", "--delmonitor", "right")
                x.run("xrandr", "--setmonitor", "right", geometry, "none")
                left, top = (int(n) for n in geometry.split("+")[1:])
                wait_equal(viewer, screen.picture(display)[
                    top:top + 300, left:left + 200])


def test_the_pointer_is_painted_in_its_place(launch, two_monitors):
    """For a viewer that knows no shape, in the part it sees."""
    x, display, canvas = two_monitors
    canvas.clear(0xFFFFFF)
    with launch(x) as server:
        stream = connect("ws", server.port, path="/?monitor=right")
        with Viewer(stream) as viewer:
            viewer.set_encodings(ZRLE)
            viewer.refresh()
            display.screen().root.warp_pointer(350 + 100, 40 + 80)
            display.sync()

            def is_painted():
                rows, columns = numpy.nonzero(
                    viewer.picture != 0xFFFFFF)
                return len(rows) and abs(rows.mean() - 80) < 16 and (
                    abs(columns.mean() - 100) < 16)
            follow(viewer, is_painted, lambda: "no pointer there")
    screen.mixed_scene(canvas)


# --- a viewer asks for it ---

def set_scale(viewer, divisor, kind=8):
    viewer.stream.write(struct.pack(">BBxx", kind, divisor))


@pytest.mark.parametrize("kind,listed", [
    (8, DESKTOP_SIZE), (15, EXTENDED_SIZE)])
def test_a_viewer_asks_for_less(launch, small, kind, listed):
    x, display, canvas = small
    with launch(x) as server:
        with listening(server.port, listed, path=None) as viewer, \
                listening(server.port) as other:
            for divisor in (3, 1):
                set_scale(viewer, divisor, kind)
                size = (round(240 / divisor), round(160 / divisor))
                follow(viewer, lambda: viewer.width == size[0],
                       lambda: f"still {viewer.width}")
                canvas.text(5)
                wait_equal(viewer, scaled(screen.picture(display), *size),
                           slack=0 if divisor == 1 else 1)
                wait_equal(other, screen.picture(display))


@pytest.mark.parametrize("kind,answer,length", [(8, 4, 6), (15, 15, 12)])
def test_old_viewers_are_told_their_way(launch, scene, kind, answer, length):
    x, display, canvas = scene
    with launch(x) as server:
        with Viewer(connect("rfb", server.port)) as viewer:
            viewer.set_encodings(HEXTILE, CURSOR)
            viewer.refresh()
            set_scale(viewer, 2, kind)
            viewer.request()
            message = viewer.stream.read(length)
            assert message[0] == answer
            numbers = struct.unpack(f">{(length - 2) // 2}H", message[2:])
            assert numbers[:2] == (300, 200)
            viewer._new_picture(300, 200)
            viewer.refresh()
            wait_equal(viewer, scaled(screen.picture(display), 300, 200), 1)


def test_absurd_scales_end_the_viewer(launch, scene):
    with launch(scene[0]) as server:
        for divisor in (0, 33, 255):
            with listening(server.port) as viewer:
                set_scale(viewer, divisor)
                viewer.stream.read_to_end()
        with listening(server.port):
            pass


# --- the pointer's shape ---

def test_the_pointer_is_scaled_along(launch, scene):
    x, display, canvas = scene
    sizes = {}
    for options in ([], ["-scale", "2"], ["-scale", "2", "-scale_cursor",
                                          "1"], ["-rotate", "90"]):
        display.screen().root.warp_pointer(300, 200)
        display.sync()
        with launch(x, *options) as server:
            with listening(server.port, ALPHA_CURSOR) as viewer:
                follow(viewer, lambda: viewer.cursor is not None,
                       lambda: "no shape")
                sizes[" ".join(options)] = viewer.cursor
    plain = sizes[""].pixels
    double = sizes["-scale 2"]
    assert double.pixels.shape[:2] == (plain.shape[0] * 2,
                                       plain.shape[1] * 2)
    assert (double.pixels[::2, ::2] == plain).all()
    assert double.hot[0] // 2 == sizes[""].hot[0]
    assert (sizes["-scale 2 -scale_cursor 1"].pixels == plain).all()
    assert (sizes["-rotate 90"].pixels == numpy.rot90(plain, -1)).all()
