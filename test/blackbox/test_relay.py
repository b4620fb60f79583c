"""Relays: bytes both ways between who comes and another server."""

import contextlib
import json
import os
import random
import socket
import ssl
import threading
import time

import pytest

from lib import http
from lib.control import Control
from lib.process import run
from lib.target import (MANY, PATTERN, Echo, Target, fill, read, unused_port,
                        who, write)
from lib.transport import Closed, OverWebSocket, Plain, connect
from lib.wait import wait_until



@pytest.fixture(scope="module")
def target():
    with Target() as listening:
        yield listening


@pytest.fixture(scope="module")
def relay(launch, target):
    with launch(None, "-target", target.place, password_option=[]) as running:
        yield running


def meet(relay, target, kind="ws", **keywords):
    """Both ends of a relay."""
    stream = connect(kind, relay.port, **keywords)
    return stream, target.accept()


@pytest.mark.parametrize("chunk", [None, 1, 1000])
def test_both_ways(relay, target, kind, chunk):
    stream, far = meet(relay, target, kind, chunk=chunk)
    with stream, far:
        far.sendall(b"RFB 003.008\n")
        assert stream.read(12) == b"RFB 003.008\n"
        said = PATTERN if chunk is None else PATTERN[:3000]
        thread = threading.Thread(target=stream.write, args=(said,))
        thread.start()
        assert read(far, len(said)) == said
        thread.join()
        far.sendall(PATTERN)
        assert stream.read(len(PATTERN)) == PATTERN


def pipes(server):
    folder, count = f"/proc/{server.process.pid}/fd", 0
    for entry in os.listdir(folder):
        try:
            link = os.readlink(os.path.join(folder, entry))
        except FileNotFoundError:   # closed meanwhile
            continue
        count += link.startswith("pipe:")
    return count


def take_slowly(read_some, whole):
    """All of it, with a rest in the middle."""
    got = bytearray()
    while len(got) < len(whole):
        before = len(got)
        got += read_some()
        if before < len(whole) // 2 <= len(got):
            time.sleep(0.2)
    assert got == whole


def much_goes_down(stream, far, whole):
    thread = threading.Thread(target=far.sendall, args=(whole,))
    thread.start()
    take_slowly(stream.read_some, whole)
    thread.join()


@pytest.mark.parametrize("kind", ["rfb", "ws", "wss"])
def test_much_at_once(launch, kind):
    """What comes faster than it is read is passed on in other ways: not a byte
    is lost, doubled or late, whoever rests meanwhile."""
    whole = random.Random(4711).randbytes(MANY)
    with Target() as target, launch(
            None, "-target", target.place, password_option=[],
            tls=kind == "wss") as relay:
        stream, far = meet(relay, target, kind)
        with stream, far:
            thread = threading.Thread(target=stream.write, args=(whole,))
            thread.start()
            take_slowly(lambda: far.recv(1 << 18), whole)
            thread.join()
            before = pipes(relay)
            stop = time.monotonic() + 60
            much_goes_down(stream, far, whole)
            while kind == "ws" and pipes(relay) == before:
                assert time.monotonic() < stop, "all of it was copied"
                much_goes_down(stream, far, whole)
            # Nothing that waits for more to go with it stays behind.
            far.sendall(b"little")
            assert stream.read(6) == b"little"
            stream.write(b"too")
            assert read(far, 3) == b"too"


def test_what_is_said_before_the_target_is_reached(relay, target):
    with Plain(relay.port) as plain:
        stream = OverWebSocket(plain)
        stream.write(b"early")
        with target.accept() as far:
            assert read(far, 5) == b"early"


def test_target_ends(relay, target, kind):
    stream, far = meet(relay, target, kind)
    with stream:
        far.sendall(PATTERN)
        far.close()
        assert stream.read(len(PATTERN)) == PATTERN
        with pytest.raises(Closed) as end:
            stream.read(1)
        if kind in ("ws", "wss"):
            assert end.value.code == 1000


