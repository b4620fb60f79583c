"""Many servers behind one port: plain viewers choose theirs, too."""

import socket

import pytest
from blackbox.lib.port import free_port
from blackbox.lib.process import end, run, start
from blackbox.lib.server import Server
from blackbox.lib.wait import wait_until
from blackbox.lib.xserver import XServer

from viewers.conftest import HEIGHT, WIDTH, Stage
from viewers.lib.viewer import TIGER

EXACT = TIGER + ["-PreferredEncoding=Raw", "-NoJPEG=1", "-AutoSelect=0"]

# By the name in TLS, which viewers do not say who know no TLS from the first
# byte: HAProxy says it for them.
HAPROXY = """
defaults
    mode tcp
    timeout connect 30s
    timeout client 5m
    timeout server 5m
"""
FRONT = """
listen {name}
    bind 127.0.0.1:{port}
    server relay 127.0.0.1:{relay} ssl verify none sni str({name}.example.org)
"""


IDS = {"tiger": 1001, "x11vnc": 1002, "own": 1003}


class Target:
    def __init__(self, port, stage):
        self.port, self.stage = port, stage


@pytest.fixture(scope="module")
def tiger():
    """Xtigervnc, which is X server and VNC server at once."""
    port = free_port()
    with XServer(WIDTH, HEIGHT, kind="Xtigervnc",
                 extra=["-localhost", "-rfbport", str(port)]) as xserver:
        yield Target(port, Stage(xserver))


@pytest.fixture(scope="module")
def x11vnc(shared, stage, tmp_path_factory):
    log = tmp_path_factory.mktemp("x11vnc") / "log"
    port = free_port()
    with open(log, "wb") as out:
        process = start(
            ["x11vnc", "-display", shared.display, "-auth", shared.authority,
             "-rfbport", str(port), "-localhost", "-forever", "-shared",
             "-nopw", "-noxrecord"], stdout=out, stderr=out)
    try:
        wait_until(lambda: b"PORT=" in log.read_bytes(), "x11vnc listens", 60)
        yield Target(port, stage)
    finally:
        end(process)


@pytest.fixture(scope="module")
def own(server, stage):
    return Target(server.port, stage)


@pytest.fixture(scope="module")
def targets(tiger, x11vnc, own):
    return {"tiger": tiger, "x11vnc": x11vnc, "own": own}


@pytest.fixture(scope="module")
def relay(program, targets, tmp_path_factory):
    tokens = tmp_path_factory.mktemp("tokens") / "tokens"
    tokens.write_text("".join(
        f"{name}: 127.0.0.1:{target.port}\n"
        f"{IDS[name]}: 127.0.0.1:{target.port}\n"
        for name, target in targets.items()))
    with Server(program, None, "-token-source", tokens,
                password_option=[]) as running:
        yield running


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def fronts(relay, targets, tmp_path_factory):
    """A port for each target, behind which is its name."""
    folder = tmp_path_factory.mktemp("haproxy")
    ports = {name: free_port() for name in targets}
    (folder / "haproxy.cfg").write_text(HAPROXY + "".join(
        FRONT.format(name=name, port=port, relay=relay.port)
        for name, port in ports.items()))
    with open(folder / "log", "wb") as log:
        process = start(["/usr/sbin/haproxy", "-db", "-f", folder / "haproxy.cfg"],
                        stdout=log, stderr=log)
    try:
        for port in ports.values():
            wait_until(lambda: is_listening(port), "HAProxy listens", 60)
        yield ports
    finally:
        end(process)


@pytest.mark.parametrize("name", ["tiger", "x11vnc", "own"])
def test_name_in_tls(name, fronts, targets, view):
    stage = targets[name].stage
    viewer = view(*EXACT, f"localhost::{fronts[name]}")
    viewer.wait_for(stage.picture)
    viewer.wait_for(stage.change())


@pytest.mark.parametrize("name", ["tiger", "x11vnc", "own"])
@pytest.mark.parametrize("word", ["ID", "host"])
def test_repeater(name, word, relay, targets, vncclient):
    """libvncclient has it for Remmina and others: an ID that is a number, or
    a host and a port."""
    where = f"target=127.0.0.1:{targets[name].port}"
    before = relay.log().count(where)
    asked = ["ID", str(IDS[name])] if word == "ID" else [name, "5900"]
    said = run([vncclient, "localhost", str(relay.port), "", "", "", "",
                *asked])
    assert f"{WIDTH}x{HEIGHT}" in said
    assert relay.log().count(where) > before


def test_only_target(program, tiger, view):
    """A viewer that knows nothing of all this."""
    with Server(program, None, "-target", f"localhost:{tiger.port}",
                password_option=[]) as relay:
        viewer = view(*EXACT, f"localhost::{relay.port}")
        viewer.wait_for(tiger.stage.picture)
        viewer.wait_for(tiger.stage.change())
