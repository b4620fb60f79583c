"""Viewers that lie, vanish, or do not read; others must not notice."""

import contextlib
import resource
import socket
import struct
import time

import pytest

from lib import screen
from lib.compare import wait_equal
from lib.decode import COPYRECT, HEXTILE, RAW, TIGHT, ZRLE
from lib.memory import memory_kib
from lib.pixels import MAPPED, PixelFormat
from lib.process import descriptor_count
from lib.rfb import (ALPHA_CURSOR, BANNER, CURSOR, EXTENDED_SIZE, VMWARE_CURSOR,
                     X_CURSOR, Viewer, is_ended)
from lib.server import clean_environment, lean_environment
from lib.transport import Closed, Plain, connect, fresh_source
from lib.vncauth import answer
from lib.wait import wait_until
from lib.websocket import WebSocket, request

ABSURD = {
    "bits 0": PixelFormat(bits=0), "bits 7": PixelFormat(bits=7),
    "bits 24": PixelFormat(bits=24), "bits 64": PixelFormat(bits=64),
    "bits 255": PixelFormat(bits=255),
    "max 0": PixelFormat(red_max=0, green_max=0, blue_max=0),
    "max 65535": PixelFormat(red_max=65535, green_max=65535, blue_max=65535),
    "max 254": PixelFormat(red_max=254),
    "shift 32": PixelFormat(red_shift=32),
    "shift 255": PixelFormat(red_shift=255, green_shift=255, blue_shift=255),
    "shift out of 8": PixelFormat(bits=8, depth=8, red_max=7, green_max=7,
                                  blue_max=3, red_shift=6),
    "overlap": PixelFormat(red_shift=0, green_shift=0, blue_shift=0),
    "depth 0": PixelFormat(depth=0), "depth 255": PixelFormat(depth=255),
    "map of 16": PixelFormat(bits=16, depth=16, true_colour=0),
    "map of 32": PixelFormat(true_colour=0),
}


@pytest.fixture
def healthy(server):
    """Somebody else, who must be served before and after."""
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, CURSOR)
        viewer.refresh()
        yield viewer
        viewer.refresh()
    assert server.is_alive()


@pytest.mark.parametrize("name", ABSURD)
@pytest.mark.parametrize("encoding", [RAW, HEXTILE, TIGHT, ZRLE])
def test_absurd_pixel_formats(server, healthy, name, encoding):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.stream.write(b"\0\0\0\0" + ABSURD[name].pack())
        try:
            viewer.set_encodings(encoding, CURSOR)
            viewer.request(incremental=False)
            viewer.stream.read_some()
        except Closed:
            pass  # ended, or served somehow: both are bearable


def test_any_flag_is_true(server):
    # gvncviewer sends 255.
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_format(PixelFormat(true_colour=255, big_endian=0))
        viewer.refresh()


def test_as_many_encodings_as_can_be(server, healthy):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(*range(100000, 165533), ZRLE, CURSOR)
        viewer.set_encodings(ZRLE, CURSOR, *range(100000, 165533))
        viewer.round_trip()
        viewer.refresh()
        assert ZRLE in viewer.used
        viewer.set_encodings()
        viewer.refresh()


@pytest.mark.parametrize("area", [
    (0, 0, 0, 0), (0, 0, 65535, 65535), (65535, 65535, 65535, 65535),
    (640, 480, 10, 10), (639, 479, 65535, 65535), (65535, 0, 1, 480),
    (0, 65535, 640, 1), (1, 1, 0, 5), (600, 400, 100, 100)])
@pytest.mark.parametrize("incremental", [0, 1])
def test_requests_outside_the_screen(server, healthy, area, incremental):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR)
        for _ in range(3):
            viewer.stream.write(struct.pack(">BBHHHH", 3, incremental, *area))
        viewer.refresh()


def test_flood_of_requests(server, healthy):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(TIGHT, CURSOR)
        viewer.stream.write(struct.pack(">BBHHHH", 3, 0, 0, 0, 9, 9) * 5000)
        viewer.refresh()


@pytest.mark.parametrize("length", [0, 1 << 20, (1 << 31) - 1, 0xFFFFFFFF,
                                    0x80000000, 0x80000001])
def test_cut_text_lengths(server, healthy, kind, length):
    with Viewer(connect(kind, server.port)) as viewer:
        try:
            viewer.stream.write(struct.pack(">BxxxI", 6, length))
            for _ in range(8):
                viewer.stream.write(b"x" * (1 << 17))
            if length <= 1 << 20:
                viewer.stream.write(b"x" * max(0, length - (1 << 20)))
        except Closed:
            pass
        if length == 1 << 20:
            viewer.refresh()


@pytest.mark.parametrize("number", [1, 7, 9, 99, 127, 128, 200, 250, 253,
                                    254, 255])
def test_unknown_messages_end_it(server, healthy, number):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.stream.write(bytes([number]) + bytes(64))
        assert is_ended(viewer.stream)


