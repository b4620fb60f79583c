"""The X server goes away and comes back; viewers stay (-reopen).

REOPEN_ROUNDS=100 kills it more often than the ordinary run does, and says how
long pictures took."""

import os
import random
import signal
import socket
import threading
import time

import numpy
import pytest

from lib import screen
from lib.clipboard import ClipboardViewer, paste
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, RAW, TIGHT, ZRLE
from lib.pushed import PushedViewer
from lib.recorder import Recorder
from lib.rfb import CURSOR, DESKTOP_SIZE, Viewer
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

ROUNDS = int(os.environ.get("REOPEN_ROUNDS", "8"))
SIZES = [(640, 480), (640, 480), (800, 500), (320, 200)]
LOST = 6
# Of the notice: no test draws in it.
BACKGROUND = [0x1C, 0x27, 0x33]


def shows_notice(viewer):
    return viewer.known.all() and list(viewer.rgb()[0, 0]) == BACKGROUND


def wait_notice(viewer):
    follow(viewer, lambda: shows_notice(viewer), lambda: "no notice")


def enter(running, kind, *encodings, pushed=False):
    viewer = (PushedViewer if pushed else Viewer)(connect(kind, running.port))
    if pushed:
        viewer.push(*encodings, CURSOR, DESKTOP_SIZE)
    else:
        viewer.set_encodings(*encodings, CURSOR, DESKTOP_SIZE)
    viewer.refresh()
    return viewer


def draw_until(canvas, stop):
    """Until the X server is gone, or the test has seen enough."""
    try:
        while not stop.is_set():
            canvas.rectangles(5)
            canvas.scroll()
    except Exception:  # python-xlib has many, for one that is killed
        pass


def kill_while_drawing(x, viewers, chance):
    display = x.connect()
    canvas = screen.Canvas(display, x.width, x.height)
    stop = threading.Event()
    painter = threading.Thread(target=draw_until, args=(canvas, stop))
    painter.start()
    for viewer in viewers[1:]:
        if not viewer.asked:
            viewer.request()
        viewer.pointer(chance.randrange(99), 50, 1)
        viewer.key(0x61, True)
    time.sleep(chance.uniform(0, 0.06))
    x.process.kill()
    x.process.wait()
    stop.set()
    painter.join()
    x.kill()


def test_kills_at_random_moments(launch):
    chance = random.Random(os.environ.get("REOPEN_SEED", "7"))
    took = []
    with XServer() as x, launch(x, "-reopen", "-shared") as running:
        viewers = [
            enter(running, "rfb", RAW, COPYRECT, pushed=True),
            enter(running, "rfb", TIGHT, COPYRECT),
            enter(running, "ws", ZRLE)]
        for number in range(ROUNDS):
            kill_while_drawing(x, viewers, chance)
            if number % 2:
                for viewer in viewers:
                    wait_notice(viewer)
            time.sleep(chance.uniform(0, 0.2))
            x.restart(*chance.choice(SIZES))
            began = time.monotonic()
            display = x.connect()
            screen.Canvas(display, x.width, x.height, seed=number).rectangles()
            reference = screen.picture(display)
            for viewer in viewers:
                wait_equal(viewer, reference)
            took.append(time.monotonic() - began)
        for viewer in viewers:
            viewer.close()
        assert running.log().count("is back after") >= ROUNDS
    took.sort()
    print(f"{ROUNDS} rounds; picture right after {took[len(took) // 2]:.2f} s "
          f"(median), {took[-1]:.2f} s (worst)")


def test_what_a_new_display_is_told(launch):
    """Held keys are forgotten, input and copies arrive, the name stays."""
    with XServer() as x, launch(x, "-reopen") as running:
        viewer = ClipboardViewer(connect("rfb", running.port))
        viewer.cut_text(b"copied before")
        wait_until(lambda: paste(x) == b"copied before", "the first paste")
        viewer.key(0xFFE1, True)  # Shift
        viewer.pointer(5, 5, 1)
        viewer.round_trip()
        x.kill()
        wait_until(lambda: "viewers stay" in running.log(), "the loss")
        x.restart()
        wait_until(lambda: "is back after" in running.log(), "the return")
        display = x.connect()
        recorder = Recorder(display)
        viewer.type(0x61)
        viewer.pointer(7, 8, 4)
        viewer.pointer(7, 8, 0)
        code = display.keysym_to_keycode(0x61)
        recorder.wait_for([
            (kind, detail, x_, y) for kind, detail, x_, y in (
                ("key", code, 320, 240), ("keyup", code, 320, 240),
                ("press", 3, 7, 8), ("release", 3, 7, 8))])
        wait_until(lambda: paste(x) == b"copied before", "the second paste")
        viewer.close()


