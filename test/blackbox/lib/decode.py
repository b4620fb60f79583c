"""Strict decoders: what is not exactly as the specification says fails.

decode(encoding, viewer, x, y, width, height) reads one rectangle's payload
from viewer.stream and paints it into viewer.picture.
"""

import io
import struct
import zlib

import numpy
from PIL import Image

from lib.pixels import BGR233

RAW, COPYRECT, RRE, CORRE, HEXTILE, ZLIB, TIGHT = 0, 1, 2, 4, 5, 6, 7
TRLE, ZRLE, JPEG, TIGHT_PNG = 15, 16, 21, -260
NAMES = {RAW: "raw", COPYRECT: "copyrect", RRE: "rre", CORRE: "corre",
         HEXTILE: "hextile", ZLIB: "zlib", TIGHT: "tight", TRLE: "trle",
         ZRLE: "zrle", JPEG: "jpeg", TIGHT_PNG: "tightpng"}


class Inflater:
    """One zlib stream; each piece must give exactly what is expected."""

    def __init__(self):
        self.stream = zlib.decompressobj()

    def inflate(self, data, expected=None):
        out = self.stream.decompress(data)
        assert not self.stream.unused_data, "bytes behind the zlib stream"
        assert not self.stream.unconsumed_tail
        if expected is not None:
            assert len(out) == expected, (
                f"zlib gave {len(out)} bytes, wanted {expected}")
        return out


class Decoders:
    """The state of one viewer's decoders."""

    def __init__(self):
        self.zlib = Inflater()
        self.zrle = Inflater()
        self.tight = [None] * 4
        self.table = {RAW: raw, COPYRECT: copyrect, RRE: rre, CORRE: corre,
                      HEXTILE: hextile, ZLIB: zlib_raw, TIGHT: tight,
                      TRLE: trle, ZRLE: zrle, JPEG: jpeg,
                      TIGHT_PNG: tight_png}
        self.jpeg_tables = {0xDB: b"", 0xC4: b""}


def decode(encoding, viewer, x, y, width, height):
    viewer.decoders.table[encoding](viewer, x, y, width, height)


def raw(viewer, x, y, width, height):
    data = viewer.stream.read(width * height * viewer.format.size)
    viewer.paint(x, y, viewer.format.values(data).reshape(height, width))


def copyrect(viewer, x, y, width, height):
    from_x, from_y = struct.unpack(">HH", viewer.stream.read(4))
    assert from_x + width <= viewer.width and (
        from_y + height <= viewer.height), "copies from outside the screen"
    assert (from_x, from_y) != (x, y), "copies onto itself"
    viewer.copy(from_x, from_y, x, y, width, height)


def rre(viewer, x, y, width, height, numbers=">HHHH"):
    read, size = viewer.stream.read, viewer.format.size
    count = struct.unpack(">I", read(4))[0]
    assert count <= width * height, f"{count} subrectangles"
    picture = numpy.full((height, width), viewer.format.values(read(size))[0])
    for _ in range(count):
        value = viewer.format.values(read(size))[0]
        left, top, wide, high = struct.unpack(
            numbers, read(struct.calcsize(numbers)))
        assert wide and high and (
            left + wide <= width and top + high <= height), (
            "a subrectangle is empty or leaves its rectangle")
        picture[top:top + high, left:left + wide] = value
    viewer.paint(x, y, picture)


def corre(viewer, x, y, width, height):
    assert width <= 255 and height <= 255, "CoRRE counts in bytes"
    rre(viewer, x, y, width, height, ">BBBB")


def zlib_raw(viewer, x, y, width, height):
    length = struct.unpack(">I", viewer.stream.read(4))[0]
    assert 0 < length < 1 << 28, f"zlib length {length}"
    data = viewer.decoders.zlib.inflate(
        viewer.stream.read(length), width * height * viewer.format.size)
    viewer.paint(x, y, viewer.format.values(data).reshape(height, width))


def hextile(viewer, x, y, width, height):
    picture = numpy.zeros((height, width), "u4")
    colours = {"back": None, "fore": None}
    for top in range(0, height, 16):
        for left in range(0, width, 16):
            tile = picture[top:top + 16, left:left + 16]
            _hextile_tile(viewer, tile, colours)
    viewer.paint(x, y, picture)


def _hextile_tile(viewer, tile, colours):
    read, size = viewer.stream.read, viewer.format.size
    kind = read(1)[0]
    assert kind < 32, f"hextile subencoding {kind}"
    if kind & 1:
        data = read(tile.size * size)
        tile[:] = viewer.format.values(data).reshape(tile.shape)
        colours["back"] = colours["fore"] = None
        return
    if kind & 2:
        colours["back"] = viewer.format.values(read(size))[0]
    assert colours["back"] is not None, "hextile without a background"
    tile[:] = colours["back"]
    if kind & 4:
        assert not kind & 16, "hextile foreground with coloured subrects"
        colours["fore"] = viewer.format.values(read(size))[0]
    if not kind & 8:
        return
    coloured = kind & 16
    assert coloured or colours["fore"] is not None, "no foreground"
    step = 2 + (size if coloured else 0)
    count = read(1)[0]
    data = read(count * step)
    for at in range(0, len(data), step):
        _hextile_part(viewer, tile, data[at:at + step], colours["fore"])
    if coloured:
        colours["fore"] = None


