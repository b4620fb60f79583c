"""HOSTILE row 11: connections that stop at each stage leave nothing behind.

Exact: as many descriptors as before, and no child processes; on each transport.
"""

import os
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.rfb import Viewer
from lib.transport import Closed, Plain, connect
from lib.vncauth import answer
from lib.wait import wait_until

ROUNDS = 12  # of each stage, transport and end: 768 connections


@pytest.fixture(scope="module")
def locked(launch, xserver):
    with launch(xserver, "-passwd", "secret12", "-viewpasswd", "look",
                "-noblacklist", password_option=[]) as running:
        running.at_start = descriptors(running)
        yield running


def descriptors(server):
    """What each is, as far as it does not change: sockets by their kind."""
    folder = f"/proc/{server.process.pid}/fd"
    found = []
    for name in os.listdir(folder):
        try:
            found.append(os.readlink(f"{folder}/{name}").split(":")[0])
        except FileNotFoundError:
            pass
    return sorted(found)


def segments(server):
    with open("/proc/sysvipc/shm", encoding="ascii") as table:
        return sum(line.split()[4] == str(server.process.pid)
                   for line in list(table)[1:])


def greeted(stream):
    stream.write(b"RFB ")
    stream.read(12)


def versioned(stream):
    stream.write(b"RFB 003.008\n")
    stream.read(12)
    stream.read(stream.read(1)[0])


def challenged(stream):
    versioned(stream)
    stream.write(b"\2")
    return stream.read(16)


def refused(stream):
    stream.write(answer("wrong", challenged(stream)))
    assert stream.read(4) == b"\0\0\0\1"


def accepted(stream):
    stream.write(answer("secret12", challenged(stream)))
    assert stream.read(4) == b"\0\0\0\0"


def watching(stream):
    Viewer(stream, password="secret12").refresh()


def asking(stream):
    viewer = Viewer(stream, password="look")
    viewer.stream.write(struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 3)


STAGES = [lambda stream: None, greeted, versioned, challenged, refused,
          accepted, watching, asking]


@pytest.mark.parametrize("end", ["close", "abort"])
def test_nothing_is_left_behind(locked, xserver, kind, end):
    before = locked.at_start
    def come_and_go(stage):
        stream = connect(kind, locked.port)
        try:
            stage(stream)
        except Closed:
            pass
        getattr(stream, end)()

    with ThreadPoolExecutor(ROUNDS) as pool:
        for stage in STAGES:
            list(pool.map(come_and_go, [stage] * ROUNDS))
    wait_until(lambda: descriptors(locked) == before,
               f"the descriptors are those of the start: {before}")
    assert segments(locked) <= 3  # the ring of frames


def test_half_hellos_and_half_requests(locked):
    before = locked.at_start
    for opening in (b"\x16\x03\x01\x02\x00", b"GET / HT", b"RF",
                    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: webs"):
        for _ in range(ROUNDS):
            with Plain(locked.port) as stream:
                stream.write(opening)
    wait_until(lambda: descriptors(locked) == before, "all are closed again")


def test_no_children_are_left_behind(launch, xserver, tmp_path):
    """Of sixty viewers and their hooks no process remains, not even as a
    zombie."""
    with launch(xserver, "-accept", "true", "-gone", "true") as running:
        pid = running.process.pid

        def children(of):
            with open(f"/proc/{of}/task/{of}/children") as file:
                return file.read().split()
        broker, = children(pid)
        before = len(os.listdir(f"/proc/{broker}/fd"))
        for _ in range(60):
            with connect("ws", running.port) as stream:
                Viewer(stream)
        wait_until(lambda: not children(broker), "all have been fetched")
        assert children(pid) == [broker]
        assert len(os.listdir(f"/proc/{broker}/fd")) == before
