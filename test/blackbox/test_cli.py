"""The command line: exit codes, messages, the lines on stdout."""

import os
import re
import signal
import socket
import subprocess

import pytest

from lib import http
from lib.rfb import Refused, Viewer
from lib.server import Server, clean_environment
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until
from lib.websocket import WebSocket

USAGE, DISPLAY, LISTEN, FILE = 2, 3, 4, 5


def run(program, *arguments, environment=None):
    """(status, stdout, stderr) of a run that must end by itself."""
    done = subprocess.run(
        [program, *map(str, arguments)], stdin=subprocess.DEVNULL,
        capture_output=True, timeout=60, check=False,
        env=environment or clean_environment())
    error = done.stderr.decode()
    assert "Sanitizer" not in error and "runtime error" not in error, error
    return done.returncode, done.stdout.decode(), error


def on(xserver):
    return ["-display", xserver.display, "-auth", xserver.authority,
            "-listen", "127.0.0.1"]


def test_help_and_version(program):
    status, out, _ = run(program, "-help")
    assert status == 0
    for option in ("-rfbport", "-httpdir", "-passwdfile", "-cert", "-origin",
                   "-sniffwait", "-viewonly", "-clip"):
        assert option in out
    status, out, _ = run(program, "-version")
    assert status == 0 and re.search(r"x11wsvnc \d", out)


@pytest.mark.parametrize("wrong,near", [
    ("-rfbprot", "rfbport"), ("--htpdir", "httpdir"), ("-vewonly", "viewonly"),
    ("-viewpaswd", "viewpasswd")])
def test_unknown_option_names_the_nearest(program, wrong, near):
    status, _, error = run(program, wrong, "1")
    assert status == USAGE
    assert wrong.lstrip("-") in error and near in error


def test_unknown_option_like_no_other(program):
    status, _, error = run(program, "-frobnicate")
    assert status == USAGE
    assert "-help lists them" in error


@pytest.mark.parametrize("option, value", [
    ("-httpdir", "/proc/nowhere"), ("-auth-source", "/proc/nowhere"),
    ("-statusauth", "/proc/nowhere"), ("-statusauth", ":"),
    ("-usersfile", "/proc/nowhere"), ("-passwdfile", "/proc/nowhere")])
def test_errors_name_their_option(program, xserver, option, value):
    status, _, error = run(
        program, "-display", xserver.display, "-auth", xserver.authority,
        "-rfbport", "0", option, value)
    assert status == FILE
    assert f"error: {option}" in error


def test_what_to_do_about_an_address(program, xserver):
    status, _, error = run(
        program, "-display", xserver.display, "-auth", xserver.authority,
        "-rfbport", "0", "-listen", "203.0.113.1")
    assert status == LISTEN and "does not have that address" in error


@pytest.mark.parametrize("arguments", [
    ["-rfbport"], ["-rfbport", "x"], ["-rfbport", "65536"],
    ["-rfbport", "-5"], ["-fps", "0"], ["-fps", "fast"], ["stray"],
    ["-clip", "left", "-id", "7"], ["-sniffwait", "99999999"], ["-rfbport", "59x"]])
def test_usage(program, arguments):
    status, _, error = run(program, *arguments)
    assert status == USAGE
    assert arguments[0].lstrip("-") in error


@pytest.mark.parametrize("arguments", [
    ["-remap", "a-nosuchkey"], ["-remap", "/nowhere/file"],
    ["-buttonmap", "123-32"], ["-buttonmap", "left"],
    ["-skip_keycodes", "7"], ["-skip_keycodes", "a"],
    ["-clip", "0x100"], ["-clip", "99999x1"], ["-clip", "10x10+"],
    ["-clip", "10x10x10"], ["-id", "window"], ["-id", "0x123456789"],
    ["-sid", "0"], ["-scale", "0"], ["-scale", "large"],
    ["-scale_cursor", "1:2"], ["-rotate", "45"], ["-blackout", "10x10"],
    ["-padgeom", "wide"]])
def test_values_are_looked_at_first(program, tmp_path, arguments):
    """Before a display is missing and a log is written."""
    log = tmp_path / "log"
    status, _, error = run(program, "-display", ":8765", "-o", log,
                           *arguments)
    assert status == USAGE
    assert arguments[1] in error and arguments[0] in error
    assert not log.exists()


def test_no_display(program):
    status, _, error = run(program, "-display", ":8765", "-rfbport", 0)
    assert status == DISPLAY and ":8765" in error


def test_no_display_named(program):
    assert run(program, "-rfbport", 0)[0] == DISPLAY


