"""The pointer's shape, the screen's size, the desktop's name."""

import struct

import numpy
import pytest
from Xlib import X

from lib import pixels, screen
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, HEXTILE, TIGHT, ZRLE
from lib.process import end
from lib.resizing import resize, wait_common_part
from lib.rfb import (ALPHA_CURSOR, CURSOR, DESKTOP_NAME, DESKTOP_SIZE,
                     EXTENDED_SIZE, VMWARE_CURSOR, X_CURSOR, Update, Viewer)
from lib.transport import Closed, connect
from lib.wait import wait_until
from lib.xserver import XServer

HOT = (3, 5)
SIDE = 16
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(scope="module")
def canvas(display):
    """A plain window whose pointer is half red, half blue, with a hole."""
    canvas = screen.Canvas(display, 640, 480)
    canvas.clear()
    set_cursor(canvas)
    return canvas


def set_cursor(canvas, fore=RED, back=BLUE):
    window = canvas.window
    source = window.create_pixmap(SIDE, SIDE, 1)
    mask = window.create_pixmap(SIDE, SIDE, 1)
    context = source.create_gc(foreground=0)
    for pixmap, value, area in (
            (source, 0, (0, 0, SIDE, SIDE)),
            (source, 1, (0, 0, SIDE // 2, SIDE)),
            (mask, 1, (0, 0, SIDE, SIDE)),
            (mask, 0, (4, 12, 8, 4))):
        context.change(foreground=value)
        pixmap.fill_rectangle(context, *area)
    cursor = source.create_cursor(
        mask, tuple(c * 257 for c in fore), tuple(c * 257 for c in back),
        *HOT)
    window.change_attributes(cursor=cursor)
    canvas.sync()


def expected_cursor(fore=RED, back=BLUE):
    out = numpy.zeros((SIDE, SIDE, 4), "u1")
    out[:, :SIDE // 2] = (*fore, 255)
    out[:, SIDE // 2:] = (*back, 255)
    out[12:16, 4:12] = 0
    return out


def warp(display, x, y):
    display.screen().root.warp_pointer(x, y)
    display.sync()


def shows(viewer, wanted):
    """Whether the cursor told is the wanted one, placed by its hot spot:
    servers may cut or pad what is clear."""
    cursor = viewer.cursor
    if cursor is None or not cursor.pixels.size:
        return False
    space = numpy.zeros((96, 96, 4), "u1")
    left, top = 32 - cursor.hot[0], 32 - cursor.hot[1]
    height, width = cursor.pixels.shape[:2]
    clear = cursor.pixels[..., 3:] == 0
    space[top:top + height, left:left + width] = numpy.where(
        clear, 0, cursor.pixels)
    other = numpy.zeros_like(space)
    left, top = 32 - HOT[0], 32 - HOT[1]
    other[top:top + SIDE, left:left + SIDE] = wanted
    return bool((numpy.abs(space.astype("i4") - other) <= 1).all())


FORMS = [
    ([ALPHA_CURSOR, VMWARE_CURSOR, CURSOR, X_CURSOR], ALPHA_CURSOR),
    ([X_CURSOR, CURSOR, VMWARE_CURSOR, ALPHA_CURSOR], ALPHA_CURSOR),
    ([CURSOR, VMWARE_CURSOR], VMWARE_CURSOR),
    ([VMWARE_CURSOR], VMWARE_CURSOR),
    ([X_CURSOR, CURSOR], CURSOR),
    ([X_CURSOR], X_CURSOR),
]


@pytest.mark.parametrize("listed,form", FORMS)
@pytest.mark.parametrize("name", ["rgb888", "rgbx", "big", "rgb565"])
def test_cursor_forms(server, canvas, display, listed, form, name):
    back = BLUE
    set_cursor(canvas, back=back)
    warp(display, 300, 200)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(pixels.FORMATS[name])
        viewer.set_encodings(HEXTILE, *listed)
        viewer.refresh()
        follow(viewer, lambda: shows(viewer, expected_cursor(back=back)),
               lambda: "the cursor is another")
        assert viewer.cursor.form == form
        # Another shape follows at once.
        dark = (0, 60, 0)
        set_cursor(canvas, dark, back)
        follow(viewer, lambda: shows(viewer, expected_cursor(dark, back)),
               lambda: "the cursor is another")
        # And the picture has no pointer in it.
        wait_equal(viewer, screen.picture(display))


def painted(reference, x, y):
    out = reference.copy()
    cursor = expected_cursor()
    left, top = x - HOT[0], y - HOT[1]
    for row in range(SIDE):
        for column in range(SIDE):
            at_y, at_x = top + row, left + column
            inside = 0 <= at_y < out.shape[0] and 0 <= at_x < out.shape[1]
            if inside and cursor[row, column, 3]:
                out[at_y, at_x] = cursor[row, column, :3]
    return out


def test_pointer_is_painted_for_simple_viewers(server, canvas, display, kind):
    set_cursor(canvas)
    canvas.rectangles(10)
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.set_encodings(ZRLE, COPYRECT)
        viewer.refresh()
        for x, y in ((300, 200), (310, 203), (0, 0), (639, 479), (20, 400)):
            warp(display, x, y)
            wait_equal(viewer, painted(screen.picture(display), x, y))


def test_painted_pointer_does_not_scroll_along(server, canvas, display):
    set_cursor(canvas)
    canvas.text(32)
    warp(display, 300, 200)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, COPYRECT)
        viewer.refresh()
        for step in range(6):
            if step == 3:
                warp(display, 200, 300)
            canvas.scroll()
            x, y = (300, 200) if step < 3 else (200, 300)
            wait_equal(viewer, painted(screen.picture(display), x, y))


PAIRS = [((0, 0, 0), (255, 255, 255)), ((200, 30, 0), (0, 90, 10)),
         ((10, 10, 10), (40, 40, 40)), ((250, 250, 250), (200, 210, 220)),
         ((0, 128, 0), (76, 76, 76)), ((90, 90, 90), (90, 90, 90))]


@pytest.mark.parametrize("fore,back", PAIRS)
def test_two_colours_of_any_brightness(server, canvas, display, fore, back):
    """-240 has just two; both arrive as they are."""
    set_cursor(canvas, fore, back)
    warp(display, 300, 200)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, X_CURSOR)
        viewer.refresh()
        follow(viewer, lambda: shows(viewer, expected_cursor(fore, back)),
               lambda: "the cursor is another")


def huge_cursor(canvas, width, height, hot):
    source = canvas.window.create_pixmap(width, height, 1)
    context = source.create_gc(foreground=1)
    source.fill_rectangle(context, 0, 0, width, height)
    context.change(foreground=0)
    source.fill_rectangle(context, *hot, 1, 1)
    cursor = source.create_cursor(
        source, (65535, 0, 0), (0, 0, 65535), *hot)
    canvas.window.change_attributes(cursor=cursor)
    canvas.sync()


@pytest.mark.parametrize("form", [
    ALPHA_CURSOR, VMWARE_CURSOR, CURSOR, X_CURSOR])
def test_huge_pointers(server, canvas, display, form):
    """More than 256 a side ends TigerVNC: the viewer here fails on it. The
    hot spot, which is a hole, stays in what is sent."""
    warp(display, 300, 200)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, form)
        viewer.refresh()
        for width, height, hot in ((700, 3, (600, 1)), (300, 2000, (7, 1500)),
                                   (257, 257, (256, 256)), (1, 1, (0, 0))):
            viewer.cursor = None
            huge_cursor(canvas, width, height, hot)

            def has_its_hole():
                cursor = viewer.cursor
                if cursor is None or not cursor.pixels.size:
                    return False
                alpha = cursor.pixels[..., 3]
                x, y = cursor.hot
                return (alpha[y, x] == 0 and alpha.shape == (
                    min(height, 256), min(width, 256))
                    and (alpha == 0).sum() == 1)
            if (width, height) == (1, 1):  # nothing but a hole
                follow(viewer, lambda: viewer.cursor is not None and
                       not viewer.cursor.pixels[..., 3].any(),
                       lambda: "still shown")
            elif height <= 1024:
                follow(viewer, has_its_hole, lambda: f"{viewer.cursor}")
    set_cursor(canvas)


def animated(path, frames, delay_ms):
    """An Xcursor file: one picture after the other, all of one size."""
    chunk = 36 + SIDE * SIDE * 4
    start = 16 + 12 * len(frames)
    out = b"Xcur" + struct.pack("<III", 16, 0x10000, len(frames))
    for index in range(len(frames)):
        out += struct.pack("<III", 0xFFFD0002, SIDE, start + index * chunk)
    for frame in frames:
        out += struct.pack("<9I", 36, 0xFFFD0002, SIDE, 1, SIDE, SIDE, *HOT,
                           delay_ms)
        out += frame[..., [2, 1, 0, 3]].tobytes()
    path.write_bytes(out)


def test_animated_pointers(launch, tmp_path):
    """Every picture of them in its turn, as long as it lasts."""
    frames = [expected_cursor(RED), expected_cursor(BLUE),
              expected_cursor((0, 255, 0), (90, 0, 90))]
    theme = tmp_path / "ours" / "cursors"
    theme.mkdir(parents=True)
    animated(theme / "xterm", frames, 40)
    with XServer() as x:
        terminal = x.start(
            "env", f"XCURSOR_PATH={tmp_path}", "XCURSOR_THEME=ours",
            f"XCURSOR_SIZE={SIDE}", "xterm", "-geometry", "100x30+0+0")
        warp(x.connect(), 300, 200)
        with launch(x) as server, Viewer(connect("ws", server.port)) as viewer:
            viewer.set_encodings(HEXTILE, ALPHA_CURSOR)
            viewer.refresh()
            for frame in 3 * frames:
                follow(viewer, lambda: shows(viewer, frame),
                       lambda: "this picture never comes")
        end(terminal)


def test_a_pointer_whose_client_is_gone(launch):
    """X servers tell nobody what it looks like: some arrow is better than
    none, and than what was there before."""
    with XServer() as x:
        display = x.connect()  # so that its place is not taken over at once
        others = [x.connect() for _ in range(3)]
        maker = x.connect()
        canvas = screen.Canvas(maker, 640, 480)
        set_cursor(canvas)
        display.screen().root.warp_pointer(300, 200)
        display.sync()
        kept = display.create_resource_object("window", canvas.window.id)
        with launch(x) as server, Viewer(connect("ws", server.port)) as viewer:
            viewer.set_encodings(HEXTILE, ALPHA_CURSOR)
            viewer.refresh()
            follow(viewer, lambda: shows(viewer, expected_cursor()),
                   lambda: "the cursor is another")
            x.run("xsetroot", "-cursor_name", "left_ptr")
            for other in others:
                other.close()
            kept.unmap()
            display.sync()
            follow(viewer, lambda: viewer.cursor.pixels.shape[:2] == (17, 12),
                   lambda: f"{viewer.cursor}")
            alpha = viewer.cursor.pixels[..., 3]
            assert viewer.cursor.hot == (0, 0) and alpha[0, 0] == 255
            kept.map()
            display.sync()
            follow(viewer, lambda: shows(viewer, expected_cursor()),
                   lambda: "it does not come back")


@pytest.mark.parametrize("form", [
    ALPHA_CURSOR, VMWARE_CURSOR, CURSOR, X_CURSOR])
def test_pointers_without_a_pixel(server, canvas, display, form):
    """What hides the pointer on the screen hides it at the viewer."""
    set_cursor(canvas)
    warp(display, 300, 200)
    font = display.open_font("fixed")
    blank = font.create_glyph_cursor(
        font, ord(" "), ord(" "), (0, 0, 0), (0, 0, 0))
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, form)
        viewer.refresh()
        follow(viewer, lambda: shows(viewer, expected_cursor()),
               lambda: "the cursor is another")
        canvas.window.change_attributes(cursor=blank)
        canvas.sync()
        follow(viewer, lambda: not viewer.cursor.pixels[..., 3:].any(),
               lambda: "still shown")
        set_cursor(canvas)
        follow(viewer, lambda: shows(viewer, expected_cursor()),
               lambda: "it does not come back")


