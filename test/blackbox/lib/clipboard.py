"""A viewer with the Extended Clipboard, and X clients that copy and paste."""

import struct
import subprocess
import zlib
from dataclasses import dataclass

from Xlib import X
from Xlib.protocol.event import SelectionNotify

from .process import tool
from .decode import HEXTILE
from .rfb import CURSOR, CutText, Viewer

EXTENDED = 0xC0A1E5CE - (1 << 32)
TEXT, RTF, HTML, DIB, FILES = (1 << n for n in range(5))
CAPS, REQUEST, PEEK, NOTIFY, PROVIDE = (1 << n for n in range(24, 29))
ACTIONS = CAPS | REQUEST | PEEK | NOTIFY | PROVIDE


@dataclass
class Extended:
    """One message: a single action, its forms, and what came with it."""
    action: int
    forms: int
    parts: dict  # of a Provide: {form: bytes}
    sizes: dict  # of capabilities


def unpack(body):
    flags = struct.unpack(">I", body[:4])[0]
    action, forms = flags & 0xFF000000, flags & 0xFFFF
    assert flags == action | forms, f"reserved bits in {flags:#x}"
    listed = [1 << n for n in range(16) if forms & 1 << n]
    if action & CAPS:
        assert len(body) == 4 + 4 * len(listed), "sizes of other forms"
        return Extended(CAPS, forms, {}, dict(zip(listed, struct.unpack(
            f">{len(listed)}I", body[4:]))))
    # noVNC drops the connection for any other.
    assert action in (REQUEST, PEEK, NOTIFY, PROVIDE), f"flags {flags:#x}"
    parts = {}
    if action == PROVIDE:
        assert forms, "a Provide of nothing"
        data = zlib.decompress(body[4:])
        for form in listed:
            length = struct.unpack(">I", data[:4])[0]
            assert len(data) >= 4 + length
            parts[form], data = data[4:4 + length], data[4 + length:]
        assert data == b""
    else:
        assert len(body) == 4
    return Extended(action, forms, parts, {})


def packed(parts, finish=True):
    """A Provide's stream, as noVNC makes it where it does not finish."""
    data = b"".join(struct.pack(">I", len(parts[form])) + parts[form]
                    for form in sorted(parts))
    stream = zlib.compressobj()
    return stream.compress(data) + stream.flush(
        zlib.Z_FINISH if finish else zlib.Z_FULL_FLUSH)


class ClipboardViewer(Viewer):
    """caps: what it says it can; None: nothing, as libvncclient."""

    def __init__(self, stream, caps=ACTIONS | TEXT, **keywords):
        self.heard = []  # and not yet asked for
        super().__init__(stream, **keywords)
        self.set_encodings(HEXTILE, CURSOR, EXTENDED)
        self.server_caps = self.next_action(CAPS)
        if caps is not None:
            count = bin(caps & 0xFFFF).count("1")
            self.say(caps, bytes(4 * count))
        self.round_trip()

    def round_trip(self):
        super().round_trip()
        # One more, so that it asks after a picture.
        self.request(incremental=True)

    def read_cut_text(self):
        padding, length = struct.unpack(">3si", self.stream.read(7))
        assert padding == b"\0\0\0"
        if length >= 0:
            return CutText(self.stream.read(length))
        assert -length <= 1 << 26, f"a message of {-length} bytes"
        self.heard.append(unpack(self.stream.read(-length)))
        return self.heard[-1]

    def say(self, flags, payload=b""):
        self.stream.write(struct.pack(
            ">BxxxiI", 6, -4 - len(payload), flags) + payload)

    def notify(self, forms=TEXT):
        self.say(NOTIFY | forms)

    def provide(self, parts, finish=True):
        forms = sum(parts)
        self.say(PROVIDE | forms, packed(parts, finish))

    def next_action(self, action):
        if not self.heard:
            self.next(Extended)
        message = self.heard.pop(0)
        assert message.action == action, message
        return message

    def ask(self, forms=TEXT):
        self.say(REQUEST | forms)
        return self.next_action(PROVIDE)

    def take_text(self, announced=True):
        """What somebody else copied."""
        if announced:
            assert self.next_action(NOTIFY).forms & TEXT
            parts = self.ask().parts
        else:
            parts = self.next_action(PROVIDE).parts
        assert parts[TEXT].endswith(b"\0")
        return parts[TEXT][:-1].decode().replace("\r\n", "\n")


class Copier:
    """xclip, owning a selection until it is ended."""

    def __init__(self, xserver, data, selection="clipboard", target=None):
        command = ["xclip", "-quiet", "-selection", selection, "-i"]
        if target:
            command += ["-t", target]
        self.process = xserver.start(
            *command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.process.stdin.write(data)
        self.process.stdin.close()


def paste(xserver, selection="clipboard", target="UTF8_STRING", seconds=60):
    """What an X client gets; b'' where there is nothing."""
    done = subprocess.run(
        [tool("xclip"), "-o", "-selection", selection, "-t", target],
        env=xserver.environment, capture_output=True, timeout=seconds,
        check=False)
    return done.stdout


class Owner:
    """An X client that owns CLIPBOARD and does as it likes: what it is asked
    is left in `asked` until answer()."""

    def __init__(self, display, selection="CLIPBOARD"):
        self.display = display
        self.window = display.screen().root.create_window(
            0, 0, 1, 1, 0, X.CopyFromParent)
        self.selection = display.intern_atom(selection)
        self.atom = display.intern_atom
        self.own()

    def own(self):
        self.window.set_selection_owner(self.selection, X.CurrentTime)
        self.display.flush()

    def events(self):
        self.display.sync()
        while self.display.pending_events():
            yield self.display.next_event()

    def requests(self):
        """The names of the targets that were asked for since."""
        return [self.display.get_atom_name(event.target)
                for event in self.events()
                if event.type == X.SelectionRequest]

    def serve(self, target, kind, bits, value):
        """Answers the next request, which must be for this target."""
        while True:
            event = self.display.next_event()
            if event.type == X.SelectionRequest:
                break
        name = self.display.get_atom_name(event.target)
        assert name == target, f"asked for {name}"
        self.give(event, kind, bits, value)
        return event

    def give(self, event, kind, bits, value):
        event.requestor.change_property(
            event.property, self.atom(kind), bits, value)
        self.notify(event, event.property)

    def serve_text(self, text):
        """Answers all that was asked until now as the owner of a text."""
        for event in self.events():
            if event.type != X.SelectionRequest:
                continue
            if self.display.get_atom_name(event.target) == "TARGETS":
                self.give(event, "ATOM", 32, [self.atom("UTF8_STRING")])
            else:
                self.give(event, "UTF8_STRING", 8, text)

    def offer(self, *targets):
        self.serve("TARGETS", "ATOM", 32, [self.atom(t) for t in targets])

    def notify(self, event, prop):
        event.requestor.send_event(SelectionNotify(
            time=event.time, requestor=event.requestor,
            selection=event.selection, target=event.target, property=prop))
        self.display.flush()

    def close(self):
        self.window.destroy()
        self.display.sync()
