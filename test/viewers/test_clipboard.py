"""Text copied on the shared screen can be pasted beside the viewer, and
back: in UTF-8, and more of it than one X request holds."""

import subprocess

import pytest
from blackbox.lib.process import end, tool

from viewers.lib.expect import expect
from viewers.lib.viewer import TIGER

TEXT = "Grüße von hier\nПривет, 日本 😀"
LONG = "".join(f"{n} Ж\n" for n in range(20000))

# TigerVNC looks at the clipboard when its window gets the focus.
pytestmark = pytest.mark.usefixtures("manager")


@pytest.fixture
def copy(tmp_path):
    """copy(xserver, text): as if it were copied there."""
    owners = []

    def act(xserver, text):
        path = tmp_path / f"copied{len(owners)}"
        path.write_text(text, encoding="utf-8")
        owners.append(xserver.start(
            "xclip", "-quiet", "-selection", "clipboard", "-i", str(path),
            stderr=subprocess.DEVNULL))

    yield act
    for owner in owners:
        end(owner)


def paste(xserver):
    got = subprocess.run(
        [tool("xclip"), "-selection", "clipboard", "-o"],
        env=xserver.environment, capture_output=True, timeout=60, check=False)
    return got.stdout.decode("utf-8", "replace")


def test_both_ways(server, stage, view, shared, viewing, copy):
    viewer = view(*TIGER, f"127.0.0.1::{server.port}")
    viewer.wait_for(stage.picture, stage.picture.exact())
    viewing.run("xdotool", "search", "--sync", "--onlyvisible", "--pid",
                str(viewer.process.pid), "windowfocus")
    for number, text in enumerate([TEXT, TEXT, LONG]):
        copy(shared, f"{text} {number}")
        expect(lambda: paste(viewing), f"{text} {number}")
        copy(viewing, f"{text} back {number}")
        expect(lambda: paste(shared), f"{text} back {number}")
