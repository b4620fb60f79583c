"""Viewers that come and go at random while the screen changes: faults that show
only when one leaves in the middle of something, to the thread sanitizer and to
the address sanitizer above all."""

import contextlib
import random
import struct
import threading

from lib import screen
from lib.compare import wait_equal
from lib.decode import COPYRECT, HEXTILE, RAW, TIGHT, ZLIB, ZRLE
from lib.rfb import CURSOR, DESKTOP_SIZE, EXTENDED_SIZE, Update, Viewer
from lib.transport import KINDS, connect

VIEWERS, VISITS = 20, 8
CONTINUOUS, FENCE = -313, -312
ALL = struct.pack(">HHHH", 0, 0, 640, 480)


def ask(viewer, chance):
    """All kinds of messages; the pictures are read, or not."""
    viewer.set_encodings(
        *chance.sample((RAW, HEXTILE, TIGHT, ZLIB, ZRLE), 2), COPYRECT,
        -32 + chance.randrange(10),
        *chance.sample((CURSOR, DESKTOP_SIZE, EXTENDED_SIZE), 2))
    for _ in range(chance.randrange(1, 8)):
        viewer.request(incremental=False)
        viewer.pointer(chance.randrange(700), chance.randrange(500),
                       chance.randrange(2))
        viewer.key(0x61 + chance.randrange(26), chance.randrange(2))
        viewer.cut_text(b"x" * chance.randrange(5000))
        viewer.set_desktop_size(100, 100, [(1, 0, 0, 100, 100, 0)])
        if chance.random() < 0.7:
            viewer.round_trip()


def push(viewer, chance):
    """Continuous updates and fences; their bytes are read, or not."""
    viewer.stream.write(struct.pack(
        ">BxH4i", 2, 4, chance.choice((RAW, TIGHT, ZRLE)), CURSOR, CONTINUOUS,
        FENCE))
    viewer.stream.write(b"\x96\1" + ALL)
    for number in range(chance.randrange(40)):
        viewer.stream.write(
            struct.pack(">BxxxIBI", 248, number % 2 << 31 | 3, 4, number))
    for _ in range(chance.randrange(6)):
        viewer.stream.read_some()
    viewer.stream.write(b"\x96\0" + ALL)


def come_and_go(port, seed, faults):
    chance = random.Random(seed)
    try:
        for _ in range(VISITS):
            viewer = Viewer(connect(chance.choice(KINDS), port))
            chance.choice((ask, push))(viewer, chance)
            if chance.random() < 0.5:
                viewer.stream.abort()
            else:
                viewer.close()
    except Exception as fault:  # the main thread tells of it
        faults.append(fault)


def test_viewers_come_and_go(launch, xserver, display):
    """Those who stay all want the same, and may get the same bytes."""
    canvas = screen.Canvas(display, 640, 480)
    faults = []
    # A crowd in one process may say its first word late.
    with launch(xserver, "-sniffwait", "3000",
                "-noresize") as running, \
            contextlib.ExitStack() as stack:
        crowd = [threading.Thread(target=come_and_go,
                                  args=(running.port, seed, faults))
                 for seed in range(VIEWERS)]
        steady = [stack.enter_context(Viewer(connect("ws", running.port)))
                  for _ in range(3)]
        for viewer in steady:
            viewer.set_encodings(TIGHT, COPYRECT, CURSOR)
            viewer.refresh()
        for one in crowd:
            one.start()
        while any(one.is_alive() for one in crowd):
            for viewer in steady:
                if not viewer.asked:
                    viewer.request()
            canvas.text(5)
            canvas.scroll()
            canvas.rectangles(3)
            for viewer in steady:
                viewer.next(Update)
        assert not faults, faults
        for viewer in steady:
            wait_equal(viewer, screen.picture(display))
    canvas.destroy()
