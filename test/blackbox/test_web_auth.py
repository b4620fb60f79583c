"""HTTP's Basic authentication, and header fields that the operator gives."""

import base64

import pytest

from lib import http
from lib.process import run as run_tool, tool
from lib.rfb import Refused, Viewer
from lib.server import Server
from lib.transport import OverWebSocket, Plain, connect

FILE = 5


def basic(credentials):
    return [("Authorization",
             "Basic " + base64.b64encode(credentials.encode()).decode())]


@pytest.fixture(scope="module")
def guarded(launch, xserver):
    with launch(xserver, "--web-auth", "--auth-plugin", "BasicHTTPAuth",
                "--auth-source", "joe:s\u00e9cret:1", "-v") as running:
        yield running


def status(server, credentials=None, path="/vnc.html", secure=False):
    return http.ask(server, path, secure=secure,
                    headers=basic(credentials) if credentials else ()).status


@pytest.mark.parametrize("secure", [False, True])
def test_page(guarded, secure):
    assert status(guarded, secure=secure) == 401
    assert status(guarded, "joe:s\u00e9cret:1", secure=secure) == 200
    assert status(guarded, "joe:s\u00e9cret:1", "/nowhere") == 404
    assert status(guarded, path="/nowhere") == 401
    answer = http.ask(guarded, "/")
    assert answer["www-authenticate"].startswith("Basic realm=")
    assert b"<script" not in answer.body


def test_websocket(guarded):
    with pytest.raises(AssertionError, match="upgrade answered 401"):
        connect("ws", guarded.port)
    with Plain(guarded.port) as plain:
        field = ": ".join(basic("joe:s\u00e9cret:1")[0])
        stream = OverWebSocket(plain, extra=[field])
        Viewer(stream).refresh()


def test_curl_knows_it(guarded):
    said = run_tool([tool("curl"), "-sk", "-u", "joe:s\u00e9cret:1", "-w",
                     "%{http_code}", "-o", "/dev/null",
                     f"https://127.0.0.1:{guarded.port}/vnc.html"])
    assert said == "200"


def test_nothing_is_in_the_log_or_in_ps(guarded):
    status(guarded, "joe:wr0ng")
    with open(f"/proc/{guarded.process.pid}/cmdline", "rb") as line:
        assert b"cret" not in line.read()
    for secret in ("cret:1", "wr0ng", base64.b64encode(b"joe:").decode()[:4]):
        assert secret not in guarded.log()


def test_guessing_shuts_the_address_out(launch, xserver):
    with launch(xserver, "--web-auth", "--auth-source", "joe:right",
                "-maxauthfails", "3") as running:
        def ask(credentials, source):
            with Plain(running.port, source=source) as stream:
                stream.write(http.request("/vnc.html",
                                          headers=basic(credentials)))
                return http.read_answer(stream).status
        answers = [ask(f"joe:{n}", "127.7.7.1") for n in range(4)]
        assert answers[:3] == [401] * 3 and answers[3] == 403
        assert ask("joe:right", "127.7.7.1") == 403
        assert ask("joe:right", "127.7.7.2") == 200


def test_a_right_password_leaves_the_desktops_to_be_guessed(launch, xserver):
    """Asked for the page between guesses it would else make them endless."""
    with launch(xserver, "--web-auth", "--auth-source", "joe:right",
                "-passwd", "secret12", "-maxauthfails", "3",
                password_option=[]) as running:
        for guess in range(3):
            with connect("rfb", running.port, source="127.7.7.3") as stream:
                with pytest.raises(Refused):
                    Viewer(stream, password=f"guess{guess}")
            with Plain(running.port, source="127.7.7.3") as stream:
                stream.write(http.request("/vnc.html",
                                          headers=basic("joe:right")))
                assert http.read_answer(stream).status == (
                    200 if guess < 2 else 403)


def test_page_is_free_without_web_auth(launch, xserver):
    with launch(xserver, "--auth-source", "joe:right") as running:
        assert status(running) == 200
        with pytest.raises(AssertionError, match="upgrade answered 401"):
            connect("ws", running.port)
        with Viewer(connect("rfb", running.port)) as viewer:
            viewer.refresh()


def test_file_of_users(program, xserver, tmp_path):
    path = tmp_path / "users"
    path.write_text("# ours\njoe:one\nann:two\n")
    with Server(program, xserver, "--web-auth", "--auth-source",
                path) as running:
        assert status(running, "ann:two") == 200
        assert status(running, "ann:one") == 401
        path.write_text("ann:three\n")
        assert status(running, "ann:three") == 200
        assert status(running, "joe:one") == 401
        for bad in ("joe:\n", "", "ann:$6$salt$hash:view\n"):
            path.write_text(bad)
            assert status(running, "ann:three") == 200
        assert running.log().count("the users read before stay") == 3
    path.write_text("joe:\n")
    running = Server(program, xserver, "--auth-source", path,
                     expect_start=False)
    assert running.wait() == FILE and str(path) in running.log()


def test_password_is_not_asked_for_in_the_open(launch, xserver):
    with launch(xserver, "--web-auth", "--auth-source", "joe:right",
                "-sslonly") as running:
        assert status(running) == 308
        assert status(running, secure=True) == 401


def test_header_fields(launch, xserver):
    with launch(xserver, "-http-header",
                "Cross-Origin-Opener-Policy=same-origin", "-http-header",
                "X-Frame-Options: DENY") as running:
        for path in ("/vnc.html", "/nowhere", "/core/rfb.js"):
            answer = http.ask(running, path)
            assert answer["cross-origin-opener-policy"] == "same-origin"
            assert answer["x-frame-options"] == "DENY"
            assert answer["x-content-type-options"] == "nosniff"
            assert answer["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'self'" in http.ask(
            running, "/vnc.html")["content-security-policy"]
