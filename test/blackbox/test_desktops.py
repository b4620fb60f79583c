"""Several desktops in one program: chosen by path, token or port, each with its
own picture, passwords and rights."""

import base64
import json
import os
import re
import signal
import subprocess

import pytest

from lib import http, screen
from lib.control import Control, path_of
from lib.decode import ZRLE
from lib.desktops import Desktops, assert_shows, enter
from lib.rfb import CURSOR, Refused, Viewer
from lib.server import Server, clean_environment
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until
from lib.websocket import request

USAGE, DISPLAY, DISPLAY_LOST = 2, 3, 6


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


def upgrade_answer(port, path, **keywords):
    with Plain(port) as stream:
        stream.write(request(port, path=path, **keywords)[0])
        return http.read_answer(stream)


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


# --- displays that die ---

def test_one_dies(launch, tmp_path):
    """Its viewers are told; the others see what is drawn there."""
    audit = tmp_path / "audit"
    with Desktops() as own, launch(
            None, "-desktops", own.write(), "-audit", audit,
            "-statusfor", "all") as running:
        one, two = (enter(running.port, f"/d/{name}/")
                    for name in ("one", "two"))
        with Control(path_of(running)) as control:
            control.do("subscribe")
            own.servers["one"].kill()
            assert control.event("display_lost")["desktop"] == "one"
        with pytest.raises(Closed) as end:
            one.stream.read_to_end() or one.stream.read(1)
        assert_shows(two, own, "two")
        own.canvases["two"].rectangles(20)
        assert_shows(two, own, "two")
        with connect("ws", running.port, path="/d/one/") as stream:
            with pytest.raises(Refused, match="is gone"):
                Viewer(stream)
        with connect("rfb", running.port) as stream:
            with pytest.raises(Refused, match="is gone"):
                Viewer(stream)
        assert b"away" in http.ask(running, "/d/").body
        assert http.ask(running, "/readyz").status == 200
        assert http.ask(running, "/d/one/readyz").status == 503
        assert http.ask(running, "/d/one/screenshot.png").status == 503
        assert http.ask(running, "/d/two/readyz").status == 200
        own.servers["two"].kill()
        assert running.wait() == DISPLAY_LOST
        two.stream.close()
        assert 'desktop=one' in audit.read_text()
        assert 'desktop=two' in audit.read_text()


def test_one_hangs(launch):
    """It is given up, and the others go on."""
    with Desktops() as own, launch(
            None, "-desktops", own.write({"two": "-nopw"})) as running:
        one, two = (enter(running.port, f"/d/{name}/")
                    for name in ("one", "two"))
        with one.stream, two.stream:
            own.servers["one"].process.send_signal(signal.SIGSTOP)
            try:
                one.request(incremental=False)
                wait_until(lambda: "does not answer" in running.log(),
                           "it is given up")
                own.canvases["two"].rectangles(20)
                assert_shows(two, own, "two")
            finally:
                own.servers["one"].process.send_signal(signal.SIGCONT)


def test_one_dies_and_comes_back(launch):
    """-reopen, each with its own cookie."""
    with Desktops() as own, launch(
            None, "-desktops", own.write({"one": "-reopen",
                                          "two": "-reopen"})) as running:
        one, two = (enter(running.port, f"/d/{name}/")
                    for name in ("one", "two"))
        with one.stream, two.stream, Control(path_of(running)) as control:
            control.do("subscribe")
            for name, viewer, other in (("one", one, two), ("two", two, one)):
                x = own.servers[name]
                x.kill()
                assert control.event("display_lost")["desktop"] == name
                kept = "two" if name == "one" else "one"
                own.canvases[kept].rectangles(5)
                assert_shows(other, own, kept)
                x.restart()
                own.displays[name] = x.connect()
                own.canvases[name] = screen.Canvas(
                    own.displays[name], x.width, x.height, seed=9)
                own.canvases[name].rectangles(30)
                assert control.event("display_back")["desktop"] == name
                assert_shows(viewer, own, name)