def _hextile_part(viewer, tile, data, fore):
    if len(data) > 2:
        fore = viewer.format.values(data[:-2])[0]
    left, top = data[-2] >> 4, data[-2] & 15
    wide, high = (data[-1] >> 4) + 1, (data[-1] & 15) + 1
    assert left + wide <= tile.shape[1] and top + high <= tile.shape[0], (
        "hextile subrectangle leaves its tile")
    tile[top:top + high, left:left + wide] = fore


def zrle(viewer, x, y, width, height):
    length = struct.unpack(">I", viewer.stream.read(4))[0]
    assert 0 < length < 1 << 28, f"zrle length {length}"
    data = viewer.decoders.zrle.inflate(viewer.stream.read(length))
    source = _Bytes(data)
    picture = numpy.zeros((height, width), "u4")
    for top in range(0, height, 64):
        for left in range(0, width, 64):
            _zrle_tile(viewer.format, source,
                       picture[top:top + 64, left:left + 64])
    assert source.at == len(data), "bytes behind the last zrle tile"
    viewer.paint(x, y, picture)


def trle(viewer, x, y, width, height):
    picture = numpy.zeros((height, width), "u4")
    for top in range(0, height, 16):
        for left in range(0, width, 16):
            _zrle_tile(viewer.format, viewer.stream,
                       picture[top:top + 16, left:left + 16])
    viewer.paint(x, y, picture)


