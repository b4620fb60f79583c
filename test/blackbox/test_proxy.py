"""Behind proxies: whose word is taken, and what follows from it."""

import socket
import struct

import pytest

from lib import http, login
from lib.rfb import Viewer, is_ended
from lib.transport import Closed, Plain
from lib.wait import wait_until
from lib.websocket import WebSocket, request as upgrade

PROXY, STRANGER = "127.9.9.1", "127.9.9.2"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
CLIENT = "192.0.2.77"


def line(client=CLIENT):
    return f"PROXY TCP4 {client} 192.0.2.1 1234 5900\r\n".encode()


def binary(client=CLIENT, command=0x21, more=b""):
    addresses = bytes(map(int, client.split("."))) + bytes(8) + more
    return SIGNATURE + struct.pack(">BBH", command, 0x11,
                                   len(addresses)) + addresses


@pytest.fixture(scope="module")
def behind(launch, xserver):
    with launch(xserver, "-trustproxy", "127.9.9.1,10.0.0.0/8",
                "-maxwaitingperhost", "4", "-v") as running:
        yield running


def logged(server, address, how="tcp"):
    """As it is told of viewers, or of all others."""
    log = server.log()
    return (f"from={address} " in log and f"how={how}" in log
            or f" {address} {how}" in log)


class Proxied(Plain):
    """A connection that a proxy has made for somebody."""

    def __init__(self, server, header, source=PROXY):
        super().__init__(server.port, source=source)
        self.write(header)


@pytest.mark.parametrize("header", [
    line(), binary(), binary(more=b"\3\0\4\1\2\3\4")],
    ids=["text", "binary", "binary with more"])
@pytest.mark.parametrize("kind", ["rfb", "tls", "http", "https"])
def test_everything_behind_a_header(behind, header, kind):
    with Proxied(behind, header) as stream:
        if kind in ("tls", "https"):
            stream.start_tls()
        if kind in ("http", "https"):
            stream.write(http.request("/vnc.html"))
            assert http.read_answer(stream).status == 200
        else:
            Viewer(stream).refresh()
    wait_until(lambda: logged(behind, CLIENT), "it is in the log")


def test_header_in_single_bytes(behind):
    for header in (line("192.0.2.4"), binary("192.0.2.5"),
                   b"PROXY UNKNOWN\r\n", binary(command=0x20)):
        with Plain(behind.port, source=PROXY) as stream:
            for byte in header:
                stream.write(bytes([byte]))
            Viewer(stream).refresh()


def test_header_and_greeting_in_one_piece(behind):
    for header in (line(), binary(), b"PROXY UNKNOWN\r\n",
                   SIGNATURE + b"\x20\0\0\0"):
        with Proxied(behind, header + http.request("/vnc.html")) as stream:
            assert http.read_answer(stream).status == 200


def test_gone_after_each_byte(behind):
    for header in (line(), binary()):
        for count in range(1, len(header) + 1, 3):
            for end in ("close", "abort"):
                stream = Proxied(behind, header[:count])
                getattr(stream, end)()
    with Proxied(behind, line("192.0.2.6")) as stream:
        Viewer(stream).refresh()


@pytest.mark.parametrize("header", [
    b"PROXY TCP4 what ever\r\n", b"PROXY UNKNOWN" + bytes(100),
    SIGNATURE + b"\x21\x11\xff\xff", SIGNATURE + b"\x31\x11\0\x0c",
    line() + line(), line() + binary()])
def test_bad_headers_close(behind, header):
    with Proxied(behind, header) as stream:
        assert stream.read_to_end() == b""


@pytest.mark.parametrize("header", [line(), binary()])
def test_strangers_headers_close(behind, header):
    with Proxied(behind, header, STRANGER) as stream:
        assert stream.read_to_end() == b""
    assert "does not name" in behind.log()


def test_no_header_inside_tls(behind):
    with Plain(behind.port, source=PROXY) as stream:
        stream.start_tls()
        stream.write(line())
        with pytest.raises(Closed):
            stream.read(1)


def test_limits_are_the_clients_own(behind):
    # More than -maxwaitingperhost through one proxy, each somebody else.
    streams = [Proxied(behind, line(f"192.0.2.{n}")) for n in range(1, 13)]
    for stream in streams:
        assert stream.read(12) == login.BANNER
    same = [Proxied(behind, line("192.0.2.99")) for _ in range(8)]
    ended = 0
    for stream in same:
        try:
            stream.read(12)
            ended += is_ended(stream) if not stream.has_input(0) else 1
        except Closed:
            ended += 1
        if ended:
            break
    assert ended >= 1
    for stream in streams + same:
        stream.close()


# --- X-Forwarded-For ---

def forwarded(server, value, source, path="/vnc.html", proto=None):
    headers = [("X-Forwarded-For", value)] if value else []
    if proto:
        headers.append(("X-Forwarded-Proto", proto))
    with Plain(server.port, source=source) as stream:
        stream.write(http.request(path, headers=headers))
        return http.read_answer(stream)


def test_address_forwarded_is_the_one_in_the_log(behind):
    forwarded(behind, "6.6.6.6, 192.0.2.88, 10.0.0.1", PROXY)
    wait_until(lambda: logged(behind, "192.0.2.88"), "it is logged")
    assert "6.6.6.6" not in behind.log()


