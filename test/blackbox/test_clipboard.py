"""Copy and paste between the X side and viewers with and without the Extended
Clipboard, and among viewers; with owners and viewers that misbehave."""

import contextlib
import random
import struct
import time
import zlib

import pytest

from lib.clipboard import (
    ACTIONS, DIB, HTML, NOTIFY, PROVIDE, REQUEST, RTF, TEXT, ClipboardViewer,
    Copier, Owner, packed, paste)
from lib.decode import HEXTILE
from lib.process import end
from lib.rfb import CURSOR, CutText, Viewer
from lib.transport import KINDS, connect
from lib.wait import HANG_GUARD_S, wait_until

ALL_TEXT = "Жёлтый 日本語 😀 “€”\nGrüße\n"
LONG = "".join(f"{n:07} 日本\n" for n in range(1 << 16))[:500000]


@pytest.fixture
def copy(xserver):
    copiers = []

    def act(data, *arguments):
        if isinstance(data, str):
            data = data.encode()
        copiers.append(Copier(xserver, data, *arguments))

    yield act
    for copier in copiers:
        end(copier.process)


@pytest.fixture
def owner(display):
    owner = Owner(display)
    yield owner
    owner.close()


def extended(server, **keywords):
    return ClipboardViewer(connect("rfb", server.port), **keywords)


def pasted(xserver, text, **keywords):
    wait_until(lambda: paste(xserver, **keywords) == text.encode(), "a paste")


def hears_nothing(viewer):
    """Nor has it heard anything that was not asked for yet."""
    viewer.refresh()
    return viewer.heard == []


def paste_with(xserver, viewer, text):
    """An X client waits until the viewer has answered."""
    asked = xserver.start("xclip", "-o", "-selection", "clipboard", stdout=-1)
    assert viewer.next_action(REQUEST).forms == TEXT
    viewer.provide({TEXT: text + b"\0"})
    return asked.communicate(timeout=30)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways(launch, xserver, copy, kind):
    with launch(xserver) as running, \
            ClipboardViewer(connect(kind, running.port)) as viewer:
        copy(ALL_TEXT)
        assert viewer.take_text() == ALL_TEXT
        # It has what was copied last: is this the same?
        viewer.notify()
        assert viewer.next_action(REQUEST).forms == TEXT
        viewer.provide({TEXT: "back 😀\r\n\0".encode()}, finish=False)
        pasted(xserver, "back 😀\n")
        pasted(xserver, "back 😀\n", selection="primary")


def test_present_at_the_start(launch, xserver, copy):
    copy("before")
    wait_until(lambda: paste(xserver) == b"before", "the copy")
    with launch(xserver) as running, extended(running) as viewer:
        assert viewer.take_text() == "before"
        with extended(running) as second:
            assert second.take_text() == "before"


def test_viewer_without_capabilities(launch, xserver, copy):
    """libvncclient: only what comes unasked, and it sends so, too."""
    with launch(xserver) as running, extended(running, caps=None) as viewer:
        copy(ALL_TEXT)
        assert viewer.take_text(announced=False) == ALL_TEXT
        viewer.notify()
        viewer.provide({TEXT: "нет\0".encode()})
        pasted(xserver, "нет")


def test_nothing_is_fetched_before_it_is_wanted(launch, xserver, display,
                                                owner):
    with launch(xserver) as running:
        with Viewer(connect("rfb", running.port), login=False) as silent:
            owner.own()
            silent.greet("003.008")
            assert owner.requests() == []
        with extended(running) as viewer:
            owner.offer("UTF8_STRING", "text/html", "image/png")
            assert viewer.next_action(NOTIFY).forms == TEXT
            viewer.round_trip()
            assert owner.requests() == []
            viewer.say(REQUEST | TEXT)
            owner.serve("UTF8_STRING", "UTF8_STRING", 8, "так".encode())
            assert viewer.next_action(PROVIDE).parts == {
                TEXT: "так\0".encode()}
        # The other way: nobody pastes.
        with extended(running) as viewer, extended(running) as other:
            viewer.next_action(NOTIFY)
            other.next_action(NOTIFY)
            viewer.notify()
            wait_until(lambda: display.get_selection_owner(
                owner.selection) != owner.window, "it is on offer")
            assert hears_nothing(viewer)
            assert other.next_action(NOTIFY).forms == TEXT
            assert paste_with(xserver, viewer, b"on the screen") == (
                b"on the screen")
            assert other.ask().parts == {TEXT: b"on the screen\0"}


