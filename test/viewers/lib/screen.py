"""An X client of the tests: shows pictures, hears the input, looks.

Works on one python-xlib connection to a 24-bit TrueColor screen with the
usual R G B masks, as Xvfb and Xtigervnc have them.
"""

import numpy
from Xlib import XK, X

# Below the smallest request size an X server may have.
UPLOAD_BYTES = 200000
CURSOR_SIZE = 16
# What python-xlib has no character for.
NAMES = {getattr(XK, f"XK_{name}"): name for name in (
    "Control_L", "Alt_L", "Shift_L", "Delete", "Tab", "Escape", "BackSpace",
    "Return")}


class Screen:
    def __init__(self, display):
        self.display = display
        self.root = display.screen().root
        self.window = None
        self.heard = []
        self.heard_keys = []

    def size(self):
        geometry = self.root.get_geometry()
        return geometry.width, geometry.height

    def show(self, picture):
        """Covers the screen with the picture; a second call replaces it."""
        pixmap = self.root.create_pixmap(picture.width, picture.height, 24)
        context = pixmap.create_gc()
        self._upload(pixmap, context, picture.pixels)
        if self.window is None:
            self.window = self.root.create_window(
                0, 0, picture.width, picture.height, 0, 24,
                override_redirect=True, background_pixmap=pixmap,
                event_mask=X.ButtonPressMask | X.ButtonReleaseMask
                | X.KeyPressMask | X.KeyReleaseMask)
            self.window.map()
        else:
            self.window.configure(
                width=picture.width, height=picture.height)
            self.window.change_attributes(background_pixmap=pixmap)
            self.window.clear_area()
        context.free()
        pixmap.free()
        self.display.sync()

    def scroll(self, picture, area, up):
        """Moves a part of what is shown, as a terminal scrolls; the picture
        keeps up. area: x, y, width, height."""
        x, y, width, height = area
        context = self.window.create_gc()
        self.window.copy_area(context, self.window, x, y + up, width,
                              height - up, x, y)
        context.free()
        self.display.sync()
        part = picture.pixels[y:y + height, x:x + width]
        part[:height - up] = part[up:].copy()

    def _upload(self, drawable, context, pixels):
        height, width, _ = pixels.shape
        padded = numpy.zeros((height, width, 4), "u1")
        padded[..., :3] = pixels[..., ::-1]
        rows = max(1, UPLOAD_BYTES // (width * 4))
        for top in range(0, height, rows):
            part = padded[top:top + rows]
            drawable.put_image(context, 0, top, width, len(part), X.ZPixmap,
                               24, 0, part.tobytes())

    def set_cursor(self, colour, pointer=(200, 90)):
        """A full square of one colour, the hot spot at 3,5; None: nothing
        to be seen. The pointer goes there too."""
        bits = self.root.create_pixmap(CURSOR_SIZE, CURSOR_SIZE, 1)
        context = bits.create_gc(foreground=0 if colour is None else 1)
        bits.fill_rectangle(context, 0, 0, CURSOR_SIZE, CURSOR_SIZE)
        fore = tuple(part * 257 for part in colour or (0, 0, 0))
        cursor = bits.create_cursor(bits, fore, (0, 0, 0), 3, 5)
        self.window.change_attributes(cursor=cursor)
        self.window.warp_pointer(*pointer)
        context.free()
        bits.free()
        self.display.sync()

    def buttons(self):
        """Every press and release so far: [kind, button, x, y]."""
        self._listen()
        return self.heard

    def keys(self):
        """Every key so far, while the pointer was here: [kind, name]. The
        name is the one of the key itself, without modifiers."""
        self._listen()
        return self.heard_keys

    def forget(self):
        self._listen()
        self.heard, self.heard_keys = [], []

    def _listen(self):
        self.display.sync()
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type in (X.ButtonPress, X.ButtonRelease):
                kind = "press" if event.type == X.ButtonPress else "release"
                self.heard.append(
                    [kind, event.detail, event.event_x, event.event_y])
            elif event.type in (X.KeyPress, X.KeyRelease):
                kind = "press" if event.type == X.KeyPress else "release"
                keysym = self.display.keycode_to_keysym(event.detail, 0)
                self.heard_keys.append(
                    [kind, NAMES.get(keysym) or XK.keysym_to_string(keysym)])
            elif event.type == X.MappingNotify:
                self.display.refresh_keyboard_mapping(event)

    def look(self, drawable=None, area=None):
        """What is to be seen: (height, width, 3) bytes, R G B."""
        drawable = drawable if drawable is not None else self.root
        if area is None:
            geometry = drawable.get_geometry()
            area = (0, 0, geometry.width, geometry.height)
        x, y, width, height = area
        image = drawable.get_image(
            x, y, width, height, X.ZPixmap, 0xffffffff)
        data = image.data
        if isinstance(data, str):
            data = data.encode("latin-1")
        return numpy.frombuffer(data, "u1").reshape(
            height, width, 4)[..., 2::-1]
