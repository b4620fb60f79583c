"""A program at the control socket."""

import glob
import json
import os
import socket

READ_S = 30


def path_of(server):
    """Of one that was started without -control."""
    found = glob.glob(os.path.join(
        server.directory.name, "runtime", "x11wsvnc", "*.sock"))
    assert len(found) == 1, found
    return found[0]


class Control:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(READ_S)
        self.socket.connect(path)
        self.buffer = b""
        self.events = []

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """One object; None at the end."""
        while b"\n" not in self.buffer:
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                assert not self.buffer, "half a line"
                return None
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def answer(self):
        """The next that is no event."""
        while True:
            said = self.read()
            if said is None or "event" not in said:
                return said
            self.events.append(said)

    def ask(self, what, **arguments):
        self.send(json.dumps(dict(arguments, do=what)).encode() + b"\n")
        return self.answer()

    def do(self, what, **arguments):
        """The result of what must succeed."""
        said = self.ask(what, **arguments)
        assert said["ok"], said
        assert set(said) == {"ok", "result"}
        return said["result"]

    def fails(self, what, **arguments):
        said = self.ask(what, **arguments)
        assert said["ok"] is False and set(said) == {"ok", "error"}, said
        return said["error"]

    def event(self, name):
        """The next of that name."""
        while True:
            said = self.events.pop(0) if self.events else self.read()
            assert said is not None, f"no {name} came"
            if said.get("event") == name:
                return said

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()