def test_nocursorshape(launch, xserver, canvas, display):
    """Painted in, whatever the viewer lists."""
    set_cursor(canvas)
    canvas.rectangles(10)
    with launch(xserver, "-nocursorshape") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(ZRLE, CURSOR, ALPHA_CURSOR, VMWARE_CURSOR)
            viewer.refresh()
            warp(display, 310, 203)
            wait_equal(viewer, painted(screen.picture(display), 310, 203))
            assert viewer.cursor is None


def test_nocursor(launch, xserver, canvas, display):
    with launch(xserver, "-nocursor") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(ZRLE, CURSOR, ALPHA_CURSOR)
            viewer.refresh()
            warp(display, 100, 100)
            wait_equal(viewer, screen.picture(display))
            # An empty shape would hide the viewer's own; none is better.
            assert viewer.cursor is None or viewer.cursor.pixels.size == 0


# --- sizes ---

SIZES = [(500, 400), (801, 603), (640, 480), (320, 200)]


@pytest.fixture(scope="module")
def resizable():
    with XServer(kind="Xtigervnc") as x:
        display = x.connect()
        root = display.screen().root
        root.change_attributes(background_pixel=0x336699)
        root.clear_area(0, 0, 640, 480)
        canvas = screen.Canvas(display, 1000, 800)
        screen.mixed_scene(canvas)
        yield x, display, canvas


