"""Makes the program's calls of the system fail: see faults.c."""

import struct

from . import preload
from .process import tool

RECV, SEND, ACCEPT, SPLICE, GRAB, WATCH = 1, 2, 4, 8, 16, 32
FORM = struct.Struct("=IiIIqqII")


def build(folder):
    """The library, made into this folder."""
    return preload.build_own(folder, "faults.c")


class Faults:
    """For one server: `wrapper` is launch()'s."""

    def __init__(self, library, path):
        self.path = str(path)
        with open(self.path, "wb") as file:
            file.write(bytes(FORM.size))
        self.wrapper = (tool("env"), f"LD_PRELOAD={library}",
                        f"FAULTS={self.path}")

    def set(self, calls=0, error=0, every=1, most_bytes=0, ahead_s=0,
            later_s=0):
        """From now on; without arguments all is well again. In place: the
        program has it mapped."""
        with open(self.path, "r+b") as file:
            file.write(FORM.pack(calls, error, every, most_bytes, ahead_s,
                                 later_s, 0, 0))

    def failed(self):
        with open(self.path, "rb") as file:
            return FORM.unpack(file.read(FORM.size))[-1]