def test_client_ends(relay, target, kind):
    stream, far = meet(relay, target, kind)
    with far:
        far.sendall(b"x")
        stream.read(1)   # what is unread when it closes would reset it
        stream.write(PATTERN)
        stream.close()
        assert read(far, len(PATTERN)) == PATTERN
        assert far.recv(1) == b""


def test_client_resets(relay, target, kind):
    stream, far = meet(relay, target, kind)
    with far:
        far.sendall(b"x")
        stream.read(1)
        stream.abort()
        assert far.recv(1) == b""


def test_half_closed(relay, target):
    stream, far = meet(relay, target, "rfb")
    with stream, far:
        stream.write(b"question")
        stream.socket.shutdown(socket.SHUT_WR)
        assert read(far, 8) == b"question"
        assert far.recv(1) == b""
        far.sendall(b"answer")
        far.close()
        assert stream.read(6) == b"answer"
        with pytest.raises(Closed):
            stream.read(1)


def test_target_that_pushes_on_is_not_read(launch):
    """Its client is gone; what it says would only be thrown away."""
    with Target() as target, launch(
            None, "-target", target.place, password_option=[]) as relay:
        stream, far = meet(relay, target)
        stream.write(b"x")
        read(far, 1)
        stream.abort()
        taken = 0
        far.settimeout(5)
        try:
            while taken < MANY:
                taken += far.send(PATTERN)
        except OSError:
            pass
        far.close()
        assert taken < MANY


def resident_kb(server):
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


@pytest.mark.parametrize("kind", ["rfb", "ws", "wss"])
def test_who_does_not_read_stops_the_other(relay, target, kind):
    stream, far = meet(relay, target, kind, receive_buffer=65536)
    with stream, far:
        before = resident_kb(relay)
        sent = fill(far)
        assert sent < MANY
        assert resident_kb(relay) - before < 4096
        with connect("ws", relay.port) as other:   # nobody else waits
            with target.accept() as second:
                second.sendall(b"still here")
                assert other.read(10) == b"still here"
        total = 0
        while total < sent:
            total += len(stream.read_some())
        far.sendall(b"more")
        assert stream.read(4) == b"more"


def test_target_does_not_read(relay, target):
    stream, far = meet(relay, target, "rfb")
    with stream, far:
        sent = fill(stream.socket)
        assert sent < MANY
        far.settimeout(30)
        assert len(read(far, sent)) == sent


