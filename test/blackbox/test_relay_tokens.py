"""Relays: who is meant by a token, and where tokens are kept."""

import os
import threading
import time

import pytest

from lib import http, prometheus
from lib.target import Echo, unused_port, who, write
from lib.transport import (Closed, OverWebSocket, Plain, connect,
                           fresh_source)
from lib.wait import wait_until
from lib.websocket import WebSocket


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


def ask_for(relay, path, source, host=None):
    with Plain(relay.port, source=source) as plain:
        plain.host = host or plain.host
        return WebSocket(plain).ask(path=path)[0]


@pytest.fixture
def strict(launch, tmp_path, first):
    write(tmp_path / "tokens", f"one: {first.place}\n")
    with launch(None, "--token-source", tmp_path / "tokens", "-maxauthfails",
                "3", "-authfailtimeout", "2", "-statusfor", "all",
                password_option=[]) as relay:
        yield relay


def test_guessing_shuts_the_address_out(strict):
    """A token is as good as a password (HOSTILE row 17)."""
    guesser, other = fresh_source(), fresh_source()
    for guess in ("a", "b", "x" * 600):
        assert ask_for(strict, f"/?token={guess}", guesser) == 404
    assert ask_for(strict, "/?token=one", guesser) == 403
    assert ask_for(strict, "/?token=one", other) == 101
    wait_until(lambda: ask_for(strict, "/?token=one", guesser) == 101,
               "the guesser is listened to again")
    told = prometheus.parse(http.ask(strict, "/metrics").body)
    refusals = told["x11wsvnc_refusals_total"]
    assert refusals.value(reason="token") == 3
    assert refusals.value(reason="password") == 0


def test_a_right_token_leaves_the_others_to_be_guessed(strict):
    """Asked for between guesses it would else make them endless."""
    source = fresh_source()
    for guess in ("a", "b", "c"):
        assert ask_for(strict, f"/?token={guess}", source) == 404
        assert ask_for(strict, "/?token=one", source) == (
            101 if guess != "c" else 403)


def test_an_old_address_is_one_guess(strict):
    """However often a page comes again by it."""
    source = fresh_source()
    for _ in range(5):
        assert ask_for(strict, "/?token=old", source) == 404
    assert ask_for(strict, "/?token=one", source) == 101


def test_no_token_is_no_guess(strict):
    source = fresh_source()
    for path in ("/websockify", "/?token=") * 3:
        assert ask_for(strict, path, source) == 403
    assert ask_for(strict, "/?token=one", source) == 101


def test_names_of_hosts_are_no_secret(launch, tmp_path, first):
    write(tmp_path / "tokens", f"one.example: {first.place}\n")
    source = fresh_source()
    with launch(None, "--token-source", tmp_path / "tokens", "--host-token",
                "-maxauthfails", "3", password_option=[]) as relay:
        for n in range(5):
            assert ask_for(relay, "/", source, f"{n}.example") == 404
        assert ask_for(relay, "/", source, "one.example") == 101
