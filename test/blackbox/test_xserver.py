"""X servers that lack something, are of another depth, or go away."""

import pytest

from lib import screen
from lib.compare import wait_equal
from lib.decode import COPYRECT, TIGHT, ZRLE
from lib.rfb import CURSOR, Viewer
from lib.transport import Closed, connect
from lib.xserver import XServer

LOST = 6


def check(running, display, canvas, slack=0):
    with Viewer(connect("ws", running.port)) as viewer:
        viewer.set_encodings(ZRLE, COPYRECT, CURSOR)
        viewer.refresh()
        for _ in range(2):
            canvas.text(9)
            canvas.scroll()
            canvas.rectangles(7)
            wait_equal(viewer, screen.picture(display), slack)
        viewer.pointer(10, 10, 1)
        viewer.pointer(10, 10, 0)
        viewer.type(0x61)
        viewer.refresh()


@pytest.mark.parametrize("missing", [
    ["MIT-SHM"], ["DAMAGE"], ["XTEST"], ["XFIXES"], ["RANDR"],
    ["MIT-SHM", "DAMAGE", "XTEST", "XFIXES", "RANDR"]])
def test_without_extensions(launch, missing):
    extra = [part for name in missing for part in ("-extension", name)]
    with XServer(extra=extra) as x, launch(x) as running:
        display = x.connect()
        for name in missing:
            assert not display.has_extension(name), f"{name} is still there"
        check(running, display, screen.Canvas(display, 640, 480))


@pytest.mark.parametrize("option", ["-noshm", "-noxdamage"])
def test_options(launch, xserver, display, option):
    canvas = screen.Canvas(display, 640, 480)
    with launch(xserver, option) as running:
        check(running, display, canvas)
    canvas.destroy()


@pytest.mark.parametrize("depth,slack", [(15, 3), (16, 3), (24, 0), (30, 1)])
def test_depths(launch, depth, slack):
    with XServer(depth=depth) as x, launch(x) as running:
        display = x.connect()
        check(running, display, screen.Canvas(display, 640, 480), slack)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (63, 65), (1921, 1083)])
def test_odd_sizes(launch, size):
    with XServer(*size) as x, launch(x) as running:
        display = x.connect()
        canvas = screen.Canvas(display, *size)
        with Viewer(connect("ws", running.port)) as viewer:
            assert (viewer.width, viewer.height) == size
            viewer.set_encodings(TIGHT, COPYRECT, CURSOR)
            viewer.refresh()
            for pixel in (0x336699, 0xFF0000, 0x00FF00):
                canvas.clear(pixel)
                wait_equal(viewer, screen.picture(display))


@pytest.mark.parametrize("how", ["idle", "watched", "asked"])
def test_killed_xserver(launch, how):
    with XServer() as x, launch(x) as running:
        viewer = None
        if how != "idle":
            viewer = Viewer(connect("ws", running.port))
            viewer.refresh()
        x.process.kill()
        x.process.wait()
        if how == "asked":
            try:
                viewer.pointer(5, 5)
                viewer.request(incremental=False)
            except Closed:
                pass
        assert running.wait() == LOST
        assert x.display in running.log()
        if viewer:
            with pytest.raises(Closed):
                while True:
                    viewer.stream.read_some()
            viewer.close()


def test_killed_again_and_again(launch):
    """At other moments each time: during start, pictures, and input."""
    for moment in range(6):
        with XServer(320, 200) as x, launch(x) as running:
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.set_encodings(ZRLE)
                try:
                    for step in range(60):
                        viewer.pointer(step, step, step & 1)
                        viewer.request(incremental=False)
                        if step == moment * 9:
                            x.process.kill()
                            x.process.wait()
                except Closed:
                    pass
                assert running.wait() == LOST


def test_no_shared_memory_is_left_behind(launch, xserver):
    def segments():
        with open("/proc/sysvipc/shm", encoding="ascii") as table:
            return {line.split()[1]: line.split() for line in list(table)[1:]}

    with launch(xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
            pid = str(running.process.pid)
            ours = [s for s in segments().values() if s[4] == pid]
            for segment in ours:
                mode = int(segment[2], 8)
                assert mode & 0o777 == 0o600, f"mode {mode:o}"
                assert mode & 0o1000, "not marked for removal"
    assert not [s for s in segments().values() if s[4] == pid]
