"""Relays: bytes both ways between who comes and another server."""

import os
import random
import socket
import ssl
import threading
import time

import pytest

from lib import http
from lib.process import run
from lib.target import Echo, Target, read, unused_port, write
from lib.transport import Closed, OverWebSocket, Plain, connect
from lib.wait import wait_until
from lib.websocket import WebSocket

MANY = 24 << 20
PATTERN = bytes(range(256)) * 256


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
            "-IdleTimeout", "2", password_option=[]) as relay:
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


# ---- tokens ----

@pytest.fixture(scope="module")
def first():
    with Echo("first") as echo:
        yield echo


@pytest.fixture(scope="module")
def second():
    with Echo("second") as echo:
        yield echo


@pytest.fixture(scope="module")
def sixth():
    with Echo("sixth", host="::1") as echo:
        yield echo


@pytest.fixture(scope="module")
def tokens(launch, tmp_path_factory, first, second, sixth):
    folder = tmp_path_factory.mktemp("tokens")
    file = folder / "tokens"
    local = str(folder / "socket")
    held, port = unused_port()
    with Echo("local", path=local), held:
        write(file, f"""
# a comment: with.a.target:1
one: {first.place}
two: \t {second.place}\t
six: ::1:{sixth.port}
brackets: [::1]:{sixth.port}
local: unix_socket:{local}
a:b: {first.place}
twice: {first.place}
twice: {second.place}
dead: 127.0.0.1:{port}
display: display
broken: {first.port}
""")
        with launch(None, "--token-plugin", "TokenFile", "--token-source",
                    file, "-v", password_option=[]) as relay:
            relay.file = file
            yield relay


def who(relay, path, length=5, **request):
    with Plain(relay.port) as plain:
        with OverWebSocket(plain, path=path, **request) as stream:
            stream.write(b"!")
            return stream.read(length + 1).decode().rstrip("!")


@pytest.mark.parametrize("path,name", [
    ("/websockify?token=one", "first"),
    ("/?token=one", "first"),
    ("/websockify/?token=two", "second"),
    ("/any/other?path=1&token=two", "second"),
    ("/websockify?token=six", "sixth"),
    ("/websockify?token=brackets", "sixth"),
    ("/websockify?token=local", "local"),
    ("/websockify?token=a:b", "first"),
    ("/websockify?token=a%3Ab", "first"),
    ("/websockify?token=twice", "second"),
])
def test_token(tokens, path, name):
    assert who(tokens, path, len(name)) == name


@pytest.mark.parametrize("path,status", [
    ("/websockify", 403),
    ("/websockify?token=", 403),
    ("/websockify?token=three", 404),
    ("/websockify?token=%23%20a%20comment", 404),
    ("/websockify?token=ONE", 404),
    ("/websockify?token=one%00", 403),
    ("/websockify?token=%0Aone", 404),
    ("/websockify?token=one:%20", 404),
    ("/websockify?token=../../etc/passwd", 404),
    ("/websockify?token=broken", 404),
    ("/websockify?token=display", 404),
    ("/websockify?token=" + "x" * 600, 404),
    ("/websockify?token=" + "%ff" * 100, 404),
])
def test_refused_before_the_upgrade(tokens, path, status):
    with Plain(tokens.port) as plain:
        answered, headers, _ = WebSocket(plain).ask(path=path)
        assert answered == status
        assert b"oken" in plain.read(int(headers["content-length"]))


def test_target_of_a_token_is_dead(tokens):
    with connect("ws", tokens.port, path="/?token=dead") as stream:
        with pytest.raises(Closed) as end:
            stream.read(1)
        assert end.value.code == 1011


def test_tokens_are_never_logged_whole(tokens):
    secret = "s3cr3t-t0k3n-of-somebody"
    assert http.ask(tokens, f"/vnc.html?token={secret}").status == 200
    with Plain(tokens.port) as plain:
        assert WebSocket(plain).ask(path=f"/?token={secret}")[0] == 404
    wait_until(lambda: "no target for the token s3c... (24" in tokens.log(),
               "it is told")
    assert secret not in tokens.log()


def test_page_needs_no_token(tokens):
    assert http.ask(tokens, "/vnc.html").status == 200


