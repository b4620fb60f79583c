"""From the first byte to ServerInit: versions, security types, passwords."""

import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.rfb import BANNER, NONE, VNC_AUTH, Refused, Viewer, is_ended
from lib.pixels import RGB888
from lib.transport import Closed, connect
from lib.vncauth import answer, password_file

VERSIONS = ["003.003", "003.004", "003.005", "003.006", "003.007", "003.008",
            "003.889", "004.001"]
GARBAGE = [b"RFB 003.00X\n", b"XXX 003.008\n", b"RFB 003.008 ",
           b"RFB003.0008\n", b"RFB -03.008\n", b"\0" * 12,
           b"RFB 002.000\n", b"RFB 003,008\n"]


@pytest.fixture(scope="module")
def locked(launch, xserver):
    """The same program with two passwords."""
    with launch(xserver, "-passwd", "secret12", "-viewpasswd", "look",
                password_option=[]) as running:
        yield running


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_without_a_password(server, kind, version):
    with Viewer(connect(kind, server.port), version=version) as viewer:
        assert NONE in viewer.security_types
        assert VNC_AUTH not in viewer.security_types
        viewer.refresh()


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_with_a_password(locked, kind, version):
    with Viewer(connect(kind, locked.port), version=version,
                password="secret12") as viewer:
        assert NONE not in viewer.security_types
        viewer.refresh()


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_for_a_version_is_the_end(server, kind, garbage):
    with connect(kind, server.port) as stream:
        assert stream.read(12) == BANNER
        stream.write(garbage)
        assert is_ended(stream)


def test_nothing_follows_the_banner_unasked(server, kind):
    # noVNC leaves whatever came along with the banner in its queue.
    with connect(kind, server.port) as stream:
        assert stream.read(12) == BANNER
        assert not stream.has_input(0.3)


def test_handshake_byte_by_byte(locked, kind):
    with connect(kind, locked.port) as stream:
        stream.read(12)
        dribble(stream, b"RFB 003.008\n")
        types = stream.read(stream.read(1)[0])
        assert VNC_AUTH in types
        dribble(stream, bytes([VNC_AUTH]))
        dribble(stream, answer("secret12", stream.read(16)))
        assert stream.read(4) == bytes(4)
        dribble(stream, b"\1")
        stream.read(24)


def dribble(stream, data):
    for byte in data:
        stream.write(bytes([byte]))


@pytest.mark.parametrize("version", ["003.003", "003.007", "003.008"])
def test_wrong_password(locked, kind, version):
    with connect(kind, locked.port) as stream:
        with pytest.raises(Refused) as refused:
            Viewer(stream, version=version, password="wrong")
        if version == "003.008":
            assert "password" in refused.value.reason.lower() or (
                "auth" in refused.value.reason.lower())
        assert is_ended(stream)


@pytest.mark.parametrize("password", ["", "secret1", "SECRET12", "look2"])
def test_nearly_right_passwords(locked, password):
    with connect("ws", locked.port) as stream:
        with pytest.raises(Refused):
            Viewer(stream, password=password)


def test_characters_past_the_eighth_do_not_count(locked):
    with Viewer(connect("ws", locked.port), password="secret12345"):
        pass


def test_view_only_password_logs_in(locked, kind):
    with Viewer(connect(kind, locked.port), password="look") as viewer:
        viewer.refresh()


def test_challenges_are_never_the_same(locked):
    seen = set()
    for _ in range(20):
        with connect("ws", locked.port) as stream:
            stream.write(b"RFB 003.003\n")
            stream.read(12)
            assert stream.read(4) == b"\0\0\0\2"
            seen.add(stream.read(16))
    assert len(seen) == 20


def test_password_files(launch, xserver, tmp_path):
    plain, hidden = tmp_path / "plain", tmp_path / "hidden"
    plain.write_text("fromfile\n")
    hidden.write_bytes(password_file("obscured"))
    for option, path, password in (("-passwdfile", plain, "fromfile"),
                                   ("-rfbauth", hidden, "obscured")):
        with launch(xserver, password_option=[option, str(path)]) as running:
            with Viewer(connect("ws", running.port), password=password):
                pass
            with pytest.raises(Refused):
                Viewer(connect("ws", running.port), password="other")


def try_type(port, kind, number):
    """What one gets for a security type and 200 zero bytes behind it."""
    with connect(kind, port) as stream:
        stream.write(b"RFB 003.008\n")
        stream.read(12)
        offered = stream.read(stream.read(1)[0])
        try:
            stream.write(bytes([number]))
            # A challenge's answer, ClientInit, requests for the picture.
            request = struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480)
            stream.write(bytes(16) + b"\1" + request * 20)
        except Closed:
            pass
        return number in offered, stream.read_to_end()


def assert_refusal(said):
    """Empty, or SecurityResult 1 and a reason that fills the rest."""
    if said:
        assert said[:4] == b"\0\0\0\1", said[:64]
        assert struct.unpack(">I", said[4:8])[0] == len(said) - 8


@pytest.mark.parametrize("fixture", ["server", "locked"])
def test_only_offered_types_are_accepted(request, fixture, kind):
    port = request.getfixturevalue(fixture).port
    # Every type on the transport of browsers, the telling ones on the rest.
    numbers = range(256) if kind == "ws" else [
        0, 1, 2, 3, 5, 6, 16, 18, 19, 22, 30, 113, 129, 255]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(
            lambda number: (number, *try_type_unless_offered(
                port, kind, number)), numbers))
    for number, was_offered, said in results:
        if not was_offered:
            assert_refusal(said)


def try_type_unless_offered(port, kind, number):
    with connect(kind, port) as stream:
        stream.write(b"RFB 003.008\n")
        stream.read(12)
        offered = stream.read(stream.read(1)[0])
    if number in offered:
        return True, b""
    return try_type(port, kind, number)


def test_no_picture_before_the_password(locked, kind):
    with connect(kind, locked.port) as stream:
        stream.write(b"RFB 003.008\n")
        stream.read(12)
        stream.read(stream.read(1)[0])
        stream.write(bytes([VNC_AUTH]))
        stream.read(16)
        request = struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480)
        try:
            stream.write(bytes(16) + b"\1" + request * 20)
        except Closed:
            pass
        assert_refusal(stream.read_to_end())


def test_server_init(server, xserver, kind):
    with Viewer(connect(kind, server.port)) as viewer:
        assert (viewer.width, viewer.height) == (640, 480)
        assert viewer.format == RGB888
        assert viewer.name
        assert viewer.name.isprintable()


def test_desktop_name_in_utf8(launch, xserver):
    with launch(xserver, "-desktop", "Büro ☕") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert viewer.name == "Büro ☕"
