"""Keys and pointers of several viewers, lights, and the options for them."""

import pytest

from lib.decode import HEXTILE
from lib.recorder import Recorder
from lib.rfb import (
    CURSOR, EXTENDED_MOUSE, LED_STATE, POINTER_PLACE, QEMU_KEYS,
    VMWARE_POINTER_PLACE, Viewer)
from lib.transport import connect
from lib.wait import wait_until

CAPS_LOCK, SHIFT = 0xFFE5, 0xFFE1


@pytest.fixture
def recorder(display):
    window = Recorder(display)
    yield window
    window.destroy()


def move_mouse(xserver, display, x, y):
    """As a mouse does, which the X server tells of; warping it does not."""
    display.screen().root.warp_pointer(x - 5, y - 5)
    display.sync()
    xserver.run("xdotool", "mousemove_relative", "5", "5")


def read_until(viewer, condition, what):
    """Asks for changes and reads until this holds."""
    def holds():
        if not viewer.asked:
            viewer.request()
        while viewer.stream.has_input(0.05):
            viewer.read_message()
            if not viewer.asked:
                viewer.request()
        return condition()
    wait_until(holds, what)


def test_lights_from_the_start_and_at_every_change(server, kind):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR, LED_STATE, QEMU_KEYS)
        viewer.refresh()
        assert viewer.leds == 0
        assert QEMU_KEYS in viewer.told
        try:
            viewer.type(CAPS_LOCK)
            read_until(viewer, lambda: viewer.leds == 4, "Caps Lock is on")
        finally:
            viewer.type(CAPS_LOCK)
        read_until(viewer, lambda: viewer.leds == 0, "Caps Lock is off")


def test_keys_by_place(server, display, recorder):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.pointer(50, 60)
        viewer.qemu_key(0, 0x1E, True)
        viewer.qemu_key(0, 0x1E, False)
        viewer.qemu_key(0, 0xC8, True)
        viewer.qemu_key(0, 0xC8, False)
        letter = display.keysym_to_keycode(ord("a"))
        up = display.keysym_to_keycode(0xFF52)
        recorder.wait_for([
            ("key", letter, 50, 60), ("keyup", letter, 50, 60),
            ("key", up, 50, 60), ("keyup", up, 50, 60)])


def test_a_key_two_viewers_hold(server, display):
    def down():
        return sum(bin(byte).count("1") for byte in display.query_keymap())

    with Viewer(connect("ws", server.port)) as one:
        ended = server.log().count("event=end")
        with Viewer(connect("rfb", server.port)) as other:
            one.key(SHIFT, True)
            other.qemu_key(SHIFT, 0x2A, True)
            other.round_trip()
            wait_until(lambda: down() == 1, "it is down")
        wait_until(lambda: server.log().count("event=end") > ended,
                   "the other has gone")
        one.round_trip()
        assert down() == 1, "still held by the one"
    wait_until(lambda: down() == 0, "both have let go")


def test_back_and_forward(server, recorder):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR, EXTENDED_MOUSE)
        viewer.refresh()
        assert EXTENDED_MOUSE in viewer.told
        for more in (1, 2):
            viewer.stream.write(bytes([5, 0x80, 0, 20, 0, 30, more]))
            viewer.pointer(20, 30)
        recorder.wait_for([
            ("press", 8, 20, 30), ("release", 8, 20, 30),
            ("press", 9, 20, 30), ("release", 9, 20, 30)])


def test_drags_are_not_torn(server, recorder):
    with Viewer(connect("ws", server.port)) as one, \
            Viewer(connect("rfb", server.port)) as other:
        one.pointer(10, 10, 1)
        one.round_trip()
        for x in range(200, 260, 10):
            other.pointer(x, 300)
        other.pointer(300, 300, 4)
        other.pointer(300, 300)
        other.round_trip()
        one.pointer(40, 40, 1)
        one.pointer(40, 40)
        one.round_trip()
        other.pointer(310, 310, 4)
        other.pointer(310, 310)
        recorder.wait_for([
            ("press", 1, 10, 10), ("release", 1, 40, 40),
            ("press", 3, 310, 310), ("release", 3, 310, 310)])
        torn = [e for e in recorder.events if e[0] == "move" and e[3] == 300]
        assert torn == []


@pytest.mark.parametrize("form", [POINTER_PLACE, VMWARE_POINTER_PLACE])
def test_where_the_local_user_points(server, xserver, display, form):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR, form)
        viewer.refresh()
        move_mouse(xserver, display, 111, 222)
        read_until(viewer, lambda: (111, 222) in viewer.places, "told")
        viewer.places.clear()
        viewer.pointer(55, 66)
        viewer.round_trip()
        viewer.round_trip()
        assert viewer.places == [], "its own motion came back"
        # What a program does, the X server tells nobody.
        display.screen().root.warp_pointer(77, 88)
        display.sync()
        viewer.refresh()
        read_until(viewer, lambda: (77, 88) in viewer.places, "told")


def test_who_only_watches_sees_the_pointer(launch, xserver, display):
    """In the picture: few viewers draw one that their mouse does not move."""
    display.screen().root.warp_pointer(300, 200)
    display.sync()
    with launch(xserver, "-viewonly") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(HEXTILE, CURSOR)
            viewer.refresh()
            before = viewer.rgb().copy()
            move_mouse(xserver, display, 100, 90)
            read_until(
                viewer, lambda: (viewer.rgb() != before)[80:110,
                                                         90:120].any(),
                "the pointer is painted there")
            assert viewer.cursor is None


def test_input_letters(launch, xserver, recorder):
    with launch(xserver, "-input", "MB") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.pointer(9, 8, 1)
            viewer.type(ord("x"))
            viewer.pointer(9, 8)
            viewer.round_trip()
            recorder.wait_for([("press", 1, 9, 8), ("release", 1, 9, 8)])


def test_options_of_keys_and_buttons(launch, xserver, display, recorder):
    with launch(xserver, "-remap", "a-b", "-buttonmap", "13-31") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.pointer(9, 8, 1)
            viewer.pointer(9, 8)
            viewer.type(ord("a"))
            letter = display.keysym_to_keycode(ord("b"))
            recorder.wait_for([
                ("press", 3, 9, 8), ("release", 3, 9, 8),
                ("key", letter, 9, 8), ("keyup", letter, 9, 8)])


def test_storm(server, display):
    """Keys and buttons of all kinds, faster than they can be pressed: the
    viewer goes on, another is not held up, and nothing stays down."""
    import random
    chance = random.Random(5)
    with Viewer(connect("ws", server.port)) as storm, \
            Viewer(connect("ws", server.port)) as other:
        for _ in range(3000):
            what = chance.randrange(4)
            if what == 0:
                storm.key(chance.choice(
                    [0x1000000 + chance.randrange(0x11000),
                     chance.randrange(0x10000), chance.randrange(1 << 32)]),
                    chance.random() < .6)
            elif what == 1:
                storm.qemu_key(chance.choice([0, chance.randrange(256)]),
                               chance.randrange(1 << 16) if
                               chance.random() < .1 else
                               chance.randrange(2, 0x58),
                               chance.random() < .5)
            else:
                storm.pointer(chance.randrange(1 << 16),
                              chance.randrange(1 << 16),
                              chance.randrange(256))
        other.round_trip()
        storm.round_trip()
    wait_until(lambda: not any(display.query_keymap()), "all keys are up", 60)
    wait_until(lambda: display.screen().root.query_pointer().mask & 0x1F00
               == 0, "all buttons are up")
    assert server.is_alive()
