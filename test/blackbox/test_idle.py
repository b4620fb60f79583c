"""What waiting costs: how often the program's loop may go to sleep."""

import os
import re
import time

import pytest

from lib.decode import COPYRECT, TIGHT, ZRLE
from lib.pushed import PushedViewer
from lib.rfb import CURSOR, POINTER_PLACE, Viewer
from lib.transport import connect
from lib.wait import wait_until

# Of the loop's calls those that may wait: for what is to be done next, for the
# X server's answer, for another thread. They are counted because nothing but
# the program makes them: what the kernel counts (voluntary context switches)
# hangs on whether the X server answers before we are asleep, and takes in page
# faults and locks.
CALLS = "/^(epoll_p?wait.*|p?poll|p?select.*|futex.*|(clock_)?nanosleep)$"
STRACE = ["strace", "-D", "-qq", "-ttt", "-e", "signal=none", "-e",
          "trace=" + CALLS]
# Not these: no time is given, somebody else is woken, and Xlib asks whether it
# may write.
NO_WAIT = re.compile(r", 0\) +=|FUTEX_WAKE|events=POLLIN\|POLLOUT\}\], 1, -1")
# Three looks at a part of the screen begin within this time, the fourth does
# not; each waits for that part, for the pointer's place and for the next, which
# is over for two of them.
WINDOW_S = 5.5
MOST = 8


class Trace:
    def __init__(self, path):
        self.path = path

    def waits(self):
        """When each began."""
        with open(self.path, encoding="ascii", errors="replace") as trace:
            return [float(line.split()[0]) for line in trace
                    if line.endswith("\n") and not NO_WAIT.search(line)]

    def count(self, begin, end):
        return sum(begin <= wait < end for wait in self.waits())

    def rests(self):
        begin = time.time()
        time.sleep(WINDOW_S)
        return self.count(begin, time.time()) == 0

    def waits_while_quiet(self, viewer):
        """In a window that begins with a look; None where the viewer was sent
        something meanwhile."""
        before = time.time()
        begin = wait_until(
            lambda: [wait for wait in self.waits() if wait > before],
            "it looks at the screen")[0]
        if not viewer.is_quiet(max(0, begin + WINDOW_S - time.time())):
            while viewer.stream.has_input(1):
                viewer.read_any()
            return None
        return self.count(begin, begin + WINDOW_S)

    def assert_few(self, viewer):
        """From some time on: the beginning has its own."""
        seen = []

        def is_few():
            seen.append(self.waits_while_quiet(viewer))
            print("waits", seen)
            return seen[-1] is not None and seen[-1] <= MOST
        wait_until(is_few, f"at most {MOST} waits in {WINDOW_S} s")


@pytest.fixture
def trace(tmp_path):
    return Trace(tmp_path / "trace")


@pytest.fixture
def traced(launch, xserver, trace):
    """Leaks are looked for by tracing, too, which only one can do."""
    with launch(xserver, wrapper=[*STRACE, "-o", str(trace.path)],
                environment=dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
                ) as running:
        yield running


def test_with_a_viewer_that_is_pushed_to(traced, trace):
    """One that wants to know where the pointer is, too."""
    with PushedViewer(connect("rfb", traced.port)) as viewer:
        viewer.push(TIGHT, COPYRECT, CURSOR, POINTER_PLACE)
        while viewer.stream.has_input(1):
            viewer.read_any()
        trace.assert_few(viewer)


def test_with_a_viewer_that_asks_then_with_none(traced, trace):
    with Viewer(connect("ws", traced.port)) as viewer:
        viewer.set_encodings(ZRLE)
        viewer.refresh()
        viewer.request()
        trace.assert_few(viewer)
    wait_until(trace.rests, "nothing wakes the program")