@pytest.fixture(scope="module")
def resized(launch, resizable):
    with launch(resizable[0]) as running:
        yield running


@pytest.fixture(autouse=True)
def back_to_first_size(request):
    yield
    if "resized" in request.fixturenames:
        resize(request.getfixturevalue("resizable")[0], 640, 480)


@pytest.mark.parametrize("listed,used", [
    ([DESKTOP_SIZE], "sizes"), ([EXTENDED_SIZE], "screens"),
    ([DESKTOP_SIZE, EXTENDED_SIZE], "screens")])
def test_resize_is_followed(resized, resizable, kind, listed, used):
    x, display, canvas = resizable
    with Viewer(connect(kind, resized.port)) as viewer:
        viewer.set_encodings(TIGHT, COPYRECT, CURSOR, *listed)
        viewer.refresh()
        for width, height in SIZES:
            resize(x, width, height)
            canvas.text(10)
            follow(viewer,
                   lambda: (viewer.width, viewer.height) == (width, height),
                   lambda: f"still {viewer.width}x{viewer.height}")
            wait_equal(viewer, screen.picture(display))
        assert getattr(viewer, used)
        if EXTENDED_SIZE in listed:
            assert {s.reason for s in viewer.screens} == {0}


def test_viewer_without_desktop_size(resized, resizable, kind):
    x, display, canvas = resizable
    with Viewer(connect(kind, resized.port)) as viewer:
        viewer.set_encodings(ZRLE, COPYRECT, CURSOR)
        viewer.refresh()
        try:
            for width, height in SIZES:
                resize(x, width, height)
                canvas.rectangles(5)
                wait_common_part(viewer, display)
        except Closed:
            pass  # ended cleanly: that is allowed
    with Viewer(connect(kind, resized.port)) as viewer:
        viewer.refresh()


