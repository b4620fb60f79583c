"""Several desktops in one program: chosen by path, token or port, each with its
own picture, passwords and rights."""

import base64
import json
import re
import subprocess

import pytest

from lib import http
from lib.decode import ZRLE
from lib.desktops import Desktops, assert_shows, enter, upgrade_answer
from lib.rfb import CURSOR, Refused, Viewer
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until


@pytest.fixture(scope="module")
def desktops():
    with Desktops() as running:
        yield running


@pytest.fixture(scope="module")
def pair(launch, desktops):
    """Two of them, the second with a port of its own."""
    path = desktops.write({"two": '-rfbport 0 -desktop "T<w>o & more"'})
    with launch(None, "-desktops", path, "-statusfor", "all") as running:
        found = running.wait_for_output(rb"DESKTOP=two PORT=(\d+)")
        running.own_port = int(found.group(1))
        yield running


def basic(text):
    return [("Authorization",
             "Basic " + base64.b64encode(text.encode()).decode())]


# --- how one is chosen ---

@pytest.mark.parametrize("path, name", [
    ("/d/one/websockify", "one"),
    ("/d/two/websockify", "two"),
    ("/d/two/", "two"),
    ("/d/two/d/one/websockify", "two"),   # noVNC 1.7 with ?path=
    ("/d/%74wo/websockify", "two"),
    ("/websockify?token=two", "two"),
    ("/any/path?x=1&token=one", "one"),
    ("/websockify", "one"),
])
def test_chosen_by_browsers(pair, desktops, path, name):
    viewer = enter(pair.port, path)
    with viewer.stream:
        assert_shows(viewer, desktops, name)


@pytest.mark.parametrize("kind", ["rfb", "tls"])
def test_plain_viewers_get_the_first(pair, desktops, kind):
    viewer = enter(pair.port, kind=kind)
    with viewer.stream:
        assert_shows(viewer, desktops, "one")


@pytest.mark.parametrize("server_name, name", [
    ("two", "two"), ("two.example.org", "two"), ("three.example", "one")])
def test_chosen_by_the_name_in_tls(pair, desktops, server_name, name):
    with Plain(pair.port).start_tls(server_name) as stream:
        viewer = Viewer(stream)
        viewer.set_encodings(ZRLE, CURSOR)
        viewer.refresh()
        assert_shows(viewer, desktops, name)


def test_chosen_as_of_a_repeater(launch, desktops):
    with launch(None, "-desktops", desktops.write(), "-repeater",
                "-only", "rfb") as running:
        for said, name in ((b"ID:two", "two"), (b"one:0", "one")):
            with Plain(running.port) as stream:
                assert stream.read(12) == b"RFB 000.000\n"
                stream.write(said.ljust(250, b"\0"))
                viewer = Viewer(stream)
                viewer.set_encodings(ZRLE, CURSOR)
                viewer.refresh()
                assert_shows(viewer, desktops, name)
        with Plain(running.port) as stream:
            assert stream.read(12) == b"RFB 000.000\n"
            stream.write(b"ID:three".ljust(250, b"\0"))
            assert b"no such ID" in stream.read_to_end()


@pytest.mark.parametrize("kind", ["rfb", "ws"])
def test_own_port(pair, desktops, kind):
    viewer = enter(pair.own_port, kind=kind)
    with viewer.stream:
        assert_shows(viewer, desktops, "two")


def test_own_port_leads_to_no_other(pair, desktops):
    assert upgrade_answer(pair.own_port, "/d/one/websockify").status == 404
    assert upgrade_answer(pair.own_port, "/x?token=one").status == 404
    with Plain(pair.own_port) as stream:
        stream.write(http.request("/d/", host=f"localhost:{pair.own_port}"))
        answer = http.read_answer(stream)
    assert b"two/" in answer.body and b"one" not in answer.body
    viewer = enter(pair.own_port, "/d/two/x")
    with viewer.stream:
        assert_shows(viewer, desktops, "two")


def test_pictures_and_input_go_to_their_own(pair, desktops):
    one, two = enter(pair.port, "/d/one/w"), enter(pair.port, "/d/two/w")
    with one.stream, two.stream:
        for name in ("one", "two", "one"):
            desktops.canvases[name].rectangles(5)
            assert_shows(one, desktops, "one")
            assert_shows(two, desktops, "two")
        before = desktops.displays["one"].screen().root.query_pointer()
        two.pointer(123, 45)
        root = desktops.displays["two"].screen().root

        def is_there():
            at = root.query_pointer()
            return (at.root_x, at.root_y) == (123, 45)
        wait_until(is_there, "the pointer did not move")
        after = desktops.displays["one"].screen().root.query_pointer()
        assert (before.root_x, before.root_y) == (after.root_x, after.root_y)


# --- names that are none ---

@pytest.mark.parametrize("name", [
    "three", "..", ".", "%2e%2e", "..%2f..%2fetc", "one%2f", "one%00", "%",
    "one%", "one;", "one ", "ONE", "a" * 3000, "%41" * 1000, "-", "one%20",
    "one..", "/one", "//", "one\x7f", "<script>"])
