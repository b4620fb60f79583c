"""Viewers change the size of the screen, and the screen changes its own."""

import re

import numpy
import pytest

from lib import screen
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, HEXTILE, RAW, TIGHT, ZRLE
from lib.resizing import resize, wait_common_part
from lib.rfb import CURSOR, DESKTOP_SIZE, EXTENDED_SIZE, Viewer
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

EXACT, PROHIBITED, NO_RESOURCES, BAD_LAYOUT = range(4)


@pytest.fixture(scope="module")
def growing():
    """(X server whose screen takes any size, display, canvas)."""
    with XServer(kind="Xtigervnc") as x:
        yield x, *furnish(x)


def furnish(x):
    display = x.connect()
    root = display.screen().root
    root.change_attributes(background_pixel=0x336699)
    root.clear_area(0, 0, 640, 480)
    canvas = screen.Canvas(display, 1000, 800)
    screen.mixed_scene(canvas)
    return display, canvas


@pytest.fixture
def running(launch, growing):
    with launch(growing[0]) as server:
        yield server


def ask(viewer, width, height, screens=None):
    """The answer to a SetDesktopSize."""
    viewer.screens.clear()
    viewer.set_desktop_size(
        width, height, screens or [(7, 0, 0, width, height, 0)])
    follow(viewer, lambda: any(s.reason == 1 for s in viewer.screens),
           lambda: f"answers: {viewer.screens}")
    return next(s for s in viewer.screens if s.reason == 1)


def listening(port, *encodings, **keywords):
    viewer = Viewer(connect("ws", port), **keywords)
    viewer.set_encodings(TIGHT, COPYRECT, CURSOR, *encodings)
    viewer.refresh()
    return viewer


def modes(x):
    return re.findall(r"x11wsvnc-\S+", x.run("xrandr"))


def monitors(x):
    """{name: (width, height, x, y)}."""
    found = re.findall(r"(\S+) (\d+)/\d+x(\d+)/\d+\+(\d+)\+(\d+)",
                       x.run("xrandr", "--listmonitors"))
    return {name.strip("+*"): tuple(map(int, geometry))
            for name, *geometry in found}


def test_resized_while_somebody_logs_in(running, growing):
    """Who is still asked for a password is told the size of then."""
    x, display, canvas = growing
    resize(x, 640, 480)
    with listening(running.port, EXTENDED_SIZE) as other, \
            Viewer(connect("rfb", running.port), login=False) as late:
        late.greet("003.008")
        late.read_result(8, late.choose(8, None))
        resize(x, 730, 510)
        follow(other, lambda: other.width == 730, lambda: "not told")
        late.initialise(True)
        assert (late.width, late.height) == (730, 510)


@pytest.mark.parametrize("size", [(901, 503), (1024, 768), (333, 777)])
def test_the_exact_size(running, growing, size):
    x, display, canvas = growing
    with listening(running.port, EXTENDED_SIZE) as viewer:
        answer = ask(viewer, *size)
        assert (answer.status, answer.width, answer.height) == (0, *size)
        assert answer.screens[0][1:5] == (0, 0, *size)
        canvas.text(10)
        wait_equal(viewer, screen.picture(display))
        assert viewer.picture.shape == size[::-1]


def test_it_is_put_back_at_the_end(launch, growing):
    x, display, canvas = growing
    resize(x, 640, 480)
    with launch(x) as server:
        with listening(server.port, EXTENDED_SIZE) as viewer:
            for size in ((700, 500), (701, 500), (702, 500)):
                assert ask(viewer, *size).status == 0
            # Modes that are no longer shown do not pile up.
            assert modes(x) == ["x11wsvnc-702x500"]
    assert modes(x) == []
    assert monitors(x) == {"VNC-0": (640, 480, 0, 0)}


