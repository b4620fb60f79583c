"""One viewer's haste, silence or lies are its own affair."""

import contextlib
import os
import signal
import struct

from lib.recorder import Recorder
from lib.rfb import Viewer
from lib.transport import connect
from lib.wait import wait_until

A, B = 0x61, 0x62


def test_flood_of_keys_leaves_others_a_turn(launch, xserver, display):
    """Somebody types while another's flood is there already: the key is not
    behind all of the flood."""
    flood = struct.pack(">BBxxI", 4, 1, A) + struct.pack(">BBxxI", 4, 0, A)
    count = 2000
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        one, other = (stack.enter_context(Viewer(connect("rfb", running.port)))
                      for _ in range(2))
        recorder = Recorder(display)
        # What comes while it is stopped is there all at once, the flood first.
        os.kill(running.process.pid, signal.SIGSTOP)
        try:
            one.stream.write(flood * count)
            other.type(B)
        finally:
            os.kill(running.process.pid, signal.SIGCONT)

        def presses():
            return [event[1] for event in recorder.take()
                    if event[0] == "key"]

        wait_until(lambda: len(presses()) == count + 1, "all keys are typed")
        place = presses().index(display.keysym_to_keycode(B))
        assert place < count // 4, f"the other's key is number {place}"
        recorder.destroy()
