"""Keys, pointer and clipboard arrive, from those who may, and are let go."""

import subprocess

import pytest
from Xlib import XK

from lib.decode import HEXTILE
from lib.process import end
from lib.recorder import Recorder
from lib.rfb import CURSOR, CutText, Viewer
from lib.terminal import Terminal
from lib.transport import KINDS, connect
from lib.wait import wait_until
from lib.xserver import XServer

RETURN, SHIFT, CONTROL, ALTGR = 0xFF0D, 0xFFE1, 0xFFE3, 0xFE03
SHIFTED = 'Hello, World! ~@#$%^&*()_+{}|:"<>? aZ09'


def keysym(character):
    """Latin-1 as it is, the rest as Unicode keysyms."""
    code = ord(character)
    return code if code < 256 else 0x1000000 + code


def type_line(viewer, text):
    viewer.type(*[keysym(c) for c in text], RETURN)


@pytest.fixture
def recorder(display):
    window = Recorder(display)
    yield window
    window.destroy()


def held(display):
    """How many keys and buttons the X server holds down."""
    keys = sum(bin(byte).count("1") for byte in display.query_keymap())
    buttons = display.screen().root.query_pointer().mask & 0x1F00
    return keys, buttons


def test_typing(xserver, server, kind, tmp_path):
    with Terminal(xserver, str(tmp_path / "typed")) as terminal:
        with Viewer(connect(kind, server.port)) as viewer:
            type_line(viewer, SHIFTED)
            terminal.wait_for(SHIFTED + "\n")


@pytest.mark.parametrize("text", ["äöüßÄÖÜ éèñ £§", "€ ¤ œŒ", "привет мир",
                                  "日本語", "αβγ → ✓"])
def test_typing_beyond_the_keyboard(xserver, server, tmp_path, text):
    with Terminal(xserver, str(tmp_path / "typed")) as terminal:
        with Viewer(connect("ws", server.port)) as viewer:
            type_line(viewer, text)
            terminal.wait_for(text + "\n")


def test_typing_more_characters_than_spare_keys(xserver, server, tmp_path):
    """Faster than anyone types, but no more at once than xterm is sure to come
    to in time: it looks a key up only when it comes to the event, and the key
    may be another by then."""
    lines = ["".join(chr(0x4E00 + 10 * line + place) for place in range(10))
             for line in range(12)]
    with Terminal(xserver, str(tmp_path / "typed")) as terminal:
        with Viewer(connect("ws", server.port)) as viewer:
            for number, line in enumerate(lines):
                viewer.type(*map(keysym, line), RETURN)
                terminal.wait_for(
                    "".join(f"{done}\n" for done in lines[:number + 1]))


def test_german_keyboard(launch, tmp_path):
    text = "yz YZ @{[]}\\~ €µ äöü ÄÖÜ ß?"
    with XServer() as x:
        x.run("setxkbmap", "de")
        with launch(x) as running, Terminal(
                x, str(tmp_path / "typed")) as terminal:
            with Viewer(connect("ws", running.port)) as viewer:
                type_line(viewer, text)
                terminal.wait_for(text + "\n")


def test_altgr_held_by_the_viewer(launch, tmp_path):
    with XServer() as x:
        x.run("setxkbmap", "de")
        with launch(x) as running, Terminal(
                x, str(tmp_path / "typed")) as terminal:
            with Viewer(connect("ws", running.port)) as viewer:
                viewer.key(ALTGR, True)
                viewer.type(keysym("@"), keysym("{"))
                viewer.key(ALTGR, False)
                viewer.key(SHIFT, True)
                viewer.type(keysym("A"), keysym("Ä"))
                viewer.key(SHIFT, False)
                viewer.type(RETURN)
                terminal.wait_for("@{AÄ\n")


def test_keyboard_changed_under_way(launch, tmp_path):
    with XServer() as x, launch(x) as running, Terminal(
            x, str(tmp_path / "typed")) as terminal:
        with Viewer(connect("ws", running.port)) as viewer:
            type_line(viewer, "yz@")
            terminal.wait_for("yz@\n")
            x.run("setxkbmap", "de")
            type_line(viewer, "yz@")
            terminal.wait_for("yz@\nyz@\n")


def test_control_letters(server, display, recorder):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.pointer(50, 60)
        viewer.key(CONTROL, True)
        viewer.type(keysym("c"))
        viewer.key(CONTROL, False)
        control = display.keysym_to_keycode(CONTROL)
        letter = display.keysym_to_keycode(XK.XK_c)
        recorder.wait_for([
            ("key", control, 50, 60), ("key", letter, 50, 60),
            ("keyup", letter, 50, 60), ("keyup", control, 50, 60)])


def test_clicks_land_on_their_pixel(server, kind, recorder):
    places = [(0, 0), (639, 479), (123, 45), (320, 240)]
    with Viewer(connect(kind, server.port)) as viewer:
        wanted = []
        for button, (x, y) in enumerate(places):
            button = button % 3 + 1
            viewer.pointer(x, y)
            viewer.pointer(x, y, 1 << button - 1)
            viewer.pointer(x, y)
            wanted += [("press", button, x, y), ("release", button, x, y)]
        recorder.wait_for(wanted)


def test_wheel(server, recorder):
    with Viewer(connect("ws", server.port)) as viewer:
        wanted = []
        for button in (4, 5, 6, 7):
            viewer.pointer(200, 100, 1 << button - 1)
            viewer.pointer(200, 100)
            wanted += [("press", button, 200, 100),
                       ("release", button, 200, 100)]
        recorder.wait_for(wanted)