def test_what_others_set_stays_at_the_end(launch, growing):
    x, display, canvas = growing
    with launch(x) as server:
        with listening(server.port, EXTENDED_SIZE) as viewer:
            assert ask(viewer, 700, 500).status == 0
            resize(x, 800, 600)
    assert monitors(x) == {"VNC-0": (800, 600, 0, 0)}


def test_modes_of_a_crash_are_swept_away(launch, growing):
    x, display, canvas = growing
    with launch(x) as server:
        with listening(server.port, EXTENDED_SIZE) as viewer:
            assert ask(viewer, 700, 500).status == 0
        server.kill()
        server.judged = True
    assert modes(x) == ["x11wsvnc-700x500"]
    resize(x, 640, 480)
    with launch(x) as server:
        with listening(server.port, EXTENDED_SIZE) as viewer:
            assert ask(viewer, 720, 500).status == 0
    assert modes(x) == []


def test_two_screens_on_one_output(running, growing):
    x, display, canvas = growing
    two = [(1, 0, 0, 500, 600, 0), (2, 500, 100, 400, 400, 0)]
    with listening(running.port, EXTENDED_SIZE) as viewer:
        answer = ask(viewer, 900, 600, two)
        assert (answer.status, answer.width, answer.height) == (0, 900, 600)
        assert [s[1:5] for s in answer.screens] == [s[1:5] for s in two]
        assert list(monitors(x).values()) == [
            (500, 600, 0, 0), (400, 400, 500, 100)]
        wait_equal(viewer, screen.picture(display))
        # And back to one.
        answer = ask(viewer, 640, 480)
        assert [s[1:5] for s in answer.screens] == [(0, 0, 640, 480)]
        assert list(monitors(x)) == ["VNC-0"]


def test_everybody_is_told_and_why(running, growing):
    resize(growing[0], 640, 480)
    with listening(running.port, EXTENDED_SIZE) as asking, \
            listening(running.port, EXTENDED_SIZE) as other, \
            listening(running.port, DESKTOP_SIZE) as old, \
            listening(running.port) as oldest:
        other.screens.clear()
        assert ask(asking, 800, 500).status == 0
        for viewer in (other, old):
            follow(viewer, lambda: viewer.width == 800,
                   lambda: f"still {viewer.width}")
        assert {s.reason for s in other.screens} == {2}
        for viewer in (asking, other, old):
            wait_equal(viewer, screen.picture(growing[1]))
        assert (oldest.width, oldest.height) == (640, 480)
        wait_common_part(oldest, growing[1])


@pytest.mark.parametrize("options", [
    ["-noresize"], ["AcceptSetDesktopSize=0"], ["-viewonly"],
    ["-clip", "300x200+10+10"]])
def test_prohibited(launch, growing, options):
    x, display, canvas = growing
    resize(x, 640, 480)
    with launch(x, *options) as server:
        with listening(server.port, EXTENDED_SIZE) as viewer:
            before = viewer.width, viewer.height
            answer = ask(viewer, 800, 500)
            assert answer.status == PROHIBITED
            assert (answer.width, answer.height) == before
    assert monitors(x) == {"VNC-0": (640, 480, 0, 0)}


def test_view_only_viewers_do_not_resize(launch, growing, tmp_path):
    x, display, canvas = growing
    resize(x, 640, 480)
    passwords = tmp_path / "passwords"
    passwords.write_text("full\n__BEGIN_VIEWONLY__\nview\n")
    with launch(x, "-passwdfile", str(passwords), password_option=[]) as server:
        with listening(server.port, EXTENDED_SIZE, password="view") as viewer:
            assert ask(viewer, 800, 500).status == PROHIBITED
        with listening(server.port, EXTENDED_SIZE, password="full") as viewer:
            assert ask(viewer, 800, 500).status == EXACT


ABSURD = [(0, 0), (1, 1), (65535, 65535), (65535, 1), (1, 65535),
          (31, 400), (32767, 32767)]


