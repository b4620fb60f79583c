"""Recordings of sessions, as websockify makes them and noVNC plays them."""

import json
import os
import re
import stat
import subprocess

import pytest

from lib.port import free_port
from lib.process import end, run, tool
from lib.rfb import Viewer
from lib.target import Echo
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

EVERYTHING = bytes(range(256))


@pytest.fixture(scope="module")
def target():
    with Echo("RFB 003.008\n") as echo:
        yield echo


def frames(path):
    """What a browser makes of the file: (from, ms, bytes) of each message;
    None while it has no end yet."""
    if not path.read_bytes().endswith(b"'EOF'];\n"):
        return None
    # Node reads it as a browser does, and says it so that Python can.
    listed = json.loads(run([
        "node", "-e", "eval(fs.readFileSync(process.argv[1], 'utf8') +"
        " 'console.log(JSON.stringify(VNC_frame_data))')", str(path)]))
    assert listed.pop() == "EOF"
    found = []
    for frame in listed:
        parts = re.fullmatch(r"([{}])(\d+)\1(.*)", frame, re.DOTALL)
        found.append((parts[1], int(parts[2]), parts[3].encode("latin-1")))
    return found


def ended(path):
    return wait_until(lambda: path.exists() and frames(path),
                      f"{path} has its end")


def said(recorded, who):
    return b"".join(bytes_ for one, _, bytes_ in recorded if one == who)


@pytest.mark.parametrize("kind", ["ws", "wss"])
def test_relayed_session(launch, tmp_path, target, kind):
    with launch(None, "--record", tmp_path / "session", "--target",
                target.place, password_option=[]) as relay:
        for number in 1, 2:
            with connect(kind, relay.port) as stream:
                stream.read(12)
                stream.write(EVERYTHING)
                assert stream.read(256) == EVERYTHING
            path = tmp_path / f"session.{number}"
            recorded = ended(path)
            assert said(recorded, "{") == b"RFB 003.008\n" + EVERYTHING
            assert said(recorded, "}") == EVERYTHING
            times = [ms for _, ms, _ in recorded]
            assert times == sorted(times)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert f"is recorded in {path}" in relay.log()


def test_same_messages_as_websockify(launch, tmp_path, target):
    """The form is theirs: both read alike."""
    port = free_port()
    theirs = subprocess.Popen(
        [tool("websockify"), f"--record={tmp_path}/theirs",
         f"127.0.0.1:{port}", target.place],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with launch(None, "--record", tmp_path / "ours", "-target",
                    target.place, password_option=[]) as relay:
            for where in relay.port, port:
                stream = wait_until(lambda: try_connect(where), "it listens")
                with stream:
                    stream.read(12)
                    for word in EVERYTHING, b"'\\\n\r\t\"":
                        stream.write(word)
                        assert stream.read(len(word)) == word
                    # websockify's file has an end only where it ends.
                    stream.plain.finish_writing()
            ours, other = (
                [(who, bytes_) for who, _, bytes_ in ended(path)]
                for path in (tmp_path / "ours.1", tmp_path / "theirs.1"))
        assert ours == other
    finally:
        end(theirs)


def try_connect(port):
    try:
        return connect("ws", port)
    except OSError:
        return None


def test_folder(launch, xserver, tmp_path):
    """Of a display, too; and what was there is not written over."""
    (tmp_path / "session.1").write_text("mine")
    with launch(xserver, "--record", tmp_path) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            viewer.refresh()
        recorded = ended(tmp_path / "session.2")
        assert said(recorded, "{").startswith(b"RFB 003.008\n")
        assert said(recorded, "}").startswith(b"RFB 003.008\n")
        assert len(said(recorded, "{")) > 1000
    assert (tmp_path / "session.1").read_text() == "mine"


def test_large_picture(launch, tmp_path):
    """One message of more than may wait otherwise."""
    with XServer(2000, 1500) as x, launch(
            x, "-record", tmp_path) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(0)
            viewer.refresh()
        whole = tmp_path / "session.1"
        wait_until(lambda: whole.exists() and
                   whole.read_bytes().endswith(b"'EOF'];\n"), "its end")
        assert whole.stat().st_size > 4 * 2000 * 1500
        assert "no longer recorded" not in running.log()


def test_who_never_logs_in_leaves_no_file(launch, xserver, tmp_path):
    with launch(xserver, "--record", tmp_path,
                password_option=["-passwd", "secret"]) as server:
        with connect("ws", server.port) as stream:
            stream.read(12)
            stream.write(b"RFB 003.008\n")
        wait_until(lambda: "+record+" in server.log(), "its end is told")
        with Viewer(connect("ws", server.port), password="secret") as viewer:
            viewer.refresh()
        ended(tmp_path / "session.1")
    assert os.listdir(tmp_path) == ["session.1"]


def test_full_disk(launch, tmp_path, target):
    """The recording ends, the session does not."""
    with launch(None, "--record", tmp_path / "session", "-target",
                target.place, password_option=[],
                wrapper=["sh", "-c",
                         'trap "" XFSZ; ulimit -f 64; exec "$0" "$@"']) as relay:
        with connect("ws", relay.port) as stream:
            stream.read(12)
            for _ in range(64):
                stream.write(EVERYTHING * 8)
                assert stream.read(2048) == EVERYTHING * 8
            wait_until(lambda: "no longer recorded: " in relay.log(),
                       "it is told")
            stream.write(b"still here")
            assert stream.read(10) == b"still here"
        assert relay.log().count("no longer recorded") == 1


def test_server_ends(launch, tmp_path, target):
    with launch(None, "--record", tmp_path / "session", "-target",
                target.place, password_option=[]) as relay:
        stream = connect("ws", relay.port)
        stream.read(12)
        relay.stop()
        stream.close()
    assert said(frames(tmp_path / "session.1"), "{") == b"RFB 003.008\n"


def test_no_such_folder(launch, tmp_path, target):
    server = launch(None, "-record", tmp_path / "none" / "file", "-target",
                    target.place, password_option=[], expect_start=False)
    with server:
        assert server.wait() != 0
        assert f"-record: no file can be made in {tmp_path}/none" in \
            server.log()


def test_traffic(launch, target):
    with launch(None, "--traffic", "-target", target.place,
                password_option=[]) as relay:
        with connect("ws", relay.port) as stream:
            stream.read(12)
            stream.write(b"hello")
            stream.read(5)
        log = relay.log()
        for line in "#1 { 12\n", "#1 } 5\n", "#1 { 5\n":
            assert line in log
