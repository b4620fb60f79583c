"""A picture known to the last pixel: made, painted on an X screen, compared.

The parts are what an encoder tells apart: flat colours, text, a fine
pattern, a slope, a photograph. Everything but the photograph must arrive
exactly, the photograph within what JPEG does to one.
"""

import numpy
from PIL import Image, ImageDraw

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
           (0, 0, 0), (64, 128, 192)]
BLOCK = 80
# So far around the photograph a block may hold some of both.
MARGIN = 64
# A photograph at quality 6 differs by less than this in the mean; a wrong
# colour or a shift by one pixel differs by far more.
MEAN_LIMIT = 10
# Text that is not there, another colour or another place is 30 or more.
TILE, TILE_LIMIT = 20, 20


class Picture:
    """pixels: (height, width, 3) bytes, R G B. Another seed, another one."""

    def __init__(self, width, height, seed=0):
        assert width >= 800 and height >= 600, "the parts need that room"
        self.width, self.height, self.seed = width, height, seed
        image = Image.new("RGB", (width, height), (200, 200, 205))
        draw = ImageDraw.Draw(image)
        self.blocks = []
        for index in range(len(COLOURS)):
            colour = COLOURS[(index + seed) % len(COLOURS)]
            left = index * BLOCK
            draw.rectangle((left, 0, left + BLOCK - 1, BLOCK - 1), colour)
            self.blocks.append((left + BLOCK // 2, BLOCK // 2, colour))
        for line in range(8):
            draw.text((10, 100 + line * 14), f"{seed}.{line} " * 9, (0, 0, 0))
        self.pixels = numpy.array(image)
        self._pattern()
        # The odd place and size put block borders where no grid has them.
        self.photo = (530, 203, 201, 151)
        self._photograph()

    def _pattern(self):
        y, x = numpy.mgrid[0:60, 0:200]
        part = self.pixels[270:330, 10:210]
        part[:] = numpy.where(
            ((x + y + self.seed) % 2 == 0)[..., None], (0, 0, 128),
            (255, 255, 0))

    def _photograph(self):
        left, top, width, height = self.photo
        random = numpy.random.default_rng(self.seed)
        small = random.integers(0, 256, (7, 9, 3), dtype="u1")
        smooth = numpy.asarray(Image.fromarray(small).resize(
            (width, height), Image.BICUBIC), "i2")
        grain = random.integers(-6, 7, smooth.shape)
        self.pixels[top:top + height, left:left + width] = numpy.clip(
            smooth + grain, 0, 255)

    def exact(self):
        """True where a pixel must arrive as it is, whatever the quality."""
        exact = numpy.ones((self.height, self.width), bool)
        left, top, width, height = self.photo
        exact[top - MARGIN:top + height + MARGIN,
              left - MARGIN:left + width + MARGIN] = False
        return exact


def difference_of_tiles(got, wanted):
    """The same for a picture that went through somebody else's JPEG, text and
    all: '' where every tile of 20x20 is nearly right in the mean."""
    if got.shape != wanted.shape:
        return f"{got.shape[1]}x{got.shape[0]} pixels came"
    height, width, _ = got.shape
    apart = numpy.abs(got.astype("i2") - wanted.astype("i2"))
    means = apart.reshape(height // TILE, TILE, width // TILE, TILE, 3).mean(
        axis=(1, 3, 4))
    if means.max() < TILE_LIMIT:
        return ""
    y, x = numpy.unravel_index(means.argmax(), means.shape)
    return f"the tile at {x * TILE},{y * TILE} differs by {means.max():.1f}"


def difference(got, wanted, exact=None):
    """'' where `got` shows `wanted`, else a sentence. Both (h, w, 3) bytes.

    exact: True where nothing may differ; None: everywhere.
    """
    if got.shape != wanted.shape:
        return f"{got.shape[1]}x{got.shape[0]} pixels came"
    apart = numpy.abs(got.astype("i2") - wanted.astype("i2"))
    wrong = apart.any(axis=2)
    if exact is not None:
        rough = apart[~exact]
        if rough.size and rough.mean() > MEAN_LIMIT:
            return f"the photograph differs by {rough.mean():.1f} in the mean"
        wrong &= exact
    if not wrong.any():
        return ""
    ys, xs = numpy.nonzero(wrong)
    y, x = ys[0], xs[0]
    return (f"{len(ys)} pixels differ within x {xs.min()}..{xs.max()} "
            f"y {ys.min()}..{ys.max()}; at {x},{y} is "
            f"{tuple(map(int, got[y, x]))}, wanted "
            f"{tuple(map(int, wanted[y, x]))}")