def test_new_viewers_learn_the_new_size(resized, resizable):
    x = resizable[0]
    for width, height in SIZES:
        resize(x, width, height)

        def told():
            with Viewer(connect("ws", resized.port)) as viewer:
                return viewer.width, viewer.height
        wait_until(lambda: told() == (width, height), "the new size")


def test_screens_come_alone_and_pixels_follow(viewer):
    viewer.set_encodings(HEXTILE, CURSOR, EXTENDED_SIZE, DESKTOP_SIZE)
    viewer.request(incremental=False)
    first = viewer.next(Update)
    while EXTENDED_SIZE not in first.encodings():
        first = viewer.next(Update)
    assert not first.has_pixels(), "pixels beside ExtendedDesktopSize"
    said = viewer.screens[0]
    assert (said.reason, said.width, said.height) == (0, 640, 480)
    for _, x, y, width, height, _ in said.screens:
        assert x + width <= 640 and y + height <= 480
    follow(viewer, viewer.known.all, lambda: "the picture never came")


@pytest.mark.parametrize("size", [(800, 600), (640, 480), (1, 1), (0, 0),
                                  (65535, 65535), (65535, 1)])
def test_set_desktop_size_is_answered(viewer, size):
    viewer.set_encodings(HEXTILE, CURSOR, EXTENDED_SIZE)
    viewer.refresh()
    width, height = size
    for screens in ([(0, 0, 0, width, height, 0)],
                    [(9, 65535, 65535, width, height, 0xFFFFFFFF)], []):
        viewer.screens.clear()
        viewer.set_desktop_size(width, height, screens)
        follow(viewer, lambda: any(s.reason == 1 for s in viewer.screens),
               lambda: f"answers: {viewer.screens}")
        answer = next(s for s in viewer.screens if s.reason == 1)
        # 0: it is so, 2: out of resources (Xvfb does not grow), 3: invalid.
        valid = screens and screens[0][0] == 0 and size in (
            (800, 600), (640, 480))
        assert answer.status == (
            3 if not valid else 0 if size == (640, 480) else 2)
        assert (answer.width, answer.height) == (640, 480)
    viewer.refresh()


def test_screen_size_asked_of_one_who_never_listed_it(viewer):
    viewer.set_encodings(HEXTILE, CURSOR)
    viewer.set_desktop_size(800, 600, [(0, 0, 0, 800, 600, 0)])
    viewer.refresh()


def test_names_are_the_same_everywhere(launch, xserver):
    with launch(xserver, "-desktop", "Grüße ✓") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(HEXTILE, CURSOR, DESKTOP_NAME)
            viewer.refresh()
            assert viewer.name == "Grüße ✓"
            assert set(viewer.names) <= {"Grüße ✓"}


def test_control_characters_in_a_name_are_left_out(launch, xserver):
    with launch(xserver, "-desktop", "a\x1b[31mb\nc") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert viewer.name.isprintable()