def test_file_changes_under_load(tokens, first, second):
    """Each question finds the old line or the new one, never none."""
    text = tokens.file.read_text()
    wrong, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            try:
                name = who(tokens, "/?token=moving", 5)
                if name not in ("first", "second"):
                    wrong.append(name)
            except Exception as problem:  # noqa: each is a failure
                wrong.append(repr(problem))

    write(tokens.file, text + f"moving: {first.place}\n")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        place = (second, first)[turn % 2].place
        write(tokens.file, text + f"moving: {place}\n")
        time.sleep(0.02)
    write(tokens.file, text + f"moving: {second.place}\n")
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert who(tokens, "/?token=moving", 6) == "second"
    write(tokens.file, text)
    with pytest.raises(AssertionError, match="answered 404"):
        who(tokens, "/?token=moving")


def test_file_is_gone_for_a_while(tokens):
    text = tokens.file.read_text()
    os.unlink(tokens.file)
    with pytest.raises(AssertionError, match="answered 503"):
        who(tokens, "/?token=one")
    write(tokens.file, text)
    assert who(tokens, "/?token=one") == "first"


def test_host_is_the_token(launch, tmp_path, first):
    write(tmp_path / "file", f"my.box: {first.place}\n")
    with launch(None, "--token-source", tmp_path / "file", "--host-token",
                password_option=[]) as relay:
        def ask(host):
            with Plain(relay.port) as plain:
                plain.host = host
                with OverWebSocket(plain) as stream:
                    return stream.read(5)
        assert ask("my.box") == b"first"
        with pytest.raises(AssertionError, match="answered 40"):
            ask("127.0.0.1")


def test_folder_of_files(launch, tmp_path, first, second):
    write(tmp_path / "a", f"one: {first.place}\n")
    write(tmp_path / "b", f"two: {second.place}\n")
    with launch(None, "--target-config", tmp_path,
                password_option=[]) as relay:
        assert who(relay, "/?token=one") == "first"
        assert who(relay, "/?token=two", 6) == "second"
        write(tmp_path / "c", f"three: {first.place}\n")
        assert who(relay, "/?token=three") == "first"


def test_read_only_file(launch, tmp_path, first, second):
    write(tmp_path / "file", f"one: {first.place}\n")
    with launch(None, "--token-plugin",
                "websockify.token_plugins.ReadOnlyTokenFile",
                "--token-source", tmp_path / "file",
                password_option=[]) as relay:
        write(tmp_path / "file", f"one: {second.place}\n")
        assert who(relay, "/?token=one") == "first"


def test_names_are_tokens(launch, tmp_path, first):
    write(tmp_path / "one", f"{first.place}\n")
    write(tmp_path / ".hidden", f"{first.place}\n")
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "two", f"{first.place}\n")
    with launch(None, "--token-plugin", "TokenFileName", "--token-source",
                tmp_path, password_option=[]) as relay:
        assert who(relay, "/?token=one") == "first"
        for token in (".hidden", "sub/two", "../one", "sub", "none", ".."):
            with pytest.raises(AssertionError, match="answered (404|503)"):
                who(relay, f"/?token={token}")


def test_sockets_are_tokens(launch, tmp_path):
    write(tmp_path / "file", "127.0.0.1:1\n")
    with Echo("mine!", path=str(tmp_path / "mine")), launch(
            None, "--token-plugin", "UnixDomainSocketDirectory",
            "--token-source", tmp_path, password_option=[]) as relay:
        assert who(relay, "/?token=mine", 5) == "mine"
        for token in ("file", "../mine", "other"):
            with pytest.raises(AssertionError, match="answered 404"):
                who(relay, f"/?token={token}")


def test_beside_a_display(launch, xserver, tmp_path, first):
    """Without a token, or by one that says so, the display is meant."""
    from lib.rfb import Viewer
    write(tmp_path / "file", f"one: {first.place}\nmine: display\n")
    with launch(xserver, "--token-source", tmp_path / "file") as relay:
        assert who(relay, "/?token=one") == "first"
        for path in "/?token=mine", "/websockify":
            with Viewer(connect("ws", relay.port, path=path)) as viewer:
                viewer.refresh()
        with Viewer(connect("rfb", relay.port)) as viewer:
            viewer.refresh()


# ---- what is refused at the start ----

@pytest.mark.parametrize("options,sentence", [
    (["-target", "host"], "HOST:PORT"),
    (["-target", "host:99999"], "HOST:PORT"),
    (["-target", "a:1", "-display", ":7"], "excludes -display"),
    (["-target", "a:1", "-unix-target", "/x"], "excludes"),
    (["-unix-target", "/" + "x" * 200], "too long"),
    (["-target", "a:1", "-passwd", "x"], "asks for its own"),
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