def test_set_desktop_size_of_many_screens(server, healthy):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR, EXTENDED_SIZE)
        try:
            for count in (255, 1, 128):
                viewer.set_desktop_size(
                    640, 480, [(n, 0, 0, 640, 480, 0) for n in range(count)])
            viewer.refresh()
        except Closed:
            pass


def everything_sent(launch, xserver, fill):
    """All bytes of a short session, with malloc filling memory so."""
    environment = dict(clean_environment(), MALLOC_PERTURB_=str(fill))
    stream = bytearray()
    with launch(xserver, "-threads", "1", "-desktop", "same",
                environment=environment) as running:
        for encoding in (RAW, HEXTILE, TIGHT, ZRLE):
            for cursor in (CURSOR, X_CURSOR, ALPHA_CURSOR, VMWARE_CURSOR):
                with Viewer(connect("rfb", running.port)) as viewer:
                    viewer.set_encodings(encoding, cursor, EXTENDED_SIZE)
                    record(viewer.stream, stream)
                    viewer.refresh()
        with Viewer(connect("rfb", running.port)) as viewer:
            record(viewer.stream, stream)
            viewer.set_format(MAPPED)
            viewer.refresh()
    return bytes(stream)


def record(stream, into):
    read = stream.read

    def reading(count):
        data = read(count)
        into.extend(data)
        return data
    stream.read = reading


def test_no_byte_of_unset_memory_goes_out(launch, xserver, display):
    canvas = screen.Canvas(display, 640, 480)
    screen.mixed_scene(canvas)
    assert everything_sent(launch, xserver, 1) == everything_sent(
        launch, xserver, 170)
    canvas.destroy()


# --- clients that die ---

@pytest.fixture(scope="module")
def locked(launch, xserver):
    with launch(xserver, "-passwd", "secret12", password_option=[]) as running:
        yield running


def session_of(stream):
    """A whole session's bytes, piece by piece, each when it may be said."""
    yield BANNER
    assert stream.read(12) == BANNER
    assert 2 in stream.read(stream.read(1)[0])
    yield b"\2"
    yield answer("secret12", stream.read(16))
    assert stream.read(4) == bytes(4), "the password was refused"
    yield b"\1"
    stream.read(struct.unpack(">20xI", stream.read(24))[0])
    yield b"\0\0\0\0" + PixelFormat().pack()
    yield struct.pack(">BxHii", 2, 2, TIGHT, CURSOR)
    yield struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480)
    yield struct.pack(">BBxxI", 4, 1, 0x61)
    yield struct.pack(">BxxxI", 6, 5) + b"hello"


def say(stream, upto):
    """So many bytes of it."""
    for piece in session_of(stream):
        stream.write(piece[:upto])
        upto -= len(piece)
        if upto <= 0:
            return


SESSION_BYTES = 12 + 1 + 16 + 1 + 20 + 12 + 10 + 8 + 13


@pytest.mark.parametrize("how", ["close", "abort"])
def test_death_after_each_byte(locked, kind, how):
    before = descriptor_count(locked.process.pid)
    for upto in range(0, SESSION_BYTES + 1):
        stream = connect(kind, locked.port)
        try:
            say(stream, upto)
        except Closed as closed:
            pytest.fail(f"cut after {upto} bytes: {closed}\n{locked.log()}")
        getattr(stream, how)()
    wait_until(lambda: descriptor_count(locked.process.pid) <= before,
               "all descriptors are closed again")
    with Viewer(connect(kind, locked.port), password="secret12") as viewer:
        viewer.refresh()


@pytest.mark.parametrize("how", ["close", "abort"])
def test_death_within_upgrade_and_hello(locked, how):
    before = descriptor_count(locked.process.pid)
    upgrade = request(locked.port)[0]
    hello = b"\x16\3\1\0\xc8\1\0\0\xc4\3\3" + bytes(196)
    for data in (upgrade, hello):
        for upto in range(1, len(data), 5):
            plain = Plain(locked.port)
            plain.write(data[:upto])
            getattr(plain, how)()
    wait_until(lambda: descriptor_count(locked.process.pid) <= before,
               "all descriptors are closed again")


def test_half_closed_viewers(server, healthy):
    viewer = Viewer(connect("rfb", server.port))
    viewer.request(incremental=False)
    viewer.stream.finish_writing()
    # Served to the end or not; ended in any case.
    viewer.stream.read_to_end()
    viewer.close()


# --- clients that do not read ---

