"""One port for everybody: who is it, and for how long may he think?"""

import contextlib
import resource
import select
import signal
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import SNIFF_WAIT_MS
from lib import http
from lib.process import descriptor_count
from lib.rfb import BANNER, Viewer, is_ended
from lib.transport import Closed, Plain, connect, fresh_source
from lib.wait import wait_until
from lib.websocket import request as upgrade_request

PROXY = "127.15.0.1"
GRACE_S = SNIFF_WAIT_MS / 1000 * 2 / 5  # on one machine


def test_silence_means_rfb(server, kind):
    with connect(kind, server.port) as stream:
        assert stream.read(12) == BANNER


@pytest.mark.parametrize("secure", [False, True])
def test_page(server, secure):
    answer = http.ask(server, "/", secure=secure)
    assert answer.status in (200, 301, 302, 307, 308)


@pytest.mark.parametrize("secure", [False, True])
def test_rfb_client_that_speaks_first(server, secure):
    with http.open_stream(server, secure) as stream:
        stream.write(b"RFB 003.008\n")
        assert stream.read(12) == BANNER
        types = stream.read(stream.read(1)[0])
        assert 1 in types
        stream.write(b"\1")
        assert stream.read(4) == bytes(4)


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("garbage", [
    b"\0", b"\xff\xff", b"SSH-2.0-x\r\n", b"GARBAGE / HTTP/1.1\r\n\r\n",
    b"RFX", b"<policy-file-request/>\0", b"\x80\x2e\1\3\1"])
def test_garbage_is_closed(server, secure, garbage):
    with http.open_stream(server, secure) as stream:
        try:
            stream.write(garbage)
        except Closed:
            return
        said = stream.read_to_end()
        # TLS may say goodbye with an alert, HTTP with 400; RFB never starts.
        assert b"RFB" not in said
        assert said[:1] in (b"", b"H", b"\x15"), said[:40]


@pytest.mark.parametrize("secure", [False, True])
def test_request_one_byte_at_a_time(server, secure):
    with http.open_stream(server, secure) as stream:
        for byte in http.request("/vnc.html"):
            stream.write(bytes([byte]))
            time.sleep(0.002)
        assert http.read_answer(stream).status == 200


@pytest.mark.parametrize("secure", [False, True])
def test_upgrade_one_byte_at_a_time(server, secure):
    with http.open_stream(server, secure) as stream:
        for byte in upgrade_request(server.port)[0]:
            stream.write(bytes([byte]))
            time.sleep(0.002)
        assert b" 101 " in stream.read_until(b"\r\n\r\n")


@pytest.mark.parametrize("first", [b"G", b"GE", b"GET ", b"R", b"RFB"])
def test_a_begun_word_is_waited_for(server, first):
    # Longer than the grace of a silent client: bytes have been seen.
    with Plain(server.port) as stream:
        stream.write(first)
        assert not stream.has_input(1.5 * GRACE_S)
        if first.startswith(b"G"):
            stream.write(http.request("/vnc.html")[len(first):])
            assert http.read_answer(stream).status == 200
        else:
            stream.write(b"RFB 003.008\n"[len(first):])
            assert stream.read(12) == BANNER


def test_tls_hello_in_pieces(server):
    with Plain(server.port) as stream:
        relay, ours = socket.socketpair()
        with ThreadPoolExecutor(2) as pool:
            done = pool.submit(relay_slowly, relay, stream.socket)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            ours.settimeout(30)
            with context.wrap_socket(ours) as secure:
                secure.sendall(http.request("/vnc.html"))
                assert secure.recv(12).startswith(b"HTTP/1.1 200")
            relay.close()
            stream.socket.shutdown(socket.SHUT_RDWR)
            done.result(30)


def relay_slowly(near, far):
    """Carries bytes between two sockets, seven at a time."""
    near.settimeout(30)
    while True:
        try:
            ready, _, _ = select.select([near, far], [], [], 0.5)
            for one in ready:
                chunk = one.recv(7 if one is near else 65536)
                if not chunk:
                    return
                (far if one is near else near).sendall(chunk)
        except (OSError, ValueError):
            return


def test_browser_opens_a_spare_connection(server):
    # Chromium keeps a silent one ready and uses it seconds later.
    source = fresh_source()
    with Plain(server.port, source=source) as first:
        first.write(http.request("/vnc.html"))
        assert http.read_answer(first).status == 200
        with Plain(server.port, source=source) as spare:
            assert not spare.has_input(2)
            spare.write(http.request("/core/rfb.js"))
            assert http.read_answer(spare).status == 200


