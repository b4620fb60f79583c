"""Plain viewers that choose their target: by the name in TLS, or as they do
with an UltraVNC repeater."""

import struct

import pytest

from lib.rfb import Viewer
from lib.target import unused_port, write
from lib.transport import Closed, Plain, connect, fresh_source
from lib.wait import wait_until

GREETING = b"RFB 000.000\n"
BANNER = b"RFB 003.003\n"


@pytest.fixture(scope="module")
def file(tmp_path_factory, first, second):
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    held, port = unused_port()
    with held:
        write(file, f"""
desk: {first.place}
4711: {second.place}
desk.example.org: {second.place}
{"x" * 247}: {first.place}
dead: 127.0.0.1:{port}
display: display
""")
        yield file


@pytest.fixture(scope="module")
def tokens(launch, file):
    with launch(None, "--token-source", file, "-v",
                password_option=[]) as relay:
        yield relay


@pytest.fixture(scope="module")
def plain(launch, file):
    """Takes nobody for a browser: nothing is waited for."""
    with launch(None, "--token-source", file, "-v", "-only", "rfb",
                password_option=[]) as relay:
        yield relay


def said(word):
    return word.encode().ljust(250, b"\0")


def refusal(stream):
    """What a viewer is told that may not enter."""
    assert stream.read(12) == BANNER
    stream.write(BANNER)
    kind, length = struct.unpack(">II", stream.read(8))
    assert kind == 0
    reason = stream.read(length).decode()
    assert stream.read_to_end() == b""
    return reason


def check_word(stream, word, name):
    with stream:
        assert stream.read(12) == GREETING
        stream.write(said(word))
        assert stream.read(len(name)) == name
        stream.write(b"and back")
        assert stream.read(8) == b"and back"


@pytest.mark.parametrize("word,name", [
    ("ID:desk", b"first"),
    ("id:4711", b"second"),
    ("desk", b"first"),
    ("desk:0", b"first"),        # libvncclient puts a port behind
    ("desk::5900", b"first"),
    ("ID:" + "x" * 247, b"first"),
])
def test_repeater(plain, word, name):
    check_word(connect("rfb", plain.port), word, name)


@pytest.mark.parametrize("kind", ["rfb", "tls"])
def test_repeater_beside_browsers(tokens, kind):
    check_word(connect(kind, tokens.port), "ID:desk", b"first")


def test_in_pieces_and_more_at_once(plain):
    with connect("rfb", plain.port) as stream:
        assert stream.read(12) == GREETING
        for byte in said("ID:desk")[:249]:
            stream.write(bytes([byte]))
        stream.write(b"\0early")
        assert stream.read(10) == b"firstearly"


@pytest.mark.parametrize("word,reason", [
    ("ID:nobody", "no such ID"),
    ("ID:desk.", "no such ID"),
    ("127.0.0.1:22", "no such ID"),
    ("ID:../tokens", "no such ID"),
    ("ID:display", "display"),
    ("ID:dead", "cannot be reached"),
])
def test_refused_with_a_reason(plain, word, reason):
    with connect("rfb", plain.port) as stream:
        assert stream.read(12) == GREETING
        stream.write(said(word))
        assert reason in refusal(stream)


@pytest.mark.parametrize("bytes_", [
    b"RFB 003.008\n", b"\0", b"\xff" * 250, b"ID:a b"])
def test_no_name(plain, bytes_):
    """Nobody is waited for who will never say one."""
    with connect("rfb", plain.port) as stream:
        assert stream.read(12) == GREETING
        stream.write(bytes_)
        assert "which ID" in refusal(stream)


def test_who_speaks_first(tokens):
    with connect("rfb", tokens.port) as stream:
        stream.write(b"RFB 003.008\n")
        assert stream.read(12) == GREETING
        # What came before the greeting is no answer to it.
        stream.write(said("ID:desk"))
        assert "which ID" in refusal(stream)


def test_silence_has_an_end(launch, tmp_path, first):
    write(tmp_path / "file", f"desk: {first.place}\n")
    with launch(None, "--token-source", tmp_path / "file", "-logintimeout",
                "4", "-only", "rfb", password_option=[]) as relay:
        with connect("rfb", relay.port) as stream:
            assert stream.read(12) == GREETING
            stream.write(b"ID:")
            with pytest.raises(Closed):
                stream.read(1)
        wait_until(lambda: "did not say in time which ID it wants" in
                   relay.log(), "told")


