"""What waiting costs: how often the program's loop goes to sleep again."""

import time

from lib.decode import COPYRECT, TIGHT, ZRLE
from lib.pushed import PushedViewer
from lib.rfb import CURSOR, POINTER_PLACE, Viewer
from lib.transport import connect
from lib.wait import wait_until

SECONDS = 6


def sleeps(server):
    """Of the loop's thread, so far: each is one wake-up, and one wait for an
    answer of the X server."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("voluntary_ctxt_switches"):
                return int(line.split()[1])
    raise AssertionError("no voluntary_ctxt_switches")


def rests(server, seconds):
    before = sleeps(server)
    time.sleep(seconds)
    return sleeps(server) == before


def sleeps_a_second(server, viewer):
    """A machine that is late makes it fewer, never more."""
    before = sleeps(server)
    wait_until(lambda: sleeps(server) > before, "it looks at the screen")
    assert viewer.is_quiet(0.5)
    before, begun = sleeps(server), time.monotonic()
    assert viewer.is_quiet(SECONDS)
    return (sleeps(server) - before) / (time.monotonic() - begun)


def test_with_a_viewer_that_is_pushed_to(launch, xserver):
    """One that wants to know where the pointer is, too."""
    with launch(xserver) as running, PushedViewer(
            connect("rfb", running.port)) as viewer:
        viewer.push(TIGHT, COPYRECT, CURSOR, POINTER_PLACE)
        while viewer.stream.has_input(1):
            viewer.read_any()
        assert sleeps_a_second(running, viewer) < 1.75


def test_with_a_viewer_that_asks_then_with_none(launch, xserver):
    with launch(xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(ZRLE)
            viewer.refresh()
            viewer.request()
            assert sleeps_a_second(running, viewer) < 1.75
        wait_until(lambda: rests(running, 2.5), "nothing wakes the program")
