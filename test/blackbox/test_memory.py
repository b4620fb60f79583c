"""Memory that runs out, shared memory, files and threads that are not to be
had: at the start a sentence and a status; later at most one viewer, or, for
what is small, the end in order. Never a crash, a hang or a wrong picture.

To be run with a program that has no sanitizer of its own: those have an
allocator that nobody comes before. SCARCE_STEP=1 tries every single
allocation; it takes two minutes."""

import contextlib
import errno
import os
import signal

import pytest

from lib import http, screen
from lib.compare import wait_equal
from lib.decode import RAW, TIGHT, ZRLE
from lib.resizing import resize
from lib.rfb import CURSOR, DESKTOP_SIZE, EXTENDED_SIZE, Viewer
from lib.scarce import (EVENTFD, FROM, FULL, LARGE, MEMORY, MMAP, ONCE, OPEN,
                        SHMAT, SHMGET, THREAD, Scarcity, build)
from lib.transport import KINDS, Closed, connect
from lib.wait import wait_until
from lib.xserver import XServer

FAULT = 1
STEP = int(os.environ.get("SCARCE_STEP", "0"))
TRIED = 16
SHORT = "error: out of memory"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build(str(tmp_path_factory.mktemp("scarce")))


@pytest.fixture(scope="module")
def growing():
    with XServer(320, 200, kind="Xtigervnc") as x:
        x.root = x.connect()
        canvas = screen.Canvas(x.root, 320, 200)
        screen.mixed_scene(canvas)
        x.canvas = canvas
        yield x


@pytest.fixture
def scarcity(library, tmp_path):
    return Scarcity(library, tmp_path / "rules")


def numbers(most):
    """Those of the calls that are tried: a few of them, and never the same
    distance apart."""
    if STEP:
        return range(1, most + 1, STEP)
    return sorted({1 + n * (2 * TRIED + n) * most // (3 * TRIED * TRIED)
                   for n in range(TRIED)})


def look(server, kind, x):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
        viewer.refresh()
        wait_equal(viewer, screen.picture(x.root))


def live(server, x, kind):
    """What a viewer does, as far as it comes."""
    with contextlib.suppress(Closed, OSError):
        with Viewer(connect(kind, server.port)) as viewer:
            viewer.set_encodings(TIGHT, CURSOR, DESKTOP_SIZE, EXTENDED_SIZE)
            viewer.key(0x61, True)
            viewer.refresh()
            viewer.set_desktop_size(300, 180, [(1, 0, 0, 300, 180, 0)])
            viewer.cut_text(b"copied")
            x.canvas.rectangles(5)
            viewer.refresh()
            http.ask(server, "/healthz")


def assert_left_as_found(x):
    assert not any(x.root.query_keymap())
    assert "x11wsvnc" not in x.run("xrandr")


def judge(server, scarcity, x, kind):
    """It has ended in order, or all is well. Whether it lives on."""
    scarcity.set()
    well = False
    with contextlib.suppress(Closed, OSError):
        look(server, kind, x)
        well = True
    if SHORT in server.log():
        assert server.wait() == FAULT
        assert_left_as_found(x)
        return False
    assert well, server.log()
    return True


def test_at_the_start(launch, growing, scarcity):
    scarcity.set(MEMORY)
    with launch(growing, wrapper=scarcity.wrapper):
        most = scarcity.made()
    assert most > 200, "nothing was counted: is there a sanitizer?"
    for n in numbers(most):
        again = scarcity.again()
        again.set(MEMORY, ONCE, n)
        server = launch(growing, wrapper=again.wrapper, expect_start=False)
        with contextlib.suppress(AssertionError):
            server.wait_for_port()
        if server.port is None:
            assert server.wait() > 0, n
            assert SHORT in server.log(), n
        elif judge(server, again, growing, "rfb"):
            server.stop()


@pytest.mark.parametrize("how", [ONCE, FULL], ids=["once", "full"])
def test_while_it_runs(launch, growing, scarcity, how):
    scarcity.set(MEMORY)
    with launch(growing, wrapper=scarcity.wrapper) as server:
        before = scarcity.made()
        live(server, growing, "ws")
        most = scarcity.made() - before
    assert most > 40
    server = None
    for i, n in enumerate(numbers(most)):
        kind = KINDS[i % 4]
        if server is None:
            again = scarcity.again()
            server = launch(growing, wrapper=again.wrapper)
        again.set(MEMORY, how, n)
        live(server, growing, kind)
        if not judge(server, again, growing, kind):
            server = None
    if server is not None:
        server.stop()
    assert_left_as_found(growing)


