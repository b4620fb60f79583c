"""What a viewer shows equals the screen, pixel by pixel."""

import contextlib
import random

import numpy
import pytest

from lib import pixels, screen
from lib.compare import follow, psnr, wait_equal, wrong
from lib.decode import (
    COPYRECT, CORRE, HEXTILE, JPEG, RAW, RRE, TIGHT, TIGHT_PNG, TRLE, ZLIB,
    ZRLE)
from lib.rfb import (
    ALPHA_CURSOR, CURSOR, LAST_RECT, POINTER_PLACE, Update, Viewer)
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

ENCODINGS = {"raw": RAW, "rre": RRE, "corre": CORRE, "hextile": HEXTILE,
             "zlib": ZLIB, "tight": TIGHT, "trle": TRLE, "zrle": ZRLE,
             "tightpng": TIGHT_PNG}
QUALITY_6, COMPRESS_2 = -26, -254


@pytest.fixture(scope="module")
def canvas(display):
    return screen.Canvas(display, 640, 480)


@pytest.fixture(params=ENCODINGS)
def encoding(request):
    return ENCODINGS[request.param]


def change(canvas):
    """Draws over, scrolls, and moves a window about."""
    canvas.text(20)
    canvas.scroll()
    small = screen.Canvas(canvas.display, 101, 67, 30, 40, seed=5)
    small.rectangles(9)
    small.move(277, 219)
    small.text(3)
    small.move(281, 150)
    small.destroy()
    canvas.rectangles(4)


def check(viewer, canvas, display):
    screen.mixed_scene(canvas)
    viewer.refresh()
    wait_equal(viewer, screen.picture(display))
    for _ in range(3):
        change(canvas)
        wait_equal(viewer, screen.picture(display))


@pytest.mark.parametrize("name", pixels.FORMATS)
def test_formats(server, canvas, display, encoding, name):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(pixels.FORMATS[name])
        viewer.set_encodings(encoding, COPYRECT, CURSOR)
        check(viewer, canvas, display)
        assert encoding in viewer.used, "another encoding than asked for"
        if encoding == TIGHT:
            assert RAW not in viewer.used, "Raw spoils noVNC 1.3"


def test_transports(viewer, canvas, display, encoding):
    viewer.set_encodings(encoding, COPYRECT, ALPHA_CURSOR, LAST_RECT)
    check(viewer, canvas, display)


def test_viewer_that_says_nothing_gets_raw(server, canvas, display):
    # vncdotool: neither SetPixelFormat nor a cursor; the pointer is painted.
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.refresh()
        assert viewer.used == {RAW}


@pytest.fixture
def photo(canvas, display):
    """Text above a photograph; what the screen looks like."""
    canvas.clear()
    canvas.text(12)
    canvas.photo(200, 200, 400, 260)
    return screen.picture(display)


@pytest.mark.parametrize("encoding", [TIGHT, TIGHT_PNG, JPEG])
@pytest.mark.parametrize("quality,decibel", [(-32, 22), (-26, 30), (-23, 36)])
def test_jpeg_is_near(server, photo, encoding, quality, decibel):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(pixels.RGBX)
        viewer.set_encodings(
            encoding, ZRLE, COPYRECT, quality, COMPRESS_2, CURSOR)
        viewer.refresh()
        assert viewer.used - {CURSOR, COPYRECT} == (
            {JPEG, ZRLE} if encoding == JPEG else {encoding})
        assert viewer.lossy.any(), "a photograph came without JPEG"
        assert psnr(viewer.rgb(), photo) > decibel
        # Text is read: it is not smeared, whatever the quality.
        off = numpy.abs(viewer.rgb()[:190] - photo[:190])
        assert off.max() <= 48, f"text is off by {off.max()}"


@pytest.mark.parametrize("encoding", [TIGHT, TIGHT_PNG, JPEG])
def test_jpeg_becomes_exact_in_quiet(server, photo, encoding):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(encoding, ZRLE, COPYRECT, QUALITY_6, CURSOR)
        viewer.refresh()
        # What is white beside the photograph may be exact before that.
        follow(viewer, lambda: not viewer.lossy.any(),
               lambda: "still as JPEG")
        wait_equal(viewer, photo)


@pytest.mark.parametrize("encoding", [TIGHT, TIGHT_PNG, JPEG])
def test_jpeg_never_at_8_bits(server, photo, encoding):
    # libvncclient disconnects on it; the decoder refuses it too.
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(pixels.BGR233)
        viewer.set_encodings(encoding, ZRLE, QUALITY_6, CURSOR)
        viewer.refresh()
        wait_equal(viewer, photo)


def test_no_quality_level_means_lossless(server, canvas, display):
    canvas.photo(0, 0, 640, 480)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, CURSOR)
        viewer.refresh()
        assert not wrong(viewer, screen.picture(display)).any()


