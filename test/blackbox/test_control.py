"""The control socket: requests, events, who may, and hostile lines."""

import json
import os
import select
import socket
import stat
import subprocess

import pytest

from lib import http
from lib.control import Control, path_of
from lib.rfb import Refused, Viewer, is_ended
from lib.server import clean_environment
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer


@pytest.fixture
def control(server):
    with Control(path_of(server)) as peer:
        yield peer
        peer.do("disconnect", who="all")
        peer.do("unblock", address="all")


def enter(server, kind="rfb", **keywords):
    viewer = Viewer(connect(kind, server.port, **keywords))
    viewer.refresh()
    return viewer


def only_viewer(control):
    viewers = control.do("viewers")
    assert len(viewers) == 1, viewers
    return viewers[0]


# ---- requests ----

def test_every_request_is_there_and_described(control):
    described = control.do("help")
    assert {"ping", "status", "viewers", "disconnect", "view_only", "accept",
            "connect", "block", "unblock", "blocked", "get", "set", "reload",
            "reopen_log", "subscribe", "stop", "help"} == set(described)
    assert all(one["what"] for one in described.values())
    folder = os.path.join(os.path.dirname(__file__), "..", "..", "doc")
    with open(os.path.join(folder, "CONTROL.md"), encoding="utf-8") as file:
        text = file.read()
    for name in described:
        assert f"`{name}`" in text, f"{name} is not in CONTROL.md"


def test_ping_and_ids(control):
    control.send(b'{"do":"ping","id":7}\n{"do":"ping","id":"a"}\n')
    assert control.answer() == {"id": 7, "ok": True, "result": True}
    assert control.answer() == {"id": "a", "ok": True, "result": True}


def test_status(control, server, xserver):
    said = control.do("status")
    assert said["process"]["pid"] == server.process.pid
    assert said["screen"]["width"] == xserver.width
    assert said["viewers"] == []


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_disconnect(control, server, kind):
    first, second, third = [enter(server, kind) for _ in range(3)]
    ids = sorted(one["id"] for one in control.do("viewers"))
    assert control.do("disconnect", who=ids[0]) == {"count": 1}
    assert is_ended(first.stream)
    second.refresh()
    plain = second.stream.plain
    assert control.do("disconnect", who=plain.source) == {"count": 1}
    assert is_ended(second.stream)
    third.refresh()
    assert control.do("disconnect", who="all") == {"count": 1}
    assert is_ended(third.stream)
    assert "no such viewer" in control.fails("disconnect", who=ids[0])
    assert control.do("disconnect", who="all") == {"count": 0}
    for wrong in (None, "", 0, -1, True, [], ["all"]):
        assert "who" in control.fails("disconnect", who=wrong)


def pointer_after(display, viewer, x, y):
    viewer.pointer(x, y)
    viewer.round_trip()
    where = display.screen().root.query_pointer()
    return where.root_x, where.root_y


def test_view_only(control, server, display):
    with enter(server) as one, enter(server) as other:
        ids = [v["id"] for v in control.do("viewers")]
        assert pointer_after(display, one, 10, 10) == (10, 10)
        control.do("view_only", on=True, who=min(ids))
        assert pointer_after(display, one, 20, 20) == (10, 10)
        assert pointer_after(display, other, 30, 30) == (30, 30)
        control.do("view_only", on=False, who=min(ids))
        assert pointer_after(display, one, 40, 40) == (40, 40)
        # Everybody, and who comes later.
        control.do("view_only", on=True)
        with enter(server) as third:
            assert pointer_after(display, third, 50, 50) == (40, 40)
            assert control.do("get", name="viewonly")["value"] == 1
            control.do("view_only", on=False)
            assert pointer_after(display, third, 60, 60) == (60, 60)
        assert "on" in control.fails("view_only", on="yes")