BMP = (b"BM" + struct.pack("<IIIIiiHHIIiiII", 14 + 40 + 16, 0, 54, 40, 2, 2,
                           1, 24, 0, 16, 0, 0, 0, 0) + bytes(range(16)))
RICH = [("text/rtf", RTF, rb"{\rtf1 x}", rb"{\rtf1 x}" + b"\0"),
        ("text/html", HTML, "<b>Ж</b>".encode(), None),
        ("image/bmp", DIB, BMP, BMP[14:])]


@pytest.mark.parametrize("target,form,there,wire", RICH,
                         ids=[row[0] for row in RICH])
def test_other_forms(launch, xserver, copy, target, form, there, wire):
    with launch(xserver) as running, extended(
            running, caps=ACTIONS | TEXT | form) as viewer:
        copy(there, "clipboard", target)
        assert viewer.next_action(NOTIFY).forms == form
        part = viewer.ask(form).parts[form]
        assert part == wire or wire is None and there in part
        viewer.notify(form)
        viewer.provide({form: part})
        wait_until(lambda: paste(xserver, target=target) == there, target)


def test_half_a_megabyte_and_more(launch, xserver, copy):
    """INCR, both ways, and what the limit is."""
    with launch(xserver) as running, extended(running) as viewer:
        copy(LONG)
        assert viewer.take_text() == LONG
        back = LONG[::-1]
        viewer.notify()
        viewer.next_action(REQUEST)
        viewer.provide({TEXT: back.encode() + b"\0"})
        pasted(xserver, back)
        # One byte too many, and one that fits.
        copy(b"x" * ((1 << 20) + 1))
        viewer.next_action(NOTIFY)
        viewer.say(REQUEST | TEXT)
        copy(b"x" * (1 << 20))
        assert len(viewer.take_text()) == 1 << 20


def test_limits_are_options(launch, xserver, copy):
    with launch(xserver, "-maxcuttext", 10, "-DLP_ClipAcceptMax=20") \
            as running, extended(running) as viewer:
        copy("0123456789a")
        viewer.next_action(NOTIFY)
        viewer.say(REQUEST | TEXT)
        copy("0123456789")
        assert viewer.take_text() == "0123456789"
        viewer.notify()
        viewer.provide({TEXT: b"x" * 19 + b"\0"})
        pasted(xserver, "x" * 19)
        viewer.provide({TEXT: b"y" * 20 + b"\0"})
        viewer.round_trip()
        assert paste(xserver) == b"x" * 19


def test_an_owner_that_is_silent_or_dies(launch, xserver, display, copy):
    owner = Owner(display)
    with launch(xserver) as running, extended(running) as viewer:
        viewer.refresh()
        owner.requests()
        viewer.refresh()
        owner.own()
        owner.offer("UTF8_STRING")
        viewer.next_action(NOTIFY)
        viewer.say(REQUEST | TEXT)
        viewer.refresh()
        owner.close()
        assert viewer.next_action(NOTIFY).forms == 0
        copy("alive")
        assert viewer.take_text() == "alive"


def test_a_viewer_that_never_answers(launch, xserver):
    """The X client that pastes is refused in the end."""
    with launch(xserver) as running:
        with extended(running) as viewer, extended(running) as other:
            other.heard.clear()
            viewer.notify()
            other.next_action(NOTIFY)
            assert paste(xserver) == b""
            other.refresh()
            # Too late is as good as never.
            viewer.provide({TEXT: b"late\0"})
        # It goes while somebody waits.
        with extended(running) as viewer:
            viewer.heard.clear()
            viewer.notify()
            asked = xserver.start("xclip", "-o", "-selection", "clipboard",
                                  stdout=-1)
            viewer.next_action(REQUEST)
            viewer.stream.abort()
            asked.communicate(timeout=60)
            assert asked.returncode != 0


