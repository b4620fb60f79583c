"""Takes memory and other things from the program: see scarce.c."""

import struct

from . import preload
from .process import tool

MEMORY, SHMGET, SHMAT, OPEN, MMAP, THREAD, EVENTFD = (1 << n for n in range(7))
ONCE, FROM, LARGE, FULL = 1, 2, 3, 4
FORM = struct.Struct("=IIQIIqqQQ")
RULES = struct.Struct("=IIQI")
COUNTS = struct.Struct("=qqQQ")


def build(folder):
    """The library, made into this folder."""
    return preload.build_own(folder, "scarce.c")


class Scarcity:
    """For one server: `wrapper` is launch()'s."""

    def __init__(self, library, path):
        self.library, self.path = library, str(path)
        with open(self.path, "wb") as file:
            file.write(bytes(FORM.size))
        self.wrapper = (tool("env"), f"LD_PRELOAD={library}",
                        f"SCARCE={self.path}")

    def again(self):
        """For another server."""
        return Scarcity(self.library, self.path + "+")

    def set(self, calls=0, how=0, first=0, error=0):
        """From now on, and `first` counts from now; without arguments there is
        enough again. In place: the program has it mapped."""
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=I", 0))
            file.seek(FORM.size - 24)  # the limit, made, failed
            file.write(bytes(24))
            file.seek(4)
            file.write(RULES.pack(calls, how, first, error)[4:])
            file.seek(0)
            file.write(struct.pack("=I", calls))

    def made(self):
        return self._counts()[2]

    def failed(self):
        return self._counts()[3]

    def used(self):
        return self._counts()[0]

    def _counts(self):
        with open(self.path, "rb") as file:
            return COUNTS.unpack(file.read(FORM.size)[-COUNTS.size:])