def test_quality_withdrawn_means_lossless(server, canvas, display):
    canvas.photo(0, 0, 640, 480)
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, QUALITY_6, CURSOR)
        viewer.refresh()
        viewer.set_encodings(TIGHT, CURSOR)
        viewer.round_trip()
        viewer.jpeg_allowed = False
        viewer.refresh()
        wait_equal(viewer, screen.picture(display))


def test_scrolling_is_copied(server, canvas, display):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, COPYRECT, CURSOR)
        canvas.clear()
        canvas.text(32)
        viewer.refresh()
        wait_equal(viewer, screen.picture(display))
        # After pictures without moves it looks only at every 16th.
        for _ in range(20):
            canvas.scroll()
            wait_equal(viewer, screen.picture(display))
            if COPYRECT in viewer.used:
                return
        raise AssertionError("no scroll came as a copy")


def live(canvas, small, chance):
    """One random thing that happens on a desktop."""
    what = chance.randrange(6)
    if what == 0:
        canvas.scroll(1 + chance.randrange(60))
    elif what == 1:
        width, height = 50 + chance.randrange(400), 40 + chance.randrange(300)
        x, y = chance.randrange(640 - width), chance.randrange(480 - height)
        canvas.shift(x, y, chance.randrange(640 - width),
                     chance.randrange(480 - height), width, height)
    elif what == 2:
        small.move(chance.randrange(-60, 600), chance.randrange(-40, 440))
    elif what == 3:
        canvas.text(3, top=chance.randrange(460))
    elif what == 4:
        small.rectangles(2)
    else:
        canvas.photo(chance.randrange(400), chance.randrange(300), 200, 150)


@pytest.mark.parametrize("seed", range(6))
def test_random_life(server, canvas, display, seed):
    """Copies, drawing and dragging in any order, at viewers that ask for all
    or for pieces, that read now or later, with and without JPEG."""
    chance = random.Random(seed)
    screen.mixed_scene(canvas)
    small = screen.Canvas(display, 160, 120, 50, 50, seed=seed)
    settings = [(TIGHT, COPYRECT, CURSOR), (ZRLE, COPYRECT, CURSOR),
                (HEXTILE, CURSOR), (RAW, COPYRECT, CURSOR),
                (TIGHT, COPYRECT, CURSOR, QUALITY_6)]
    with contextlib.ExitStack() as stack:
        viewers = []
        for encodings in settings:
            viewer = stack.enter_context(Viewer(connect("ws", server.port)))
            viewer.set_encodings(*encodings)
            viewer.refresh()
            viewers.append(viewer)
        for _ in range(60):
            live(canvas, small, chance)
            viewer = chance.choice(viewers)
            if viewer.asked and viewer.stream.has_input(0.01):
                viewer.next(Update)
            elif not viewer.asked and chance.random() < 0.3:
                viewer.request(True, chance.randrange(300),
                               chance.randrange(200), 300, 200)
            elif not viewer.asked:
                viewer.request()
        for viewer in viewers:
            viewer.request()  # for all: what is open may be for a piece
        reference = screen.picture(display)
        for viewer in viewers[:-1]:
            wait_equal(viewer, reference)
        wait_like(viewers[-1], reference)
    small.destroy()


def wait_like(viewer, reference):
    follow(viewer, lambda: viewer.known.all() and not (
        wrong(viewer, reference) & ~viewer.lossy).any()
        and psnr(viewer.rgb(), reference) > 30, lambda: "never alike")


def test_request_is_answered_though_nothing_changed(viewer):
    viewer.set_encodings(TIGHT, CURSOR)
    viewer.refresh()
    for x, y, width, height in ((0, 0, 640, 480), (17, 33, 100, 50),
                                (639, 479, 1, 1)):
        viewer.known[:] = False
        viewer.request(False, x, y, width, height)
        area = numpy.s_[y:y + height, x:x + width]
        while not viewer.known[area].all():
            viewer.next(Update)


def test_incremental_request_stays_pending(viewer, canvas, display):
    viewer.set_encodings(ZRLE, COPYRECT, CURSOR)
    canvas.clear()
    viewer.refresh()
    wait_equal(viewer, screen.picture(display))
    if not viewer.asked:
        viewer.request()

    def stays():
        if viewer.is_quiet(2):
            return True
        viewer.next(Update)  # a late cursor
        viewer.request()
        return False
    wait_until(stays, "nothing is sent for nothing")
    canvas.rectangles(3)
    wait_equal(viewer, screen.picture(display))


def test_only_the_area_asked_for(server, canvas, display):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR)
        viewer.refresh()
        viewer.round_trip()
        viewer.request(False, 100, 100, 50, 40)
        update = viewer.next(Update)
        while not update.has_pixels():
            update = viewer.next(Update)
        for _, x, y, width, height in update.rects:
            assert x >= 100 and y >= 100 and (
                x + width <= 150 and y + height <= 140), update


def test_pixel_format_changes_under_way(server, canvas, display, encoding):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(encoding, COPYRECT, CURSOR)
        for name in ("rgb888", "rgb565", "rgbx", "mapped", "big"):
            viewer.round_trip()
            viewer.set_format(pixels.FORMATS[name])
            check(viewer, canvas, display)


