"""The real screen: what X itself says it looks like, and things to draw."""

import random

import numpy
from Xlib import X

CHANNEL_BITS = {15: (5, 5, 5), 16: (5, 6, 5), 24: (8, 8, 8), 30: (10, 10, 10)}


def picture(display):
    """The root window as height x width x 3 bytes R,G,B."""
    root = display.screen().root
    geometry = root.get_geometry()
    depth = geometry.depth
    image = root.get_image(0, 0, geometry.width, geometry.height, X.ZPixmap,
                           0xFFFFFFFF)
    return to_rgb(image.data, geometry.height, depth)[:, :geometry.width]


def to_rgb(data, height, depth):
    """What GetImage gave, with its padding on the right."""
    values = numpy.frombuffer(data, "<u2" if depth <= 16 else "<u4")
    return _to_rgb(values.reshape(height, -1).astype("u4"), depth)


def _to_rgb(values, depth):
    out = []
    shift = sum(CHANNEL_BITS[depth])
    for bits in CHANNEL_BITS[depth]:
        shift -= bits
        most = (1 << bits) - 1
        channel = values >> shift & most
        out.append((channel * 255 + most // 2) // most if bits <= 8
                   else channel >> (bits - 8))
    return numpy.stack(out, axis=-1).astype("u1")


class Canvas:
    """A window that scenes are drawn on, always on top."""

    def __init__(self, display, width, height, x=0, y=0, seed=1):
        self.display = display
        self.width, self.height = width, height
        self.random = random.Random(seed)
        screen = display.screen()
        self.depth = screen.root_depth
        self.window = screen.root.create_window(
            x, y, width, height, 0, self.depth, X.InputOutput,
            X.CopyFromParent, background_pixel=screen.white_pixel,
            override_redirect=True, event_mask=X.ExposureMask)
        self.context = self.window.create_gc(graphics_exposures=False)
        self.font = display.open_font("fixed")
        self.window.map()
        self.sync()

    def sync(self):
        """All drawn so far is on the screen when this returns."""
        self.display.sync()

    def colour(self):
        return self.random.randrange(1 << self.depth)

    def clear(self, pixel=None):
        if pixel is None:
            pixel = self.display.screen().white_pixel
        self.context.change(foreground=pixel)
        self.window.fill_rectangle(self.context, 0, 0, self.width,
                                   self.height)
        self.sync()

    def rectangle(self, pixel, x, y, width, height):
        self.context.change(foreground=pixel)
        self.window.fill_rectangle(self.context, x, y, width, height)

    def rectangles(self, count=60):
        for _ in range(count):
            x, y = (self.random.randrange(self.width),
                    self.random.randrange(self.height))
            self.rectangle(self.colour(), x, y,
                           1 + self.random.randrange(self.width // 3),
                           1 + self.random.randrange(self.height // 3))
        self.sync()

    def text(self, lines=25, pixel=None, left=4, top=14):
        self.context.change(
            font=self.font,
            foreground=self.display.screen().black_pixel
            if pixel is None else pixel)
        for line in range(lines):
            words = "".join(chr(self.random.randrange(33, 126))
                            for _ in range(70))
            self.window.draw_text(self.context, left, top + line * 14,
                                  words.encode())
        self.sync()

    def noise(self, x, y, width, height):
        """Every pixel another colour: the worst case of every encoder."""
        count = width * height
        values = numpy.random.default_rng(self.random.random().__hash__()
                                          & 0xFFFF).integers(
            0, 1 << self.depth, count, dtype="u4")
        self._put(x, y, width, height, values.reshape(height, width))

    def photo(self, x, y, width, height):
        """Smooth colours with a little grain, like a photograph."""
        rows, columns = numpy.mgrid[0:height, 0:width]
        grain = numpy.random.default_rng(7).integers(
            -6, 7, (height, width, 3))
        waves = numpy.stack([
            128 + 100 * numpy.sin(columns / 23 + rows / 41),
            128 + 90 * numpy.sin(columns / 37 - rows / 19 + 1),
            128 + 80 * numpy.cos(columns / 51 + rows / 29)], axis=-1)
        rgb = (waves + grain).clip(0, 255).astype("u4")
        self._put(x, y, width, height,
                  rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2])

    def _put(self, x, y, width, height, values):
        data = values.astype("<u4" if self.depth > 16 else "<u2")
        assert self.depth > 16 or width % 2 == 0
        strip = max(1, 200000 // (width * data.itemsize))
        for top in range(0, height, strip):
            part = data[top:top + strip]
            self.window.put_image(
                self.context, x, y + top, width, len(part), X.ZPixmap,
                self.depth, 0, part.tobytes())
        self.sync()

    def scroll(self, lines=14):
        """Moves everything up, as a terminal does."""
        self.window.copy_area(
            self.context, self.window, 0, lines, self.width,
            self.height - lines, 0, 0)
        self.rectangle(self.display.screen().white_pixel, 0,
                       self.height - lines, self.width, lines)
        self.sync()

    def shift(self, from_x, from_y, x, y, width, height):
        """Moves a piece of the window anywhere, as scrolling in any
        direction does; what it leaves is as it was."""
        self.window.copy_area(self.context, self.window, from_x, from_y,
                              width, height, x, y)
        self.sync()

    def move(self, x, y):
        self.window.configure(x=x, y=y)
        self.sync()

    def destroy(self):
        self.window.destroy()
        self.sync()


def mixed_scene(canvas):
    """Something of every kind of content at once."""
    canvas.clear()
    canvas.rectangles(30)
    canvas.noise(10, 10, 120, 90)
    canvas.photo(canvas.width - 220, 20, 200, 150)
    canvas.rectangle(canvas.display.screen().white_pixel, 0,
                     canvas.height // 2, canvas.width, canvas.height // 2)
    canvas.text(12, top=canvas.height // 2 + 14)
    # Single pixels and thin lines find errors at the edges of tiles.
    for step in range(0, min(canvas.width, canvas.height), 17):
        canvas.rectangle(canvas.colour(), step, step, 1, 1)
        canvas.rectangle(canvas.colour(), step, 0, 1, 5)
    canvas.sync()