def stuff(socket_):
    """As much as is taken without waiting."""
    socket_.setblocking(False)
    try:
        for _ in range(MANY // len(PATTERN)):
            socket_.send(PATTERN)
    except BlockingIOError:
        pass


def test_crowd_before_a_dead_target(launch, tmp_path, first):
    """Forty wait for one that neither reads nor answers. What lies here is
    bounded for each, and who goes elsewhere waits for none of it."""
    with Target() as dead:
        write(tmp_path / "tokens",
              f"dead: {dead.place}\nalive: {first.place}\n")
        with launch(None, "-token-source", tmp_path / "tokens",
                    "-maxclients", "100", "-maxwaitingperhost", "100",
                    password_option=[]) as relay:
            assert who(relay, "/?token=alive") == "first"
            before = resident_kb(relay)
            crowd = []
            for _ in range(40):
                stream = connect("ws", relay.port, path="/?token=dead")
                crowd.append((stream, dead.accept()))
                # One frame that is longer than all that follows.
                stream.plain.write(b"\x82\xff\0\0\xff" + bytes(9))
            for _ in range(3):
                for stream, _ in crowd:
                    stuff(stream.plain.socket)
                assert who(relay, "/?token=alive") == "first"
            assert resident_kb(relay) - before < 64 << 10
            for stream, far in crowd:
                stream.abort()
                far.close()


def test_never_reading_target_is_cut(launch):
    with Target() as target, launch(
            None, "-target", target.place, "-readtimeout", "1",
            password_option=[]) as relay:
        stream, far = meet(relay, target, "rfb")
        with stream, far:
            fill(stream.socket)
            with pytest.raises((Closed, ConnectionError)):
                stream.read(1)
        wait_until(lambda: "-readtimeout" in relay.log(), "it is told")


def test_nobody_listens(launch):
    held, port = unused_port()
    with held, launch(None, "-target", f"127.0.0.1:{port}", "-q",
                      password_option=[]) as relay:
        with connect("ws", relay.port) as stream:
            with pytest.raises(Closed) as end:
                stream.read(1)
        assert end.value.code == 1011
        assert "cannot be reached" in str(end.value)
        assert str(port) not in str(end.value)
        assert f"cannot reach 127.0.0.1:{port}: conn" in relay.log()
        with Plain(relay.port) as plain:
            plain.write(b"RFB 003.003\n")
            told = plain.read_to_end()
            assert told.startswith(b"RFB 003.003\n\0\0\0\0")
            assert b"cannot be reached" in told
            assert str(port).encode() not in told


def test_unknown_name(launch):
    with launch(None, "-target", "nobody.invalid:5900",
                password_option=[]) as relay:
        with connect("ws", relay.port) as stream:
            with pytest.raises(Closed) as end:
                stream.read(1)
        assert end.value.code == 1011


def test_client_goes_while_the_target_is_looked_for(launch):
    """192.0.2.1 is nobody's: nothing answers."""
    with launch(None, "-target", "192.0.2.1:5900",
                password_option=[]) as relay:
        connect("ws", relay.port).abort()
        wait_until(lambda: "event=left" in relay.log(), "it is told")
        stream = connect("ws", relay.port)
        relay.stop()
        stream.close()


def test_target_is_not_reached_in_time(launch):
    """Its queue is full: it says neither yes nor no. The client did nothing
    wrong, and the log does not say so."""
    with contextlib.ExitStack() as open_:
        dead = open_.enter_context(socket.socket())
        dead.bind(("127.0.0.1", 0))
        dead.listen(0)
        waiting = [open_.enter_context(socket.socket()) for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(dead.getsockname())
        relay = open_.enter_context(launch(
            None, "-target", "127.0.0.1:%d" % dead.getsockname()[1],
            "-only", "rfb", "-logintimeout", "2", password_option=[]))
        with Plain(relay.port) as stream:
            stream.read_to_end()
        wait_until(lambda: "the target was not reached in time" in
                   relay.log(), "it is told")


def test_unix_target(launch, tmp_path):
    path = str(tmp_path / "socket")
    with Target(path) as target, launch(
            None, "--unix-target", path, password_option=[]) as relay:
        stream, far = meet(relay, target)
        with stream, far:
            far.sendall(b"local")
            assert stream.read(5) == b"local"


def test_tls_to_the_target(launch, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    for tls in True, False:
        with Echo("inside", context=context) as target, launch(
                None, "--ssl-target", "-target", target.place,
                password_option=[], tls=tls) as relay:
            for kind in ("ws", "rfb") + ("wss", "tls") * tls:
                with connect(kind, relay.port) as stream:
                    assert stream.read(6) == b"inside"
                    # One thread: Python's TLS bears no two.
                    for _ in range(32):
                        stream.write(PATTERN)
                        assert stream.read(len(PATTERN)) == PATTERN


def refusal_of(plain):
    """What a viewer is told instead of a list of security types."""
    assert plain.read(16) == b"RFB 003.003\n\0\0\0\0"
    return plain.read(int.from_bytes(plain.read(4), "big")).decode()


def test_plain_viewers_are_told_that_the_target_knows_no_tls(launch):
    with Target() as target, launch(
            None, "--ssl-target", "-target", target.place,
            password_option=[]) as relay, Plain(relay.port) as plain:
        with target.accept() as far:
            far.sendall(b"RFB 003.008\n")
            assert "no TLS with it" in refusal_of(plain)


@pytest.mark.parametrize("word", [b"RFB 003.008\n", b"", None])
def test_target_knows_no_tls(launch, word):
    """It says something else, ends, or says nothing: the client is told, or
    goes."""
    with Target() as target, launch(
            None, "--ssl-target", "-target", target.place,
            password_option=[]) as relay:
        stream, far = meet(relay, target)
        with stream:
            far.sendall(word or b"")
            if word is None:
                stream.abort()
                far.settimeout(30)
                assert read(far, 1) == b"\x16"
                while far.recv(4096):
                    pass
                return
            far.close()
            with pytest.raises(Closed) as end:
                stream.read(1)
            assert end.value.code == 1011
        assert f"no TLS with {target.place}" in relay.log()


def test_audit_names_the_target(launch, tmp_path):
    audit = tmp_path / "audit"
    with Target() as target, launch(
            None, "-target", target.place, "-audit", audit,
            password_option=[]) as relay:
        stream, far = meet(relay, target, "wss")
        with far:
            stream.write(b"12345")
            read(far, 5)
            stream.close()
            assert far.recv(1) == b""
        wait_until(lambda: "event=end" in audit.read_text(), "it is there")
        login, end = audit.read_text().splitlines()
        for line in login, end:
            assert f"target={target.place}" in line
            assert "how=tcp+tls+websocket+relay" in line
        assert "event=login" in login


def test_limits_count(launch):
    with Target() as target, launch(
            None, "-target", target.place, "-maxclients", "1",
            "-IdleTimeout", "5", password_option=[]) as relay:
        stream, far = meet(relay, target)
        far.sendall(b"x")
        assert stream.read(1) == b"x"
        with connect("ws", relay.port) as second:
            with pytest.raises(Closed, match="maxclients"):
                second.read(1)
        with pytest.raises(Closed, match="IdleTimeout"):
            stream.read(1)
        far.close()
        stream.close()


def test_limits_count_those_who_come_at_once(launch, certificate):
    """All are on their way to the target before one of them is there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Target() as target, launch(
            None, "--ssl-target", "-target", target.place, "-maxclients", "1",
            "-statusfor", "all", password_option=[]) as relay:
        pairs = [meet(relay, target, kind) for kind in ("ws", "rfb", "ws")]
        stream, far = pairs[0]
        first = context.wrap_socket(far, server_side=True)
        first.sendall(b"x")
        assert stream.read(1) == b"x"
        for _, far in pairs[1:]:
            with pytest.raises(OSError):
                context.wrap_socket(far, server_side=True).read(1)
                raise ConnectionError("it ended as it should")
        assert "maxclients" in refusal_of(pairs[1][0])
        with pytest.raises(Closed, match="maxclients"):
            pairs[2][0].read(1)
        told = http.ask(relay, "/metrics").body
        assert b'refusals_total{reason="full"} 2\n' in told
        first.sendall(b"y")
        assert stream.read(1) == b"y"
        first.close()
        for stream, _ in pairs:
            stream.close()


def test_the_server_ends(launch, tmp_path):
    audit = tmp_path / "audit"
    with Target() as target:
        relay = launch(None, "-target", target.place, "-audit", audit,
                       password_option=[])
        with relay:
            stream, far = meet(relay, target)
            far.sendall(b"x")
            assert stream.read(1) == b"x"
            relay.stop()
            with pytest.raises(Closed) as end:
                stream.read(1)
            assert end.value.code == 1001
            far.close()
        assert 'reason="the server ends"' in audit.read_text()


def test_operators_see_and_end_relays(launch, tmp_path):
    path = str(tmp_path / "control")
    with Target() as target, launch(
            None, "-target", target.place, "-control", path,
            password_option=[]) as relay, Control(path) as control:
        control.do("subscribe")
        pairs = [meet(relay, target, kind) for kind in ("rfb", "wss")]
        for stream, far in pairs:
            far.sendall(b"x")
            assert stream.read(1) == b"x"
        told = http.ask(relay, "/metrics").body
        assert b"\nx11wsvnc_relays_connected 2\n" in told
        assert b"\nx11wsvnc_viewers_connected 0\n" in told
        for said in (control.do("status"),
                     json.loads(http.ask(relay, "/status.json").body)):
            assert {one["transport"] for one in said["relays"]} == {
                "tcp", "tcp+tls+websocket"}
            assert {one["target"] for one in said["relays"]} == {target.place}
            assert said["viewers"] == []
        ids = [control.event("viewer_came")["relay"]["id"] for _ in pairs]
        assert ids == [one["id"] for one in reversed(said["relays"])]
        for number, (stream, far) in zip(ids, pairs):
            assert control.do("disconnect", who=number) == {"count": 1}
            with pytest.raises(Closed):
                stream.read(1)
            assert far.recv(1) == b""
            went = control.event("viewer_went")
            assert went["relay"]["id"] == number
            assert "operator" in went["reason"]
            stream.close()
            far.close()
        assert control.do("disconnect", who="all") == {"count": 0}
        assert control.do("status")["relays"] == []


def test_what_is_relayed_is_said_at_once(launch, tmp_path, first):
    write(tmp_path / "tokens", f"desk: {first.place}\n")
    with launch(None, "-target", first.place, password_option=[]) as relay:
        relay.wait_for_output(
            f"Relays localhost:{relay.port} to {first.place}\n".encode())
    for options, scheme in (([], "wss?"), (["-sslonly"], "wss")):
        with launch(None, "-token-source", tmp_path / "tokens", *options,
                    password_option=[]) as relay:
            relay.wait_for_output(
                f"Relays {scheme}://localhost:{relay.port}/websockify"
                f".token=NAME as {tmp_path}/tokens says\n".encode())


def test_once(launch):
    with Target() as target:
        relay = launch(None, "-target", target.place, "-once",
                       password_option=[])
        with relay:
            stream, far = meet(relay, target)
            far.sendall(b"x")
            assert stream.read(1) == b"x"
            stream.close()
            far.close()
            assert relay.wait() == 0


# ---- what is refused at the start ----

@pytest.mark.parametrize("options,sentence", [
    (["-target", "host"], "HOST:PORT"),
    (["-target", "host:99999"], "HOST:PORT"),
    (["-target", "a:1", "-display", ":7"], "excludes -display"),
    (["-target", "a:1", "-unix-target", "/x"], "excludes"),
    (["-unix-target", "/" + "x" * 200], "too long"),
    *[(["-target", "a:1", *words], f"{words[0]}: is of a display")
      for words in (
          ["-passwd", "x"], ["-viewonly"], ["-noshared"],
          ["-sectypes", "None"], ["-vencrypt", "only"], ["-input", "K"],
          ["-nokeyevents"], ["-nopointerevents"], ["-nosel"],
          ["-seldir", "send"], ["-noclipboardsend"], ["-noclipboardrecv"],
          ["-clip", "9x9+0+0"], ["-blackout", "9x9+0+0"])],
    (["-target", "a:1", "-accept", "popup"], "-accept"),
    (["-token-plugin", "TokenFile"], "needs -token-source"),
    (["-host-token"], "needs -token-source"),
    (["-token-source", "/no/such"], "cannot read /no/such"),
    (["-token-plugin", "JWTTokenApi", "-token-source", "x"], "TokenFile"),
    (["-token-plugin", "TokenRedis", "-token-source", "x:1"], "TokenFile"),
    (["-token-plugin", "Other", "-token-source", "x"], "none of"),
    (["6080"], "-rfbport 6080"),
    (["6080", "a:1", "b:2"], "'b:2'"),
    (["0", "a:1"], "1 to 65535"),
    (["99999", "a:1"], "1 to 65535"),
])
def test_refused(launch, options, sentence):
    server = launch(None, *options, password_option=[], expect_start=False)
    with server:
        assert server.wait() != 0
        assert sentence in server.log()


def test_what_is_told_without_a_display(launch, first, tmp_path):
    """Status pages and the control socket know that there is none."""
    path = tmp_path / "control"
    with launch(None, "-target", first.place, "-control", path,
                password_option=[]) as relay:
        assert http.ask(relay, "/readyz").status == 200
        assert http.ask(relay, "/status.json").status == 200
        assert http.ask(relay, "/metrics").status == 200
        assert http.ask(relay, "/screenshot.png").status == 404
        for fact in "display", "desktop", "size", "clients":
            run([relay.command[0], "-control", path, "-Q", fact])
