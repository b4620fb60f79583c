"""The RSA-AES security types, with a viewer of our own: it can go wrong, and
Debian 12's TigerVNC is older than they are. Debian 13's is in test/viewers."""

import os
import re
import stat
import struct

import pytest

from lib import login
from lib.rfb import Viewer, is_ended
from lib.rsa_aes import NUMBERS, Handshake, log_in, read_server_key
from lib.transport import connect

PASSWORD = "longer than eight ü"
NATIVE = [5, 129, 130]


@pytest.fixture(scope="module")
def locked(launch, xserver):
    with launch(xserver, "-shared", "-passwd", PASSWORD, "-viewpasswd", "look",
                "-noblacklist", password_option=[]) as running:
        yield running


def choose(port, number, kind="rfb"):
    stream = connect(kind, port)
    assert number in login.offer(stream)
    return stream


def see(stream):
    viewer = Viewer(stream, login=False)
    viewer.initialise(True)
    viewer.refresh()
    # As long as a message may be, and one more.
    viewer.cut_text(b"x" * 70000)
    viewer.refresh()
    return viewer


@pytest.mark.parametrize("number", sorted(NUMBERS.values()))
def test_all_types(locked, number):
    with choose(locked.port, number) as stream:
        kind, stream = log_in(stream, number, password=PASSWORD)
        assert kind == 2
        assert login.result(stream) is None
        see(stream)


@pytest.mark.parametrize("transport", ["ws", "tls", "wss"])
def test_ra2ne_elsewhere(locked, transport):
    with choose(locked.port, 6, transport) as stream:
        _, stream = log_in(stream, 6, password=PASSWORD)
        assert login.result(stream) is None
        see(stream)


@pytest.mark.parametrize("transport, found", [
    ("rfb", [129, 5, 130, 6]), ("tls", [130, 6]), ("ws", [6]), ("wss", [6])])
def test_where_they_are_offered(locked, transport, found):
    with connect(transport, locked.port) as stream:
        offered = login.offer(stream)
        assert [n for n in offered if n in NUMBERS.values()] == found
        # noVNC takes the first that it knows, and this asks its user.
        assert offered.index(2) < offered.index(6)


@pytest.mark.parametrize("bits", [1024, 1537, 3072])
def test_other_keys_of_viewers(locked, bits):
    with choose(locked.port, 129) as stream:
        _, stream = log_in(stream, 129, password=PASSWORD, bits=bits)
        assert login.result(stream) is None
        see(stream)


@pytest.mark.parametrize("number", sorted(NUMBERS.values()))
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD[:8]])
def test_wrong_passwords(locked, number, password):
    with choose(locked.port, number) as stream:
        _, stream = log_in(stream, number, password=password)
        assert "wrong" in login.result(stream)


def test_watching(locked):
    with choose(locked.port, 5) as stream:
        _, stream = log_in(stream, 5, password="look")
        assert login.result(stream) is None
        see(stream)
    assert "rights=view-only" in locked.log()


# --- what a viewer may do wrong ---

@pytest.mark.parametrize("head", [
    0, 1, 1023, 8193, 1 << 16, 0xffffffff])
def test_lengths_of_keys(locked, head):
    with choose(locked.port, 5) as stream:
        stream.write(bytes([5]))
        read_server_key(stream)
        stream.write(struct.pack(">I", head))
        assert stream.read_to_end() == b""


def key_bytes(modulus, exponent, bits=1024):
    size = (bits + 7) // 8
    return (struct.pack(">I", bits) + modulus.to_bytes(size, "big")
            + exponent.to_bytes(size, "big"))


@pytest.mark.parametrize("modulus, exponent", [
    (0, 65537), (1, 65537), (1 << 1023, 65537), ((1 << 1024) - 1, 0),
    ((1 << 1024) - 1, 1), ((1 << 1024) - 1, 65536), ((1 << 1023) - 1, 65537),
    ((1 << 1024) - 1, (1 << 1024) - 1), ((1 << 1024) - 1, (1 << 33) + 1)])
def test_what_is_no_key(locked, modulus, exponent):
    with choose(locked.port, 5) as stream:
        stream.write(bytes([5]))
        read_server_key(stream)
        stream.write(key_bytes(modulus, exponent))
        assert stream.read_to_end() == b""


def test_a_secret_of_another_length(locked):
    for length in (0, 1, 255, 257, 65535):
        with choose(locked.port, 5) as stream:
            handshake = Handshake(stream, 5)
            stream.write(handshake.own_bytes + struct.pack(">H", length))
            stream.read(2 + 256)
            assert is_ended(stream)