def test_viewer_beside_a_web_proxy_does_not_wait(behind):
    # Spare connections are a browser's habit, not a proxy's: a silent one
    # gets its greeting before the 5 s that a browser's would wait. A machine
    # that is late may try again.
    def is_soon():
        forwarded(behind, None, PROXY)
        with Plain(behind.port, source=PROXY) as stream:
            soon = stream.has_input(4)
            assert stream.read(12) == login.BANNER
        return soon
    assert any(is_soon() for _ in range(4))


def test_strangers_invent_in_vain(behind):
    forwarded(behind, "192.0.2.66", STRANGER)
    with Plain(behind.port, source=STRANGER) as stream:
        stream.write(b"GET / HTTP/1.0\r\n\r\n")
        stream.read_to_end()
    wait_until(lambda: logged(behind, STRANGER), "it is logged")
    assert "192.0.2.66" not in behind.log()


def test_viewer_behind_a_web_proxy(behind):
    with Plain(behind.port, source=PROXY) as plain:
        websocket = WebSocket(plain)
        websocket.open(extra=["X-Forwarded-For: 192.0.2.55"])
        assert websocket.receive_message()[1] == login.BANNER
    wait_until(lambda: logged(behind, "192.0.2.55", "tcp+websocket"),
               "it is logged")


@pytest.fixture(scope="module")
def strict(launch, xserver):
    with launch(xserver, "-trustproxy", PROXY, "-sslonly", "-allow",
                "192.0.2.,127.0.0.1") as running:
        yield running


def test_rules_are_for_the_client(strict):
    # The proxy itself is nobody.
    with Plain(strict.port, source=PROXY) as stream:
        assert stream.read_to_end() == b""
    assert forwarded(strict, "203.0.113.1", PROXY,
                     proto="https").status == 403
    assert forwarded(strict, None, PROXY, proto="https").status == 403
    with Proxied(strict, line("203.0.113.1")) as stream:
        assert stream.read_to_end() == b""
    with Proxied(strict, line("192.0.2.8")) as stream:
        assert stream.read(12) == login.BANNER


def test_https_at_the_proxy_is_https(strict):
    assert forwarded(strict, CLIENT, PROXY, proto="https").status == 200
    assert forwarded(strict, CLIENT, PROXY, proto="http").status == 308
    assert forwarded(strict, CLIENT, PROXY).status == 308
    with Plain(strict.port, source="127.0.0.1") as stream:
        stream.write(http.request(
            "/vnc.html", headers=[("X-Forwarded-Proto", "https")]))
        assert http.read_answer(stream).status == 308


PUBLIC = "https://desk.example"


@pytest.mark.parametrize("source, host, fields, status", [
    # As nginx does it by itself, with the two fields that say who was asked.
    (PROXY, "127.0.0.1:5900", {"Host": "desk.example", "Proto": "https"}, 101),
    # proxy_set_header Host $host
    (PROXY, "desk.example", {"Proto": "https"}, 101),
    # Another page, through the proxy.
    (PROXY, "desk.example", {"Host": "evil.example", "Proto": "https"}, 403),
    (PROXY, "evil.example", {"Proto": "https"}, 403),
    # Without https nobody has looked at the name: it may be rebound.
    (PROXY, "127.0.0.1:5900", {"Host": "desk.example"}, 403),
    (PROXY, "desk.example", {}, 403),
    # Nobody's word.
    (STRANGER, "127.0.0.1:5900", {"Host": "desk.example", "Proto": "https"},
     403),
    (STRANGER, "desk.example", {"Proto": "https"}, 403)])
def test_the_proxys_name_is_ours(behind, source, host, fields, status):
    with Plain(behind.port, source=source) as stream:
        name, _, port = host.partition(":")
        stream.write(upgrade(port or 80, name, origin=PUBLIC, extra=[
            f"X-Forwarded-{name}: {value}"
            for name, value in fields.items()])[0])
        assert http.read_answer(stream).status == status


def test_sent_to_https_by_the_proxys_name(strict):
    with Plain(strict.port, source=PROXY) as stream:
        stream.write(http.request("/vnc.html", headers=[
            ("X-Forwarded-For", CLIENT), ("X-Forwarded-Host", "desk.example")]))
        answer = http.read_answer(stream)
        assert answer.status == 308
        assert answer["location"] == PUBLIC + "/vnc.html"


def test_a_proxy_at_a_unix_socket(launch, xserver, tmp_path):
    for trusted in (True, False):
        path = str(tmp_path / f"desk-{trusted}.sock")
        options = ("-trustproxy", "unix") if trusted else ()
        with launch(xserver, "-unixsock", path, *options) as running:
            with socket.socket(socket.AF_UNIX) as stream:
                stream.settimeout(30)
                stream.connect(path)
                stream.sendall(line("192.0.2.9") + b"RFB 003.008\n")
                assert stream.recv(12) == (login.BANNER if trusted else b"")
            wait_until(lambda: logged(running, "192.0.2.9") or not trusted,
                       "it is logged")
