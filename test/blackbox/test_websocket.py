"""RFC 6455 over the wire: what must work, and what must end it."""

import struct

import pytest

from lib.decode import TIGHT
from lib.rfb import BANNER, CURSOR, Viewer
from lib.transport import Closed, OverWebSocket, Plain, connect
from lib.websocket import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT,
                           WebSocket, accept_value, frame, request)


@pytest.fixture(scope="module")
def server(launch, xserver):
    """Its list of security types is known: one, None."""
    with launch(xserver, "-sectypes", "None") as running:
        yield running


@pytest.fixture(params=[False, True], ids=["ws", "wss"])
def secure(request):
    return request.param


def open_plain(server, secure):
    plain = Plain(server.port)
    return plain.start_tls() if secure else plain


@pytest.fixture
def socket(server, secure):
    """An open WebSocket that has read the banner."""
    with open_plain(server, secure) as plain:
        websocket = WebSocket(plain)
        websocket.open()
        said = b""
        while len(said) < 12:
            opcode, payload = websocket.receive_message()
            assert opcode == BINARY
            said += payload
        assert said == BANNER
        yield websocket


def close_code(websocket):
    """The code of the close frame that must come, and then the end."""
    while True:
        opcode, payload = websocket.receive_message()
        if opcode == CLOSE:
            break
    assert len(payload) != 1
    code = struct.unpack(">H", payload[:2])[0] if payload else None
    payload[2:].decode()
    with pytest.raises(Closed):
        websocket.plain.read(1)
    return code


def assert_alive(websocket):
    websocket.send(b"mark", PING)
    while True:
        opcode, payload = websocket.receive_message()
        if opcode == PONG:
            assert payload == b"mark"
            return


def test_sample_key_of_the_rfc():
    assert accept_value("dGhlIHNhbXBsZSBub25jZQ==") == (
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")


@pytest.mark.parametrize("path", [
    "/", "/websockify", "/websockify?token=a%20b&c=d", "/a/b/c", "/vnc.html",
    "/novnc/websockify?token=x", "//", "/?"])
def test_any_path(server, secure, path):
    with open_plain(server, secure) as plain:
        stream = OverWebSocket(plain, path=path)
        assert stream.read(12) == BANNER


@pytest.mark.parametrize("offered,chosen", [
    (None, None), ("binary", "binary"), ("binary, base64", "binary"),
    ("base64, binary", "binary"), ("base64,binary", "binary")])
def test_subprotocol(server, offered, chosen):
    with Plain(server.port) as plain:
        websocket = WebSocket(plain)
        headers = websocket.open(protocols=offered)
        assert headers.get("sec-websocket-protocol") == chosen


@pytest.mark.parametrize("offered", ["base64", "chat", "binaryx, xbinary"])
def test_unknown_subprotocols_are_not_echoed(server, offered):
    with Plain(server.port) as plain:
        status, headers, _ = WebSocket(plain).ask(protocols=offered)
        assert status in (101, 400)
        assert "sec-websocket-protocol" not in headers


def test_extensions_are_left_out(server):
    with Plain(server.port) as plain:
        WebSocket(plain).open(extra=[
            "Sec-WebSocket-Extensions: permessage-deflate; "
            "client_max_window_bits"])


@pytest.mark.parametrize("connection", ["keep-alive, Upgrade", "upgrade",
                                        "UPGRADE,keep-alive"])
@pytest.mark.parametrize("upgrade", ["websocket", "WebSocket"])
def test_spellings(server, connection, upgrade):
    with Plain(server.port) as plain:
        WebSocket(plain).open(connection=connection, upgrade=upgrade)


@pytest.mark.parametrize("change", [
    {"version": "12"}, {"version": None}, {"version": "13, 8"},
    {"key": "short"}, {"key": ""}, {"key": "A" * 24}, {"method": "POST"},
    {"key": "not base64 at all!!!!!!!"}])
def test_bad_upgrades(server, change):
    with Plain(server.port) as plain:
        data, _ = request(server.port, **change)
        plain.write(data)
        head = plain.read_until(b"\r\n\r\n").decode()
        status = int(head.split(" ")[1])
        assert status in (400, 405, 426, 501), head
        if status == 426:
            assert "sec-websocket-version: 13" in head.lower()


@pytest.mark.parametrize("origin,allowed", [
    (None, True), ("http://127.0.0.1:PORT", True), ("null", False),
    ("http://evil.example", False), ("http://127.0.0.1:PORT.evil.com", False),
    ("http://evil.example:PORT", False), ("http://127.0.0.1.evil", False),
    ("", False), ("http://x@127.0.0.1:PORT@evil.example", False)])
def test_origin(server, origin, allowed):
    with Plain(server.port) as plain:
        asked = origin and origin.replace("PORT", str(server.port))
        if origin == "":
            asked = " "
        status, _, _ = WebSocket(plain).ask(origin=asked)
        assert status == (101 if allowed else 403) or (
            origin == "" and status == 400)


def test_https_origin(server):
    with Plain(server.port).start_tls() as plain:
        WebSocket(plain).open(origin=f"https://127.0.0.1:{server.port}")


def test_origins_by_option(launch, xserver):
    with launch(xserver, "-origin",
                "https://good.example,other.example") as running:
        for origin, status in (("https://good.example", 101),
                               ("http://other.example", 101),
                               ("https://evil.example", 403),
                               ("https://notgood.example", 403),
                               ("https://good.example.evil", 403)):
            with Plain(running.port) as plain:
                said, _, _ = WebSocket(plain).ask(origin=origin)
                assert said == status, origin


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 125, 126, 127])
def test_stream_in_small_messages(server, secure, chunk):
    with Viewer(connect("wss" if secure else "ws", server.port,
                        chunk=chunk)) as viewer:
        viewer.set_encodings(TIGHT, CURSOR, *range(1000, 1100))
        viewer.refresh()


