"""Several desktops in one program: those that end, what is told of each, and
lines that are wrong."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from lib import http, prometheus, screen
from lib.control import Control, path_of
from lib.desktops import Desktops, assert_shows, enter, upgrade_answer
from lib.rfb import Refused, Viewer
from lib.server import Server, clean_environment
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until
from lib.xserver import XServer

USAGE, DISPLAY, DISPLAY_LOST = 2, 3, 6


@pytest.fixture(scope="module")
def desktops():
    with Desktops() as running:
        yield running


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


def captures(server):
    told = http.ask(server, "/metrics").body.decode()
    return re.search(r"capture_seconds_count (\d+)", told).group(1)


def test_one_hangs_while_its_picture_is_asked_for(launch):
    """Whoever asked is answered, and nobody tries again for ever."""
    with Desktops() as own, launch(
            None, "-desktops", own.write({"two": "-nopw"}), "-statusfor",
            "all") as running:
        time.sleep(1)  # what the start asks of the display is answered
        own.servers["one"].process.send_signal(signal.SIGSTOP)
        try:
            with Plain(running.port) as stream:
                stream.write(http.request("/d/one/screenshot.png"))
                assert http.read_answer(stream).status == 503
            assert "does not answer" in running.log()

            def is_still():
                before = captures(running)
                time.sleep(0.3)
                return captures(running) == before
            wait_until(is_still, "it is left alone")
        finally:
            own.servers["one"].process.send_signal(signal.SIGCONT)


def test_one_is_waited_for(program):
    """Longer than an X server that hangs: the other was none all the time."""
    with Desktops({"one": (320, 240)}) as own, XServer(400, 200) as late:
        late.kill()
        path = own.write(extra=f"two: -display {late.display} "
                               f"-auth {late.authority}\n")
        with Server(program, None, "-desktops", path, "-waitdisplay",
                    expect_start=False) as running:
            wait_until(lambda: "waiting for a display" in running.log(),
                       "what it waits for")
            time.sleep(12)  # an X server that hangs is given up after ten
            late.restart()
            running.wait_for_port()
            with enter(running.port, "/d/one/").stream, \
                    enter(running.port, "/d/two/").stream:
                assert "the X server" not in running.log()


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

def test_status_and_metrics(launch, desktops):
    with launch(None, "-desktops", desktops.write(), "-statusfor",
                "all") as running:
        status_and_metrics(running)


def status_and_metrics(running):
    viewer = enter(running.port, "/d/two/")
    with viewer.stream:
        said = json.loads(http.ask(running, "/status.json").body)
        assert [(d["name"], d["screen"]["width"], d["viewers"])
                for d in said["desktops"]] == [("one", 320, 0),
                                               ("two", 400, 1)]
        assert [v["desktop"] for v in said["viewers"]] == ["two"]
        said = json.loads(http.ask(running, "/d/one/status.json").body)
        assert said["viewers"] == [] and said["screen"]["width"] == 320
        text = http.ask(running, "/metrics").body.decode()
        assert 'x11wsvnc_desktop_viewers{desktop="two"} 1' in text
        assert 'x11wsvnc_display_up{desktop="one"} 1' in text
        counted(running)
    of_two_then = counted(running)
    with enter(running.port, "/d/two/").stream:
        now = wait_until(lambda: more_than(of_two_then, counted(running)),
                         "it is counted")
    assert more_than(now, counted(running), or_as_many=True)
    for name, width in (("one", 320), ("two", 400)):
        png = http.ask(running, f"/d/{name}/screenshot.png").body
        assert int.from_bytes(png[16:20], "big") == width


def counted(running):
    """What is counted of "two", while nothing has happened to "one"."""
    told = prometheus.parse(http.ask(running, "/metrics").body)
    of_two = {}
    for kind in ("logins", "captures", "updates", "sent_bytes",
                 "received_bytes"):
        family = told[f"x11wsvnc_desktop_{kind}_total"]
        assert len(family.samples) == 2
        assert family.value(desktop="one") == 0
        of_two[kind] = family.value(desktop="two")
        assert of_two[kind] > 0
    for kind in ("logins", "updates"):
        assert told[f"x11wsvnc_{kind}_total"].value() == of_two[kind]
    return of_two


def more_than(before, now, or_as_many=False):
    """`now`, or None."""
    return now if all(now[kind] > count or (
        or_as_many and now[kind] == count)
        for kind, count in before.items()) else None


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
        assert "NAME: OPTIONS" in server.log()


def test_display_that_is_not_there(program, desktops):
    path = desktops.write(extra="three: -display :9876\n")
    with Server(program, None, "-desktops", path,
                expect_start=False) as server:
        assert server.wait() == DISPLAY
        assert "the desktop 'three' cannot be shared" in server.log()