def test_viewer_that_never_reads(launch, xserver, display, kind):
    canvas = screen.Canvas(display, 640, 480)
    with launch(xserver, environment=lean_environment()) as running, \
            contextlib.ExitStack() as stack:
        stuck = stack.enter_context(
            Viewer(connect(kind, running.port, receive_buffer=4096)))
        stuck.set_encodings(RAW)
        stuck.stream.write(
            struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 200)
        other = stack.enter_context(Viewer(connect("ws", running.port)))
        other.set_encodings(ZRLE, COPYRECT, CURSOR)
        other.refresh()
        settled = None
        for turn in range(30):
            canvas.noise(0, 0, 640, 120)
            canvas.rectangles(5)
            wait_equal(other, screen.picture(display))
            if turn == 9:
                settled = memory_kib(running.process.pid)
        grown = memory_kib(running.process.pid) - settled
        # A backlog of 20 such pictures would be 24 MiB and more.
        assert grown < 8 * 1024, f"{grown} KiB more"
    canvas.destroy()


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_viewer_that_never_reads_goes(launch, xserver, display, kind):
    """... and lets go of the key it holds; one that reads a little stays."""
    canvas = screen.Canvas(display, 640, 480)
    with launch(xserver, "-readtimeout", "2") as running, \
            contextlib.ExitStack() as stack:
        slow = stack.enter_context(
            Viewer(connect(kind, running.port, receive_buffer=4096)))
        stuck = stack.enter_context(
            Viewer(connect(kind, running.port, receive_buffer=4096)))
        # More than any socket buffer takes.
        for viewer in (slow, stuck):
            viewer.set_encodings(RAW)
            viewer.stream.write(
                struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 200)
        canvas.noise(0, 0, 640, 480)
        stuck.stream.write(struct.pack(">BBHI", 4, 1, 0, 0xffe1))

        def shift_is_held():
            keys = display.query_keymap()
            return any(keys[code // 8] & 1 << code % 8 for code in (
                display.keysym_to_keycode(0xffe1),))

        wait_until(shift_is_held, "the stuck viewer's key is down")

        # A WebSocket's message is read whole, and then for long nothing.
        trickle = slow.stream.plain

        def gone():
            trickle.read(1000)
            return "-readtimeout" in running.log()

        wait_until(gone, "the stuck viewer is ended")
        wait_until(lambda: not shift_is_held(), "its key is released")
        ended = [line for line in running.log().splitlines()
                 if "-readtimeout" in line and "event=end" in line]
        assert len(ended) <= 1, ended
        assert trickle.read(1000)
    canvas.destroy()


def test_never_reading_the_page(launch, xserver):
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        ask = b"GET /core/rfb.js HTTP/1.1\r\nHost: a\r\n\r\n"
        before = memory_kib(running.process.pid)
        for _ in range(20):
            plain = stack.enter_context(
                Plain(running.port, receive_buffer=4096, timeout=1))
            with contextlib.suppress(TimeoutError):
                plain.write(ask * 500)
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
        grown = memory_kib(running.process.pid) - before
        assert grown < 40 * 1024, f"{grown} KiB more"


# --- descriptors ---

def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def start_connecting(port):
    """A connection that may wait in the kernel for its acceptance."""
    one = socket.socket()
    one.setblocking(False)
    one.bind((fresh_source(), 0))
    one.connect_ex(("127.0.0.1", port))
    return one


def test_out_of_descriptors(launch, xserver):
    with launch(xserver, "-maxwaiting", "1000", "-maxwaitingperhost", "1000",
                "-logintimeout", "300",
                wrapper=["sh", "-c", 'ulimit -n 64; exec "$0" "$@"']
                ) as running:
        pid = running.process.pid
        crowd = [start_connecting(running.port) for _ in range(500)]
        wait_until(lambda: descriptor_count(pid) >= 60, "it is full")
        used = cpu_seconds(pid)
        time.sleep(2)
        used = cpu_seconds(pid) - used
        for one in crowd:
            one.close()
        assert running.is_alive()
        # Spinning on accept() would be 2 s; the rest is slack for ASan.
        assert used < 1, f"{used} s of processor while full"
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


def test_an_enormous_descriptor_limit_slows_nothing(launch, xserver):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with launch(xserver, wrapper=[
            "sh", "-c", f'ulimit -n {hard}; exec "$0" "$@"']) as running:
        for _ in range(20):
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.refresh()


def test_no_leak_from_connections(launch, xserver):
    with launch(xserver) as running:
        def rounds(count):
            for index in range(count):
                with connect(("ws", "wss")[index % 2], running.port) as stream:
                    if index % 3:
                        viewer = Viewer(stream)
                        viewer.set_encodings(TIGHT, CURSOR)
                        viewer.refresh()
                with Plain(running.port) as plain:
                    WebSocket(plain)
        rounds(60)
        before = descriptor_count(running.process.pid)
        memory = memory_kib(running.process.pid)
        rounds(120)
        wait_until(lambda: descriptor_count(running.process.pid) <= before,
                   "all descriptors are closed again")
        grown = memory_kib(running.process.pid) - memory
        # ASan keeps freed memory in quarantine: it has a leak check instead.
        if not has_shadow_memory(running):
            assert grown < 4096, f"{grown} KiB more"


def has_shadow_memory(running):
    """Whether it is built with ASan, whose shadow is always here."""
    with open(f"/proc/{running.process.pid}/maps", encoding="utf-8") as maps:
        return any(line.startswith("7fff7000-") for line in maps)


def test_stopping_with_many_viewers(launch, xserver):
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        for index in range(40):
            viewer = stack.enter_context(
                Viewer(connect(("ws", "wss")[index % 2], running.port)))
            if index % 2:
                viewer.stream.write(
                    struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 50)
        running.stop()