def test_encodings_change_under_way(server, canvas, display):
    with Viewer(connect("ws", server.port)) as viewer:
        for encoding in (ZRLE, TIGHT, HEXTILE, RAW, TIGHT, ZRLE):
            viewer.set_encodings(encoding, COPYRECT, CURSOR)
            check(viewer, canvas, display)


def test_many_viewers_each_with_its_own_format(server, canvas, display):
    wanted = [(ENCODINGS[encoding], name) for encoding in ENCODINGS
              for name in ("rgb888", "rgbx", "rgb565big", "bgr233")]
    screen.mixed_scene(canvas)
    with contextlib.ExitStack() as stack:
        viewers = []
        for encoding, name in wanted:
            viewer = stack.enter_context(Viewer(connect("ws", server.port)))
            viewer.set_format(pixels.FORMATS[name])
            viewer.set_encodings(encoding, COPYRECT, CURSOR)
            viewer.refresh()
            viewers.append(viewer)
        for _ in range(3):
            change(canvas)
            reference = screen.picture(display)
            for viewer in viewers:
                wait_equal(viewer, reference)


@pytest.mark.parametrize("encoding", [TIGHT, HEXTILE, RAW, ZRLE])
def test_viewers_alike_get_the_same(server, canvas, display, encoding):
    """They may share one encoding; whoever leaves, joins or wants something
    else for a while must not disturb the others' streams."""
    screen.mixed_scene(canvas)
    with contextlib.ExitStack() as stack:
        def join():
            viewer = stack.enter_context(Viewer(connect("ws", server.port)))
            viewer.set_encodings(encoding, COPYRECT, CURSOR)
            viewer.refresh()
            return viewer

        def all_see_it():
            reference = screen.picture(display)
            for viewer in viewers:
                viewer.request()
            for viewer in viewers:
                wait_equal(viewer, reference)

        viewers = [join() for _ in range(4)]
        for turn in range(12):
            change(canvas)
            all_see_it()
            if turn == 2:
                viewers.pop().stream.close()
            if turn == 4:
                viewers[0].set_encodings(HEXTILE, COPYRECT, CURSOR)
            if turn == 6:
                viewers.append(join())
            if turn == 8:
                viewers[0].set_encodings(encoding, COPYRECT, CURSOR)


def test_view_only_viewer_sees_the_same(launch, xserver, canvas, display):
    with launch(xserver, "-viewonly") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            # Who does not draw the pointer himself has it painted in.
            viewer.set_encodings(TIGHT, COPYRECT, CURSOR, POINTER_PLACE)
            check(viewer, canvas, display)


@pytest.mark.parametrize("clip", [(300, 200, 0, 0), (301, 203, 77, 91)])
def test_part_of_the_screen(launch, xserver, canvas, display, clip):
    width, height, x, y = clip
    screen.mixed_scene(canvas)
    with launch(xserver, "-clip", f"{width}x{height}+{x}+{y}") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert (viewer.width, viewer.height) == (width, height)
            viewer.set_encodings(ZRLE, COPYRECT, CURSOR)
            viewer.refresh()
            change(canvas)
            whole = screen.picture(display)
            wait_equal(viewer, whole[y:y + height, x:x + width])


def test_wide_screens_are_cut_for_tight(launch):
    with XServer(2500, 64) as wide:
        display = wide.connect()
        canvas = screen.Canvas(display, 2500, 64)
        with launch(wide) as running:
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.set_encodings(TIGHT, COPYRECT, CURSOR)
                for draw in (canvas.clear, canvas.text, canvas.rectangles):
                    draw()
                    viewer.refresh()
                    wait_equal(viewer, screen.picture(display))


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_number_of_threads(launch, xserver, canvas, display, threads):
    with launch(xserver, "-threads", threads) as running:
        with contextlib.ExitStack() as stack:
            viewers = []
            for encoding in (TIGHT, ZRLE):
                viewer = stack.enter_context(
                    Viewer(connect("ws", running.port)))
                viewer.set_encodings(encoding, COPYRECT, CURSOR)
                viewer.refresh()
                viewers.append(viewer)
            for _ in range(4):
                change(canvas)
                for viewer in viewers:
                    wait_equal(viewer, screen.picture(display))


def test_asking_outright_uses_up_no_frames(launch, xserver, canvas, display):
    with launch(xserver, "-fps", "1") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(ZRLE, COPYRECT, CURSOR)
            viewer.refresh()
            for _ in range(60):
                viewer.request(False, 0, 0, 16, 16)
                viewer.next(Update)
            canvas.rectangles(3)
            wait_equal(viewer, screen.picture(display))


def test_frame_rate_option(launch, xserver, canvas, display):
    with launch(xserver, "-fps", "5") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(HEXTILE, COPYRECT, CURSOR)
            check(viewer, canvas, display)
