"""What all byte streams to the server have in common."""


class Closed(Exception):
    """The peer ended the stream; `code` is a WebSocket's close code."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


class ByteStream:
    """Who inherits it has _receive(), which appends what comes next to the
    buffer or raises Closed, and close()."""

    # Whether a viewer is to speak first, so that nobody waits for its silence.
    speaks_first = False

    def __init__(self):
        self.buffer = bytearray()

    @property
    def plain(self):
        """The connection below all others."""
        return self

    def _take(self, count):
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def read(self, count):
        while len(self.buffer) < count:
            self._receive()
        return self._take(count)

    def read_some(self):
        """At least one byte: whatever there is."""
        while not self.buffer:
            self._receive()
        return self._take(len(self.buffer))

    def read_until(self, mark):
        while mark not in self.buffer:
            self._receive()
        return self._take(self.buffer.index(mark) + len(mark))

    def read_to_end(self):
        """Everything up to the peer's close."""
        try:
            while True:
                self._receive()
        except Closed:
            return self._take(len(self.buffer))

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()


class InnerStream(ByteStream):
    """One inside another."""

    def __init__(self, outer):
        super().__init__()
        self.outer = outer

    @property
    def plain(self):
        return self.outer.plain

    @property
    def deadline(self):
        return self.outer.deadline

    @deadline.setter
    def deadline(self, value):
        self.outer.deadline = value

    def restore_timeout(self):
        self.outer.restore_timeout()

    def has_input(self, seconds):
        return bool(self.buffer) or self.outer.has_input(seconds)

    def close(self):
        self.outer.close()

    def abort(self):
        self.outer.abort()