def test_display_without_cookie(program, xserver, tmp_path):
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    status, _, error = run(program, "-display", xserver.display, "-auth",
                           empty, "-rfbport", 0, "-nopw")
    assert status in (DISPLAY, FILE)
    assert xserver.display in error or str(empty) in error


def test_display_from_the_environment(program, xserver):
    with Server(program, None, environment=dict(
            clean_environment(), DISPLAY=xserver.display,
            XAUTHORITY=xserver.authority)) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


def test_port_in_use(program, xserver):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, error = run(program, *on(xserver), "-nopw", "-rfbport",
                                 port)
    assert status == LISTEN
    assert str(port) in error and "use" in error.lower()
    assert "PORT=" not in out


def test_address_that_is_not_ours(program, xserver):
    status, _, error = run(program, "-display", xserver.display, "-auth",
                           xserver.authority, "-nopw", "-rfbport", 0,
                           "-listen", "192.0.2.1")
    assert status == LISTEN and "192.0.2.1" in error


def test_autoport(launch, xserver):
    with launch(xserver) as first:
        with launch(xserver, "-autoport", port=first.port) as second:
            assert first.port < second.port < first.port + 200
            http.ask(second, "/")


def test_autoport_ends_with_the_last_port(program, xserver):
    """Not at port 0, which would be any, nor at low ones."""
    with socket.socket() as last:
        last.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        last.bind(("127.0.0.1", 65535))
        last.listen()
        status, out, error = run(
            program, "-display", xserver.display, "-auth", xserver.authority,
            "-nopw", "-localhost", "-autoport", 65535)
    assert status == LISTEN and "65535" in error and "PORT=" not in out


@pytest.mark.parametrize("option,how", [
    ("-passwdfile", "first line"), ("-rfbauth", "-storepasswd FILE makes"),
    ("-usersfile", "mkpasswd"), ("-cert", "without -cert"),
    ("-auth-source", "of that form"), ("-HostsFile", "+192.168"),
    ("-allow", "an address"), ("-token-source", "TOKEN: HOST:PORT"),
    ("-httpdir", "")])
def test_missing_files(program, xserver, tmp_path, option, how):
    """And how to make one: but not of one that is there."""
    extra = [] if option in ("-passwdfile", "-rfbauth", "-usersfile") else [
        "-nopw"]

    def told(path):
        status, _, error = run(program, *on(xserver), "-rfbport", 0, *extra,
                               option, path)
        assert status in (FILE, USAGE)
        assert str(path) in error
        return error
    error = told("/nowhere/file")
    assert "No such file" in error and how in error
    if option not in ("-httpdir", "-token-source"):
        assert "Is a directory" in (error := told(tmp_path))
        assert not how or how not in error


@pytest.mark.parametrize("option,content", [
    ("-passwdfile", b""), ("-passwdfile", b"\n"), ("-rfbauth", b""),
    ("-rfbauth", b"short"), ("-cert", b"not a certificate")])
def test_useless_files(program, xserver, tmp_path, option, content):
    path = tmp_path / "useless"
    path.write_bytes(content)
    extra = ["-nopw"] if option == "-cert" else []
    status, _, error = run(program, *on(xserver), "-rfbport", 0, *extra,
                           option, path)
    assert status == FILE and str(path) in error


def test_key_of_another_certificate(program, xserver, certificate, tmp_path):
    key = tmp_path / "other.pem"
    subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1",
                    "-noout", "-out", str(key)], check=True,
                   capture_output=True)
    status, _, error = run(program, *on(xserver), "-rfbport", 0, "-nopw",
                           "-cert", certificate[0], "-key", key)
    assert status == FILE
    assert str(key) in error or certificate[0] in error


def test_empty_password_does_not_open(program, xserver):
    status, _, error = run(program, *on(xserver), "-rfbport", 0, "-passwd",
                           "")
    assert status in (USAGE, FILE) and "passw" in error


def test_port_line(launch, xserver):
    with launch(xserver) as running:
        text = running.output.decode()
        assert f"PORT={running.port}\n" in text
        running.wait_for_output(rb"https?://[^\s/]+:%d" % running.port)


def test_one_time_password(launch, xserver):
    with launch(xserver, password_option=[]) as running:
        found = running.wait_for_output(
            rb"https?://\S+#(?:\S*&)?password=([^\s&]+)")
        password = found.group(1).decode()
        assert len(password) == 8
        with Viewer(connect("ws", running.port),
                    password=password) as viewer:
            viewer.refresh()
        with pytest.raises(Refused):
            Viewer(connect("ws", running.port), password="wrong")
        first = password
    with launch(xserver, password_option=[]) as running:
        found = running.wait_for_output(rb"password=([^\s&]+)")
        assert found.group(1).decode() != first


