"""The ways to log in, by the transport; and that there is no other."""

import ssl
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib import login
from lib.rfb import Viewer, is_ended
from lib.transport import Closed, connect, tls_context

PASSWORD = "longer than eight"
REQUEST = struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480)
VERSIONS = ["003.003", "003.007", "003.008"]

# name: (options, {transport: ([types], [subtypes])}).
CONFIGURATIONS = {
    "open": (["-nopw"], {
        "rfb": ([1, 16, 19], [257, 260]), "tls": ([1, 16], []),
        "ws": ([1, 16], []), "wss": ([1, 16], [])}),
    "password": (["-passwd", PASSWORD], {
        "rfb": ([2, 16, 19, 129, 5, 130, 6], [258, 259, 261, 262]),
        "tls": ([2, 19, 130, 6, 16], [256]), "ws": ([2, 16, 6], []),
        "wss": ([2, 19, 6, 16], [256])}),
    "tls-only": (["-passwd", PASSWORD, "-vencrypt", "nodh:only"], {
        "rfb": ([19], [261, 262]), "tls": ([2, 19], [256]),
        "ws": ([], []), "wss": ([2, 19], [256])}),
    "users": (["-pam", "other"], {
        "rfb": ([19, 129, 5, 130, 6], [259, 262]),
        "tls": ([19, 130, 6], [256]), "ws": ([6], []),
        "wss": ([19, 6], [256])}),
    "chosen": (["-passwd", PASSWORD, "-sectypes", "VncAuth,TLSPlain"], {
        "rfb": ([2, 19], [259]), "tls": ([2, 19], [256]),
        "ws": ([2], []), "wss": ([2, 19], [256])}),
}


@pytest.fixture(scope="module", params=CONFIGURATIONS)
def configured(request, launch, xserver):
    options, offers = CONFIGURATIONS[request.param]
    # Thousands of wrong answers are given here, and none is silent.
    with launch(xserver, "-shared", "-maxwaiting", "10000", "-noblacklist",
                "-maxwaitingperhost", "10000", "-sniffwait", "10000", *options,
                password_option=[]) as running:
        yield running.port, offers


def test_what_is_offered(configured, kind):
    port, offers = configured
    types, subtypes = offers[kind]
    with connect(kind, port) as stream:
        assert login.offer(stream) == types
        if 19 in types:
            assert login.vencrypt_offer(stream) == subtypes


def rest(stream, *said):
    """Says what would log in if anything did, and asks for the picture; all
    that comes."""
    try:
        for part in said:
            stream.write(part)
        stream.write(bytes(16) + b"\1" + REQUEST * 20)
    except Closed:
        pass
    return stream.read_to_end()


def assert_only_refused(said):
    """Empty, or SecurityResult 1 and a reason that fills the rest."""
    if said:
        assert said[:4] == b"\0\0\0\1", said[:64]
        assert len(said) == 4 or (
            struct.unpack(">I", said[4:8])[0] == len(said) - 8), said[:64]


def try_type(port, kind, version, number):
    with connect(kind, port) as stream:
        login.offer(stream, version)
        return rest(stream, bytes([number]))


def try_subtype(port, kind, number):
    with connect(kind, port) as stream:
        login.offer(stream)
        login.vencrypt_offer(stream)
        return rest(stream, struct.pack(">I", number))


def all_at_once(function, numbers):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(function, numbers))


@pytest.mark.parametrize("version", ["003.007", "003.008"])
def test_no_other_type(configured, kind, version):
    port, offers = configured
    types = offers[kind][0]
    if not types:
        return
    others = [number for number in range(256) if number not in types]
    for said in all_at_once(
            lambda number: try_type(port, kind, version, number), others):
        assert_only_refused(said)


def test_no_other_subtype(configured, kind):
    port, offers = configured
    types, subtypes = offers[kind]
    if 19 not in types:
        return
    others = [number for number in [*range(0, 3), *range(250, 270), 19, 512,
                                    1 << 24, 0xffffffff]
              if number not in subtypes]
    for said in all_at_once(
            lambda number: try_subtype(port, kind, number), others):
        assert said == b""


def test_33_decides_or_refuses(configured, kind):
    port, offers = configured
    types = offers[kind][0]
    with connect(kind, port) as stream:
        chosen = login.offer(stream, "003.003")[0]
        if chosen == 0:
            assert not {1, 2} & set(types)
            reason = stream.read(struct.unpack(">I", stream.read(4))[0])
            assert reason.isascii() and len(reason) > 20
            assert is_ended(stream)
            return
        assert chosen in types and chosen in (1, 2)
        if chosen == 2:
            stream.read(16)
            assert_only_refused(rest(stream))