def test_the_pointer_of_a_new_display(launch):
    """Neither the old one's nor our arrow for none."""
    with XServer() as x, launch(x, "-reopen") as running, \
            enter(running, "ws", RAW) as viewer:
        first = viewer.cursor.pixels  # the X server's own
        display = x.connect()
        font = display.open_font("cursor")
        display.screen().root.change_attributes(cursor=font.create_glyph_cursor(
            font, 34, 35, (65535, 0, 0), (0, 0, 0)))
        display.sync()
        follow(viewer, lambda: not numpy.array_equal(
            viewer.cursor.pixels, first), lambda: "no other one")
        x.kill()
        x.restart()
        follow(viewer, lambda: numpy.array_equal(viewer.cursor.pixels, first),
               lambda: f"{viewer.cursor}")


def test_viewers_may_come_while_it_is_away(launch):
    with XServer() as x, launch(x, "-reopen") as running:
        x.kill()
        wait_until(lambda: "viewers stay" in running.log(), "the loss")
        with Viewer(connect("ws", running.port)) as viewer:
            assert (viewer.width, viewer.height) == (640, 480)
            viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
            viewer.pointer(5, 5, 1)
            viewer.key(0x61, True)
            viewer.refresh()
            assert shows_notice(viewer)
            x.restart(500, 300)
            display = x.connect()
            screen.Canvas(display, 500, 300).rectangles()
            wait_equal(viewer, screen.picture(display))


def test_an_x_server_that_stops_answering(launch):
    """It is waited for, with everybody else waiting too, but not for ever."""
    with XServer() as x, launch(x, "-reopen") as running, \
            enter(running, "ws", ZRLE) as viewer:
        x.process.send_signal(signal.SIGSTOP)
        try:
            viewer.request(incremental=False)
            wait_notice(viewer)
            assert "does not answer" in running.log()
        finally:
            x.process.send_signal(signal.SIGCONT)
        display = x.connect()
        screen.Canvas(display, x.width, x.height).rectangles()
        wait_equal(viewer, screen.picture(display))


def listen_in_its_place(x):
    """Accepts, as the kernel does, and never says a word."""
    path = f"/tmp/.X11-unix/X{x.number}"
    os.unlink(path)
    deaf = []
    for address in (path, "\0" + path):
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(address)
        listening.listen(50)
        deaf.append(listening)
    return deaf


def test_an_x_server_that_hangs(launch):
    """It accepts and says nothing: viewers are served meanwhile."""
    with XServer() as x, launch(x, "-reopen") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE)
            viewer.refresh()
            x.kill()
            deaf = listen_in_its_place(x)
            wait_notice(viewer)
            # Somebody knocked, and nobody answers.
            for one in deaf:
                one.settimeout(0.1)

            def accept():
                for one in deaf:
                    try:
                        return one.accept()
                    except TimeoutError:
                        pass
            knocked = wait_until(accept, "a knock")
            viewer.refresh()
            with Viewer(connect("rfb", running.port)) as second:
                second.refresh()
                assert shows_notice(second)
            for one in (*deaf, knocked[0]):
                one.close()
            os.unlink(f"/tmp/.X11-unix/X{x.number}")
            x.restart()
            display = x.connect()
            screen.Canvas(display, 640, 480).rectangles()
            wait_equal(viewer, screen.picture(display))


def test_ends_in_time_while_it_is_away(launch):
    with XServer() as x, launch(x, "-reopen") as running:
        x.kill()
        wait_until(lambda: "viewers stay" in running.log(), "the loss")


@pytest.mark.parametrize("option", ["-reopen", "-noreopen"])
def test_goes_away_while_it_is_closed(launch, option):
    """The X server answers no more, and is killed while the program, which was
    asked to end, waits for it."""
    with XServer() as x, launch(x, option) as running:
        enter(running, "ws", ZRLE).close()
        wait_until(lambda: "event=end" in running.log(), "rest")
        time.sleep(0.2)
        x.process.send_signal(signal.SIGSTOP)
        running.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "ending" in running.log(), "the end's beginning")
        time.sleep(0.2)
        x.kill()
        assert running.wait() == 0


@pytest.mark.parametrize("variables, stays", [
    ({"NOTIFY_SOCKET": "/nowhere"}, True),
    # As in a terminal of a desktop that systemd started.
    ({"INVOCATION_ID": "ab" * 16, "SYSTEMD_EXEC_PID": "1"}, False),
    ({}, False)])
def test_default(launch, monkeypatch, variables, stays):
    for name in ("NOTIFY_SOCKET", "INVOCATION_ID", "SYSTEMD_EXEC_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with XServer() as x, launch(x) as running:
        x.kill()
        if stays:
            wait_until(lambda: "viewers stay" in running.log(), "the loss")
        else:
            assert running.wait() == LOST


def test_the_opposite(launch, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere")
    with XServer() as x, launch(x, "-noreopen") as running:
        x.kill()
        assert running.wait() == LOST