def test_clicks_with_a_clip(launch, xserver, recorder):
    with launch(xserver, "-clip", "200x100+300+200") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.pointer(10, 20, 1)
            viewer.pointer(10, 20)
            recorder.wait_for([("press", 1, 310, 220),
                               ("release", 1, 310, 220)])


def test_pointer_outside_the_screen_harms_nobody(server, display):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.pointer(65535, 65535)
        viewer.pointer(60000, 3)
        viewer.round_trip()
        place = display.screen().root.query_pointer()
        assert place.root_x <= 639 and place.root_y <= 479


def send_everything(viewer):
    viewer.pointer(99, 98, 1)
    viewer.pointer(99, 98)
    viewer.type(keysym("x"))
    viewer.cut_text(b"not allowed")


@pytest.mark.parametrize("how", ["option", "password"])
def test_view_only_input_is_ignored(launch, xserver, display, recorder, how):
    options = {"option": (["-viewonly"], ["-passwd", "look"]),
               "password": ([], ["-passwd", "full", "-viewpasswd", "look"])}
    extra, passwords = options[how]
    display.screen().root.warp_pointer(7, 9)
    display.sync()
    recorder.take()
    recorder.events.clear()
    with launch(xserver, *extra, password_option=passwords) as running:
        for kind in KINDS:
            with Viewer(connect(kind, running.port),
                        password="look") as viewer:
                send_everything(viewer)
                viewer.round_trip()
    assert recorder.take() == []
    place = display.screen().root.query_pointer()
    assert (place.root_x, place.root_y) == (7, 9)
    assert clipboard_of(xserver) != "not allowed"


@pytest.mark.parametrize("how", ["close", "abort", "server"])
def test_what_was_held_is_released(launch, xserver, display, kind, how,
                                   recorder):
    with launch(xserver) as running:
        viewer = Viewer(connect(kind, running.port))
        viewer.pointer(30, 30, 1 | 4)
        viewer.key(SHIFT, True)
        viewer.key(keysym("A"), True)
        viewer.key(CONTROL, True)
        wait_until(lambda: held(display)[0] >= 3 and held(display)[1],
                   "the keys are down")
        if how == "server":
            running.stop()
        else:
            getattr(viewer.stream, how)()
        wait_until(lambda: held(display) == (0, 0), "all is let go")
        viewer.close()


def test_two_viewers_release_only_their_own(server, display, recorder):
    with Viewer(connect("ws", server.port)) as one:
        with Viewer(connect("ws", server.port)) as other:
            one.key(SHIFT, True)
            other.key(CONTROL, True)
            wait_until(lambda: held(display)[0] == 2, "both are down")
        wait_until(lambda: held(display)[0] == 1, "one is let go")
        one.round_trip()
        assert held(display)[0] == 1
    wait_until(lambda: held(display)[0] == 0, "the other too")


# --- clipboard ---

def clipboard_of(xserver, selection="clipboard"):
    done = subprocess.run(
        ["timeout", "5", "xclip", "-o", "-selection", selection],
        env=xserver.environment, capture_output=True, check=False)
    return done.stdout.decode(errors="replace")


def own_clipboard(xserver, text, selection="clipboard"):
    process = xserver.start("xclip", "-quiet", "-selection", selection, "-i",
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    process.stdin.write(text.encode())
    process.stdin.close()
    return process


@pytest.mark.parametrize("text", ["Grüße, Wörld", "two\nlines\n", "x" * 50000],
                         ids=["umlauts", "lines", "long"])
def test_text_copied_by_a_viewer(server, xserver, kind, text):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.cut_text(text.encode("latin-1"))
        wait_until(lambda: clipboard_of(xserver) == text, "CLIPBOARD")
        wait_until(lambda: clipboard_of(xserver, "primary") == text,
                   "PRIMARY")


@pytest.mark.parametrize("text", ["Grüße zurück", "a\nb", "y" * 50000],
                         ids=["umlauts", "lines", "long"])
def test_text_copied_on_the_screen(server, xserver, kind, text):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR)
        viewer.round_trip()
        owner = own_clipboard(xserver, text)
        try:
            while viewer.next(CutText).text != text.encode("latin-1"):
                pass
        finally:
            end(owner)


def test_text_latin1_cannot_say(server, xserver):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.round_trip()
        owner = own_clipboard(xserver, "5 € für 日本")
        try:
            while True:
                text = viewer.next(CutText).text
                if text.startswith(b"5 "):
                    break
            assert "für".encode("latin-1") in text
            assert b"\xe2\x82" not in text, "UTF-8 in a Latin-1 message"
        finally:
            end(owner)


def test_text_reaches_the_other_viewers(server):
    with Viewer(connect("ws", server.port)) as one, \
            Viewer(connect("rfb", server.port)) as other:
        other.set_encodings(HEXTILE, CURSOR)
        other.round_trip()
        one.cut_text(b"for all")
        assert other.next(CutText).text == b"for all"


def test_own_text_is_not_echoed(server, xserver):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.cut_text(b"from one")
        wait_until(lambda: clipboard_of(xserver) == "from one", "CLIPBOARD")
        viewer.request(incremental=False, width=1, height=1)
        assert viewer.read_message() != CutText(b"from one")
