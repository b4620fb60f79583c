"""What is behind a relay: a server whose every move the test decides."""

import os
import socket
import threading

from .transport import OverWebSocket, Plain

MANY = 24 << 20
PATTERN = bytes(range(256)) * 256


class Target:
    """Listens on a port or a path; takes connections when asked."""

    def __init__(self, path=None, host="127.0.0.1", context=None):
        family = (socket.AF_UNIX if path else
                  socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(path or (host, 0))
        self.socket.listen(64)
        self.socket.settimeout(30)
        self.context = context
        self.port = None if path else self.socket.getsockname()[1]
        self.place = f"{host}:{self.port}"

    def accept(self):
        connection, _ = self.socket.accept()
        connection.settimeout(30)
        if self.context:
            connection = self.context.wrap_socket(connection,
                                                  server_side=True)
        return connection

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Echo(Target):
    """Says who it is, and then what it hears."""

    def __init__(self, name, **keywords):
        super().__init__(**keywords)
        self.name = name.encode()
        self.socket.settimeout(None)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,),
                             daemon=True).start()

    def _talk(self, connection):
        with connection:
            try:
                if self.context:
                    connection = self.context.wrap_socket(connection,
                                                          server_side=True)
                connection.sendall(self.name)
                while True:
                    heard = connection.recv(65536)
                    if not heard:
                        return
                    connection.sendall(heard)
            except OSError:
                return


def read(connection, length):
    whole = b""
    while len(whole) < length:
        piece = connection.recv(length - len(whole))
        assert piece, f"ended after {whole!r}"
        whole += piece
    return whole


def fill(far):
    """Until nothing more is taken; how much was."""
    far.settimeout(1)
    sent = 0
    try:
        while sent < MANY:
            sent += far.send(PATTERN)
    except socket.timeout:
        pass
    far.settimeout(30)
    return sent


def unused_port():
    """One that nobody listens on, for as long as it is held."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held, held.getsockname()[1]


def write(path, text):
    """As an editor does: the file is never half there."""
    fresh = f"{path}.new"
    with open(fresh, "w") as file:
        file.write(text)
    os.replace(fresh, path)


def who(relay, path, length=5, **request):
    """Which Echo answers behind a relay, by its name."""
    with Plain(relay.port) as plain:
        with OverWebSocket(plain, path=path, **request) as stream:
            stream.write(b"!")
            return stream.read(length + 1).decode().rstrip("!")