def test_passwords_are_hidden_from_ps(launch, xserver):
    with launch(xserver, "-passwd", "Qwerty77", "-viewpasswd", "Looker88",
                password_option=[]) as running:
        with open(f"/proc/{running.process.pid}/cmdline", "rb") as file:
            line = file.read()
        assert b"Qwerty77" not in line and b"Looker88" not in line
        assert "Qwerty77" not in running.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_well(launch, xserver, number):
    with launch(xserver) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
            running.stop(number)


def test_once(launch, xserver, kind):
    with launch(xserver, "-once") as running:
        # A page and a dead connection are no viewer.
        assert http.ask(running, "/vnc.html").status == 200
        Plain(running.port).abort()
        with Viewer(connect(kind, running.port)) as viewer:
            viewer.refresh()
        assert running.wait() == 0


def test_noshared(launch, xserver):
    with launch(xserver, "-noshared") as running:
        one = Viewer(connect("ws", running.port))
        one.refresh()
        try:
            with Viewer(connect("ws", running.port), shared=False) as other:
                other.refresh()
                with pytest.raises(Closed):
                    while True:
                        one.stream.read_some()
        except Closed:
            one.refresh()  # the first stays, the second was refused
        one.close()


def test_unshared_viewers_throw_nobody_out_by_default(launch, xserver):
    # TigerVNC says "not shared" unless told otherwise.
    with launch(xserver) as running:
        with Viewer(connect("ws", running.port)) as one:
            with Viewer(connect("ws", running.port), shared=False) as other:
                other.refresh()
                one.refresh()


def test_localhost(program, xserver):
    with Server(program, xserver, "-localhost", listen=None) as running:
        with open("/proc/net/tcp", encoding="ascii") as table:
            listening = [line.split()[1] for line in table
                         if line.split()[3] == "0A"]
        assert f"0100007F:{running.port:04X}" in listening
        assert f"00000000:{running.port:04X}" not in listening


def test_log_file(launch, xserver, tmp_path):
    path = tmp_path / "log"
    with launch(xserver, "-o", path) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
        wait_until(path.exists, "the log file")
        assert http.ask(running, "/vnc.html?password=hush77").status == 200
    assert "tcp+websocket+rfb" in path.read_text()
    assert "hush77" not in path.read_text()


def test_log_that_cannot_be_written(launch, xserver):
    with launch(xserver, "-o", "/dev/full") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


def test_quiet(launch, xserver):
    with launch(xserver, "-q") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
        assert running.log() == ""


@pytest.mark.parametrize("spelling", [
    ["-nopw", "-fps=30"], ["--nopw", "--fps", "30"], ["-nopw", "--fps=30"]])
def test_spellings(program, xserver, spelling):
    with Server(program, xserver, password_option=spelling) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


@pytest.mark.parametrize("pasted", [
    ["-forever", "-shared", "-noxrecord", "-ncache", "10", "-bg"],
    ["-noxdamage", "-wait", "20", "-defer", "20", "-repeat", "-xkb"],
    ["-speeds", "lan", "-nowf", "-noscr", "-nolookup"]])
def test_pasted_command_lines_start(launch, xserver, pasted):
    options = [word for word in pasted if word != "-bg"]
    with launch(xserver, *options) as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()


def test_one_option_is_enough_and_safe(program, xserver):
    """No option but the display: a page, and a password."""
    with Server(program, xserver, password_option=[]) as running:
        assert http.ask(running, "/vnc.html").status == 200
        with connect("ws", running.port) as stream:
            viewer = Viewer(stream, login=False)
            viewer.greet("003.008")
            assert 1 not in viewer.read_security_types()


@pytest.mark.parametrize("options, may", [
    ([], "see and control this"), (["-viewonly"], "see this")])
def test_what_anybody_may_do_is_said(launch, xserver, options, may):
    with launch(xserver, *options, listen=None) as running:
        wait_until(lambda: f"can {may} desktop" in running.log(),
                   "the warning")


def test_closed_standard_output(program, xserver):
    """A script that read PORT= and went away must not end the server."""
    with Server(program, xserver) as running:
        os.close(os.dup(running.process.stdout.fileno()))
        running.process.stdout.close()
        running.process.stdout = open(os.devnull, "rb")
        with Plain(running.port) as plain:
            WebSocket(plain).open()
