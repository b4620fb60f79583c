"""Several outputs, each with modes of its own, as on Xorg with a real card."""

import re

import pytest

from lib import screen
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, TIGHT
from lib.rfb import CURSOR, EXTENDED_SIZE, Viewer
from lib.transport import connect
from lib.xserver import XServer

BEFORE = {"DUMMY0": (800, 600, 0, 0), "DUMMY1": (640, 480, 800, 0)}


@pytest.fixture
def desk():
    """(X server with two monitors side by side, display, canvas)."""
    with XServer(width=800, height=600, kind="Xorg") as x:
        x.run("xrandr", "--addmode", "DUMMY1", "640x480")
        x.run("xrandr", "--output", "DUMMY1", "--mode", "640x480",
              "--right-of", "DUMMY0")
        assert monitors(x) == BEFORE
        display = x.connect()
        canvas = screen.Canvas(display, 1440, 600)
        screen.mixed_scene(canvas)
        yield x, display, canvas


def monitors(x):
    """{name: (width, height, x, y)}."""
    found = re.findall(r"(\S+) (\d+)/\d+x(\d+)/\d+\+(\d+)\+(\d+)",
                       x.run("xrandr", "--listmonitors"))
    return {name.strip("+*"): tuple(map(int, geometry))
            for name, *geometry in found}


def listening(port, **keywords):
    viewer = Viewer(connect("ws", port, **keywords))
    viewer.set_encodings(TIGHT, COPYRECT, CURSOR, EXTENDED_SIZE)
    viewer.refresh()
    return viewer


def places(viewer):
    return [one[1:5] for one in viewer.screens[-1].screens]


def ask(viewer, width, height, screens):
    viewer.screens.clear()
    viewer.set_desktop_size(width, height, screens)
    follow(viewer, lambda: any(s.reason == 1 for s in viewer.screens),
           lambda: f"answers: {viewer.screens}")
    return next(s for s in viewer.screens if s.reason == 1)


def test_outputs_are_screens(launch, desk):
    x, display, canvas = desk
    with launch(x) as server, listening(server.port) as viewer:
        assert places(viewer) == [(0, 0, 800, 600), (800, 0, 640, 480)]
        wait_equal(viewer, screen.picture(display))
        x.run("xrandr", "--output", "DUMMY1", "--below", "DUMMY0")
        follow(viewer, lambda: places(viewer) == [
            (0, 0, 800, 600), (0, 600, 640, 480)], lambda: places(viewer))
        wait_equal(viewer, screen.picture(display))


def test_layouts_of_viewers(launch, desk):
    x, display, canvas = desk
    with launch(x) as server:
        with listening(server.port) as viewer:
            one, two = (s[0] for s in viewer.screens[-1].screens)
            # The other way round, in sizes that no output has a mode for.
            answer = ask(viewer, 1301, 702, [
                (two, 0, 0, 601, 702, 0), (one, 601, 0, 700, 401, 0)])
            assert answer.status == 0
            assert monitors(x) == {"DUMMY1": (601, 702, 0, 0),
                                   "DUMMY0": (700, 401, 601, 0)}
            wait_equal(viewer, screen.picture(display))
            # One that stays, and one more than there were.
            answer = ask(viewer, 900, 900, [
                (one, 0, 0, 900, 300, 0), (77, 0, 300, 900, 300, 0),
                (78, 0, 600, 900, 300, 0)])
            assert answer.status == 0
            assert sorted(places(viewer)) == [
                (0, 0, 900, 300), (0, 300, 900, 300), (0, 600, 900, 300)]
            answer = ask(viewer, 820, 610, [(one, 0, 0, 820, 610, 0)])
            assert answer.status == 0
            assert monitors(x) == {"DUMMY0": (820, 610, 0, 0)}
            wait_equal(viewer, screen.picture(display))
    assert monitors(x) == BEFORE
    assert "x11wsvnc" not in x.run("xrandr")


def test_one_output_for_a_viewer(launch, desk):
    x, display, canvas = desk
    with launch(x) as server, \
            listening(server.port, path="/?monitor=2") as viewer:
        assert (viewer.width, viewer.height) == (640, 480)
        x.run("xrandr", "--output", "DUMMY1", "--left-of", "DUMMY0")
        wait_equal(viewer, screen.picture(display)[:480, :640])


def test_one_output_by_name(launch, desk):
    x, display, canvas = desk
    with launch(x, "-clip", "DUMMY1") as server, \
            listening(server.port) as viewer:
        assert (viewer.width, viewer.height) == (640, 480)
        wait_equal(viewer, screen.picture(display)[:480, 800:])
        x.run("xrandr", "--output", "DUMMY1", "--left-of", "DUMMY0")
        wait_equal(viewer, screen.picture(display)[:480, :640])