@pytest.mark.parametrize("size", ABSURD)
def test_absurd_sizes(running, growing, size):
    resize(growing[0], 640, 480)
    with listening(running.port, EXTENDED_SIZE) as viewer:
        answer = ask(viewer, *size)
        assert answer.status in (NO_RESOURCES, BAD_LAYOUT)
        assert (answer.width, answer.height) == (640, 480)
        viewer.refresh()


def test_xvfb_takes_sizes_up_to_its_first(launch):
    with XServer(width=800, height=600) as x:
        display, canvas = furnish(x)
        with launch(x) as server, \
                listening(server.port, EXTENDED_SIZE) as viewer:
            for size in ((701, 503), (800, 600), (400, 599)):
                answer = ask(viewer, *size)
                assert (answer.status, answer.width, answer.height) == (
                    0, *size)
                wait_equal(viewer, screen.picture(display))
            # The nearest; a second time there is nothing nearer: noVNC
            # would ask for ever.
            answer = ask(viewer, 1600, 900)
            assert (answer.status, answer.width, answer.height) == (
                0, 800, 600)
            assert ask(viewer, 1600, 900).status == NO_RESOURCES
            wait_equal(viewer, screen.picture(display))


# --- the screen changes on its own ---

CHANGES = 150


def test_storm(launch, growing):
    """The sizes change as fast as the X server can, while four viewers that
    resize in four ways watch. In the end each has every pixel."""
    x, display, canvas = growing
    sizes = [(640 + i * 37 % 211, 480 + i * 53 % 157) for i in range(10)]
    for size in sizes:
        resize(x, *size)
    resize(x, 640, 480)
    with launch(x) as server:
        viewers = [
            listening(server.port, EXTENDED_SIZE),
            listening(server.port, EXTENDED_SIZE, DESKTOP_SIZE),
            listening(server.port, DESKTOP_SIZE),
            listening(server.port)]
        changes = "; ".join(
            "xrandr --output VNC-0 --mode {}x{}".format(
                *sizes[i % len(sizes)]) for i in range(CHANGES))
        storm = x.start("sh", "-c", changes)
        storm_ended = lambda: storm.poll() is not None
        for viewer in viewers[:3]:
            follow(viewer, storm_ended, lambda: "no end of the storm")
        assert storm.returncode == 0
        resize(x, 640, 480)
        canvas.text(10)
        for viewer in viewers:
            wait_equal(viewer, screen.picture(display))
            assert (viewer.width, viewer.height) == (640, 480)
            viewer.__exit__(None, None, None)


# --- rectangles (HOSTILE row 4) ---

REQUESTS = [
    (65535, 65535, 65535, 65535), (0, 0, 65535, 65535), (0, 0, 0, 0),
    (639, 479, 65535, 65535), (640, 480, 1, 1), (65535, 0, 1, 65535),
    (1, 1, 65535, 1), (600, 400, 100, 100)]


@pytest.mark.parametrize("encoding", [RAW, HEXTILE, ZRLE, TIGHT])
def test_requests_that_leave_the_screen(running, growing, encoding):
    """The viewer fails on any rectangle outside its picture."""
    x, display, canvas = growing
    resize(x, 640, 480)
    with Viewer(connect("rfb", running.port)) as viewer:
        viewer.set_encodings(encoding, CURSOR, DESKTOP_SIZE)
        viewer.refresh()
        for incremental in (True, False):
            for area in REQUESTS:
                viewer.request(incremental, *area)
        resize(x, 320, 240)  # what was asked for is no longer there
        for area in REQUESTS:
            viewer.request(False, *area)
        follow(viewer, lambda: viewer.width == 320, lambda: "not told")
        wait_equal(viewer, screen.picture(display))
        resize(x, 640, 480)
        follow(viewer, lambda: viewer.width == 640, lambda: "not told")
        wait_equal(viewer, screen.picture(display))
        assert numpy.all(viewer.known)