def test_viewer_beside_a_browser_gets_its_turn(server):
    source = fresh_source()
    with Plain(server.port, source=source) as browser:
        browser.write(http.request("/vnc.html"))
        http.read_answer(browser)
        with Plain(server.port, source=source) as stream:
            assert stream.read(12) == BANNER


def test_port_forced_to_rfb_does_not_wait(launch, xserver):
    with launch(xserver, "-sniffwait", "0") as running:
        with Plain(running.port) as stream:
            assert stream.read(12) == BANNER


def test_plain_port_refuses_tls(launch, xserver):
    with launch(xserver, "-nossl", tls=False) as running:
        with Plain(running.port) as stream:
            stream.write(b"\x16\3\1\2\0\1\0\1\xfc\3\3" + bytes(600))
            assert b"RFB" not in stream.read_to_end()


# --- time and numbers ---

@pytest.fixture(scope="module")
def strict(launch, xserver):
    """Two seconds to log in."""
    with launch(xserver, "-logintimeout", "2", "-trustproxy",
                PROXY) as running:
        yield running


@pytest.fixture(scope="module")
def small(launch, xserver):
    """Few may wait, but as long as they like."""
    with launch(xserver, "-logintimeout", "300", "-maxwaiting", "12",
                "-maxwaitingperhost", "5") as running:
        yield running


def test_login_deadline(strict):
    """Whatever it did not finish; the log says what."""
    proxy = PROXY, b"PROXY TCP4 ", "no whole PROXY header in time"
    firsts = [(fresh_source(), *rest) for rest in (
        (b"", "did not log in in time"),
        (b"G", "did not say in time what it speaks"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", "no whole HTTP request in time"),
        (http.request("/healthz"), "no whole HTTP request in time"),
        (b"\x16\3\1", "no whole TLS handshake in time"),
        (b"RFB 003.008\n", "did not log in in time"))]
    with contextlib.ExitStack() as open_:
        streams = [open_.enter_context(Plain(strict.port, source=source))
                   for source, *_ in [proxy, *firsts]]
        for stream, (_, first, _) in zip(streams, [proxy, *firsts]):
            stream.write(first)
        for stream in streams:
            stream.read_to_end()
    for source, _, why in [proxy, *firsts]:
        wait_until(lambda: any(source in line and why in line
                               for line in strict.log().splitlines()), why)


def test_browsers_spare_connection(strict):
    """Told as what it was: one that never said anything."""
    source = fresh_source()
    with Plain(strict.port, source=source) as page:
        page.write(http.request("/healthz"))
        page.read_some()
        with Plain(strict.port, source=source) as spare:
            assert spare.read_to_end() == b""
    wait_until(lambda: f"{source} tcp+sniffing: said nothing in time" in
               strict.log(), "why")


def test_login_deadline_on_each_transport(strict, kind):
    layers = {"rfb": "tcp+rfb", "tls": "tcp+tls+rfb",
              "ws": "tcp+websocket+rfb", "wss": "tcp+tls+websocket+rfb"}[kind]

    def is_told():
        return any(f"how={layers} " in line and "did not log in" in line
                   for line in strict.log().splitlines())

    def is_ended_and_told():
        with contextlib.suppress(Closed, OSError):  # before all layers are there
            with connect(kind, strict.port) as stream:
                assert is_ended(stream)
        return is_told()

    wait_until(is_ended_and_told, "why")


def test_deadline_is_total_however_one_drips(strict):
    with Plain(strict.port) as stream:
        with pytest.raises(Closed):
            for byte in http.request("/" + "x" * 300):
                stream.write(bytes([byte]))
                time.sleep(0.1)


def test_logged_in_viewers_have_no_deadline(strict):
    def log_in():
        try:
            return Viewer(connect("ws", strict.port))
        except Closed:  # the machine was too busy
            return None

    with wait_until(log_in, "a viewer that is quick enough") as viewer:
        time.sleep(3)
        viewer.refresh()


def count_answered(streams):
    """How many of them get the banner, the others being closed."""
    answered = 0
    for stream in streams:
        try:
            answered += stream.read(12) == BANNER
        except Closed:
            pass
    return answered


def open_many(port, sources):
    streams = []
    for source in sources:
        try:
            streams.append(Plain(port, source=source))
        except ConnectionError:
            pass
    return streams


def close_all(streams):
    for stream in streams:
        stream.close()


def test_cap_per_address(small):
    source = fresh_source()
    streams = open_many(small.port, [source] * 9)
    try:
        assert count_answered(streams) == 5
        with Viewer(connect("rfb", small.port)) as other:
            other.refresh()
    finally:
        close_all(streams)


def test_cap_in_all(small):
    streams = open_many(small.port, [fresh_source() for _ in range(20)])
    try:
        assert count_answered(streams) == 12
    finally:
        close_all(streams)
    with Viewer(connect("rfb", small.port)) as viewer:
        viewer.refresh()


def test_late_comer_gets_in_where_all_places_are_taken(small):
    """The crowd's oldest goes, wherever each of it comes from."""
    streams = open_many(small.port, [fresh_source() for _ in range(12)])
    try:
        for stream in streams:
            assert stream.read(12) == BANNER
        for _ in range(3):
            with Viewer(connect("rfb", small.port)) as late:
                late.refresh()
    finally:
        close_all(streams)


def test_those_who_left_free_their_places(small):
    source = fresh_source()
    for _ in range(20):
        with Plain(small.port, source=source) as stream:
            stream.write(BANNER)
            assert stream.read(12) == BANNER
            stream.abort()


def test_most_clients(launch, xserver):
    with launch(xserver, "-maxclients", "2") as running:
        with Viewer(connect("ws", running.port)) as one:
            with Viewer(connect("ws", running.port)):
                with pytest.raises(Exception):
                    with Viewer(connect("ws", running.port)) as third:
                        third.refresh()
            one.refresh()
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


def test_slow_clients_delay_nobody(launch, xserver):
    """The greeting comes while 150 others drip; who waits for a blocking
    read of theirs would wait for minutes."""
    with launch(xserver, "-logintimeout", "60") as running:
        drips = [Plain(running.port) for _ in range(150)]
        try:
            for index, stream in enumerate(drips):
                stream.write((b"GET /", b"\x16\3\1\2\0", b"RFB ")[index % 3])
            with Viewer(connect("rfb", running.port)) as viewer:
                for _ in range(10):
                    for stream in drips[::10]:
                        stream.write(b"0")
                    viewer.round_trip()
            for secure in (False, True):
                assert http.ask(running, "/vnc.html",
                                secure=secure).status == 200
        finally:
            close_all(drips)


def hostile_opening(number):
    """500 silent, 500 that drip, 100 half TLS hellos."""
    if number >= 1000:
        return b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)
    return (b"GET /", b"\x16\3\1\2\0", b"RFB ")[number % 3] * (number >= 500)


