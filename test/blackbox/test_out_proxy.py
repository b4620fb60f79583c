"""-proxy: through SOCKS and CONNECT to a viewer that waits (scripted ones)."""

import base64
import socket
import threading

import pytest

from lib.rfb import Viewer
from lib.server import ADDRESS
from lib.transport import Given, Plain
from lib.wait import HANG_GUARD_S, wait_until


def listening():
    ours = socket.create_server((ADDRESS, 0))
    ours.settimeout(HANG_GUARD_S)
    return ours


def exactly(stream, count):
    data = b""
    while len(data) < count:
        more = stream.recv(count - len(data))
        assert more, f"ended after {data}"
        data += more
    return data


def http(stream, answer=b"HTTP/1.1 200 yes\r\nA: b\r\n\r\n"):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += exactly(stream, 1)
    line, *fields = head.split(b"\r\n")
    if b"@" in answer: # wants ann:pass
        wanted = b"Proxy-Authorization: Basic " + base64.b64encode(b"ann:pass")
        answer = answer.replace(
            b"@", b"200" if wanted in fields else b"407")
    stream.sendall(answer)
    host, port = line.split(b" ")[1].rsplit(b":", 1)
    return host.decode(), int(port)


def socks4(stream):
    assert exactly(stream, 2) == b"\4\1"
    port = int.from_bytes(exactly(stream, 2), "big")
    host = socket.inet_ntoa(exactly(stream, 4))
    while exactly(stream, 1) != b"\0":
        pass
    stream.sendall(b"\0\x5aaabbbb")
    return host, port


def socks5(stream, user=None):
    count = exactly(stream, 2)[1]
    methods = exactly(stream, count)
    stream.sendall(b"\5\2" if user else b"\5\0")
    if user:
        assert 2 in methods and exactly(stream, 1) == b"\1"
        said = tuple(exactly(stream, exactly(stream, 1)[0])
                     for _ in range(2))
        stream.sendall(b"\1\0" if said == user else b"\1\1")
        if said != user:
            return None
    head = exactly(stream, 4)
    assert head[:3] == b"\5\1\0"
    if head[3] == 1:
        host = socket.inet_ntoa(exactly(stream, 4))
    else:
        host = exactly(stream, exactly(stream, 1)[0]).decode()
    port = int.from_bytes(exactly(stream, 2), "big")
    # In two pieces, with a name for an address.
    stream.sendall(b"\5\0\0")
    stream.sendall(b"\3\2xx\1\2")
    return host, port


class Proxy:
    """Takes one connection, asks `talk` where to, and passes on."""

    def __init__(self, talk, *more):
        self.talk, self.more = talk, more
        self.listening = listening()
        self.port = self.listening.getsockname()[1]
        self.asked = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        try:
            stream, _ = self.listening.accept()
            with stream:
                self.asked = self.talk(stream, *self.more)
                if self.asked is None:
                    return
                with socket.create_connection(self.asked) as onward:
                    back = threading.Thread(
                        target=pump, args=(onward, stream), daemon=True)
                    back.start()
                    pump(stream, onward)
                    back.join(HANG_GUARD_S)
        except OSError:
            pass # closed by the test

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listening.close()
        self.thread.join(HANG_GUARD_S)


def pump(source, sink):
    try:
        while True:
            data = source.recv(65536)
            sink.sendall(data)
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
    except OSError:
        pass


def log_in(stream):
    with Viewer(stream) as viewer:
        viewer.refresh()


@pytest.mark.parametrize("scheme,talk,more,name", [
    ("http://", http, (), "localhost"),
    ("", http, (), ADDRESS),
    ("http://ann:pass@", http, (b"HTTP/1.1 @ as you are\r\n\r\n",), ADDRESS),
    ("socks5://", socks5, (), ADDRESS),
    ("socks5://", socks5, (), "localhost"),
    ("socks5://ann:pass@", socks5, ((b"ann", b"pass"),), ADDRESS),
    ("socks4://", socks4, (), ADDRESS)])
def test_through_a_proxy(launch, xserver, scheme, talk, more, name):
    with listening() as ours, Proxy(talk, *more) as proxy:
        port = ours.getsockname()[1]
        with launch(xserver, "-proxy", f"{scheme}{ADDRESS}:{proxy.port}",
                    "-connect", f"{name}:{port}") as server:
            log_in(Given(ours.accept()[0]))
            assert proxy.asked == (name, port)
            log_in(Plain(server.port))


def test_through_three(launch, xserver):
    with listening() as ours, Proxy(http) as first, Proxy(socks5) as second, \
            Proxy(socks4) as third:
        port = ours.getsockname()[1]
        way = (f"http://{ADDRESS}:{first.port},"
               f"socks5://{ADDRESS}:{second.port},"
               f"socks4://{ADDRESS}:{third.port}")
        with launch(xserver, "-proxy", way, "-connect",
                    f"{ADDRESS}:{port}"):
            log_in(Given(ours.accept()[0]))
            assert [one.asked[1] for one in (first, second, third)] == [
                second.port, third.port, port]


def refuse(stream):
    stream.sendall(b"HTTP/1.1 403 not \x1b[31m you\r\n\r\n")
    stream.recv(1000)


def hang_up(stream):
    exactly(stream, 10)
    stream.recv(10000)


def chatter(stream):
    http(stream, b"HTTP/1.1 200 yes\r\n\r\nRFB 003.008\n")


def endless(stream):
    try:
        while True:
            stream.sendall(b"x" * 65536)
    except OSError:
        pass


@pytest.mark.parametrize("talk,why", [
    (refuse, "it said 'HTTP/1.1 403 not"), (hang_up, "closed the connection"),
    (chatter, "said more"), (endless, "too long")])
def test_proxies_that_do_not_help(launch, xserver, talk, why):
    with listening() as ours, Proxy(talk) as proxy:
        port = ours.getsockname()[1]
        with launch(xserver, "-proxy", f"{ADDRESS}:{proxy.port}", "-connect",
                    f"{ADDRESS}:{port}") as server:
            wait_until(lambda: why in server.log(), "why")
            assert "cannot reach" in server.log()
            assert "\x1b" not in server.log()
            log_in(Plain(server.port))


def test_a_silent_proxy_does_not_hold_up_the_end(launch, xserver):
    with listening() as silent:
        with launch(xserver, "-proxy",
                    f"{ADDRESS}:{silent.getsockname()[1]}", "-connect",
                    "viewer.invalid") as server:
            with silent.accept()[0]:
                log_in(Plain(server.port))
                server.stop()


@pytest.mark.parametrize("proxy", [
    "socks6://h", "http://", "socks5://h:x", "h,h,h,h"])
def test_wrong_proxies(launch, xserver, proxy):
    with launch(xserver, "-proxy", proxy, "-connect", "h",
                expect_start=False) as server:
        assert server.wait() == 2
        assert "-proxy" in server.log()
