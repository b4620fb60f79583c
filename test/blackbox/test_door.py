"""Who may come in: wrong passwords (HOSTILE row 17)."""

import time

import pytest

from lib.rfb import Refused, Viewer
from lib.transport import connect, fresh_source
from lib.vncauth import answer
from lib.wait import wait_until

SHUT = "too many wrong passwords"


@pytest.fixture(scope="module")
def strict(launch, xserver):
    with launch(xserver, "-passwd", "secret12", "-maxauthfails", "3",
                "-authfailtimeout", "4", password_option=[]) as running:
        yield running


def try_password(kind, server, source, password):
    """None, or why it was refused."""
    with connect(kind, server.port, source=source) as stream:
        try:
            Viewer(stream, password=password)
        except Refused as refused:
            return refused.reason
    return None


def challenge(kind, server, source):
    """A connection that was asked for the password."""
    stream = connect(kind, server.port, source=source)
    stream.write(b"RFB 003.003\n")
    stream.read(12)
    assert stream.read(4) == b"\0\0\0\2"
    return stream, stream.read(16)


def test_guessing_shuts_one_address_out(strict, kind):
    guesser, other = fresh_source(), fresh_source()
    for _ in range(3):
        assert try_password(kind, strict, guesser, "wrong") == "wrong password"
    assert SHUT in try_password(kind, strict, guesser, "secret12")
    assert try_password(kind, strict, other, "secret12") is None
    wait_until(lambda: try_password(kind, strict, guesser, "secret12") is None,
               "the guesser is listened to again")


def test_a_right_password_is_a_fresh_start(strict, kind):
    source = fresh_source()
    for _ in range(2):
        for _ in range(2):
            assert try_password(kind, strict, source, "wrong")
        assert try_password(kind, strict, source, "secret12") is None


def test_a_watchers_password_is_none(launch, xserver):
    """Else who may watch could guess the other password for ever, with his
    own between the guesses."""
    with launch(xserver, "-passwd", "secret12", "-viewpasswd", "look",
                "-maxauthfails", "3", password_option=[]) as running:
        source = fresh_source()
        for word in ("guess1", "guess2"):
            assert try_password("rfb", running, source, word)
            assert try_password("rfb", running, source, "look") is None
        assert try_password("rfb", running, source, "guess3")
        assert SHUT in try_password("rfb", running, source, "secret12")


def test_who_never_answers_is_not_counted(strict, kind):
    source = fresh_source()
    for _ in range(10):
        challenge(kind, strict, source)[0].close()
    assert try_password(kind, strict, source, "secret12") is None


def test_guesses_side_by_side_learn_nothing(strict, kind):
    """Many open questions are not so many tries."""
    source = fresh_source()
    asked = [challenge(kind, strict, source) for _ in range(6)]
    began = time.monotonic()
    for stream, question in asked[:3]:
        stream.write(answer("wrong", question))
    # Their answers have been counted when the first is told; it must not be
    # told at once.
    assert asked[0][0].read(4) == b"\0\0\0\1"
    assert time.monotonic() - began >= 0.2
    for stream, question in asked[3:]:
        stream.write(answer("secret12", question))
        assert stream.read(4) == b"\0\0\0\1"
    for stream, _ in asked:
        stream.close()


def test_nobody_waits_for_a_guesser(strict, kind):
    stream, question = challenge(kind, strict, fresh_source())
    stream.write(answer("wrong", question))
    assert try_password(kind, strict, fresh_source(), "secret12") is None
    stream.abort()


def test_without_a_blacklist(launch, xserver):
    with launch(xserver, "-passwd", "secret12", "-UseBlacklist=0",
                "-maxauthfails", "2", password_option=[]) as running:
        source = fresh_source()
        for _ in range(6):
            assert try_password("ws", running, source, "wrong") == (
                "wrong password")
        assert try_password("ws", running, source, "secret12") is None