@pytest.mark.parametrize("cut", range(13))
def test_fragments_at_every_byte(socket, cut):
    version = b"RFB 003.008\n"
    socket.send(version[:cut], final=False)
    socket.send(b"inside", PING)
    socket.send(version[cut:], CONTINUATION)
    got = b""
    while len(got) < 2:
        opcode, payload = socket.receive_message()
        if opcode == PONG:
            assert payload == b"inside"
        else:
            got += payload
    assert got == b"\1\1"


def test_frame_bytes_one_at_a_time(socket):
    data = frame(PING, b"slow") + frame(BINARY, b"RFB 003.008\n") + frame(
        PING, b"end")
    for byte in data:
        socket.plain.write(bytes([byte]))
    seen = [socket.receive_message() for _ in range(3)]
    assert (PONG, b"slow") in seen and (BINARY, b"\1\1") in seen


def test_empty_fragments_and_messages(socket):
    for _ in range(50):
        socket.send(b"")
    socket.send(b"", final=False)
    for _ in range(50):
        socket.send(b"", CONTINUATION, final=False)
    socket.send(b"RFB 003.008\n", CONTINUATION)
    assert socket.receive_message() == (BINARY, b"\1\1")


@pytest.mark.parametrize("payload", [b"", b"x", b"y" * 125])
def test_ping(socket, payload):
    socket.send(payload, PING)
    assert socket.receive_message() == (PONG, payload)


def test_unasked_pong_is_ignored(socket):
    socket.send(b"nobody asked", PONG)
    assert_alive(socket)


@pytest.mark.parametrize("payload", [
    b"", struct.pack(">H", 1000), struct.pack(">H", 1001) + b"bye",
    struct.pack(">H", 3000) + "ü".encode(), struct.pack(">H", 4999)])
def test_close_is_echoed(socket, payload):
    socket.send(payload, CLOSE)
    code = close_code(socket)
    if payload:
        assert code == struct.unpack(">H", payload[:2])[0]
    else:
        assert code in (None, 1000)


@pytest.mark.parametrize("payload", [
    b"\3", struct.pack(">H", 999), struct.pack(">H", 1004),
    struct.pack(">H", 1005), struct.pack(">H", 1006),
    struct.pack(">H", 1015), struct.pack(">H", 2999),
    struct.pack(">H", 5000), struct.pack(">H", 0),
    struct.pack(">H", 1000) + b"\xff\xfe"])
def test_bad_closes(socket, payload):
    socket.send(payload, CLOSE)
    assert close_code(socket) in (1002, 1007)