@pytest.mark.parametrize("least", [16 << 10, 256 << 10])
def test_nothing_large(launch, growing, scarcity, least):
    """As a peer's request for memory would be: it costs that peer, or that
    picture. What is large belongs to one viewer, or to the screen."""
    with launch(growing, "-statusfor", "all",
                wrapper=scarcity.wrapper) as server, Viewer(connect("ws", server.port)) as still:
        still.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
        still.refresh()
        scarcity.set(MEMORY, LARGE, least)
        for kind in KINDS:
            live(server, growing, kind)
            with contextlib.suppress(Closed, OSError), Viewer(
                    connect(kind, server.port)) as viewer:
                viewer.set_encodings(RAW)
                viewer.cut_text(b"x" * 500000)
                viewer.refresh()
            with contextlib.suppress(Closed, OSError):
                http.ask(server, "/screenshot.png")
        resize(growing, 400, 300)
        with contextlib.suppress(Closed, OSError):
            look(server, "rfb", growing)
        resize(growing, 320, 200)
        assert scarcity.failed() > 0
        scarcity.set()
        assert SHORT not in server.log()
        for kind in KINDS:
            look(server, kind, growing)
        # The one that could not be made counts for a moment, as any other.
        wait_until(lambda: http.ask(server, "/screenshot.png").status == 200,
                   "a screenshot")
        with contextlib.suppress(Closed, OSError):
            wait_equal(still, screen.picture(growing.root))


@pytest.mark.parametrize("call", [SHMGET, SHMAT], ids=["shmget", "shmat"])
@pytest.mark.parametrize("error", ["ENOMEM", "ENOSPC", "EINVAL"])
def test_no_shared_memory(launch, growing, scarcity, call, error):
    """From the start, or at another size: pictures come through the X
    server's socket."""
    scarcity.set(call, FROM, 1, getattr(errno, error))
    with launch(growing, wrapper=scarcity.wrapper) as server:
        look(server, "ws", growing)
        assert "no MIT-SHM" in server.log()
    again = scarcity.again()
    with launch(growing, wrapper=again.wrapper) as server, Viewer(
            connect("rfb", server.port)) as viewer:
        viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
        viewer.refresh()
        assert "no MIT-SHM" not in server.log()
        again.set(call, FROM, 1, getattr(errno, error))
        resize(growing, 400, 300)
        wait_equal(viewer, screen.picture(growing.root))
        resize(growing, 320, 200)
        wait_equal(viewer, screen.picture(growing.root))
        assert server.log().count("no MIT-SHM") == 1


@pytest.mark.parametrize("error", ["EMFILE", "ENFILE", "EACCES", "ENOMEM"])
def test_files_that_cannot_be_read_again(launch, growing, scarcity, tmp_path,
                                         error):
    """What was read before stays, and is told; nobody is turned away. What
    had changed is read when that is possible, though it changes no more."""
    files = {"-passwdfile": "secret12\n", "-usersfile": "joe:!:view\n",
             "-HostsFile": "+127.0.0.0/8\n", "-auth-source": "joe:secret\n"}
    options = []
    for option, content in files.items():
        (tmp_path / option).write_text(content)
        options += [option, tmp_path / option]

    def comes_in():
        with Viewer(connect("rfb", server.port),
                    password="secret12") as viewer:
            viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
            viewer.refresh()
    with launch(growing, *options, password_option=[],
                wrapper=scarcity.wrapper) as server:
        comes_in()
        scarcity.set(OPEN, FROM, 1, getattr(errno, error))
        (tmp_path / "-HostsFile").write_text("-\n")
        comes_in()
        server.process.send_signal(signal.SIGHUP)
        for option in files:
            wait_until(lambda: any(
                str(tmp_path / option) in line and
                os.strerror(getattr(errno, error)) in line
                for line in server.log().splitlines()), option)
        comes_in()
        scarcity.set()
        if error == "EACCES":
            os.utime(tmp_path / "-HostsFile")
        assert is_refused(server)


def is_refused(server):
    try:
        with connect("rfb", server.port) as stream:
            stream.read(12)
    except (Closed, OSError):
        return True
    return False


@pytest.mark.parametrize("call", [MMAP, THREAD, EVENTFD, OPEN],
                         ids=["mmap", "thread", "eventfd", "open"])
def test_things_missing_at_the_start(launch, growing, scarcity, call):
    """A sentence and a status, or it goes on without; never for ever."""
    for n in range(1, 9):
        again = scarcity.again()
        again.set(call, ONCE, n, errno.EMFILE if call == OPEN else 0)
        server = launch(growing, wrapper=again.wrapper, expect_start=False)
        with contextlib.suppress(AssertionError):
            server.wait_for_port()
        again.set()
        if server.port is not None:
            look(server, "rfb", growing)
            server.stop()
        else:
            assert server.wait() > 0, n
            assert "error: " in server.log(), n
