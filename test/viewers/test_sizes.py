"""Viewers that give the screen a size, and that meet two monitors."""

import pytest
from blackbox.lib.server import Server
from blackbox.lib.wait import wait_until
from blackbox.lib.xserver import XServer

from viewers.lib.picture import Picture
from viewers.lib.screen import Screen
from viewers.lib.viewer import TIGER

EXACT = TIGER + ["-PreferredEncoding=ZRLE", "-NoJPEG=1", "-AutoSelect=0"]


@pytest.fixture
def growing(program):
    with XServer(800, 600, kind="Xtigervnc") as xserver:
        with Server(program, xserver) as server:
            yield xserver, server


def show(xserver, seed=1):
    screen = Screen(xserver.connect())
    picture = Picture(*screen.size(), seed)
    screen.show(picture)
    screen.set_cursor(None, (700, 550))
    return picture


def test_tigervnc_gives_it_a_size(growing, view):
    xserver, server = growing
    screen = Screen(xserver.connect())
    viewer = view(*EXACT, "-DesktopSize=901x703", f"localhost::{server.port}")
    wait_until(lambda: screen.size() == (901, 703), "the screen's new size")
    viewer.wait_for(show(xserver))


def test_tigervnc_meets_two_monitors(growing, view):
    xserver, server = growing
    xserver.run("xrandr", "--setmonitor", "one", "500/1x600/1+0+0", "VNC-0")
    xserver.run("xrandr", "--setmonitor", "two", "300/1x400/1+500+100",
                "none")
    picture = show(xserver)
    viewer = view(*EXACT, f"localhost::{server.port}")
    viewer.wait_for(picture)
    # The second goes and comes back under its eyes.
    xserver.run("xrandr", "--delmonitor", "two")
    viewer.wait_for(show(xserver, 2))
    xserver.run("xrandr", "--setmonitor", "two", "300/1x400/1+500+100",
                "none")
    viewer.wait_for(show(xserver, 3))
