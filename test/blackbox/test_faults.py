"""Calls of the system that fail or do little, and a clock that jumps: it costs
one connection at most, and never a byte."""

import contextlib
import errno
import os
import random
import socket
import struct
import threading
import time

import pytest

from lib import http
from lib.clipboard import (
    NOTIFY, REQUEST, TEXT, ClipboardViewer, Copier, paste)
from lib.compare import wait_equal
from lib.decode import ZRLE
from lib.faults import (
    ACCEPT, GRAB, RECV, SEND, SPLICE, WATCH, Faults, build)
from lib.process import end
from lib.rfb import CURSOR, Viewer
from lib.screen import Canvas, picture
from lib.target import Target, fill
from lib.transport import KINDS, Closed, connect
from lib.wait import wait_until
from lib.xserver import XServer

DAY_S = 86400
MANY = 6
HALF_S = 300


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build(str(tmp_path_factory.mktemp("faults")))


@pytest.fixture(scope="module")
def small():
    """A screen of which a byte at a time is soon sent."""
    with XServer(64, 48) as server:
        display = server.connect()
        Canvas(display, 64, 48).rectangles(20)
        display.sync()
        server.shown = picture(display)
        yield server


@pytest.fixture(scope="module")
def shaky(launch, library, small, tmp_path_factory):
    """A server, and what fails of it."""
    faults = Faults(library, tmp_path_factory.mktemp("rules") / "rules")
    with launch(small, "-maxwaitingperhost", "100",
                wrapper=faults.wrapper) as running:
        yield running, faults


@pytest.fixture(autouse=True)
def all_is_well_afterwards(request):
    yield
    if "shaky" in request.fixturenames:
        request.getfixturevalue("shaky")[1].set()


def look(server, kind, shown):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.set_encodings(ZRLE, CURSOR)
        viewer.refresh()
        wait_equal(viewer, shown)


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@pytest.mark.parametrize("calls", [RECV, SEND, RECV | SEND])
def test_a_byte_at_a_time(shaky, small, kind, calls):
    server, faults = shaky
    faults.set(calls, most_bytes=1)
    look(server, kind, small.shown)
    answer = http.ask(server, "/healthz", secure=kind in ("tls", "wss"))
    assert (answer.status, answer.body) == (200, b"ok\n")


@pytest.mark.parametrize("error", ["EINTR", "EAGAIN"])
@pytest.mark.parametrize("calls", [RECV, SEND, ACCEPT, RECV | SEND | ACCEPT])
def test_to_be_tried_again(shaky, small, calls, error):
    """Nobody sees anything of it."""
    server, faults = shaky
    faults.set(calls, getattr(errno, error), every=2)
    for kind in KINDS:
        look(server, kind, small.shown)
    assert faults.failed() > 0