def test_view_only_lets_go(control, server, display):
    keycode = display.keysym_to_keycode(0x61)

    def is_down():
        return display.query_keymap()[keycode // 8] >> keycode % 8 & 1
    with enter(server) as viewer:
        viewer.key(0x61, True)
        viewer.round_trip()
        assert is_down()
        control.do("view_only", on=True, who="all")
        wait_until(lambda: not is_down(), "the key is let go")
        control.do("view_only", on=False)


def test_view_only_from_the_start(launch, xserver):
    with launch(xserver, "-viewonly") as running:
        with Control(path_of(running)) as control:
            assert "-viewonly" in control.fails("view_only", on=False)


def test_settings(control, server):
    assert control.do("get", name="fps")["value"] == 60
    said = control.do("set", name="fps", value=25)
    assert said == {"name": "fps", "value": 25, "changes": True,
                    "option": True}
    assert control.do("get", name="fps")["value"] == 25
    control.do("set", name="fps", value="60")
    for value in (0, "x", 1000, "", None, "60 "):
        assert "fps" in control.fails("set", name="fps", value=value)
    assert control.do("get", name="fps")["value"] == 60
    for name in ("v", "maxrate", "maxtotalrate", "minquality", "maxquality",
                 "maxclients", "readtimeout"):
        value = control.do("get", name=name)
        assert value["changes"] is True, name
        control.do("set", name=name, value=value["value"])
    assert "new start" in control.fails("set", name="rfbport", value=5901)
    assert "no option" in control.fails("set", name="no\nsense", value=1)
    assert "not told" in control.fails("get", name="passwd")
    assert "name" in control.fails("get")
    # What the log says follows.
    control.do("set", name="v")
    http.ask(server, "/of-the-log")
    assert "/of-the-log" in server.log()
    control.do("set", name="v", value=0)
    http.ask(server, "/not-of-the-log")
    assert "/not-of-the-log" not in server.log()


def test_most_clients_counts_at_once(control, server):
    control.do("set", name="maxclients", value=1)
    with enter(server):
        with pytest.raises(Refused):
            enter(server)
        control.do("set", name="maxclients", value=100)
        enter(server).close()


def test_block(control, server):
    source = "127.80.80.1"
    assert control.do("blocked") == []
    assert control.do("block", address=source, seconds=500) == {
        "seconds": 500}
    listed = control.do("blocked")
    assert [one["address"] for one in listed] == [source]
    assert 0 < listed[0]["seconds"] <= 500
    with pytest.raises(Refused):
        enter(server, source=source)
    enter(server).close()
    assert control.do("unblock", address=source) is True
    enter(server, source=source).close()
    assert "not blocked" in control.fails("unblock", address=source)
    for wrong in ("", "localhost", "1.2.3", None, 7):
        assert "address" in control.fails("block", address=wrong)
    for wrong in (0, -1, "7", 1.5):
        assert "seconds" in control.fails("block", address="192.0.2.1",
                                          seconds=wrong)
    control.do("block", address="2001:db8::1", seconds=10 ** 18)
    assert len(control.do("blocked")) == 1


def test_connect(control):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        port = listening.getsockname()[1]
        assert control.do("connect", to=f"127.0.0.1:{port}") is True
        accepted, _ = listening.accept()
        with accepted:
            accepted.settimeout(30)
            assert accepted.recv(12) == b"RFB 003.008\n"
    assert "host:port" in control.fails("connect", to="host:99999")
    assert "host:port" in control.fails("connect")


def test_reload_and_log(control, server):
    control.do("reload")
    assert "reading files again" in server.log()
    control.do("reopen_log")


def test_stop(launch, xserver):
    with launch(xserver) as running:
        with enter(running, "wss") as viewer:
            path = path_of(running)
            with Control(path) as control:
                control.do("subscribe", events=["stopping"])
                assert control.do("stop") is True
                assert "socket" in control.event("stopping")["reason"]
                assert control.read() is None
            assert is_ended(viewer.stream)
        assert running.wait() == 0
        assert not os.path.exists(path)


@pytest.mark.parametrize("answer, sees, controls",
                         [("yes", True, True), ("view", True, False),
                          ("no", False, False)])
def test_accept(launch, xserver, display, answer, sees, controls):
    with launch(xserver, "-accept", "sleep 600") as running:
        with Control(path_of(running)) as control:
            control.do("subscribe", events=["viewer_asks", "viewer_came",
                                            "viewer_refused"])
            with connect("rfb", running.port) as stream:
                stream.write(b"RFB 003.008\n")
                stream.read(12)
                assert 1 in stream.read(stream.read(1)[0])
                stream.write(b"\1\1")
                asked = control.event("viewer_asks")["viewer"]
                assert asked["waiting"] is True
                assert asked["logged_in"] is False
                assert only_viewer(control)["id"] == asked["id"]
                assert "no such" in control.fails(
                    "accept", who=asked["id"] + 1, answer="yes")
                assert "answer" in control.fails(
                    "accept", who=asked["id"], answer="perhaps")
                assert control.do("accept", who=asked["id"],
                                  answer=answer) == {"count": 1}
                if not sees:
                    assert control.event("viewer_refused")["reason"]
                    assert stream.read(4) == b"\0\0\0\1"
                    return
                assert stream.read(4) == b"\0\0\0\0"
                came = control.event("viewer_came")["viewer"]
                assert came["id"] == asked["id"]
                assert came["view_only"] is not controls
                assert "no such" in control.fails(
                    "accept", who=asked["id"], answer="yes")


# ---- events ----

def test_events_of_a_viewer(control, server):
    names = control.do("subscribe")
    assert {"viewer_came", "viewer_went", "viewer_refused", "viewer_asks",
            "input", "view_only", "display_lost", "display_back", "resized",
            "setting", "stopping"} == set(names)
    viewer = enter(server, "wss")
    came = control.event("viewer_came")
    assert came["viewer"]["transport"] == "tcp+tls+websocket"
    assert came["time"].endswith("Z")
    for _ in range(50):
        viewer.key(0xffe1, True)
        viewer.key(0xffe1, False)
    viewer.round_trip()
    assert control.event("input")["viewer"]["id"] == came["viewer"]["id"]
    control.do("view_only", on=True, who=came["viewer"]["id"])
    assert control.event("view_only")["viewer"]["view_only"] is True
    assert not [e for e in control.events if e["event"] == "input"], (
        "more than one a second")
    viewer.close()
    went = control.event("viewer_went")
    assert went["viewer"]["id"] == came["viewer"]["id"]
    assert went["reason"]
    control.do("set", name="fps", value=50)
    assert control.event("setting")["value"] == 50
    control.do("set", name="fps", value=60)


def test_only_what_was_asked_for(control, server):
    with Control(path_of(server)) as other, Control(
            path_of(server)) as silent:
        assert control.do("subscribe", events=["viewer_went"]) == [
            "viewer_went"]
        other.do("subscribe")
        assert other.do("subscribe", events=[]) == []
        assert "no event" in control.fails("subscribe", events=["nonsense"])
        enter(server).close()
        assert control.event("viewer_went")
        assert control.do("ping") and control.events == []
        for one in (other, silent):
            assert one.do("ping") and one.events == []


def test_wrong_password_is_an_event(launch, xserver):
    with launch(xserver, password_option=["-passwd", "right"]) as running:
        with Control(path_of(running)) as control:
            control.do("subscribe", events=["viewer_refused"])
            with pytest.raises(Refused):
                Viewer(connect("rfb", running.port), password="wrong")
            said = control.event("viewer_refused")
            assert said["viewer"]["logged_in"] is False and said["reason"]


def test_resized_and_display(launch):
    with XServer(kind="Xtigervnc") as own, launch(own, "-reopen") as running:
        with Control(path_of(running)) as control:
            control.do("subscribe")
            own.run("xrandr", "--fb", "700x500")
            wait_until(lambda: (control.event("resized")["width"],) == (700,),
                       "the size was told")
            own.kill()
            assert control.event("display_lost")
            own.restart()
            assert control.event("display_back")
            assert control.do("status")["screen"]["up"] is True


# ---- who may, and how much ----

def test_socket_is_ours_alone(server):
    path = path_of(server)
    mode = os.stat(path).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700


def test_other_users_are_refused(launch, xserver, tmp_path):
    """Even where somebody opened the file for them."""
    path = str(tmp_path / "c")
    with launch(xserver, "-control", path) as running:
        os.chmod(path, 0o666)
        for folder in (tmp_path, *tmp_path.parents):
            if "pytest" in str(folder):
                os.chmod(folder, 0o755)
        said = subprocess.run(
            ["/usr/bin/python3", "-c",
             "import socket,sys; s=socket.socket(socket.AF_UNIX); "
             "s.connect(sys.argv[1])\n"
             "try: s.sendall(b'{\"do\":\"ping\"}\\n'); print(s.recv(99))\n"
             "except OSError: print(b'')", path],
            user="nobody", capture_output=True, timeout=30, check=False)
        assert said.stdout == b"b''\n", said
        wait_until(lambda: "control: refused" in running.log(), "it is said")
        with Control(path) as control:
            assert control.do("ping") is True


def test_nobody_said_where_and_there_is_no_place(launch, xserver, tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    loose.chmod(0o777)
    for folder in (str(loose), str(tmp_path / "none"), "relative"):
        with launch(xserver, environment=dict(
                clean_environment(), XDG_RUNTIME_DIR=folder)) as running:
            assert "control:" not in running.log()
    assert not list(loose.iterdir())


def test_off(launch, xserver):
    with launch(xserver, "-nocontrol") as running:
        assert not os.path.exists(os.path.join(
            running.directory.name, "runtime", "x11wsvnc"))


def test_taken_place(launch, xserver, tmp_path):
    path = str(tmp_path / "c")
    with launch(xserver, "-control", path):
        with launch(xserver, "-control", path,
                    expect_start=False) as second:
            assert second.wait() == 4
            assert path in second.log()
        with Control(path) as control:
            assert control.do("ping")


HOSTILE = [
    b"", b"{", b"null", b"[]", b"7", b'"do"', b"{}", b'{"do":7}',
    b'{"do":"nonsense"}', b'{"do":"ping","do":"stop"}',
    b'{"do":"ping","x":{}}', b'{"do":"ping","x":[[]]}',
    b'{"do":"ping","id":[1]}', b'{"do":"ping","id":1.5}',
    b'{"do":"' + b"a" * 4000 + b'"}', b'{"do":"ping","id":"' + b"a" * 99
    + b'"}', b"\0", b"\xff\xfe", b'{"do":"\xff"}', b'{"do":"pi\\u0000ng"}',
    b"[" * 4000, b'{"a":' * 1000, b'{"do":"ping"} {"do":"stop"}',
    b'{"do":"set","name":"fps","value":1e999}', b"GET / HTTP/1.1\r",
    b'{"do":"subscribe","events":[1]}',
    b'{"do":"subscribe","events":["' + b'","'.join([b"a"] * 40) + b'"]}',
    # What is cut off lies in the middle of a character.
    b'{"do":"subscribe","events":["' + b"a" * 39 + "ж".encode() + b'"]}',
    b'{"do":"set","name":"' + b"a" * 39 + "ж".encode() + b'"}',
    b'{"do":"set","name":"fps","value":"' + "ж".encode() * 1000 + b'"}',
    b'{"do":"set","name":"fps","value":"a' + "ж".encode() * 1000 + b'"}',
]


def test_hostile_lines(control):
    for line in HOSTILE:
        control.send(line + b"\n")
        said = control.answer()
        assert said["ok"] is False and said["error"], line[:60]
    assert control.do("ping") is True


def test_line_without_end(server):
    with Control(path_of(server)) as control:
        try:
            for _ in range(100):
                control.send(b" " * 4096)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert control.read() is None
    with Control(path_of(server)) as control:
        control.send(b" " * 9000 + b"\n")
        said = control.read()
        assert said is None or said["error"] == "the line is too long"


def test_who_does_not_read_is_cut(server):
    with Control(path_of(server)) as deaf:
        deaf.socket.settimeout(5)
        try:
            for _ in range(20000):
                deaf.send(b'{"do":"help"}\n')
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass
        wait_until(lambda: "does not read" in server.log(), "it is cut")
        with Control(path_of(server)) as control:
            assert control.do("ping") is True


def test_too_many(server):
    path = path_of(server)
    peers = [Control(path) for _ in range(16)]
    assert all(peer.do("ping") for peer in peers)
    with Control(path) as one_more:
        assert one_more.read() is None
    for peer in peers:
        peer.close()

    def is_free():
        with Control(path) as control:
            try:
                return control.ask("ping") is not None
            except BrokenPipeError:
                return False
    wait_until(is_free, "there is room again")


# ---- -R and -Q ----

def client(server, *words, display=None, status=0):
    environment = dict(
        clean_environment(), XDG_RUNTIME_DIR=os.path.join(
            server.directory.name, "runtime"))
    where = ["-display", display] if display else []
    done = subprocess.run([server.command[0], *where, *words],
                          env=environment, capture_output=True, text=True,
                          timeout=30, check=False)
    assert done.returncode == status, done
    return done.stdout if status == 0 else done.stderr


def test_query(server, xserver):
    with enter(server) as viewer:
        said = client(server, "-Q", "clients,client_count,pid,rfbport,fps,"
                      "viewonly,shared,version", display=xserver.display)
        values = dict(line.split(":", 1) for line in said.splitlines())
        ports = viewer.stream.socket.getsockname()
        assert values["aro=clients"].endswith(
            f":{ports[0]}:{ports[1]}::rw")
        assert values["aro=client_count"] == "1"
        assert values["aro=pid"] == str(server.process.pid)
        assert values["aro=rfbport"] == str(server.port)
        assert values["ans=fps"] == "60"
        assert values["aro=viewonly"] == "0"
        assert values["aro=shared"] == "1"
        assert values["aro=version"].startswith("x11wsvnc ")
    # There is one only: it need not be named.
    assert client(server, "-query", "pid").startswith("aro=pid:")
    said = json.loads(client(server, "-Q", "pid", "--json"))
    assert said["result"]["value"] == server.process.pid
    assert "nonsense" in client(server, "-Q", "pid,nonsense", status=1)


def test_remote(server, xserver):
    display = xserver.display + ".0"
    viewer = enter(server)
    assert client(server, "-remote", "disconnect:all", "-sync",
                  display=display) == ""
    assert is_ended(viewer.stream)
    assert client(server, "-r", "ping", "-nosync", display=display) == ""
    client(server, "-R", "fps:30", display=display)
    assert client(server, "-Q", "fps", display=display) == "ans=fps:30\n"
    client(server, "-R", "fps:60", display=display)
    client(server, "-R", "viewonly")
    assert client(server, "-Q", "viewonly") == "aro=viewonly:1\n"
    client(server, "-R", "noviewonly")
    assert "disconnect" in client(server, "-R", "help")
    assert json.loads(client(server, "-R", "status"))["viewers"] == []
    assert "needs a new start" in client(
        server, "-R", "rfbport:1", status=1)
    said = client(server, "-R", "ping", display=":4095", status=1)
    assert "4095.sock" in said


def test_remote_events(server):
    environment = dict(
        clean_environment(), XDG_RUNTIME_DIR=os.path.join(
            server.directory.name, "runtime"))
    with subprocess.Popen([server.command[0], "-R", "events"],
                          env=environment, stdout=subprocess.PIPE) as process:
        seen = b""

        def is_told():
            """Nobody knows when it has subscribed: one more may be needed."""
            nonlocal seen
            enter(server).close()
            while select.select([process.stdout], [], [], 1)[0]:
                seen += os.read(process.stdout.fileno(), 65536)
                if b"viewer_went" in seen:
                    return True
            return False

        wait_until(is_told, "it is told")
        process.terminate()
    assert json.loads(seen.splitlines()[0])["event"]


def test_remote_stop(launch, xserver):
    with launch(xserver) as running:
        client(running, "-R", "stop")
        assert running.wait() == 0
        assert "running" in client(running, "-R", "ping", status=1)
