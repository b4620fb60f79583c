"""The suite's own viewer and decoders, tried on other people's servers: a
fault found later is then the server's."""

import contextlib

import pytest

from lib import decode, pixels, screen, standin
from lib.compare import wait_equal
from lib.port import free_port
from lib.process import run
from lib.resizing import resize
from lib.rfb import CURSOR, EXTENDED_SIZE, Viewer
from lib.transport import OverWebSocket, Plain, connect
from lib.vncauth import answer, password_file
from lib.xserver import XServer

# libvncserver 0.9.14's ZRLE is wrong for shifts 24,16,8; x0vncserver's not.
FORMATS = ["rgb888", "rgbx", "high", "big", "rgb565", "rgb565big", "rgb332",
           "bgr233"]


@pytest.fixture(scope="module")
def canvas(display):
    return screen.Canvas(display, 640, 480)


@pytest.fixture(scope="module")
def tiger(xserver, canvas):
    with standin.x0vncserver(xserver) as running:
        yield running


@pytest.mark.parametrize("encoding", [0, 5, 7, 16])
@pytest.mark.parametrize("name", FORMATS)
def test_decodes_tigervnc(tiger, canvas, display, name, encoding):
    screen.mixed_scene(canvas)
    with Viewer(connect("rfb", tiger.port)) as viewer:
        viewer.set_format(pixels.FORMATS[name])
        viewer.set_encodings(encoding, 1, CURSOR)
        # TigerVNC paints the pointer in while another moved it last.
        viewer.pointer(5, 5)
        viewer.refresh()
        canvas.text(20)
        canvas.scroll()
        wait_equal(viewer, screen.picture(display))


def test_decodes_libvncserver_over_websocket(xserver, canvas, display):
    screen.mixed_scene(canvas)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(standin.x11vnc(xserver))
        plain = stack.enter_context(Plain(server.port, source="127.0.0.1"))
        # libvncserver wants an Origin.
        stream = OverWebSocket(plain, origin="http://127.0.0.1",
                               protocols="binary")
        viewer = Viewer(stream)
        viewer.set_format(pixels.RGBX)
        viewer.set_encodings(decode.TIGHT, CURSOR)
        viewer.refresh()
        canvas.rectangles(5)
        wait_equal(viewer, screen.picture(display))


def test_reads_extended_desktop_size():
    port = free_port()
    with XServer(kind="Xtigervnc", extra=["-rfbport", str(port)]) as x:
        with Viewer(connect("rfb", port)) as viewer:
            viewer.set_encodings(7, EXTENDED_SIZE, CURSOR)
            viewer.refresh()
            assert viewer.screens
            resize(x, 500, 400)
            while (viewer.width, viewer.height) != (500, 400):
                viewer.request()
                viewer.read_message()


def test_des_is_the_one_x11vnc_uses(tmp_path):
    path = tmp_path / "passwd"
    run(["x11vnc", "-storepasswd", "secret12", str(path)])
    assert path.read_bytes()[:8] == password_file("secret12")
    assert answer("secret12", bytes(16)) != answer("secret13", bytes(16))