def test_created_one_ends(launch, desktops, tmp_path):
    """Its session does; the other one stays."""
    told = tmp_path / "told"
    script = tmp_path / "session"
    script.write_text(f"echo $$ $DISPLAY > {told}.new\n"
                      f"mv {told}.new {told}\nexec sleep 1000\n")
    extra = (f"own: -create -create_xsrv Xvfb -geometry 300x100 -- "
             f"sh {script}\n")
    environment = dict(clean_environment(), HOME=str(tmp_path))
    with launch(None, "-desktops", desktops.write(extra=extra),
                environment=environment) as running:
        viewer = enter(running.port, "/d/own/")
        other = enter(running.port, "/d/one/")
        with viewer.stream, other.stream:
            assert (viewer.width, viewer.height) == (300, 100)
            wait_until(told.exists, "there is no session")
            pid, display = told.read_text().split()
            os.kill(int(pid), signal.SIGTERM)
            wait_until(lambda: "'own' has ended" in running.log(),
                       "its end was not told")
            wait_until(
                lambda: not os.path.exists(f"/tmp/.X{display[1:]}-lock"),
                "its X server stays")
            assert_shows(other, desktops, "one")


# --- what is told, and told to do ---

def test_status_and_metrics(pair):
    viewer = enter(pair.port, "/d/two/")
    with viewer.stream:
        said = json.loads(http.ask(pair, "/status.json").body)
        assert [(d["name"], d["screen"]["width"], d["viewers"])
                for d in said["desktops"]] == [("one", 320, 0),
                                               ("two", 400, 1)]
        assert [v["desktop"] for v in said["viewers"]] == ["two"]
        said = json.loads(http.ask(pair, "/d/one/status.json").body)
        assert said["viewers"] == [] and said["screen"]["width"] == 320
        text = http.ask(pair, "/metrics").body.decode()
        assert 'x11wsvnc_desktop_viewers{desktop="two"} 1' in text
        assert 'x11wsvnc_display_up{desktop="one"} 1' in text
    for name, width in (("one", 320), ("two", 400)):
        png = http.ask(pair, f"/d/{name}/screenshot.png").body
        assert int.from_bytes(png[16:20], "big") == width


def test_control_names_one(launch, program, desktops):
    with launch(None, "-desktops", desktops.write({"two": "-fps 20"})
                ) as running:
        one, two = (enter(running.port, f"/d/{name}/")
                    for name in ("one", "two"))
        with one.stream, two.stream, Control(path_of(running)) as control:
            assert control.do("get", name="fps", desktop="two")["value"] == 20
            control.do("set", name="fps", value=30, desktop="one")
            assert control.do("get", name="fps", desktop="one")["value"] == 30
            assert control.do("get", name="fps", desktop="two")["value"] == 20
            assert control.do("get", name="fps")["value"] == 60
            control.do("set", name="fps", value=50)
            assert control.do("get", name="fps", desktop="two")["value"] == 50
            assert "all desktops" in control.fails(
                "set", name="maxclients", value=3, desktop="one")
            assert "no desktop" in control.fails("ping", desktop="three")
            assert control.do(
                "get", name="size", desktop="two")["value"] == "400x200"
            viewers = control.do("viewers", desktop="two")
            assert [v["desktop"] for v in viewers] == ["two"]
            assert control.do(
                "view_only", on=True, desktop="one")["count"] == 1
            said = subprocess.run(
                [program, "-control", path_of(running), "-Q",
                 "desktops,two/size"], check=True, capture_output=True)
            assert said.stdout == b"aro=desktops:one,two\naro=size:400x200\n"
            subprocess.run([program, "-control", path_of(running), "-R",
                            "one/disconnect_all"], check=True)
            with pytest.raises(Closed):
                one.refresh()
            two.refresh()