class _Bytes:
    """Reads as a viewer's stream does."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def read(self, count):
        assert self.at + count <= len(self.data), "zrle data too short"
        self.at += count
        return self.data[self.at - count:self.at]


def _zrle_tile(form, source, tile):
    size = form.cpixel()[0]
    kind = source.read(1)[0]
    if kind == 0:
        tile[:] = form.cpixel_values(
            source.read(tile.size * size)).reshape(tile.shape)
    elif kind == 1:
        tile[:] = form.cpixel_values(source.read(size))[0]
    elif kind <= 16:
        palette = form.cpixel_values(source.read(kind * size))
        _zrle_packed(source, tile, palette)
    elif kind == 128:
        tile[:] = _zrle_runs(form, source, tile.size, None).reshape(tile.shape)
    elif kind >= 130:
        palette = form.cpixel_values(source.read((kind - 128) * size))
        tile[:] = _zrle_runs(
            form, source, tile.size, palette).reshape(tile.shape)
    else:
        raise AssertionError(f"zrle subencoding {kind}")


def _zrle_packed(source, tile, palette):
    bits = 1 if len(palette) == 2 else 2 if len(palette) <= 4 else 4
    stride = (tile.shape[1] * bits + 7) // 8
    data = numpy.frombuffer(source.read(stride * tile.shape[0]), "u1")
    tile[:] = palette[_unpack(data.reshape(-1, stride), bits, tile.shape[1],
                              len(palette))]


def _unpack(rows, bits, width, colours):
    """Indices packed from the highest bit; the rest of a row must be 0."""
    flat = numpy.unpackbits(rows, axis=1)
    assert not flat[:, width * bits:].any(), "padding bits are not 0"
    flat = flat[:, :width * bits].reshape(len(rows), width, bits)
    index = flat @ (1 << numpy.arange(bits)[::-1])
    assert index.max() < colours, "index outside the palette"
    return index


def _zrle_runs(form, source, total, palette):
    values, lengths, done = [], [], 0
    size = form.cpixel()[0]
    while done < total:
        run = True
        if palette is None:
            values.append(form.cpixel_values(source.read(size))[0])
        else:
            index = source.read(1)[0]
            run = index >= 128
            assert index & 127 < len(palette), "index outside the palette"
            values.append(palette[index & 127])
        length = 1
        while run:
            more = source.read(1)[0]
            length += more
            run = more == 255
        lengths.append(length)
        done += length
    assert done == total, "a run leaves its tile"
    return numpy.repeat(numpy.array(values, "u4"), lengths)


def jpeg(viewer, x, y, width, height):
    """Tables of either kind come in the first image, or when they change."""
    read, tables = viewer.stream.read, viewer.decoders.jpeg_tables
    assert read(2) == b"\xff\xd8", "not a JPEG"
    found, rest = {0xDB: b"", 0xC4: b""}, bytearray()
    marker = None
    while marker != b"\xff\xda":
        marker, length = read(2), read(2)
        segment = marker + length + read(struct.unpack(">H", length)[0] - 2)
        if marker[1] in found:
            found[marker[1]] += segment
        else:
            rest += segment
    while not rest.endswith(b"\xff\xd9"):
        rest += read(1)
    for kind, data in found.items():
        tables[kind] = data or tables[kind]
        assert tables[kind], "a JPEG without tables"
    _image(viewer, x, y, width, height,
           b"\xff\xd8" + b"".join(tables.values()) + bytes(rest))


def tight_png(viewer, x, y, width, height):
    assert width <= 2048, f"tight rectangle {width} wide"
    control = viewer.stream.read(1)[0]
    if control == 0x80:
        pixel = viewer.stream.read(viewer.format.tpixel())
        value = viewer.format.tpixel_values(pixel)[0]
        viewer.paint(x, y, numpy.full((height, width), value, "u4"))
    elif control == 0x90:
        _tight_jpeg(viewer, x, y, width, height)
    else:
        assert control == 0xA0, f"tightpng control {control:#x}"
        data = viewer.stream.read(_compact_length(viewer))
        image = Image.open(io.BytesIO(data))
        assert image.format == "PNG" and image.size == (width, height)
        form = viewer.format if viewer.format.true_colour else BGR233
        rgb = numpy.asarray(image.convert("RGB"))
        viewer.paint(x, y, form.from_rgb(rgb))


def tight(viewer, x, y, width, height):
    assert width <= 2048, f"tight rectangle {width} wide"
    control = viewer.stream.read(1)[0]
    for index in range(4):
        if control >> index & 1:
            viewer.decoders.tight[index] = None
    kind = control >> 4
    if kind == 8:
        pixel = viewer.stream.read(viewer.format.tpixel())
        value = viewer.format.tpixel_values(pixel)[0]
        viewer.paint(x, y, numpy.full((height, width), value, "u4"))
    elif kind == 9:
        _tight_jpeg(viewer, x, y, width, height)
    elif kind < 8:
        _tight_basic(viewer, kind, x, y, width, height)
    else:
        raise AssertionError(f"tight control {control:#x}")


def _compact_length(viewer):
    value = 0
    for index in range(3):
        byte = viewer.stream.read(1)[0]
        value |= (byte & (127 if index < 2 else 255)) << 7 * index
        if index == 2 or not byte & 128:
            assert index == 0 or byte, "compact length not the shortest"
            return value
    return value


def _tight_jpeg(viewer, x, y, width, height):
    length = _compact_length(viewer)
    _image(viewer, x, y, width, height, viewer.stream.read(length))


def _image(viewer, x, y, width, height, data):
    assert viewer.jpeg_allowed, "JPEG without a quality level"
    assert viewer.format.bits >= 16, "JPEG at 8 bits"
    assert data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9", "not a JPEG"
    image = Image.open(io.BytesIO(data))
    assert image.size == (width, height), f"JPEG {image.size}"
    assert image.mode in ("RGB", "L"), f"JPEG mode {image.mode}"
    rgb = numpy.asarray(image.convert("RGB"))
    viewer.paint(x, y, viewer.format.from_rgb(rgb), lossy=True)


def _tight_data(viewer, index, count):
    if count < 12:
        return viewer.stream.read(count)
    length = _compact_length(viewer)
    assert length, "tight zlib data of no length"
    if viewer.decoders.tight[index] is None:
        viewer.decoders.tight[index] = Inflater()
    return viewer.decoders.tight[index].inflate(
        viewer.stream.read(length), count)


def _tight_basic(viewer, kind, x, y, width, height):
    form, index = viewer.format, kind & 3
    choice = viewer.stream.read(1)[0] if kind & 4 else 0
    if choice == 1:
        values = _tight_palette(viewer, index, width, height)
    elif choice in (0, 2):
        data = _tight_data(viewer, index, width * height * form.tpixel())
        if choice == 0:
            values = form.tpixel_values(data).reshape(height, width)
        else:
            values = _tight_gradient(form, data, width, height)
    else:
        raise AssertionError(f"tight filter {choice}")
    viewer.paint(x, y, values)


def _tight_palette(viewer, index, width, height):
    count = viewer.stream.read(1)[0] + 1
    assert count >= 2, "a palette of one colour"
    palette = viewer.format.tpixel_values(
        viewer.stream.read(count * viewer.format.tpixel()))
    bits = 1 if count == 2 else 8
    stride = (width * bits + 7) // 8
    data = _tight_data(viewer, index, stride * height)
    rows = numpy.frombuffer(data, "u1").reshape(height, stride)
    return palette[_unpack(rows, bits, width, count)]


def _tight_gradient(form, data, width, height):
    assert form.tpixel() == 3, "gradient filter decoded for 3 bytes only"
    delta = numpy.frombuffer(data, "u1").reshape(height, width, 3)
    out = numpy.zeros((height + 1, width + 1, 3), "i4")
    for row in range(height):
        for column in range(width):
            guess = (out[row, column + 1] + out[row + 1, column]
                     - out[row, column]).clip(0, 255)
            out[row + 1, column + 1] = (guess + delta[row, column]) & 255
    return form.from_rgb(out[1:, 1:].astype("u1"))
