"""A small, strict RFB viewer. Whatever the server sends that this viewer did
not allow, or that leaves the screen, or that has a bit too many, fails."""

import struct
import time
from dataclasses import dataclass, field

import numpy

from . import vncauth
from .decode import NAMES, RAW, Decoders, decode
from .pixels import PixelFormat, RGB888
from .transport import Closed
from .wait import HANG_GUARD_S

CURSOR, X_CURSOR, ALPHA_CURSOR = -239, -240, -314
VMWARE_CURSOR = 0x574D5664
POINTER_PLACE, VMWARE_POINTER_PLACE = -232, 0x574D5666
QEMU_KEYS, LED_STATE, EXTENDED_MOUSE = -258, -261, -316
DESKTOP_SIZE, EXTENDED_SIZE, DESKTOP_NAME, LAST_RECT = -223, -308, -307, -224
NONE, VNC_AUTH = 1, 2
BANNER = b"RFB 003.008\n"


class Refused(Exception):
    """Login failed as the protocol says it may; `reason` is the server's,
    None where the version has none."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass
class Cursor:
    form: int
    hot: tuple
    pixels: numpy.ndarray  # height x width x 4, straight R,G,B,A


@dataclass
class Update:
    """One FramebufferUpdate; rects are (encoding, x, y, width, height)."""
    rects: list = field(default_factory=list)

    def encodings(self):
        return {rect[0] for rect in self.rects}

    def has_pixels(self):
        return any(encoding in NAMES for encoding in self.encodings())


@dataclass
class CutText:
    text: bytes


@dataclass
class Bell:
    pass


@dataclass
class ColourMap:
    first: int
    count: int


@dataclass
class Screens:
    """What one ExtendedDesktopSize rectangle said."""
    reason: int
    status: int
    width: int
    height: int
    screens: list


class Viewer:
    def __init__(self, stream, version="003.008", password=None, shared=True,
                 login=True):
        self.stream = stream
        self.format = RGB888
        self.encodings = set()
        self.jpeg_allowed = False
        self.decoders = Decoders()
        self.colour_map = None
        self.cursor = None
        self.screens = []
        self.names = []
        self.sizes = []
        self.leds = None
        self.places = []  # of the pointer, as told
        self.told = set()  # extensions that were acknowledged
        self.used = set()  # encodings of all rectangles so far
        self.asked = False  # an incremental request is pending
        self.security_types = None
        if login:
            self.log_in(version, password, shared)

    # --- the handshake ---

    def log_in(self, version="003.008", password=None, shared=True):
        self.greet(version)
        minor = self.effective_minor(version)
        chosen = self.choose(minor, password)
        if chosen == VNC_AUTH:
            self.stream.write(
                vncauth.answer(password or "", self.stream.read(16)))
        self.read_result(minor, chosen)
        self.initialise(shared)

    def greet(self, version):
        greeting = f"RFB {version}\n".encode()
        if self.stream.speaks_first:
            self.stream.write(greeting)
        banner = self.stream.read(12)
        assert banner == BANNER, f"the server greets with {banner!r}"
        if not self.stream.speaks_first:
            self.stream.write(greeting)

    @staticmethod
    def effective_minor(version):
        major, minor = (int(part) for part in version.split("."))
        if major > 3 or minor >= 8:
            return 8
        return 7 if minor == 7 else 3

    def choose(self, minor, password):
        """Reads what is offered, chooses; the type in force."""
        if minor == 3:
            chosen = struct.unpack(">I", self.stream.read(4))[0]
            if chosen == 0:
                raise Refused(self.read_reason())
            self.security_types = [chosen]
            return chosen
        self.security_types = self.read_security_types()
        wanted = NONE if password is None else VNC_AUTH
        assert wanted in self.security_types, (
            f"{wanted} is not offered: {self.security_types}")
        self.stream.write(bytes([wanted]))
        return wanted

    def read_security_types(self):
        count = self.stream.read(1)[0]
        if count == 0:
            raise Refused(self.read_reason())
        types = list(self.stream.read(count))
        assert len(set(types)) == len(types), f"{types} repeats itself"
        return types

    def read_reason(self):
        length = struct.unpack(">I", self.stream.read(4))[0]
        assert 0 < length < 4096, f"a reason of {length} bytes"
        return self.stream.read(length).decode()

    def read_result(self, minor, chosen):
        if chosen == NONE and minor < 8:
            return
        result = struct.unpack(">I", self.stream.read(4))[0]
        if result == 0:
            return
        assert result in (1, 2), f"SecurityResult {result}"
        raise Refused(self.read_reason() if minor >= 8 else None)

    def initialise(self, shared):
        self.stream.write(bytes([1 if shared else 0]))
        self.width, self.height = struct.unpack(">HH", self.stream.read(4))
        self.format = PixelFormat.unpack(self.stream.read(16))
        length = struct.unpack(">I", self.stream.read(4))[0]
        assert length < 4096, f"a name of {length} bytes"
        self.name = self.stream.read(length).decode()
        self._new_picture(self.width, self.height)

    # --- what the viewer says ---

    def set_format(self, form):
        self.stream.write(b"\0\0\0\0" + form.pack())
        self.format = form
        self.colour_map = None

    def set_encodings(self, *numbers):
        self.stream.write(struct.pack(
            f">BxH{len(numbers)}i", 2, len(numbers), *numbers))
        # An update may be on its way that was made under the former list.
        self.encodings |= set(numbers)
        self.jpeg_allowed = self.jpeg_allowed or any(
            -32 <= n <= -23 or -512 <= n <= -412 for n in numbers)

    def request(self, incremental=True, x=0, y=0, width=None, height=None):
        width = self.width if width is None else width
        height = self.height if height is None else height
        self.asked = True
        self.stream.write(struct.pack(
            ">BBHHHH", 3, 1 if incremental else 0, x, y, width, height))

    def key(self, keysym, down):
        self.stream.write(struct.pack(">BBxxI", 4, down, keysym))

    def qemu_key(self, keysym, scancode, down):
        self.stream.write(
            struct.pack(">BBHII", 255, 0, down, keysym, scancode))

    def type(self, *keysyms):
        for keysym in keysyms:
            self.key(keysym, True)
            self.key(keysym, False)

    def pointer(self, x, y, buttons=0):
        self.stream.write(struct.pack(">BBHH", 5, buttons, x, y))

    def cut_text(self, text):
        self.stream.write(struct.pack(">BxxxI", 6, len(text)) + text)

    def set_desktop_size(self, width, height, screens):
        self.stream.write(
            struct.pack(">BxHHBx", 251, width, height, len(screens))
            + b"".join(struct.pack(">IHHHHI", *s) for s in screens))

    # --- what the server says ---

    def read_message(self):
        kind = self.stream.read(1)[0]
        if kind == 0:
            return self._read_update()
        if kind == 1:
            return self._read_colour_map()
        if kind == 2:
            return Bell()
        if kind == 3:
            return self.read_cut_text()
        raise AssertionError(f"unasked message type {kind}")

    def read_cut_text(self):
        padding, length = struct.unpack(">3sI", self.stream.read(7))
        assert padding == b"\0\0\0", "padding is not 0"
        assert length <= 1 << 24, f"cut text of {length} bytes"
        return CutText(self.stream.read(length))

    def _read_colour_map(self):
        assert not self.format.true_colour, "a colour map for true colour"
        padding, first, count = struct.unpack(">cHH", self.stream.read(5))
        assert padding == b"\0" and first + count <= 256
        entries = numpy.frombuffer(self.stream.read(count * 6), ">u2")
        if self.colour_map is None:
            self.colour_map = numpy.zeros((256, 3), "u4")
        self.colour_map[first:first + count] = entries.reshape(-1, 3)
        return ColourMap(first, count)

    def _read_update(self):
        padding, count = struct.unpack(">cH", self.stream.read(3))
        assert padding == b"\0", "padding is not 0"
        open_ended = count == 0xFFFF
        assert not open_ended or LAST_RECT in self.encodings
        update = Update()
        while open_ended or count > 0:
            count -= 1
            rect = self._read_rect()
            if rect[0] == LAST_RECT:
                assert open_ended, "LastRect in a counted update"
                break
            update.rects.append(rect)
        self.asked = False
        return update

    def _read_rect(self):
        x, y, width, height, encoding = struct.unpack(
            ">HHHHi", self.stream.read(12))
        if encoding != RAW:
            assert encoding in self.encodings, (
                f"encoding {encoding} was never listed")
        if encoding in NAMES:
            assert width and height, f"an empty {NAMES[encoding]} rectangle"
            assert x + width <= self.width and y + height <= self.height, (
                f"{NAMES[encoding]} {width}x{height}+{x}+{y} leaves the "
                f"{self.width}x{self.height} screen")
            decode(encoding, self, x, y, width, height)
        else:
            self._read_pseudo(encoding, x, y, width, height)
        self.used.add(encoding)
        return encoding, x, y, width, height

    def _read_pseudo(self, encoding, x, y, width, height):
        if encoding in (CURSOR, X_CURSOR, ALPHA_CURSOR, VMWARE_CURSOR):
            self._read_cursor(encoding, x, y, width, height)
        elif encoding in (POINTER_PLACE, VMWARE_POINTER_PLACE):
            self.places.append((x, y))
        elif encoding == LED_STATE:
            self.leds = self.stream.read(1)[0]
        elif encoding in (QEMU_KEYS, EXTENDED_MOUSE):
            assert encoding not in self.told, "told twice"
            self.told.add(encoding)
        elif encoding == DESKTOP_SIZE:
            assert EXTENDED_SIZE not in self.encodings, (
                "DesktopSize for one who lists ExtendedDesktopSize")
            self.sizes.append((width, height))
            self._new_picture(width, height)
        elif encoding == EXTENDED_SIZE:
            self._read_screens(x, y, width, height)
        elif encoding == DESKTOP_NAME:
            length = struct.unpack(">I", self.stream.read(4))[0]
            assert length < 4096, f"a name of {length} bytes"
            self.names.append(self.stream.read(length).decode())
        elif encoding != LAST_RECT:
            raise AssertionError(f"unknown pseudo-encoding {encoding}")

    def _read_screens(self, reason, status, width, height):
        count = self.stream.read(4)
        assert count[1:] == b"\0\0\0", "padding is not 0"
        screens = [struct.unpack(">IHHHHI", self.stream.read(16))
                   for _ in range(count[0])]
        assert screens, "no screen at all"
        assert len({screen[0] for screen in screens}) == len(screens)
        self.screens.append(Screens(reason, status, width, height, screens))
        if (width, height) != (self.width, self.height):
            self.sizes.append((width, height))
            self._new_picture(width, height)

    def _read_cursor(self, form, x, y, width, height):
        assert width <= 256 and height <= 256, f"cursor {width}x{height}"
        if width and height:
            assert x < width and y < height, "hot spot outside the cursor"
        reader = {CURSOR: self._coloured_cursor, X_CURSOR: self._x_cursor,
                  ALPHA_CURSOR: self._alpha_cursor,
                  VMWARE_CURSOR: self._vmware_cursor}[form]
        self.cursor = Cursor(form, (x, y), reader(width, height))

    def _bits(self, width, height):
        rows = numpy.frombuffer(
            self.stream.read((width + 7) // 8 * height), "u1")
        bits = numpy.unpackbits(rows.reshape(height, (width + 7) // 8), axis=1)
        return bits[:, :width]

    def _coloured_cursor(self, width, height):
        data = self.stream.read(width * height * self.format.size)
        out = numpy.zeros((height, width, 4), "u1")
        if width * height:
            values = self.format.values(data).reshape(height, width)
            out[..., :3] = self.format.to_rgb(
                values, self.colour_map).round().astype("u1")
            out[..., 3] = self._bits(width, height) * 255
        return out

    def _x_cursor(self, width, height):
        out = numpy.zeros((height, width, 4), "u1")
        if width * height:
            colours = numpy.frombuffer(self.stream.read(6), "u1")
            bitmap = self._bits(width, height)
            out[..., :3] = numpy.where(
                bitmap[..., None], colours[:3], colours[3:])
            out[..., 3] = self._bits(width, height) * 255
        return out

    def _alpha_cursor(self, width, height):
        encoding = struct.unpack(">i", self.stream.read(4))[0]
        assert encoding == RAW, f"alpha cursor in encoding {encoding}"
        data = self.stream.read(width * height * 4)
        rgba = numpy.frombuffer(data, "u1").reshape(height, width, 4)
        assert (rgba[..., :3] <= rgba[..., 3:]).all(), "not premultiplied"
        alpha = rgba[..., 3:].astype("u4")
        straight = rgba.astype("u4")
        straight[..., :3] = straight[..., :3] * 255 // numpy.maximum(alpha, 1)
        return straight.astype("u1")

    def _vmware_cursor(self, width, height):
        kind, padding = self.stream.read(2)
        assert kind == 1, "a classic VMware cursor"
        assert padding == 0, "padding is not 0"
        data = self.stream.read(width * height * 4)
        return numpy.frombuffer(data, "u1").reshape(height, width, 4).copy()

    # --- the picture ---

    def _new_picture(self, width, height):
        self.width, self.height = width, height
        self.picture = numpy.zeros((height, width), "u4")
        self.known = numpy.zeros((height, width), bool)
        self.lossy = numpy.zeros((height, width), bool)

    def paint(self, x, y, values, lossy=False):
        height, width = values.shape
        area = numpy.s_[y:y + height, x:x + width]
        self.picture[area] = values
        self.known[area] = True
        self.lossy[area] = lossy

    def copy(self, from_x, from_y, x, y, width, height):
        source = numpy.s_[from_y:from_y + height, from_x:from_x + width]
        target = numpy.s_[y:y + height, x:x + width]
        assert self.known[source].all(), "copies what was never sent"
        for plane in (self.picture, self.known, self.lossy):
            plane[target] = plane[source].copy()

    def rgb(self):
        return self.format.to_rgb(self.picture, self.colour_map)

    # --- conversations ---

    def next(self, kind, seconds=HANG_GUARD_S):
        """Reads on until a message of this class comes."""
        self.stream.deadline = time.monotonic() + seconds
        try:
            while True:
                message = self.read_message()
                if isinstance(message, kind):
                    return message
        finally:
            self.stream.deadline = None
            self.stream.restore_timeout()

    def refresh(self):
        """Asks for everything; reads on until all of it has come."""
        self.known[:] = False
        self.request(incremental=False)
        while not self.known.all():
            update = self.next(Update)
            if not self.asked and not self.known.all():
                self.request(incremental=not update.has_pixels())

    def is_quiet(self, seconds):
        """Whether nothing comes for this long."""
        return not self.stream.has_input(seconds)

    def round_trip(self):
        """Everything sent so far has been read by the server: asks for one
        pixel and waits for it."""
        self.request(incremental=False, width=1, height=1)
        while not self.next(Update).has_pixels():
            self.request(incremental=False, width=1, height=1)

    def close(self):
        self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()


def is_ended(stream):
    """Reads to the end; True once the server closed."""
    try:
        while True:
            stream.read_some()
    except Closed:
        return True