def test_hostile_names(pair, name):
    path = f"/d/{name.replace(' ', '%20')}/websockify"
    refused = (400, 404)
    assert upgrade_answer(pair.port, path).status in refused
    answer = http.ask(pair, path)
    assert answer.status in refused
    assert http.ask(pair, f"/d/{name.replace(' ', '%20')}").status in refused
    assert b"<script>" not in answer.body


@pytest.mark.parametrize("token", ["three", "", "..", "one%00", "a" * 3000,
                                   "one%2f"])
def test_unknown_tokens(pair, token):
    answer = upgrade_answer(pair.port, f"/websockify?token={token}")
    # What cannot be decoded is no token at all.
    if "%00" in token:
        assert answer.status == 101
    else:
        assert answer.status == 404
        assert b"no desktop of that name" in answer.body


# --- pages ---

def test_list(pair):
    answer = http.ask(pair, "/d/")
    assert answer.status == 200
    assert answer["Content-Type"].startswith("text/html")
    text = answer.body.decode()
    assert re.findall(r'href="([^"]*)"', text) == ["one/", "two/"]
    assert "T&lt;w&gt;o &amp; more" in text and "<w>" not in text


def test_list_is_for_no_page_from_elsewhere(pair):
    assert http.ask(pair, "/d/", host="rebound.example").status == 403


@pytest.mark.parametrize("path, where", [
    ("/d", "d/"), ("/d/two", "two/"), ("/", "d/"),
])
def test_redirects(pair, path, where):
    answer = http.ask(pair, path)
    assert (answer.status, answer["Location"]) == (307, where)


def test_sent_to_https_of_the_same_desktop(launch, desktops):
    with launch(None, "-desktops", desktops.write(), "-sslonly") as running:
        for path in ("/d/two/vnc.html?x=1", "/d/two", "/d/", "/x"):
            answer = http.ask(running, path)
            assert (answer.status, answer["Location"]) == (
                308, f"https://localhost:{running.port}{path}")


def test_several_requests_on_one_connection(pair):
    """Each says anew which it is about."""
    with Plain(pair.port) as stream:
        for path, width in [("/d/one/status.json", 320),
                            ("/d/two/status.json", 400),
                            ("/status.json", 320)]:
            stream.write(http.request(path))
            said = json.loads(http.read_answer(stream).body)
            assert said["screen"]["width"] == width


def test_novnc_is_told_its_path(launch, desktops, tmp_path):
    (tmp_path / "vnc.html").write_text("noVNC")
    (tmp_path / "other.html").write_text("other")
    with launch(None, "-desktops", desktops.write(),
                "-httpdir", tmp_path) as running:
        for path, where in [
                ("/d/two/", "?path=d/two/websockify"),
                ("/d/two/vnc.html", "?path=d/two/websockify"),
                ("/d/two/vnc.html?autoconnect=1&x=%20",
                 "?autoconnect=1&x=%20&path=d/two/websockify")]:
            answer = http.ask(running, path)
            assert (answer.status, answer["Location"]) == (307, where)
        for path, body in [("/d/two/vnc.html?path=x", b"noVNC"),
                           ("/d/one/other.html", b"other"),
                           ("/other.html", b"other"), ("/", b"noVNC")]:
            answer = http.ask(running, path)
            assert (answer.status, answer.body) == (200, body)
        assert http.ask(running, "/d/two/none.html").status == 404
        assert http.ask(running, "/d/").status == 200


# --- rights ---

def test_each_has_its_password(launch, desktops):
    path = desktops.write({"one": "-passwd first", "two": "-passwd second"})
    with launch(None, "-desktops", path, "-noblacklist",
                password_option=["-passwd", "common"]) as running:
        right = {"one": "first", "two": "second"}
        for name, password in right.items():
            viewer = enter(running.port, f"/d/{name}/", password=password)
            with viewer.stream:
                assert_shows(viewer, desktops, name)
        for name, password in [("one", "second"), ("two", "first"),
                               ("one", "common"), ("two", "common")]:
            with connect("ws", running.port, path=f"/d/{name}/") as stream:
                with pytest.raises(Refused):
                    Viewer(stream, password=password)


def test_right_answers_at_one_are_no_leave_to_guess_at_another(
        launch, desktops):
    path = desktops.write({"one": "-nopw", "two": "-passwd second"})
    with launch(None, "-desktops", path, "-maxauthfails", "2") as running:
        for _ in range(2):
            enter(running.port, "/d/one/", source="127.8.8.8").stream.close()
            with connect("ws", running.port, path="/d/two/",
                         source="127.8.8.8") as stream:
                with pytest.raises(Refused):
                    Viewer(stream, password="guess")
        for path in ("/d/one/", "/d/two/"):
            with connect("ws", running.port, path=path,
                         source="127.8.8.8") as stream:
                with pytest.raises(Refused, match="too many wrong"):
                    Viewer(stream, password="second")


