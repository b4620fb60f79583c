"""Keys and buttons go from the viewer's window to the shared screen."""

import pytest
from blackbox.lib.process import end
from blackbox.lib.terminal import wait_seen
from blackbox.lib.wait import wait_until

from viewers.lib.expect import expect
from viewers.lib.viewer import TIGER, TIGHT

TEXT = "Hello, x11wsvnc! {[#]} 0123456789 ~^|\\ AbCdEf\n"

pytestmark = pytest.mark.usefixtures("manager")


@pytest.fixture(params=[TIGER, TIGHT], ids=lambda command: command[0])
def viewer(request, server, stage, view):
    viewer = view(*request.param, f"127.0.0.1::{server.port}")
    viewer.wait_for(stage.picture, stage.picture.exact())
    return viewer


def point(viewer, viewing, stage, x, y):
    left, top = viewer.find_desktop(
        stage.picture.width, stage.picture.height)
    viewing.run("xdotool", "mousemove", str(left + x), str(top + y))


@pytest.mark.parametrize("x, y", [(100, 120), (1, 1), (699, 550)])
def test_buttons(x, y, viewer, viewing, stage):
    for button in (1, 2, 3, 4, 5):
        stage.screen.forget()
        point(viewer, viewing, stage, x, y)
        viewing.run("xdotool", "click", str(button))
        wanted = [["press", button, x, y], ["release", button, x, y]]
        expect(stage.screen.buttons, wanted)


def test_keys(viewer, viewing, shared, stage, tmp_path):
    typed = tmp_path / "typed"
    terminal = shared.start("xterm", "-geometry", "60x12+100+300", "-e", "sh",
                            "-c", f"cat > '{typed}'")
    try:
        wait_until(typed.exists, "the terminal is up")
        wait_seen(stage.screen.root)
        point(viewer, viewing, stage, 150, 350)
        viewing.run("xdotool", "click", "1")
        viewing.run("xdotool", "type", "--delay", "15", TEXT)
        expect(typed.read_text, TEXT)
    finally:
        end(terminal)