def test_hooks_are_told(launch, desktops, tmp_path):
    out = tmp_path / "said"
    with launch(None, "-desktops", desktops.write(), "-afteraccept",
                f'echo $RFB_DESKTOP $DISPLAY >> {out}') as running:
        for name in ("two", "one"):
            enter(running.port, f"/d/{name}/").stream.close()
        want = {f"{name} {x.display}" for name, x in desktops.servers.items()}
        wait_until(lambda: out.exists()
                   and set(out.read_text().splitlines()) == want,
                   "the hooks were told something else")


def test_token_source_leads_to_one(launch, desktops, tmp_path):
    tokens = tmp_path / "tokens"
    tokens.write_text("secret: display/two\nfirst: display\n"
                      "wrong: display/three\n")
    with launch(None, "-desktops", desktops.write(), "-token-plugin",
                "TokenFile", "-token-source", tokens) as running:
        for token, name in (("secret", "two"), ("first", "one")):
            viewer = enter(running.port, f"/websockify?token={token}")
            with viewer.stream:
                assert_shows(viewer, desktops, name)
        for token in ("wrong", "two", "one"):
            assert upgrade_answer(
                running.port, f"/websockify?token={token}").status == 404


def test_reload(launch, desktops):
    path = desktops.write({"two": "-fps 20"})
    with launch(None, "-desktops", path) as running:
        desktops.write({"two": "-fps 25 -viewonly"},
                       "three: -display :1\n")
        with Control(path_of(running)) as control:
            control.do("reload")
            assert control.do("get", name="fps", desktop="two")["value"] == 25
            assert control.do("get", name="fps", desktop="one")["value"] == 60
        log = running.log()
        assert "two: taken over: -fps" in log
        assert "two: these need a new start: -viewonly" in log
        assert "three: comes with the next start" in log
        with open(path, "a") as out:
            out.write("two: -display :1\n")
        running.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "line 4: 'two' is there twice" in running.log(),
                   "the mistake was not told")
        viewer = enter(running.port, "/d/two/")
        with viewer.stream:
            assert_shows(viewer, desktops, "two")


# --- lines that are wrong ---

@pytest.mark.parametrize("lines, sentence", [
    ("a: -display :1\nb: -display :2 -maxclients 3\n",
     "-maxclients: is for all desktops alike.*\n.*line 2"),
    ("# nothing\n", "there is no desktop in"),
    ("a: -display :1\na: -display :2\n", "line 2: 'a' is there twice"),
    ("a -viewonly\n", "line 1: 'a -viewonly' is no NAME:"),
    ("../x: -display :1\n", "line 1: '../x' is no name"),
    (".x: -display :1\n", "line 1: '.x' is no name"),
    (f"{'x' * 64}: -display :1\n", "line 1: .*is no name"),
    ("a: -viewonly\n", "line 1: 'a' needs a -display"),
    ("a: -display :1 \\\n-fps 1000\n", "-fps: '1000' is not a number"),
    ("a: -display :1 -nosuch\n", "-nosuch: unknown option"),
    ("a: -display :1 -scale what\n", "that is of the desktop 'a'"),
])
def test_wrong_lines(program, tmp_path, lines, sentence):
    path = tmp_path / "desktops"
    path.write_text(lines)
    server = Server(program, None, "-desktops", path, expect_start=False)
    with server:
        assert server.wait() == USAGE
        assert re.search(sentence, server.log()), server.log()


def test_file_that_is_not_there(program, tmp_path):
    with Server(program, None, "-desktops", tmp_path / "none",
                expect_start=False) as server:
        assert server.wait() == USAGE
        assert "cannot read" in server.log()


def test_display_that_is_not_there(program, desktops):
    path = desktops.write(extra="three: -display :9876\n")
    with Server(program, None, "-desktops", path,
                expect_start=False) as server:
        assert server.wait() == DISPLAY
        assert "the desktop 'three' cannot be shared" in server.log()
