"""What those at the screen see of being watched, and what it does to the
screen."""

import pytest
from Xlib import X
from Xlib.error import BadWindow
from Xlib.ext import screensaver

from lib import screen
from lib.compare import wait_equal
from lib.decode import TIGHT
from lib.rfb import CURSOR, Viewer
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

CYAN4 = (0, 139, 139)


@pytest.fixture
def lone():
    with XServer(width=320, height=240) as x:
        yield x, x.connect()


def listening(port):
    viewer = Viewer(connect("ws", port))
    viewer.set_encodings(TIGHT, CURSOR)
    viewer.refresh()
    return viewer


def viewers_told(display):
    found = display.screen().root.get_full_property(
        display.intern_atom("X11WSVNC_VIEWERS"), X.AnyPropertyType)
    return None if found is None else found.value[0]


def test_how_many_watch(launch, lone):
    x, display = lone
    with launch(x) as server:
        assert viewers_told(display) == 0
        with listening(server.port):
            wait_until(lambda: viewers_told(display) == 1, "one")
            with listening(server.port):
                wait_until(lambda: viewers_told(display) == 2, "two")
            wait_until(lambda: viewers_told(display) == 1, "one again")
        wait_until(lambda: viewers_told(display) == 0, "none")
    assert viewers_told(display) is None


def test_indicator(launch, lone):
    x, display = lone

    def signs():
        try:
            return [w for w in display.screen().root.query_tree().children
                    if w.get_wm_name() == "x11wsvnc viewers"]
        except BadWindow:  # it went meanwhile
            return []
    with launch(x, "-indicator") as server:
        assert not signs()
        with listening(server.port) as viewer:
            wait_until(signs, "the sign")
            wait_until(lambda: (screen.picture(display)[2, -2]
                                == (0xFF, 0xC8, 0x3C)).all(), "its colour")
            one = screen.picture(display)
            wait_equal(viewer, one)
            with listening(server.port):
                wait_until(lambda: (screen.picture(display) != one).any(),
                           "another number")
        wait_until(lambda: not signs(), "the sign goes")
    assert not signs()


# --- the root window's background ---

def set_background(x, display, kind):
    root = display.screen().root
    if kind == "colour":
        root.change_attributes(background_pixel=0x336699)
    elif kind == "picture":
        pixmap = root.create_pixmap(64, 48, display.screen().root_depth)
        for i in range(20):
            context = pixmap.create_gc(foreground=i * 0xB0707)
            pixmap.fill_rectangle(context, i * 3, i * 2, 30, 20)
        root.change_attributes(background_pixmap=pixmap)
    root.clear_area()
    display.sync()


@pytest.mark.parametrize("kind", ["none", "colour", "picture"])
@pytest.mark.parametrize("options,colour", [
    (["-solid"], CYAN4), (["-solid", "#204060"], (0x20, 0x40, 0x60))])
def test_solid(launch, lone, kind, options, colour):
    x, display = lone
    set_background(x, display, kind)
    before = screen.picture(display)
    with launch(x, *options) as server:
        assert (screen.picture(display) == before).all()
        for _ in range(2):
            with listening(server.port):
                wait_until(lambda: (screen.picture(display) == colour).all(),
                           "it is plain")
            wait_until(lambda: (screen.picture(display) == before).all(),
                       "what was there before")
        with listening(server.port):
            wait_until(lambda: (screen.picture(display) == colour).all(),
                       "it is plain")
            server.stop()
    assert (screen.picture(display) == before).all()


def test_solid_after_a_crash(launch, lone):
    """The next run puts back what one that died has left, whatever its
    options."""
    x, display = lone
    set_background(x, display, "picture")
    before = screen.picture(display)
    with launch(x, "-solid") as server:
        with listening(server.port):
            wait_until(lambda: (screen.picture(display) == CYAN4).all(),
                       "it is plain")
            server.kill()
            server.judged = True
    assert (screen.picture(display) == CYAN4).all()
    with launch(x):
        assert (screen.picture(display) == before).all()
    assert (screen.picture(display) == before).all()


def test_a_colour_nobody_knows(launch, lone):
    x, display = lone
    before = screen.picture(display)
    with launch(x, "-solid", "mauvish") as server:
        with listening(server.port):
            assert (screen.picture(display) == before).all()
        assert "knows no colour mauvish" in server.log()


# --- screen saver ---

def test_input_ends_the_screen_saver(launch, lone):
    x, display = lone
    x.run("xset", "s", "600")
    def saver():
        return screensaver.QueryInfo(
            display=display.display, opcode=opcode,
            drawable=display.screen().root).state
    opcode = display.query_extension("MIT-SCREEN-SAVER").major_opcode
    with launch(x) as server:
        with listening(server.port) as viewer:
            for act in (lambda: viewer.pointer(10, 10),
                        lambda: viewer.type(0x61)):
                x.run("xset", "s", "activate")
                wait_until(lambda: saver() == 1, "the saver runs")
                act()
                wait_until(lambda: saver() == 0, "the saver ends")


@pytest.mark.parametrize("option", ["-nodpms", "-forcedpms", "-dpms"])
def test_power_options_where_there_is_no_dpms(launch, lone, option):
    x, display = lone
    with launch(x, option) as server:
        with listening(server.port) as viewer:
            viewer.pointer(5, 5)
            wait_equal(viewer, screen.picture(display))