def test_an_owner_that_changes_all_the_time(launch, xserver, display, owner):
    """A thousand changes cost a few looks, and frames go on."""
    with launch(xserver) as running, extended(running) as viewer, \
            Viewer(connect("rfb", running.port)) as old:
        old.set_encodings(HEXTILE, CURSOR)
        old.round_trip()
        owner.requests()
        began = time.monotonic()
        for _ in range(1000):
            owner.own()
        viewer.refresh()
        old.refresh()
        asked = len(owner.requests())
        # One each 50 ms, and what a late one makes up for.
        most = 40 + (time.monotonic() - began) * 40
        assert asked <= most, f"{asked} requests for 1000 changes"
        # And the last of them counts.
        owner.own()

        def text_of_the_last():
            owner.serve_text(b"the last")
            message = old.read_message() if old.stream.has_input(0.02) else 0
            return isinstance(message, CutText) and message.text
        assert wait_until(text_of_the_last, "a text") == b"the last"


def test_256_mebibytes(launch, xserver, display, owner):
    """An owner that never stops sending is not listened to any more."""
    with launch(xserver) as running, extended(running) as viewer:
        owner.offer("UTF8_STRING")
        viewer.next_action(NOTIFY)
        viewer.say(REQUEST | TEXT)
        event = owner.serve("UTF8_STRING", "INCR", 32, [256 << 20])
        piece, taken = b"x" * 200000, 0

        def is_taken():
            """Within some turns of the program, however long they take."""
            for _ in range(50):
                if not event.requestor.get_property(event.property, 0, 0, 1):
                    return True
                viewer.round_trip()
            return False

        while is_taken() and taken < 256 << 20:
            event.requestor.change_property(
                event.property, owner.atom("UTF8_STRING"), 8, piece)
            owner.display.sync()
            taken += len(piece)
        viewer.refresh()
        assert 1 << 20 < taken <= (1 << 20) + 2 * len(piece)


def test_viewers_that_may_only_look(launch, xserver, copy):
    copy("untouched")
    with launch(xserver, "-viewonly") as running:
        with Viewer(connect("rfb", running.port)) as viewer:
            viewer.set_encodings(HEXTILE, CURSOR)
            for flags, payload in (
                    (ACTIONS | TEXT, bytes(4)), (NOTIFY | TEXT, b""),
                    (PROVIDE | TEXT, packed({TEXT: b"in\0"}))):
                viewer.stream.write(struct.pack(
                    ">BxxxiI", 6, -4 - len(payload), flags) + payload)
            viewer.round_trip()
            assert viewer.is_quiet(0.2)
    assert paste(xserver) == b"untouched"


SWITCHES = [  # options, told of CLIPBOARD, of PRIMARY; sets these
    ([], 1, 1, 1, 1),
    (["-nosel"], 0, 0, 0, 0),
    (["-noprimary"], 1, 0, 1, 1),
    (["-noclipboard"], 0, 1, 1, 1),
    (["-nosetprimary"], 1, 1, 1, 0),
    (["-nosetclipboard"], 1, 1, 0, 1),
    (["-seldir", "send"], 1, 1, 0, 0),
    (["-seldir", "recv"], 0, 0, 1, 1),
    (["-SendCutText=0"], 0, 0, 1, 1),
    (["-noclipboardrecv"], 1, 1, 0, 0),
    (["SendPrimary=0", "SetPrimary=0"], 1, 0, 1, 0),
]


@pytest.mark.parametrize("options,clipboard,primary,to_clipboard,to_primary",
                         SWITCHES, ids=[" ".join(r[0]) for r in SWITCHES])