def hostile_crowd(port):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = []
    for number in range(1100):
        crowd.append(socket.socket())
        crowd[-1].bind((f"127.0.8.{1 + number % 250}", 0))
        crowd[-1].connect(("127.0.0.1", port))
        crowd[-1].send(hostile_opening(number))
    return crowd


@pytest.mark.parametrize("options", [
    (), ("-maxwaiting", "2000", "-maxwaitingperhost", "100")],
    ids=["limited", "all at once"])
def test_a_hostile_crowd(launch, xserver, options):
    """HOSTILE row 9, with the usual limits and with none: who is in and who
    comes do not notice, and at the deadline nothing is left of it."""
    with launch(xserver, "-shared", "-logintimeout", "8", *options, wrapper=(
            "sh", "-c", 'ulimit -n "$(ulimit -H -n)"; exec "$0" "$@"')
            ) as running:
        pid = running.process.pid
        with Viewer(connect("wss", running.port)) as early:
            before = descriptor_count(pid)
            crowd = hostile_crowd(running.port)
            try:
                for kind in ("rfb", "tls", "ws", "wss"):
                    with Viewer(connect(kind, running.port)) as viewer:
                        for one in crowd[500:1000:10]:
                            try:
                                one.send(b"0")
                            except OSError:
                                pass  # it has made room
                        viewer.round_trip()
                        early.round_trip()
                wait_until(lambda: descriptor_count(pid) <= before,
                           "all are gone")
            finally:
                close_all(crowd)
            early.refresh()


def test_a_crowd_finds_room_to_wait(launch, xserver):
    """Four hundred connect while the program is busy: a short queue would
    turn them away, and each would wait a second before it tries again."""
    with launch(xserver) as running:
        running.process.send_signal(signal.SIGSTOP)
        crowd = []
        try:
            for number in range(400):
                crowd.append(socket.socket())
                crowd[-1].bind((f"127.0.7.{1 + number % 200}", 0))
                crowd[-1].settimeout(0.9)
                crowd[-1].connect(("127.0.0.1", running.port))
        finally:
            running.process.send_signal(signal.SIGCONT)
            close_all(crowd)
        with Viewer(connect("rfb", running.port)) as viewer:
            viewer.refresh()