def test_ids_are_never_logged_whole(plain):
    secret = "s3cr3t-id-of-somebody"
    with connect("rfb", plain.port) as stream:
        stream.read(12)
        stream.write(said("ID:" + secret))
        refusal(stream)
    wait_until(lambda: "no target for the ID s3c... (21" in plain.log(),
               "it is told")
    assert secret not in plain.log()


def named(relay, name, source=None):
    plain = Plain(relay.port, source=source or fresh_source())
    plain.start_tls(name)
    return plain


@pytest.mark.parametrize("name,target", [
    ("desk", b"first"),
    ("desk.example.net", b"first"),
    ("desk.example.org", b"second"),   # the whole name comes first
    ("4711.example.org", b"second"),
])
def test_name_in_tls(tokens, name, target):
    with named(tokens, name) as stream:
        assert stream.read(len(target)) == target


@pytest.mark.parametrize("name", ["nobody.example.org", "127.0.0.1"])
def test_unknown_name_in_tls(tokens, name):
    """It is the host's own, perhaps."""
    with named(tokens, name) as stream:
        assert stream.read(12) == GREETING
        stream.write(said("ID:desk"))
        assert stream.read(5) == b"first"


def test_beside_a_display(launch, xserver, tmp_path, first):
    write(tmp_path / "file", f"desk: {first.place}\nmine: display\n")
    with launch(xserver, "--token-source", tmp_path / "file") as relay:
        for name in "mine.example.org", "other.example.org":
            with Viewer(named(relay, name)) as viewer:
                viewer.refresh()
        with named(relay, "desk.example.org") as stream:
            assert stream.read(5) == b"first"
        with Viewer(connect("rfb", relay.port)) as viewer:
            viewer.refresh()
    with launch(xserver, "--token-source", tmp_path / "file",
                "-repeater") as relay:
        with connect("rfb", relay.port) as stream:
            assert stream.read(12) == GREETING
            stream.write(said("ID:mine"))
            with Viewer(stream) as viewer:
                viewer.refresh()
        with Viewer(connect("ws", relay.port)) as viewer:
            viewer.refresh()


def test_source_is_gone(launch, tmp_path, first):
    write(tmp_path / "file", f"desk: {first.place}\n")
    with launch(None, "--token-source", tmp_path / "file",
                password_option=[]) as relay:
        (tmp_path / "file").unlink()
        with connect("rfb", relay.port) as stream:
            stream.read(12)
            stream.write(said("ID:desk"))
            assert "cannot be read" in refusal(stream)


def test_no_way_past_a_password(launch, first):
    """Browsers are asked for it; a plain viewer cannot be."""
    with launch(None, "-target", first.place, "--auth-source", "joe:secret",
                password_option=[]) as relay:
        with connect("rfb", relay.port) as stream:
            assert "only browsers" in refusal(stream)


def test_needs_tokens(launch):
    server = launch(None, "-repeater", password_option=[], expect_start=False)
    with server:
        assert server.wait() != 0
        assert "-repeater: needs -token-source" in server.log()


def answer_to(relay, word, source):
    """The target's name, or why not."""
    with connect("rfb", relay.port, source=source) as stream:
        if stream.read(12) == BANNER:
            stream.write(BANNER)
            length = struct.unpack(">II", stream.read(8))[1]
            return stream.read(length).decode()
        stream.write(said(word))
        if stream.read(5) == b"first":
            return "first"
        stream.read(7)
        stream.write(BANNER)
        length = struct.unpack(">II", stream.read(8))[1]
        return stream.read(length).decode()


def test_guessing_ids_shuts_the_address_out(launch, file):
    """And what TLS tells is no guess: many names lead to one address."""
    guesser, other = fresh_source(), fresh_source()
    with launch(None, "--token-source", file, "-only", "rfb",
                "-maxauthfails", "3", "-authfailtimeout", "2",
                password_option=[]) as relay:
        for guess in range(3):
            assert "no such ID" in answer_to(relay, f"ID:{guess}", guesser)
        assert "too many wrong" in answer_to(relay, "ID:desk", guesser)
        assert answer_to(relay, "ID:desk", other) == "first"
        wait_until(lambda: answer_to(relay, "ID:desk", guesser) == "first",
                   "the guesser is listened to again")


def test_names_in_tls_are_no_guesses(launch, file):
    source = fresh_source()
    with launch(None, "--token-source", file, "-maxauthfails", "3",
                password_option=[]) as relay:
        for number in range(5):
            with named(relay, f"n{number}.example.org", source) as stream:
                assert stream.read(12) == GREETING
        with named(relay, "desk", source) as stream:
            assert stream.read(5) == b"first"
