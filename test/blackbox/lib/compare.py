"""Whether a viewer shows what is on the screen, and waiting until it does."""

import time

import numpy

from .rfb import Update
from .wait import HANG_GUARD_S


def allowed(channel, most, slack):
    """Lowest and highest number a channel of 0..255 may become in 0..most:
    rounded (halves either way) or cut off, both are usual."""
    bits = int(most).bit_length()
    low = numpy.maximum(channel.astype("i4") - slack, 0)
    high = numpy.minimum(channel.astype("i4") + slack, 255)
    return (numpy.minimum(low >> (8 - bits), (low * most + 126) // 255),
            numpy.maximum(high >> (8 - bits), (high * most + 128) // 255))


def wrong(viewer, reference, slack=0):
    """A mask of the pixels that differ from the reference (R,G,B bytes)."""
    if not viewer.format.true_colour:
        off = numpy.abs(viewer.rgb() - reference)
        return (off > numpy.array([37, 37, 86])).any(axis=-1)
    mask = numpy.zeros(reference.shape[:2], bool)
    for index, (most, shift) in enumerate(viewer.format.channels()):
        value = (viewer.picture >> shift & most).astype("i4")
        low, high = allowed(reference[..., index], most, slack)
        mask |= (value < low) | (value > high)
    return mask


def describe(mask):
    rows, columns = numpy.nonzero(mask)
    return (f"{len(rows)} pixels differ, within {columns.min()},{rows.min()}"
            f"..{columns.max()},{rows.max()}")


def assert_one_value_a_colour(viewer, reference):
    """The same colour on the screen is the same number at the viewer."""
    wide = reference.astype("u8")
    colours = wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
    pairs = numpy.unique(colours << 32 | viewer.picture)
    assert len(pairs) == len(numpy.unique(pairs >> 32)), (
        "one colour of the screen arrives as several")


def psnr(one, other):
    error = numpy.mean((one.astype("f8") - other.astype("f8")) ** 2)
    return 99.0 if error == 0 else 10 * numpy.log10(255 ** 2 / error)


def follow(viewer, is_done, what, seconds=HANG_GUARD_S):
    """Reads updates, asking for more each time, until is_done()."""
    end = time.monotonic() + seconds
    while not is_done():
        if not viewer.asked:
            viewer.request()
        left = end - time.monotonic()
        assert left > 0 and viewer.stream.has_input(left), what()
        viewer.next(Update, max(left, 1))


def wait_equal(viewer, reference, slack=0, seconds=HANG_GUARD_S):
    """Until all of the viewer's picture equals the reference."""
    def is_equal():
        return viewer.known.all() and (
            viewer.known.shape == reference.shape[:2]) and (
            not wrong(viewer, reference, slack).any())

    def what():
        if viewer.known.shape != reference.shape[:2]:
            return f"the size is {viewer.known.shape}"
        if not viewer.known.all():
            return "never sent: " + describe(~viewer.known)
        return describe(wrong(viewer, reference, slack))

    follow(viewer, is_equal, what, seconds)
    if slack == 0:
        assert_one_value_a_colour(viewer, reference)