BROKEN = {
    "unmasked": frame(BINARY, b"RFB 003.008\n", masked=False),
    "unmasked ping": frame(PING, b"", masked=False),
    "reserved bit 1": frame(BINARY, b"x", reserved=4),
    "reserved bit 2": frame(BINARY, b"x", reserved=2),
    "reserved bit 3": frame(BINARY, b"x", reserved=1),
    "continuation of nothing": frame(CONTINUATION, b"x"),
    "message in a message": frame(BINARY, b"R", final=False)
    + frame(BINARY, b"F"),
    "fragmented ping": frame(PING, b"x", final=False),
    "long ping": frame(PING, b"x" * 126),
    "long close": frame(CLOSE, struct.pack(">H", 1000) + b"x" * 124),
    "top bit of the length": frame(BINARY, b"", length=1 << 63),
    "all bits of the length": frame(BINARY, b"", length=(1 << 64) - 1),
}
BROKEN.update({f"opcode {n}": frame(n, b"x") for n in range(3, 8)})
BROKEN.update({f"opcode {n}": frame(n, b"x") for n in range(11, 16)})


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rules(socket, name):
    socket.plain.write(BROKEN[name])
    assert close_code(socket) == 1002


def test_lengths_not_in_their_shortest_form(socket):
    mask = b"\0\0\0\0"
    socket.plain.write(b"\x82\xfe\0\4" + mask + b"RFB ")
    try:
        socket.plain.write(b"\x82\xff" + struct.pack(">Q", 8) + mask
                           + b"003.008\n")
        opcode, payload = socket.receive_message()
    except Closed:
        return
    # RFC 6455 demands the shortest form; tolerated or refused, not misread.
    if opcode == CLOSE:
        assert struct.unpack(">H", payload[:2])[0] == 1002
    else:
        assert payload == b"\1\1"


def test_text_is_refused(socket):
    socket.send(b"RFB 003.008\n", TEXT)
    assert close_code(socket) == 1003


def test_huge_claimed_length_needs_no_memory(socket):
    # A byte stream: a frame is passed on as it comes, never collected.
    socket.plain.write(frame(BINARY, b"RFB 003.008\n", length=1 << 40,
                             mask=b"\0\0\0\0"))
    opcode, payload = socket.receive_message()
    assert (opcode, payload) == (BINARY, b"\1\1") or (
        opcode == CLOSE and payload[:2] in (b"\x03\xf1", b"\x03\xea"))


def test_flood_of_pings_while_not_reading(socket):
    for index in range(3000):
        socket.send(struct.pack(">I", index) + b"p" * 100, PING)
    last = -1
    while last != 2999:
        opcode, payload = socket.receive_message()
        assert opcode == PONG
        number = struct.unpack(">I", payload[:4])[0]
        assert number > last, "pongs out of order"
        last = number


def test_bytes_right_behind_the_upgrade(server, secure):
    with open_plain(server, secure) as plain:
        data, key = request(server.port)
        plain.write(data + frame(BINARY, b"RFB 003.008\n"))
        head = plain.read_until(b"\r\n\r\n").decode()
        assert accept_value(key) in head
        websocket = WebSocket(plain)
        got = b""
        while len(got) < 14:
            got += websocket.receive_message()[1]
        assert got == BANNER + b"\1\1"


def test_server_says_goodbye(launch, xserver):
    with launch(xserver) as running:
        viewer = Viewer(connect("ws", running.port))
        running.stop()
        with pytest.raises(Closed) as closed:
            while True:
                viewer.stream.read_some()
        assert closed.value.code in (1000, 1001, 1011)
        viewer.close()


def test_rfb_fault_closes_with_a_code(server, secure):
    viewer = Viewer(connect("wss" if secure else "ws", server.port))
    viewer.stream.write(b"\xee")
    with pytest.raises(Closed) as closed:
        while True:
            viewer.stream.read_some()
    assert closed.value.code in (1000, 1002, 1008, 1011)
    viewer.close()


def test_messages_are_of_a_bearable_size(server):
    """noVNC gives up at 40 MiB; one update is one message where it can."""
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(0)
        viewer.request(incremental=False)
        done = 0
        while done < 640 * 480 * 4:
            opcode, payload = viewer.stream.websocket.receive_message()
            assert opcode == BINARY and len(payload) <= 8 << 20
            done += len(payload)
