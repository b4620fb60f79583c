"""Programs that take one picture and go."""

import numpy
import pytest
from blackbox.lib.process import run
from PIL import Image

from viewers.lib.picture import MEAN_LIMIT, difference


def display_number(port):
    """These add 5900 to what stands behind the colon."""
    return port - 5900


def look(path):
    with Image.open(path) as image:
        return numpy.asarray(image.convert("RGB"))


def test_gvnccapture(server, stage, viewing, tmp_path):
    picture = stage.change()
    path = tmp_path / "capture.png"
    viewing.run("gvnccapture", "-q",
                f"127.0.0.1:{display_number(server.port)}", str(path))
    assert difference(look(path), picture.pixels) == ""


@pytest.mark.parametrize("options", [
    ["-encodings", "hextile"], ["-encodings", "tight copyrect"],
    ["-encodings", "tight copyrect", "-nojpeg"], ["-encodings", "raw"],
    ["-encodings", "zlib"], []], ids=" ".join)
def test_vncsnapshot(options, server, stage, tmp_path):
    picture = stage.change()
    path = tmp_path / "snapshot.jpg"
    run(["vncsnapshot", "-quality", "100", *options,
         f"127.0.0.1:{display_number(server.port)}", str(path)])
    check_jpeg(look(path), picture)


def test_vncsnapshot_with_password(locked_server, secret_file, stage, tmp_path):
    picture = stage.change()
    path = tmp_path / "snapshot.jpg"
    run(["vncsnapshot", "-quality", "100", "-passwd", secret_file,
         f"127.0.0.1:{display_number(locked_server.port)}", str(path)])
    check_jpeg(look(path), picture)


def check_jpeg(got, picture):
    """vncsnapshot itself writes a JPEG: close is all that can be asked. The
    pattern of single pixels is what its subsampling spoils."""
    assert got.shape == picture.pixels.shape
    apart = numpy.abs(got.astype("i2") - picture.pixels)
    for x, y, colour in picture.blocks:
        assert numpy.abs(got[y, x].astype("i2") - colour).max() < 8, (
            f"at {x},{y} is {got[y, x]}, wanted {colour}")
    assert apart[:260].mean() < MEAN_LIMIT
