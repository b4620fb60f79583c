"""A viewer that has updates pushed to it, and knows fences."""

import struct

from .rfb import Viewer

CONTINUOUS, FENCE = -313, -312
ENABLE, FENCE_TYPE = 150, 248
REQUEST = 1 << 31


class PushedViewer(Viewer):
    """`answers`: whether it answers the server's fences."""

    def __init__(self, stream, answers=True, **keywords):
        self.answers = answers
        self.fences = 0  # that the server asked
        self.pushing = False
        super().__init__(stream, **keywords)

    def push(self, *encodings):
        """Asks for all of the screen to be pushed."""
        self.set_encodings(*encodings, CONTINUOUS, FENCE)
        self.pushing = True
        self._enable()

    def _enable(self):
        self.stream.write(struct.pack(
            ">BBHHHH", ENABLE, 1, 0, 0, self.width, self.height))

    def _new_picture(self, width, height):
        """As TigerVNC does, the new size is asked for."""
        super()._new_picture(width, height)
        if self.pushing:
            self._enable()

    def send_fence(self, flags, payload):
        self.stream.write(struct.pack(
            ">BxxxIB", FENCE_TYPE, flags, len(payload)) + payload)

    def read_message(self):
        while True:
            message = self.read_any()
            if message is not None:
                return message

    def read_any(self):
        """One message; None for a fence or the end of pushing."""
        kind = self.stream.read(1)
        if kind[0] == FENCE_TYPE:
            self._read_fence()
            return None
        return None if kind[0] == ENABLE else self._read_other(kind)

    def _read_other(self, kind):
        """The byte goes back, for the viewer that knows no fences."""
        read = self.stream.read
        taken = []

        def first(count):
            if not taken and count == 1:
                taken.append(True)
                return kind
            return read(count)
        self.stream.read = first
        try:
            return super().read_message()
        finally:
            self.stream.read = read

    def _read_fence(self):
        padding, flags, length = struct.unpack(">3sIB", self.stream.read(8))
        assert padding == b"\0\0\0", "padding is not 0"
        assert length <= 64, f"a fence of {length} bytes"
        payload = self.stream.read(length)
        assert flags & REQUEST, "an answer to no fence"
        self.fences += 1
        if self.answers:
            self.send_fence(flags & 3, payload)