def ends_at_the_hash(stream, handshake):
    """The server says its hash whatever came; then it is over."""
    size = len(handshake.digest(b""))
    own = handshake.digest(handshake.own_bytes, handshake.server_bytes)
    handshake.sealed.write(own)
    said = stream.read_to_end()
    assert len(said) == 2 + size + 16


def test_secrets_that_are_none(locked):
    """Each looks the same from outside: nobody learns what the padding was."""
    for encrypted in (bytes(256), b"\xff" * 256, os.urandom(256),
                      bytes(255) + b"\1"):
        with choose(locked.port, 129) as stream:
            handshake = Handshake(stream, 129)
            handshake.exchange(encrypted=encrypted)
            ends_at_the_hash(stream, handshake)


def test_a_secret_that_is_too_short(locked):
    with choose(locked.port, 129) as stream:
        handshake = Handshake(stream, 129)
        handshake.exchange(secret=b"x" * 16)
        ends_at_the_hash(stream, handshake)


@pytest.mark.parametrize("number", [5, 6])
def test_a_wrong_hash(locked, number):
    with choose(locked.port, number) as stream:
        handshake = Handshake(stream, number)
        handshake.exchange()
        handshake.compare(wrong=True)
        assert stream.read_to_end() == b""


@pytest.mark.parametrize("where", [0, 1, 2, 20, 30])
def test_a_forged_message(locked, where):
    with choose(locked.port, 5) as stream:
        handshake = Handshake(stream, 5)
        handshake.exchange()
        assert handshake.compare() == 2
        sealed = handshake.sealed
        message = bytearray(sealed.outward.seal(
            b"\0" + bytes([len(PASSWORD.encode())]) + PASSWORD.encode()))
        message[where] ^= 1
        stream.write(bytes(message) + bytes(400))
        assert stream.read_to_end() == b""


def test_messages_cut_anywhere(locked):
    """It is a stream inside: a message may hold a byte or a bit of two."""
    with choose(locked.port, 5) as stream:
        handshake = Handshake(stream, 5)
        handshake.exchange()
        handshake.compare()
        handshake.sealed.piece = 1
        stream = handshake.answer("", PASSWORD)
        assert login.result(stream) is None
        stream.piece = 7
        see(stream)


def test_an_empty_message_is_nothing(locked):
    with choose(locked.port, 5) as stream:
        handshake = Handshake(stream, 5)
        handshake.exchange()
        handshake.compare()
        stream.write(handshake.sealed.outward.seal(b"") * 1
                     + handshake.sealed.outward.seal(b""))
        assert login.result(handshake.answer("", PASSWORD)) is None


# --- names, and the key ---

def test_names_are_asked_where_there_are_some(launch, xserver):
    with launch(xserver, "-passwd", PASSWORD, "-plainusers", "joe",
                "-noblacklist", password_option=[]) as running:
        for user, good in (("joe", True), ("jim", False), ("", False)):
            with choose(running.port, 129) as stream:
                kind, stream = log_in(stream, 129, user, PASSWORD)
                assert kind == 1
                assert (login.result(stream) is None) == good


def test_the_key_is_kept(launch, xserver, tmp_path):
    path = tmp_path / "new" / "key.pem"
    seen = set()
    for _ in range(2):
        with launch(xserver, "-passwd", PASSWORD, "-rsakey", str(path),
                    password_option=[]) as running:
            said = re.search(r"fingerprint is ([0-9a-f:]{95})",
                             running.log()).group(1)
            with choose(running.port, 5) as stream:
                stream.write(bytes([5]))
                seen.add((said, read_server_key(stream)[0]))
    assert len(seen) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_file(launch, xserver, tmp_path, text):
    path = tmp_path / "key.pem"
    path.write_text(text)
    path.chmod(0o600)
    with launch(xserver, "-passwd", PASSWORD, "-rsakey", str(path),
                password_option=[], expect_start=False) as running:
        assert running.wait() == 5
        assert str(path) in running.log()


def test_an_elliptic_key_is_none(launch, xserver, certificate):
    with launch(xserver, "-passwd", PASSWORD, "-rsakey", certificate[1],
                password_option=[], expect_start=False) as running:
        assert running.wait() == 5
        assert "RSA" in running.log()


def test_none_is_made_where_nobody_is_asked(server):
    assert "RSA" not in server.log()
