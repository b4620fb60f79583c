"""A WebSocket client (RFC 6455) that can also break the rules on purpose."""

import base64
import hashlib
import os
import struct

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(opcode, payload=b"", final=True, masked=True, reserved=0,
          mask=None, length=None):
    """One frame's bytes. `length` claims another length than the real."""
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    claimed = len(payload) if length is None else length
    flag = 0x80 if masked else 0
    if claimed < 126:
        head += bytes([flag | claimed])
    elif claimed < 65536:
        head += bytes([flag | 126]) + struct.pack(">H", claimed)
    else:
        head += bytes([flag | 127]) + struct.pack(">Q", claimed)
    if not masked:
        return head + payload
    key = os.urandom(4) if mask is None else mask
    return head + key + apply_mask(payload, key)


def apply_mask(payload, key):
    if not payload:
        return b""
    stream = (key * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
            ).to_bytes(len(payload), "big")


def request(port, host="127.0.0.1", path="/websockify", key=None, origin=None,
            protocols=None, version="13", extra=(), connection="Upgrade",
            upgrade="websocket", method="GET"):
    """The bytes of an upgrade request, and its key."""
    if key is None:
        key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}"]
    if upgrade:
        lines.append(f"Upgrade: {upgrade}")
    if connection:
        lines.append(f"Connection: {connection}")
    lines.append(f"Sec-WebSocket-Key: {key}")
    if version:
        lines.append(f"Sec-WebSocket-Version: {version}")
    if origin is not None:
        lines.append(f"Origin: {origin}")
    if protocols is not None:
        lines.append(f"Sec-WebSocket-Protocol: {protocols}")
    lines += extra
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"), key


def accept_value(key):
    return base64.b64encode(
        hashlib.sha1(key.encode() + GUID).digest()).decode()


class WebSocket:
    """The client's end over a Plain stream; strict about what comes."""

    def __init__(self, plain):
        self.plain = plain
        self.headers = {}
        self.status = None

    def open(self, **keywords):
        """Upgrades, and checks every header of the answer."""
        status, headers, key = self.ask(**keywords)
        assert status == 101, f"upgrade answered {status} {headers}"
        assert headers["upgrade"].lower() == "websocket"
        assert "upgrade" in headers["connection"].lower()
        assert headers["sec-websocket-accept"] == accept_value(key)
        assert "sec-websocket-extensions" not in headers
        if keywords.get("protocols") is None:
            assert "sec-websocket-protocol" not in headers
        return headers

    def ask(self, **keywords):
        data, key = request(self.plain.port, self.plain.host, **keywords)
        self.plain.write(data)
        head = self.plain.read_until(b"\r\n\r\n").decode("latin-1")
        lines = head[:-4].split("\r\n")
        assert lines[0].startswith("HTTP/1.1 "), lines[0]
        self.status = int(lines[0].split(" ")[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            assert name.lower() not in self.headers, f"{name} twice"
            self.headers[name.lower()] = value.strip()
        return self.status, self.headers, key

    def send(self, payload, opcode=BINARY, **keywords):
        self.plain.write(frame(opcode, payload, **keywords))

    def receive_frame(self):
        """(opcode, final, payload), never masked, no reserved bits."""
        first, second = self.plain.read(2)
        assert first & 0x70 == 0, f"reserved bits in {first:#x}"
        assert second & 0x80 == 0, "the server masked a frame"
        opcode, final = first & 15, bool(first & 0x80)
        assert opcode in (0, 1, 2, 8, 9, 10), f"opcode {opcode}"
        length = second & 127
        if opcode >= 8:
            assert final and length <= 125, "a bad control frame"
        if length == 126:
            length = struct.unpack(">H", self.plain.read(2))[0]
            assert length >= 126, "length not in its shortest form"
        elif length == 127:
            length = struct.unpack(">Q", self.plain.read(8))[0]
            assert 65536 <= length < 1 << 63, f"length {length}"
        return opcode, final, self.plain.read(length)

    def answer_ping(self):
        """True if a whole ping was the next frame and is now answered."""
        buffer = self.plain.buffer
        if len(buffer) < 2 or buffer[0] != 0x80 | PING or (
                len(buffer) < 2 + buffer[1]):
            return False
        self.send(self.receive_frame()[2], PONG)
        return True

    def receive_message(self):
        """(opcode, payload) of a message, a pong or a close; pings are
        answered here."""
        kind, whole = None, bytearray()
        while True:
            opcode, final, payload = self.receive_frame()
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode in (CLOSE, PONG):
                return opcode, payload
            else:
                assert (opcode == 0) == (kind is not None), "bad fragments"
                kind = kind or opcode
                whole += payload
                if final:
                    return kind, bytes(whole)