def test_one_without_a_password_of_its_own_has_that_of_all(launch, desktops):
    path = desktops.write({"two": "-nopw"})
    with launch(None, "-desktops", path, "-noblacklist",
                password_option=["-passwd", "common"]) as running:
        with enter(running.port, "/d/one/", password="common").stream:
            pass
        with enter(running.port, "/d/two/").stream as stream:
            pass
        with connect("ws", running.port, path="/d/one/") as stream:
            with pytest.raises(AssertionError, match="1 is not offered"):
                Viewer(stream)


def test_each_has_a_password_that_was_made_up(launch, desktops):
    with launch(None, "-desktops", desktops.write(),
                password_option=[]) as running:
        found = dict(re.findall(rb"/d/(\w+)/#password=(\S+)", running.output))
        assert set(found) == {b"one", b"two"}
        assert found[b"one"] != found[b"two"]
        viewer = enter(running.port, "/d/two/",
                       password=found[b"two"].decode())
        viewer.stream.close()


def test_users_of_one(launch, desktops, tmp_path):
    """Whose file is read again where it changed, in the sandbox too."""
    users = tmp_path / "web"
    users.write_text("ann:secret\n")
    path = desktops.write({"two": f"-auth-source {users} -web-auth"})
    with launch(None, "-desktops", path, "-noblacklist") as running:
        assert http.ask(running, "/d/one/vnc.html").status != 401
        assert http.ask(running, "/d/two/vnc.html").status == 401
        assert upgrade_answer(running.port, "/d/two/").status == 401
        assert upgrade_answer(running.port, "/w?token=two").status == 401
        assert upgrade_answer(running.port, "/d/one/").status == 101
        # Who does not say who he is, is shown what is open.
        body = http.ask(running, "/d/").body
        assert b"one/" in body and b"two/" not in body
        body = http.ask(running, "/d/", headers=basic("ann:secret")).body
        assert b"one/" in body and b"two/" in body
        assert http.ask(
            running, "/d/", headers=basic("ann:wrong")).status == 401
        assert http.ask(running, "/d/two/vnc.html",
                        headers=basic("ann:secret")).status != 401
        users.write_text("ben:other\n")
        assert http.ask(
            running, "/d/", headers=basic("ann:secret")).status == 401
        assert b"two/" in http.ask(
            running, "/d/", headers=basic("ben:other")).body


def test_addresses_of_one(launch, desktops):
    path = desktops.write({"two": "-allow 127.9.9.9"})
    with launch(None, "-desktops", path) as running:
        assert b"two/" not in http.ask(running, "/d/").body
        assert upgrade_answer(running.port, "/d/two/").status == 403
        assert http.ask(running, "/d/two/vnc.html").status == 403
        viewer = enter(running.port, "/d/two/", source="127.9.9.9")
        with viewer.stream:
            assert_shows(viewer, desktops, "two")
        with Plain(running.port, source="127.9.9.9") as stream:
            stream.write(http.request("/d/"))
            assert b"two/" in http.read_answer(stream).body


def test_first_is_not_for_every_plain_viewer(launch, desktops):
    path = desktops.write({"one": "-allow 127.9.9.9"})
    with launch(None, "-desktops", path) as running:
        with connect("rfb", running.port) as stream:
            with pytest.raises(Refused, match="may not open this desktop"):
                Viewer(stream)


def test_only_one_is_view_only(launch, desktops):
    path = desktops.write({"one": "-viewonly", "two": "-nobell -noshared"})
    with launch(None, "-desktops", path) as running:
        roots = {name: display.screen().root
                 for name, display in desktops.displays.items()}
        viewers = {name: enter(running.port, f"/d/{name}/") for name in roots}
        before = roots["one"].query_pointer()
        for name, viewer in viewers.items():
            viewer.pointer(77, 66)

        def has_moved():
            at = roots["two"].query_pointer()
            return (at.root_x, at.root_y) == (77, 66)
        wait_until(has_moved, "the pointer of the other did not move")
        # What it said before that has been heard, too.
        viewers["one"].refresh()
        after = roots["one"].query_pointer()
        assert (before.root_x, before.root_y) == (after.root_x, after.root_y)
        # -noshared ends nobody on another desktop.
        with enter(running.port, "/d/two/").stream:
            with pytest.raises(Closed):
                viewers["two"].refresh()
            viewers["one"].refresh()
        for viewer in viewers.values():
            viewer.stream.close()


# --- several -display ---

def test_named_after_displays(launch, desktops, tmp_path):
    both = str(tmp_path / "authority")
    # The second may have been tried under the first one's number.
    for x in reversed(desktops.servers.values()):
        subprocess.run(["xauth", "-q", "-f", both, "merge", x.authority],
                       check=True)
    one, two = desktops.servers.values()
    with launch(None, "-auth", both, "-display", one.display, "-display",
                two.display) as running:
        for x, name in ((one, "one"), (two, "two"), (one, "one")):
            viewer = enter(running.port, f"/d/{x.number}/websockify")
            with viewer.stream:
                assert_shows(viewer, desktops, name)


def test_the_same_display_twice_is_one(launch, desktops):
    one = desktops.servers["one"]
    with launch(one, "-display", one.display) as running:
        assert http.ask(running, "/d/").status == 404
        viewer = enter(running.port)
        with viewer.stream:
            assert_shows(viewer, desktops, "one")