def test_nothing_offered_says_why(configured, kind):
    port, offers = configured
    if offers[kind][0]:
        return
    with connect(kind, port) as stream:
        assert login.offer(stream) == []
        reason = stream.read(struct.unpack(">I", stream.read(4))[0])
        assert b"https" in reason
        assert is_ended(stream)


# --- VeNCrypt, each subtype ---

PLAIN_TCP = ["TLSVnc", "TLSPlain", "X509Vnc", "X509Plain"]


@pytest.fixture(scope="module")
def locked(launch, xserver):
    with launch(xserver, "-shared", "-passwd", PASSWORD, "-viewpasswd", "look",
                "-noblacklist", password_option=[]) as running:
        yield running


def logged_in(stream):
    viewer = Viewer(stream, login=False)
    viewer.initialise(True)
    return viewer


@pytest.mark.parametrize("name", PLAIN_TCP)
@pytest.mark.parametrize("version", ["003.007", "003.008"])
def test_vencrypt(locked, name, version):
    with connect("rfb", locked.port) as stream:
        login.offer(stream, version)
        login.vencrypt(stream, name, "anybody", PASSWORD)
        assert login.result(stream) is None
        with logged_in(stream) as viewer:
            viewer.refresh()


@pytest.mark.parametrize("name", ["TLSNone", "X509None"])
@pytest.mark.parametrize("version", ["003.007", "003.008"])
def test_vencrypt_without_a_password(server, name, version):
    with connect("rfb", server.port) as stream:
        login.offer(stream, version)
        login.vencrypt(stream, name)
        assert login.result(stream) is None
        with logged_in(stream) as viewer:
            viewer.refresh()


@pytest.mark.parametrize("kind", ["tls", "wss"])
def test_plain_inside_tls(locked, kind):
    with connect(kind, locked.port) as stream:
        login.offer(stream)
        login.vencrypt(stream, "Plain", "", PASSWORD)
        assert login.result(stream) is None
        with logged_in(stream) as viewer:
            viewer.refresh()


@pytest.mark.parametrize("version", ["003.007", "003.008"])
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_tight(server, locked, kind, version, password):
    port = (locked if password else server).port
    with connect(kind, port) as stream:
        assert 16 in login.offer(stream, version)
        login.tight(stream, password)
        if password or version == "003.008":
            assert login.result(stream) is None
        with logged_in(stream) as viewer:
            login.tight_capabilities(stream)
            viewer.refresh()


@pytest.mark.parametrize("code", [0, 1, 3, 16, 19, 129, -1])
def test_no_other_way_inside_tight(locked, code):
    with connect("ws", locked.port) as stream:
        login.offer(stream)
        login.tight_offer(stream)
        assert rest(stream, struct.pack(">i", code)) == b""


def test_tight_with_a_wrong_password(locked):
    with connect("ws", locked.port) as stream:
        login.offer(stream)
        login.tight(stream, "wrong")
        assert "wrong" in login.result(stream)


@pytest.mark.parametrize("name", PLAIN_TCP)
def test_vencrypt_with_a_wrong_password(locked, name):
    with connect("rfb", locked.port) as stream:
        login.offer(stream)
        login.vencrypt(stream, name, "anybody", "wrong")
        assert "wrong" in login.result(stream)
        assert is_ended(stream)


@pytest.mark.parametrize("password", ["", PASSWORD[:8], PASSWORD + "!"])
def test_plain_wants_all_of_a_long_password(locked, password):
    with connect("tls", locked.port) as stream:
        login.offer(stream)
        login.vencrypt(stream, "Plain", "anybody", password)
        assert "wrong" in login.result(stream)


def client_hello(anonymous):
    hello = ssl.MemoryBIO()
    tls = tls_context(anonymous).wrap_bio(ssl.MemoryBIO(), hello)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return hello.read()


@pytest.mark.parametrize("name", ["TLSVnc", "X509Vnc"])
def test_hello_right_behind_the_choice(locked, name):
    """A viewer need not wait for our word that there will be TLS."""
    hello = client_hello(anonymous=name == "TLSVnc")
    with connect("rfb", locked.port) as stream:
        login.offer(stream)
        login.vencrypt_offer(stream)
        stream.write(struct.pack(">I", login.SUBTYPES[name]) + hello)
        assert stream.read(2) == b"\1\x16"


def test_no_login_without_the_handshake(locked):
    with connect("rfb", locked.port) as stream:
        login.offer(stream)
        login.vencrypt_offer(stream)
        stream.write(struct.pack(">I", login.SUBTYPES["TLSVnc"]))
        assert stream.read(1) == b"\1"
        said = rest(stream)
        assert said[:1] in (b"", b"\x15") and len(said) < 20
