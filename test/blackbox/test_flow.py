"""One viewer's haste, silence or lies are its own affair."""

import contextlib
import os
import signal
import struct
import time

import pytest

from lib import screen
from lib.compare import wait_equal
from lib.decode import COPYRECT, RAW, TIGHT
from lib.memory import memory_kib
from lib.pushed import PushedViewer
from lib.recorder import Recorder
from lib.rfb import CURSOR, Update, Viewer
from lib.server import lean_environment
from lib.transport import connect
from lib.wait import HANG_GUARD_S, wait_until

A, B = 0x61, 0x62


@contextlib.contextmanager
def stopped(running):
    """What comes meanwhile is there all at once."""
    os.kill(running.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(running.process.pid, signal.SIGCONT)


def presses(recorder):
    return [event[1] for event in recorder.take() if event[0] == "key"]


def key_strokes(keysym, count):
    return (struct.pack(">BBxxI", 4, 1, keysym) +
            struct.pack(">BBxxI", 4, 0, keysym)) * count


def test_flood_of_keys_leaves_others_a_turn(launch, xserver, display):
    """Somebody types while another's flood is there already: the key is not
    behind all of the flood."""
    count = 2000
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        one, other = (stack.enter_context(Viewer(connect("rfb", running.port)))
                      for _ in range(2))
        recorder = Recorder(display)
        with stopped(running):
            one.stream.write(key_strokes(A, count))
            other.type(B)
        wait_until(lambda: len(presses(recorder)) == count + 1,
                   "all keys are typed")
        place = presses(recorder).index(display.keysym_to_keycode(B))
        assert place < count // 4, f"the other's key is number {place}"
        recorder.destroy()


def test_flood_of_unknown_keys_leaves_others_a_turn(launch, xserver, display):
    """Each is looked for in vain, which takes longer than to press one."""
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        one, other = (stack.enter_context(Viewer(connect("rfb", running.port)))
                      for _ in range(2))
        recorder = Recorder(display)
        with stopped(running):
            one.stream.write(key_strokes(0x01234567, 4000) +
                             key_strokes(A, 1))
            other.type(B)
        wait_until(lambda: len(presses(recorder)) == 2, "both are typed")
        assert presses(recorder) == [display.keysym_to_keycode(keysym)
                                     for keysym in (B, A)]
        recorder.destroy()


@pytest.fixture
def canvas(display):
    drawn = screen.Canvas(display, 640, 480)
    yield drawn
    drawn.destroy()


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_fences_that_nobody_answers(launch, xserver, display, canvas, kind):
    """For a while nothing is pushed; then fences are done without."""
    with launch(xserver) as running, PushedViewer(
            connect(kind, running.port), answers=False) as viewer:
        viewer.push(TIGHT, COPYRECT, CURSOR)

        def is_served_without():
            canvas.rectangles(3)
            while viewer.stream.has_input(0.05):
                viewer.read_any()
            return "does not answer fences" in running.log()

        wait_until(is_served_without, "fences are given up")
        asked = viewer.fences
        for _ in range(40):
            canvas.rectangles(3)
            viewer.next(Update)
        assert viewer.fences == asked, "fences are still sent"
        reference = screen.picture(display)

        def is_equal():
            while viewer.stream.has_input(0.1):
                viewer.read_any()
            return (viewer.rgb() == reference).all()

        wait_until(is_equal, "the last picture is there")
        assert running.log().count("does not answer fences") == 1


def test_forged_fences(server, display, canvas, kind):
    """Answers to what was never asked change nothing."""
    with PushedViewer(connect(kind, server.port)) as viewer:
        viewer.push(TIGHT, COPYRECT, CURSOR)
        for turn in range(20):
            for number in (0, 1, turn, 1 << 31, 0xffffffff):
                viewer.send_fence(3, struct.pack(">I", number))
            viewer.send_fence(0, b"")
            viewer.send_fence(3, bytes(64))
            canvas.rectangles(3)
            viewer.next(Update)


@pytest.mark.parametrize("kind", ["tls", "ws"])
def test_pushed_to_without_reading(launch, xserver, display, canvas, kind):
    """Memory stays bounded, it is cut in the end, and others go on."""
    with launch(xserver, "-readtimeout", "3",
                environment=lean_environment()) as running, \
            contextlib.ExitStack() as stack:
        stuck = stack.enter_context(PushedViewer(
            connect(kind, running.port, receive_buffer=4096)))
        other = stack.enter_context(Viewer(connect("ws", running.port)))
        other.set_encodings(TIGHT, COPYRECT, CURSOR)
        other.refresh()
        before = memory_kib(running.process.pid)
        most = 0
        stuck.push(RAW)

        def is_cut():
            nonlocal most
            canvas.noise(0, 0, 640, 120)
            wait_equal(other, screen.picture(display))
            most = max(most, memory_kib(running.process.pid))
            return "-readtimeout" in running.log()

        wait_until(is_cut, "the stuck viewer is ended")
        # A picture is 1200 KiB; one on its way, one in the queue of TLS.
        assert most - before < 6 * 1024, f"{most - before} KiB more"
        wait_equal(other, screen.picture(display))


RATE_KB, SECONDS = 300, 2


def read_for(viewers, began, enough):
    """Bytes that came to each of these, who read all the time, and the seconds
    since they asked: at least some, and until each has enough."""
    counts = [0] * len(viewers)
    while time.monotonic() < began + SECONDS or (
            min(counts) < enough
            and time.monotonic() < began + HANG_GUARD_S):
        for index, viewer in enumerate(viewers):
            plain = viewer.stream.plain
            plain.deadline = time.monotonic() + 0.02
            with contextlib.suppress(TimeoutError):
                counts[index] += len(plain.read_some())
    return counts, time.monotonic() - began


def flood(stack, running, kind, canvas, count):
    """Viewers to whom there is always more to send."""
    viewers = [stack.enter_context(Viewer(connect(kind, running.port)))
               for _ in range(count)]
    canvas.noise(0, 0, 640, 480)
    for viewer in viewers:
        viewer.set_encodings(RAW)
        viewer.stream.write(
            struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 100)
        viewer.stream.write(struct.pack(">BxHi", 2, 1, RAW))
    return viewers


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_rate_of_a_viewer(launch, xserver, canvas, kind):
    """A picture is 1200 kB: far more than what may come."""
    with launch(xserver, "-maxrate", RATE_KB) as running, \
            contextlib.ExitStack() as stack:
        began = time.monotonic()
        viewers = flood(stack, running, kind, canvas, 2)
        counts, seconds = read_for(viewers, began, 20000)
        for count in counts:
            # Not more, however fast the machine; and it does come.
            assert 20 <= count / 1000 < RATE_KB * (seconds + 0.5), count


@pytest.mark.parametrize("kind", ["ws"])
def test_rate_of_all(launch, xserver, canvas, kind):
    with launch(xserver, "-maxtotalrate", RATE_KB) as running, \
            contextlib.ExitStack() as stack:
        began = time.monotonic()
        viewers = flood(stack, running, kind, canvas, 4)
        counts, seconds = read_for(viewers, began, 20000)
        assert sum(counts) / 1000 < RATE_KB * (seconds + 0.5), counts
        # Nobody is left out.
        assert min(counts) >= 20000, counts


PICTURES = 8


def pictures_a_second(launch, xserver, canvas, act):
    """With -fps 1, of a screen that changes all the time."""
    with launch(xserver, "-fps", "1") as running, PushedViewer(
            connect("rfb", running.port)) as viewer:
        viewer.push(RAW)
        viewer.next(Update)
        began = time.monotonic()
        for turn in range(PICTURES):
            act(viewer, turn)
            canvas.rectangles(1)
            viewer.next(Update)
        return PICTURES / (time.monotonic() - began)


@pytest.mark.parametrize("act", [
    lambda viewer, turn: viewer.type(A),
    lambda viewer, turn: viewer.pointer(300, 9, 1 - turn % 2)])
def test_picture_of_a_key_comes_early(launch, xserver, canvas, act):
    """A machine that is late makes it fewer: it may try again."""
    assert any(pictures_a_second(launch, xserver, canvas, act) > 2
               for _ in range(3))


def test_picture_of_a_moving_pointer_does_not(launch, xserver, canvas):
    """Two may be left over from before."""
    def move(viewer, turn):
        viewer.pointer(300 + turn % 2, 9)

    assert pictures_a_second(launch, xserver, canvas, move) < 2


def test_slow_viewer_that_asks_gets_less(launch, xserver, canvas):
    """Without fences, and with TCP's word that the line is fast: that it takes
    long to ask again is what tells. What moves gets coarser."""
    with launch(xserver) as running, Viewer(
            connect("ws", running.port)) as viewer:
        viewer.set_encodings(TIGHT, -32 + 9)
        viewer.refresh()
        read, sizes = viewer.stream.read, []

        def counting(count):
            sizes[-1] += count
            return read(count)

        viewer.stream.read = counting

        def is_coarse():
            sizes.append(0)
            canvas.scroll()
            canvas.photo(0, 0, canvas.width, canvas.height)
            viewer.request(False, 0, 0, canvas.width, canvas.height)
            viewer.next(Update)
            time.sleep(0.25)  # the line carries it
            return sizes[-1] < max(sizes) / 2

        wait_until(is_coarse, "its pictures are half as many bytes")