@pytest.mark.parametrize("calls, error", [
    (RECV, "ECONNRESET"), (RECV, "ENOMEM"), (RECV, "ETIMEDOUT"),
    (SEND, "EPIPE"), (SEND, "ECONNRESET"), (SEND, "ENOBUFS"),
    (ACCEPT, "ECONNABORTED"), (ACCEPT, "EMFILE"), (ACCEPT, "ENFILE"),
    (ACCEPT, "ENOMEM"), (ACCEPT, "EPERM"),
])
@pytest.mark.parametrize("every", [1, 3])
def test_it_costs_one_connection(shaky, small, calls, error, every):
    """Who is there already goes on, who comes later is served, and nothing
    is left of the others."""
    server, faults = shaky
    look(server, "rfb", small.shown)
    wait_until(lambda: "viewers_connected 0" in
               http.ask(server, "/metrics").body.decode(), "nobody is there")
    before = descriptors(server)
    faults.set(calls, getattr(errno, error), every=every)

    def come(kind):
        with contextlib.suppress(Closed, OSError, AssertionError):
            connected = connect(kind, server.port, timeout=1)
            with connected:
                Viewer(connected).refresh()

    crowd = [threading.Thread(target=come, args=(KINDS[i % 4],))
             for i in range(MANY)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    wait_until(lambda: faults.failed() > 0, "it failed")
    faults.set()
    for kind in KINDS:
        look(server, kind, small.shown)
    wait_until(lambda: descriptors(server) <= before,
               "nothing is left of them")


def test_no_advice_that_would_not_help(launch, small, library, tmp_path):
    faults = Faults(library, tmp_path / "rules")
    with launch(small, wrapper=faults.wrapper) as server:
        faults.set(ACCEPT, errno.ENOMEM)
        with connect("rfb", server.port):
            wait_until(lambda: "cannot accept connections: Cannot allocate "
                       "memory\n" in server.log(), "it says no more")


def test_sockets_that_cannot_be_watched(shaky, small):
    """As where all of the kernel's watches are in use."""
    server, faults = shaky
    look(server, "rfb", small.shown)
    before = descriptors(server)
    with Viewer(connect("rfb", server.port)) as viewer:
        faults.set(WATCH, errno.ENOSPC)
        for _ in range(MANY):
            with connect("rfb", server.port) as stream:
                stream.read_to_end()
        faults.set()
        viewer.set_encodings(ZRLE, CURSOR)
        viewer.refresh()
        wait_equal(viewer, small.shown)
        look(server, "ws", small.shown)
    assert "cannot be watched" in server.log()
    wait_until(lambda: descriptors(server) <= before,
               "nothing is left of them")


def keys_down(display):
    return any(display.query_keymap())


def test_line_that_breaks_in_the_middle_of_an_answer(
        launch, library, tmp_path, small):
    """What the viewer said behind that has no effect: no key stays down, and
    nobody asks it for what it copied."""
    faults = Faults(library, tmp_path / "rules")
    text = random.Random(4711).randbytes(1 << 16).hex()
    display = small.connect()
    with launch(small, wrapper=faults.wrapper) as running, \
            contextlib.ExitStack() as stack:
        viewer = stack.enter_context(
            ClipboardViewer(connect("rfb", running.port)))
        copier = Copier(small, text.encode())
        stack.callback(end, copier.process)
        assert viewer.take_text() == text
        faults.set(SEND, errno.ECONNRESET)
        viewer.stream.write(
            struct.pack(">BxxxiI", 6, -4, REQUEST | TEXT) +
            struct.pack(">BBxxI", 4, 1, ord("a")) +
            struct.pack(">BxxxiI", 6, -4, NOTIFY | TEXT))
        wait_until(lambda: "event=end" in running.log(), "it is gone")
        faults.set()
        with Viewer(connect("rfb", running.port)) as other:
            other.type(ord("b"))
            other.round_trip()
        assert not keys_down(display)
        assert paste(small) == text.encode()


def carry(relay, target, kind, whole):
    """Whether all of it came; never another byte."""
    with connect(kind, relay.port) as stream, target.accept() as far:
        def send():
            with contextlib.suppress(OSError):
                far.sendall(whole)
        sender = threading.Thread(target=send)
        sender.start()
        came = False
        with contextlib.suppress(Closed):
            assert stream.read(len(whole)) == whole
            came = True
        with contextlib.suppress(OSError):
            far.shutdown(socket.SHUT_RDWR)
        sender.join()
        return came


@pytest.mark.parametrize("error", ["EAGAIN", "EINVAL", "ENOMEM", "EPIPE"])
@pytest.mark.parametrize("kind", ["rfb", "ws"])
def test_relays_whose_pipe_fails(launch, library, tmp_path, kind, error):
    """What was in the pipe when the other side failed is nobody else's."""
    faults = Faults(library, tmp_path / "rules")
    whole = random.Random(4711).randbytes(4 << 20)
    with Target() as target, launch(
            None, "-target", target.place, "-only",
            "rfb" if kind == "rfb" else "http", password_option=[],
            wrapper=faults.wrapper) as relay:
        faults.set(SPLICE, getattr(errno, error), every=5)
        for _ in range(3):
            assert carry(relay, target, kind, whole) or error != "EAGAIN"
        assert faults.failed() > 0
        faults.set()
        assert carry(relay, target, kind, whole)


def test_screen_that_cannot_be_captured(shaky, small):
    """It is tried ever less often, whoever asks; it is told once, and once
    more that it is over."""
    server, faults = shaky
    with Viewer(connect("rfb", server.port)) as viewer:
        viewer.set_encodings(ZRLE, CURSOR)
        viewer.refresh()
        faults.set(GRAB, errno.EIO)
        began = time.monotonic()
        # Whoever asks outright is answered at once, where that is possible.
        while "cannot be captured" not in server.log():
            viewer.request(incremental=False)
            assert time.monotonic() < began + 60, "it is not told"
            time.sleep(0.005)
        assert faults.failed() < 12 + 3 * (time.monotonic() - began)
        before, began = faults.failed(), time.monotonic()
        time.sleep(1.2)
        assert faults.failed() - before < 2 + 3 * (time.monotonic() - began)
        faults.set()
        wait_equal(viewer, small.shown)
        wait_until(lambda: "captured again" in server.log(), "it is over")
        assert server.log().count("cannot be captured") == 1


@pytest.mark.parametrize("full", [False, True])
def test_half_closed_for_too_long(launch, library, tmp_path, full):
    """A relay of which one side has ended is given five minutes, also where
    the other's bytes did not leave at once meanwhile."""
    faults = Faults(library, tmp_path / "rules")
    with Target() as target, launch(
            None, "-target", target.place, password_option=[],
            wrapper=faults.wrapper) as relay:
        stream = connect("rfb", relay.port, receive_buffer=65536)
        with stream, target.accept() as far:
            stream.socket.shutdown(socket.SHUT_WR)
            assert far.recv(1) == b""
            sent = fill(far) if full else 0
            assert len(stream.read(sent)) == sent
            far.sendall(b"more")
            assert stream.read(4) == b"more"
            # Each request wakes the loop, which looks at the clock.
            faults.set(later_s=HALF_S - 60)
            http.ask(relay, "/healthz")
            far.sendall(b"more")
            assert stream.read(4) == b"more"
            faults.set(later_s=HALF_S + 60)

            def is_told():
                http.ask(relay, "/healthz")
                return "had ended its side long ago" in relay.log()
            wait_until(is_told, "it ends")
            assert stream.read_to_end() == b""
            assert far.recv(1) == b""


@pytest.mark.parametrize("ahead_s", [DAY_S, -DAY_S])
def test_clock_that_jumps(shaky, small, ahead_s):
    """Nobody is dropped, and who comes is let in."""
    server, faults = shaky
    with contextlib.ExitStack() as open_:
        viewers = [open_.enter_context(Viewer(connect(kind, server.port)))
                   for kind in KINDS]
        faults.set(ahead_s=ahead_s)
        for kind in KINDS:
            look(server, kind, small.shown)
        for viewer in viewers:
            viewer.set_encodings(ZRLE, CURSOR)
            viewer.refresh()
            wait_equal(viewer, small.shown)
