"""Text typed through a viewer is what an X client reads, whatever the layout;
and the keymap is afterwards what it was."""

import os
import subprocess

import pytest

from lib.process import end, start
from lib.rfb import QEMU_KEYS, Viewer
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

SHIFT, ALTGR, MULTI, DEAD_ACUTE, DEAD_DIAERESIS = (
    0xFFE1, 0xFE03, 0xFF20, 0xFE51, 0xFE57)

# Legacy keysyms of Cyrillic letters, where the viewer is an old one.
KOI8 = {"п": 0x6D0, "р": 0x6D2, "и": 0x6C9, "в": 0x6D7, "е": 0x6C5,
        "т": 0x6D4, "П": 0x6F0, "ж": 0x6D6, "Ж": 0x6F6}

TEXT = ('aZ09 .,:;-_#+*~!"$%&/()=?{[]}\\@|<>^`\''
        "äöüßÄÖÜéèêñÑçÇőűŐŰáíóúãõ€£§µ"
        "Привет, Жёлтый мир! "
        "日本語かなカナ한국어 שלום αβγ "
        "😀🎉🚀 → ✓ ½ “quoted”")

# What the keys of the layout make: (modifier's scan code or 0, scan code).
BARE, SHIFTED, BY_ALTGR = 0, 0x2A, 0xB8
PLACES = {
    "us": [(BARE, 0x1E, "a"), (SHIFTED, 0x03, "@"), (BARE, 0x2B, "\\")],
    "de": [(BARE, 0x15, "z"), (SHIFTED, 0x1A, "Ü"), (BY_ALTGR, 0x10, "@"),
           (BY_ALTGR, 0x12, "€"), (BARE, 0x0D, ""), (BARE, 0x12, "é"),
           (BARE, 0x56, "<")],
    "fr": [(BARE, 0x10, "a"), (BARE, 0x03, "é"), (SHIFTED, 0x03, "2"),
           (BY_ALTGR, 0x12, "€"), (BARE, 0x1A, ""), (BARE, 0x12, "ê")],
    "es": [(BARE, 0x27, "ñ"), (BARE, 0x28, ""), (BARE, 0x1E, "á"),
           (BY_ALTGR, 0x03, "@")],
    "pt": [(BARE, 0x27, "ç"), (BARE, 0x1B, ""), (BARE, 0x12, "é"),
           (BY_ALTGR, 0x12, "€")],
    "hu": [(BARE, 0x15, "z"), (BARE, 0x0B, "ö"), (BARE, 0x1A, "ő"),
           (SHIFTED, 0x2B, "Ű"), (BY_ALTGR, 0x2F, "@")],
    "ru": [(BARE, 0x1E, "ф"), (SHIFTED, 0x1E, "Ф"), (BARE, 0x29, "ё")],
    "jp": [(SHIFTED, 0x03, '"'), (BARE, 0x1A, "@"), (SHIFTED, 0x73, "_")],
    "us,ru": [(BARE, 0x1E, "a"), (SHIFTED, 0x1E, "A")],
    "de,us": [(BARE, 0x15, "z"), (BY_ALTGR, 0x10, "@")],
}


class Reader:
    """test/typed, which tells what it reads."""

    def __init__(self, program, xserver, path):
        self.path = path
        environment = dict(xserver.environment, LC_ALL="C.UTF-8")
        with open(path, "wb") as out:
            self.process = start(
                [os.path.join(os.path.dirname(program), "test", "typed")],
                env=environment, stdin=subprocess.PIPE, stdout=out,
                stderr=subprocess.PIPE)
        assert self.process.stderr.readline() == b"ready\n"

    def wait_for(self, text):
        def typed():
            with open(self.path, encoding="utf-8", errors="replace") as file:
                return file.read()
        try:
            wait_until(lambda: typed() == text, "typed")
        except AssertionError:
            raise AssertionError(f"typed {text!r}, but {typed()!r} came"
                                 ) from None

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.stdin.close()
        end(self.process)


def keysym(character):
    code = ord(character)
    return code if code < 256 else 0x1000000 + code


def keymap(xserver):
    return subprocess.run(
        ["xkbcomp", "-w0", xserver.display, "-"], env=xserver.environment,
        capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def own_xserver():
    with XServer() as server:
        yield server


@pytest.fixture(params=sorted(PLACES))
def layout(request, own_xserver):
    own_xserver.run("setxkbmap", request.param)
    return request.param


@pytest.fixture
def reader(program, own_xserver, tmp_path):
    with Reader(program, own_xserver, str(tmp_path / "typed")) as running:
        yield running


def test_by_symbol(launch, own_xserver, layout, reader):
    before = keymap(own_xserver)
    with launch(own_xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.type(*[keysym(c) for c in TEXT])
            viewer.type(*[KOI8[c] for c in "привет"])
            viewer.type(DEAD_ACUTE, ord("e"), DEAD_DIAERESIS, ord("U"))
            viewer.type(MULTI, ord("o"), ord("c"))
            reader.wait_for(TEXT + "приветéÜ©")
        assert keymap(own_xserver) != before, "nothing was borrowed"
    assert keymap(own_xserver) == before


def test_by_symbol_with_shift_held(launch, own_xserver, layout, reader):
    """As a person types: with modifiers that the viewer presses itself."""
    with launch(own_xserver) as running:
        with Viewer(connect("rfb", running.port)) as viewer:
            for modifier, text in ((SHIFT, "AbÄЖ!€日"), (ALTGR, "@q€{ä😀")):
                viewer.key(modifier, True)
                viewer.type(*[keysym(c) for c in text])
                viewer.key(modifier, False)
            reader.wait_for("AbÄЖ!€日@q€{ä😀")


def test_by_place(launch, own_xserver, layout, reader):
    before = keymap(own_xserver)
    with launch(own_xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.set_encodings(0, QEMU_KEYS)
            for modifier, place, _ in PLACES[layout]:
                for code in (modifier, place):
                    if code:
                        viewer.qemu_key(0, code, True)
                for code in (place, modifier):
                    if code:
                        viewer.qemu_key(0, code, False)
            reader.wait_for("".join(text for _, _, text in PLACES[layout]))
        assert keymap(own_xserver) == before
    assert keymap(own_xserver) == before


def test_a_crash_is_mended_by_the_next_start(launch, own_xserver, reader):
    own_xserver.run("setxkbmap", "us")
    before = keymap(own_xserver)
    with launch(own_xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.type(*[keysym(c) for c in "日本ж"])
            reader.wait_for("日本ж")
            running.kill()
            running.judged = True
    assert keymap(own_xserver) != before
    with launch(own_xserver):
        assert keymap(own_xserver) == before
    assert keymap(own_xserver) == before
