"""The audit: who came, who was turned away, who left; for programs."""

import json
import re
import stat

import pytest

from lib.rfb import Refused, Viewer
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until

STACKS = {"rfb": "tcp+rfb", "tls": "tcp+tls+rfb",
          "ws": "tcp+websocket+rfb", "wss": "tcp+tls+websocket+rfb"}


@pytest.fixture(params=["logfmt", "json"])
def audited(request, launch, xserver, tmp_path):
    """(server, a function that gives the events so far)."""
    file = tmp_path / "audit"
    parse = json.loads if request.param == "json" else parse_logfmt
    with launch(xserver, "-audit", str(file), "-auditformat", request.param,
                "-passwd", "secret12", "-viewpasswd", "look", "-q",
                password_option=[]) as running:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        yield running, lambda: [
            parse(line) for line in file.read_text().splitlines()]


def parse_logfmt(line):
    pairs = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|[^ "]+)(?: |$)', line)
    assert sum(len(k) + len(v) + 2 for k, v in pairs) == len(line) + 1, line
    return {key: re.sub(r"\\(.)", r"\1", value.strip('"'))
            for key, value in pairs}


def wait_for(events, count):
    return wait_until(lambda: len(events()) >= count and events(),
                      f"{count} events")


def test_login_and_end(audited, kind):
    server, events = audited
    with connect(kind, server.port, source="127.3.2.1") as stream:
        viewer = Viewer(stream, password="secret12")
        viewer.refresh()
        plain = stream.plain
        port = plain.socket.getsockname()[1]
    login, end = wait_for(events, 2)
    for event in (login, end):
        assert event["from"] == "127.3.2.1"
        assert int(event["port"]) == port
        assert event["how"] == STACKS[kind]
        assert event["security"] == "VncAuth"
        assert event["rights"] == "view,control,clipboard"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    assert (login["event"], end["event"]) == ("login", "end")
    assert login["id"] == end["id"]
    assert int(end["in"]) >= 12 + 1 + 16 + 1
    assert int(end["out"]) > 640 * 480 // 100
    assert float(end["seconds"]) >= 0
    assert end["reason"]
    assert server.log() == ""  # -q


def test_watching_and_refusal(audited):
    server, events = audited
    with Viewer(connect("ws", server.port, source="127.3.2.2"),
                password="look"):
        login, = wait_for(events, 1)
        assert login["rights"] == "view-only"
    wait_for(events, 2)
    with connect("ws", server.port, source="127.3.2.3") as stream:
        with pytest.raises(Refused):
            Viewer(stream, password="wrongone")
    refused = wait_for(events, 3)[2]
    assert refused["event"] == "refused"
    assert "wrong password" in refused["reason"]
    assert "rights" not in refused
    with connect("rfb", server.port) as stream:
        stream.read(12)
    assert wait_for(events, 4)[3]["event"] == "left"
    for event in events():
        assert not {"secret12", "wrongone", "look"} & set(
            " ".join(map(str, event.values())).split())


def test_by_address(launch, xserver, tmp_path):
    file = tmp_path / "audit"
    with launch(xserver, "-allow", "127.0.0.1", "-audit",
                str(file)) as running:
        with pytest.raises(Closed):
            with Plain(running.port, source="127.3.2.4") as stream:
                stream.read(1)
        wait_until(lambda: "event=refused" in file.read_text(), "the line")
        assert "from=127.3.2.4" in file.read_text()


def test_no_query_and_no_control_characters_in_the_log(launch, xserver):
    """HOSTILE row 21."""
    with launch(xserver, "-v") as running:
        with Plain(running.port) as stream:
            stream.write(b"GET /x?password=hunter2&token=abc HTTP/1.1\r\n"
                         b"Host: localhost\r\n\r\n")
            stream.read_until(b"\r\n\r\n")
        with Plain(running.port) as stream:
            stream.write(b"GET /\x1b[31m%1b%0a\x07 HTTP/1.1\r\n"
                         b"Host: localhost\r\n\r\n")
            stream.read_until(b"\r\n\r\n")
        with connect("ws", running.port) as stream:
            stream.read(12)
            stream.write(b"\x1b]0;\n\x07 RFB\r\n")
            stream.read_to_end()
        wait_until(lambda: running.log().count("#3") >= 1, "three lines")
        log = running.log()
        assert "hunter2" not in log and "abc" not in log
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", log)


def test_a_full_disk_loses_lines_only(launch, xserver):
    with launch(xserver, "-audit", "/dev/full") as running:
        for _ in range(3):
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.refresh()
