"""Two X servers for the whole suite: the one that is shared, and the one the
viewers show themselves on. The program's name comes from $X11WSVNC."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import pytest
from Xlib import Xatom, error

from blackbox.lib.process import end, run, tool
from blackbox.lib.server import Server
from blackbox.lib.vncauth import password_file
from blackbox.lib.wait import wait_until
from blackbox.lib.xserver import XServer
from viewers.lib.picture import Picture
from viewers.lib.screen import Screen
from viewers.lib.viewer import Viewer, tiger_knows

WIDTH, HEIGHT = 800, 600
PASSWORD = "se/cret "


def pytest_report_header():
    version, types = tiger_knows()
    rsa_aes = " ".join(name for name in types if name.startswith("RA2"))
    return f"TigerVNC {version}, RSA-AES: {rsa_aes or 'none, so not tested'}"


@pytest.fixture(scope="session")
def program():
    name = os.environ.get("X11WSVNC")
    assert name, "X11WSVNC must name the program under test"
    return tool(name)


@pytest.fixture(scope="session")
def shared():
    with XServer(WIDTH, HEIGHT) as xserver:
        yield xserver


@pytest.fixture(scope="session")
def viewing():
    with XServer(1280, 1024) as xserver:
        yield xserver


@pytest.fixture(scope="session")
def stage(shared):
    """What is to be seen on the shared screen, and heard there."""
    return Stage(shared)


class Stage:
    def __init__(self, shared):
        self.screen = Screen(shared.connect())
        self.seed = 0
        self.picture = None
        self.change()
        # Viewers draw the cursor into their window.
        self.screen.set_cursor(None, (700, 550))

    def change(self):
        """Another picture than all those before."""
        self.seed += 1
        self.picture = Picture(WIDTH, HEIGHT, self.seed)
        self.screen.show(self.picture)
        return self.picture


@pytest.fixture(scope="session")
def server(program, shared):
    with Server(program, shared) as running:
        yield running


@pytest.fixture(scope="session")
def locked_server(program, shared):
    """The same screen behind a password."""
    with Server(program, shared,
                password_option=["-passwd", PASSWORD]) as running:
        yield running


@pytest.fixture(scope="session")
def secret_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "password"
    path.write_bytes(password_file(PASSWORD))
    return str(path)


@pytest.fixture(scope="module")
def manager(viewing):
    """Where focus matters: that is a window manager's business. One that comes
    when a viewer's window is there already moves it, or makes it smaller."""
    process = viewing.start("openbox", "--sm-disable")
    display = viewing.connect()
    try:
        wait_until(lambda: is_managed(display), "a window manager")
        yield process
    finally:
        end(process)


def is_managed(display):
    """EWMH: a window that says so of itself, too; it is the manager's."""
    root = display.screen().root
    name = display.get_atom("_NET_SUPPORTING_WM_CHECK")
    try:
        said = root.get_full_property(name, Xatom.WINDOW)
        if said is None:
            return False
        window = display.create_resource_object("window", said.value[0])
        return window.get_full_property(name, Xatom.WINDOW) is not None
    except error.BadWindow:
        return False  # of one that is gone


@pytest.fixture
def view(viewing, tmp_path):
    """Starts one viewer; it ends with the test."""
    started = []

    def start(*command):
        viewer = Viewer(viewing, list(command), tmp_path / "viewer.log")
        started.append(viewer)
        return viewer

    yield start
    for viewer in started:
        viewer.stop()


@pytest.fixture(scope="session")
def vncclient(tmp_path_factory):
    """A viewer over libvncclient."""
    path = str(tmp_path_factory.mktemp("vncclient") / "vncclient")
    source = os.path.join(os.path.dirname(__file__), "lib", "vncclient.c")
    flags = run(["pkg-config", "--cflags", "--libs", "libvncclient"]).split()
    run(["gcc", "-O1", "-o", path, source, *flags])
    return path
