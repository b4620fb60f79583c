"""Pixel formats, and how a format's pixels compare with the real screen."""

import struct
from dataclasses import dataclass, replace

import numpy


@dataclass(frozen=True)
class PixelFormat:
    bits: int = 32
    depth: int = 24
    big_endian: int = 0
    true_colour: int = 1
    red_max: int = 255
    green_max: int = 255
    blue_max: int = 255
    red_shift: int = 16
    green_shift: int = 8
    blue_shift: int = 0

    def pack(self):
        return struct.pack(
            ">BBBBHHHBBBxxx", self.bits, self.depth, self.big_endian,
            self.true_colour, self.red_max, self.green_max, self.blue_max,
            self.red_shift, self.green_shift, self.blue_shift)

    @classmethod
    def unpack(cls, data):
        assert data[13:] == b"\0\0\0", "padding is not 0"
        return cls(*struct.unpack(">BBBBHHHBBBxxx", data))

    @property
    def size(self):
        return self.bits // 8

    def channels(self):
        return ((self.red_max, self.red_shift),
                (self.green_max, self.green_shift),
                (self.blue_max, self.blue_shift))

    def cpixel(self):
        """(size, offset of the first byte sent within the pixel)."""
        mask = 0
        for most, shift in self.channels():
            mask |= most << shift
        if self.bits != 32 or not self.true_colour or self.depth > 24:
            return self.size, 0
        if mask < 1 << 24:
            return 3, 1 if self.big_endian else 0
        if mask & 0xFF == 0:
            return 3, 0 if self.big_endian else 1
        return 4, 0

    def tpixel(self):
        full = all(most == 255 for most, _ in self.channels())
        return 3 if self.bits == 32 and self.depth == 24 and full else (
            self.size)

    def values(self, data):
        """PIXELs as numbers."""
        if self.size == 1:
            return numpy.frombuffer(data, "u1").astype("u4")
        order = ">" if self.big_endian else "<"
        return numpy.frombuffer(data, f"{order}u{self.size}").astype("u4")

    def cpixel_values(self, data):
        size, offset = self.cpixel()
        if size != 3:
            return self.values(data)
        whole = numpy.zeros((len(data) // 3, 4), "u1")
        whole[:, offset:offset + 3] = numpy.frombuffer(
            data, "u1").reshape(-1, 3)
        return self.values(whole.tobytes())

    def tpixel_values(self, data):
        if self.tpixel() != 3:
            return self.values(data)
        return self.from_rgb(numpy.frombuffer(data, "u1").reshape(-1, 3))

    def from_rgb(self, rgb):
        """Numbers from 8-bit R,G,B triples, exact only for max 255."""
        wide = rgb.astype("u4")
        value = numpy.zeros(wide.shape[:-1], "u4")
        for index, (most, shift) in enumerate(self.channels()):
            value |= (wide[..., index] * most + 127) // 255 << shift
        return value

    def to_rgb(self, values, colour_map=None):
        """8-bit R,G,B as floats; a colour map is a (256, 3) array."""
        if not self.true_colour:
            assert colour_map is not None, "no SetColourMapEntries came"
            return colour_map[values].astype("f4") / 257
        return numpy.stack([
            (values >> shift & most).astype("f4") * (255 / most)
            for most, shift in self.channels()], axis=-1)


RGB888 = PixelFormat()
RGBX = replace(RGB888, red_shift=0, green_shift=8, blue_shift=16)
HIGH = replace(RGB888, red_shift=24, green_shift=16, blue_shift=8)
BIG = replace(RGB888, big_endian=1)
RGB565 = PixelFormat(16, 16, 0, 1, 31, 63, 31, 11, 5, 0)
RGB565_BIG = replace(RGB565, big_endian=1)
RGB555 = PixelFormat(16, 15, 0, 1, 31, 31, 31, 10, 5, 0)
BGR233 = PixelFormat(8, 8, 0, 1, 7, 7, 3, 0, 3, 6)
RGB332 = PixelFormat(8, 8, 0, 1, 7, 7, 3, 5, 2, 0)
RGB222 = PixelFormat(8, 6, 0, 1, 3, 3, 3, 4, 2, 0)
RGB111 = PixelFormat(8, 3, 0, 1, 1, 1, 1, 2, 1, 0)
MAPPED = PixelFormat(8, 8, 0, 0, 0, 0, 0, 0, 0, 0)

FORMATS = {
    "rgb888": RGB888, "rgbx": RGBX, "high": HIGH, "big": BIG,
    "rgb565": RGB565, "rgb565big": RGB565_BIG, "rgb555": RGB555,
    "bgr233": BGR233, "rgb332": RGB332, "rgb222": RGB222, "rgb111": RGB111,
    "mapped": MAPPED,
}
