"""Byte streams to the server: plain, TLS, WebSocket, WebSocket inside TLS.

All four look the same: write(), read(n) of exactly n bytes, read_some(),
close(), abort(). A peer that ends the stream raises Closed.
"""

import itertools
import socket
import ssl
import struct
import time

from .byte_stream import ByteStream, Closed, InnerStream
from .websocket import WebSocket

KINDS = ("rfb", "tls", "ws", "wss")
READ_S = 30

_sources = itertools.count(1)


def fresh_source():
    """Another loopback address: the server remembers addresses, and tests
    must not inherit what an earlier one did."""
    number = next(_sources)
    return f"127.{16 + (number >> 14 & 63)}.{number >> 7 & 127}.{1 + (number & 127)}"


def tls_context(anonymous=False):
    """`anonymous`: VeNCrypt's TLS without any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if anonymous:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


class Plain(ByteStream):
    """A TCP connection, with or without TLS around it."""

    def __init__(self, port, host="127.0.0.1", source=None, timeout=READ_S,
                 receive_buffer=None):
        super().__init__()
        # time.monotonic() past which reading gives up, whatever comes.
        self.deadline = None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.source = source or fresh_source()
        self.socket.bind((self.source, 0))
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host, self.port = host, port

    def start_tls(self, name="localhost", anonymous=False):
        self.socket = tls_context(anonymous).wrap_socket(
            self.socket, server_hostname=name)
        return self

    def write(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError,
                ssl.SSLZeroReturnError) as error:
            raise Closed(f"writing: {error}") from error

    def _receive(self):
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("what was waited for did not come")
            self.socket.settimeout(left)
        try:
            chunk = self.socket.recv(1 << 18)
        except ssl.SSLWantReadError:
            return
        except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError,
                ssl.SSLZeroReturnError) as error:
            raise Closed(f"reading: {error}") from error
        if not chunk:
            raise Closed("the peer closed the connection")
        self.buffer += chunk

    def has_input(self, seconds):
        """Whether a byte (or the end) comes within this time."""
        if self.buffer:
            return True
        before, self.deadline = self.deadline, time.monotonic() + seconds
        try:
            while not self.buffer:
                self._receive()
            return True
        except Closed:
            return True
        except TimeoutError:
            return False
        finally:
            self.deadline = before
            self.restore_timeout()

    def restore_timeout(self):
        self.socket.settimeout(READ_S)

    def finish_writing(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def abort(self):
        """Ends with a RST instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        self.socket.close()


class OverWebSocket(InnerStream):
    """The byte stream inside a WebSocket; chunk limits a frame's payload."""

    def __init__(self, plain, chunk=None, **request):
        super().__init__(plain)
        self.chunk = chunk
        self.websocket = WebSocket(plain)
        self.websocket.open(**request)

    def write(self, data):
        step = self.chunk or max(1, len(data))
        for start in range(0, len(data), step):
            self.websocket.send(data[start:start + step])

    def _receive(self):
        opcode, payload = self.websocket.receive_message()
        if opcode == 8:
            code = struct.unpack(">H", payload[:2])[0] if payload else None
            raise Closed(
                f"close frame {code} {payload[2:]!r}", code)
        assert opcode == 2, f"a message with opcode {opcode}"
        self.buffer += payload

    def has_input(self, seconds):
        """Pings are answered here and do not count."""
        end = time.monotonic() + seconds
        while not self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not self.outer.has_input(left):
                return False
            if not self.websocket.answer_ping():
                return True
        return True


class Given(Plain):
    """Over a socket that is connected already."""

    def __init__(self, connected, timeout=READ_S):
        ByteStream.__init__(self)
        self.deadline = None
        self.socket = connected
        self.socket.settimeout(timeout)


def connect(kind, port, chunk=None, path="/websockify", **keywords):
    """A stream of one of KINDS; `path` is what a WebSocket asks for."""
    plain = Plain(port, **keywords)
    try:
        if kind in ("tls", "wss"):
            plain.start_tls()
        if kind in ("ws", "wss"):
            return OverWebSocket(plain, chunk=chunk, path=path)
        plain.speaks_first = True
        return plain
    except BaseException:
        plain.close()
        raise