def test_switches(launch, xserver, copy, options, clipboard, primary,
                  to_clipboard, to_primary):
    copy("start")
    copy("start", "primary")
    for selection in ("clipboard", "primary"):
        pasted(xserver, "start", selection=selection)
    with launch(xserver, *options) as running, \
            Viewer(connect("rfb", running.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR)
        viewer.round_trip()

        def hears(text):
            while viewer.stream.has_input(HANG_GUARD_S if text else 0.2):
                message = viewer.read_message()
                if isinstance(message, CutText) and message.text == text:
                    return True
            return False

        for selection, told in (("clipboard", clipboard),
                                ("primary", primary)):
            copy(f"on {selection}", selection)
            pasted(xserver, f"on {selection}", selection=selection)
            assert hears(f"on {selection}".encode() if told else b"") == bool(
                told)
        viewer.cut_text(b"from the viewer")
        viewer.round_trip()
        for selection, there in (("clipboard", to_clipboard),
                                 ("primary", to_primary)):
            text = b"from the viewer" if there else f"on {selection}".encode()
            assert paste(xserver, selection) == text


def test_the_bell_can_be_off(launch, xserver, display):
    with launch(xserver, "-nobell") as running, \
            Viewer(connect("rfb", running.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR)
        viewer.round_trip()
        display.bell(100)
        display.sync()
        assert viewer.is_quiet(0.3)


def test_two_that_repeat_each_other(launch, xserver, copy):
    """A clipboard manager and viewers that send back what they get: told
    once, not for ever."""
    with launch(xserver) as running, extended(running) as one, \
            extended(running) as other:
        one.notify()
        assert other.next_action(NOTIFY).forms == TEXT
        other.say(REQUEST | TEXT)
        one.next_action(REQUEST)
        one.provide({TEXT: b"ping\0"})
        other.next_action(PROVIDE)
        other.notify()  # as if it were its own
        other.next_action(REQUEST)
        other.provide({TEXT: b"ping\0"})
        pasted(xserver, "ping")
        copy("ping")  # takes it over
        pasted(xserver, "ping")
        other.round_trip()
        one.round_trip()
        time.sleep(0.2)  # the pace at which the X side is looked at, and more
        assert hears_nothing(one) and hears_nothing(other)
        copy("pong")
        assert one.take_text() == "pong"


def lengths():
    zeros = zlib.compress(bytes(32 << 20), 9)
    good = packed({TEXT: b"x\0"})
    for forms in [0, 1, 2, 4, 8, 16, 1 << 15, 0xFFFF]:
        for action in (0, REQUEST, NOTIFY, PROVIDE, ACTIONS, 0xFF000000,
                       0x00FF0000):
            yield action | forms, b""
            yield action | forms, good
    for size in (0, 1, 1 << 20, (1 << 20) + 1, 0x7FFFFFFF, 0xFFFFFFFF):
        yield PROVIDE | TEXT, zlib.compress(struct.pack(">I", size) + b"abc")
        yield PROVIDE | TEXT | HTML, zlib.compress(
            struct.pack(">I", size) + bytes(size & 0x1FFFFF))
    yield PROVIDE | TEXT, zeros[:1 << 20]
    yield PROVIDE | 0xFFFF, zeros[:1 << 20]
    for cut in range(len(good)):
        yield PROVIDE | TEXT, good[:cut]


@pytest.mark.parametrize("view_only", [False, True])
def test_hostile_messages(launch, xserver, view_only):
    """HOSTILE row 6. All of it on one connection, which stays in step."""
    options = ["-viewonly"] if view_only else []
    with launch(xserver, *options) as running, \
            Viewer(connect("rfb", running.port)) as viewer:
        viewer.set_encodings(HEXTILE, CURSOR, 0xC0A1E5CE - (1 << 32))
        viewer.__class__ = Tolerant
        for flags, payload in lengths():
            viewer.stream.write(struct.pack(
                ">BxxxiI", 6, -4 - len(payload), flags) + payload)
        for length in (0, -1, -2, -3):
            viewer.stream.write(
                struct.pack(">Bxxxi", 6, length) + bytes(-length))
        for length in ((1 << 20) + 1, -(1 << 20) - 5000, -(8 << 20)):
            viewer.stream.write(struct.pack(">Bxxxi", 6, length))
            viewer.stream.write(bytes(abs(length)))
        chance = random.Random(6)
        for _ in range(300):
            payload = chance.randbytes(chance.randrange(60))
            viewer.stream.write(struct.pack(
                ">BxxxiI", 6, -4 - len(payload),
                chance.getrandbits(32)) + payload)
        viewer.refresh()


class Tolerant(Viewer):
    """Takes whatever clipboard message it provoked."""

    def read_cut_text(self):
        _, length = struct.unpack(">3si", self.stream.read(7))
        return self.stream.read(abs(length))


def test_flood_of_news_without_reading(launch, xserver):
    """It has what was copied last, so each time it is asked whether that is
    the same. Who never hears the question goes."""
    with launch(xserver) as running, extended(running) as viewer:
        viewer.notify()
        viewer.provide({TEXT: b"mine\0"})
        pasted(xserver, "mine")
        news = struct.pack(">BxxxiI", 6, -4, NOTIFY | TEXT)
        with contextlib.suppress(OSError):
            for _ in range(1000):
                viewer.stream.socket.sendall(news * 1000)
        wait_until(lambda: "event=end" in running.log(), "it goes")
        assert "does not read what it asks for" in running.log()
