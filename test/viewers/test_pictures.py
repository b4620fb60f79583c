"""What each viewer shows, pixel by pixel, first and after changes."""

import re

import numpy
import pytest
from blackbox.lib.vncauth import password_file
from blackbox.lib.wait import HANG_GUARD_S

from viewers.lib.picture import difference
from viewers.lib.viewer import TIGER, TIGHT

# Nothing lossy is allowed to these.
EXACT = [
    TIGER + ["-PreferredEncoding=Raw", "-NoJPEG=1", "-AutoSelect=0"],
    TIGER + ["-PreferredEncoding=ZRLE", "-NoJPEG=1", "-AutoSelect=0"],
    TIGER + ["-PreferredEncoding=Hextile", "-NoJPEG=1", "-AutoSelect=0"],
    TIGER + ["-PreferredEncoding=Tight", "-NoJPEG=1", "-AutoSelect=0"],
    TIGHT + ["-encodings", "hextile"],
    TIGHT + ["-encodings", "hextile copyrect raw"],
    TIGHT + ["-encodings", "copyrect tight hextile", "-nojpeg"],
    TIGHT + ["-encodings", "zlib copyrect"],
    TIGHT + ["-encodings", "rre"],
    TIGHT + ["-encodings", "corre rre copyrect"],
    TIGHT + ["-encodings", "raw"],
]

# The photograph may be JPEG.
LOSSY = [
    TIGER,
    # Choosing by the bandwidth it brings the quality back.
    TIGER + ["-NoJPEG=1"],
    TIGER + ["-PreferredEncoding=Raw"],
    TIGER + ["-PreferredEncoding=ZRLE"],
    TIGER + ["-Shared=1", "-QualityLevel=3", "-CompressLevel=6",
             "-AutoSelect=0"],
    TIGHT,
    TIGHT + ["-encodings", "tight copyrect"],
    TIGHT + ["-encodings", "tight copyrect", "-quality", "4",
             "-compresslevel", "9"],
]


def name(command):
    """What tells a case from the others."""
    return " ".join([command[0], *(
        part for part in command[1:] if part not in TIGER)])


def watch(viewer, stage, exact):
    """The picture at first sight, two others, and a part that scrolls."""
    viewer.wait_for(stage.picture, exact)
    for _ in range(2):
        viewer.wait_for(stage.change(), exact)
    for up in (14, 3):
        stage.screen.scroll(stage.picture, (0, 95, 240, 245), up)
        viewer.wait_for(stage.picture, exact)


@pytest.mark.parametrize("command", EXACT, ids=name)
def test_every_pixel(command, server, stage, view):
    viewer = view(*command, f"127.0.0.1::{server.port}")
    watch(viewer, stage, None)


@pytest.mark.parametrize("command", LOSSY, ids=name)
def test_every_pixel_but_a_photograph(command, server, stage, view):
    viewer = view(*command, f"127.0.0.1::{server.port}")
    watch(viewer, stage, stage.picture.exact())


def few_colours(*most):
    """Compares with what is left of a picture when each part of a colour
    has only most + 1 values."""
    most = numpy.array(most)

    def compare(got, wanted, exact):
        if got.shape != wanted.shape:
            return difference(got, wanted)
        # Viewers round either way when they make 8 bits of the few.
        level = got * most / 255
        off = numpy.abs(level - level.round())
        if off.max() > 0.03:
            return f"a value between the levels, {off.max():.3f} off"
        # Neither truncating nor rounding moves a value by a whole step.
        apart = numpy.abs(level.round() - wanted * most / 255)
        if apart.max() < 1:
            return ""
        y, x = numpy.argwhere((apart >= 1).any(axis=2))[0]
        return (f"at {x},{y} is {tuple(map(int, got[y, x]))}, wanted about "
                f"{tuple(map(int, wanted[y, x]))}")

    return compare


@pytest.mark.parametrize("command, most", [
    (TIGER + ["-FullColor=0", "-LowColorLevel=0", "-AutoSelect=0"], (1, 1, 1)),
    (TIGER + ["-FullColor=0", "-LowColorLevel=1", "-AutoSelect=0"], (3, 3, 3)),
    (TIGER + ["-FullColor=0", "-LowColorLevel=2", "-AutoSelect=0"], (7, 7, 3)),
    (TIGER + ["-FullColor=0", "-LowColorLevel=2", "-AutoSelect=0",
              "-PreferredEncoding=ZRLE"], (7, 7, 3)),
    (TIGER + ["-FullColor=0", "-LowColorLevel=2", "-AutoSelect=0",
              "-PreferredEncoding=Hextile"], (7, 7, 3)),
    (TIGHT + ["-bgr233"], (7, 7, 3)),
    (TIGHT + ["-bgr233", "-encodings", "tight copyrect"], (7, 7, 3)),
    (TIGHT + ["-bgr233", "-encodings", "hextile"], (7, 7, 3)),
    (TIGHT + ["-bgr233", "-encodings", "zlib"], (7, 7, 3)),
    (TIGHT + ["-bgr233", "-encodings", "rre"], (7, 7, 3)),
    (TIGHT + ["-bgr233", "-encodings", "corre"], (7, 7, 3)),
], ids=lambda value: name(value) if isinstance(value, list) else "")
def test_few_colours(command, most, server, stage, view):
    viewer = view(*command, f"127.0.0.1::{server.port}")
    viewer.wait_for(stage.picture, None, few_colours(*most))
    viewer.wait_for(stage.change(), None, few_colours(*most))


@pytest.mark.parametrize("command", [
    TIGER + ["-SecurityTypes=VncAuth"], TIGHT], ids=name)
def test_wrong_password(command, locked_server, tmp_path, view):
    """The viewer ends and says why; nothing was shown."""
    wrong = tmp_path / "wrong"
    wrong.write_bytes(password_file("Wrong"))
    viewer = view(*command, "-passwd", str(wrong),
                  f"127.0.0.1::{locked_server.port}")
    viewer.process.wait(HANG_GUARD_S)
    assert re.search(r"password|authentication fail", viewer.log(), re.I), (
        viewer.log())


@pytest.mark.parametrize("command", [
    TIGER + ["-SecurityTypes=VncAuth"], TIGHT], ids=name)
def test_password_file(command, locked_server, secret_file, stage, view):
    viewer = view(*command, "-passwd", secret_file,
                  f"127.0.0.1::{locked_server.port}")
    watch(viewer, stage, stage.picture.exact())
