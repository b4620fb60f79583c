"""Files that are read again while people are served, where somebody put
something there that would keep them all waiting."""

import os
import signal

import pytest

from lib.desktops import Desktops, upgrade_answer
from lib.process import tool
from lib.rfb import Viewer
from lib.server import Server
from lib.transport import connect
from lib.vncauth import password_file
from lib.wait import wait_until

TOLD = "no regular file"


def option_only(value):
    return value if str(value).startswith("-") else ""


SHA512 = ("$6$rounds=1000$saltsalt$uQ.EdDYdz4NcoOqeQmGgiP6AnQrjlGBDPQ/gPuWqRO5"
          "XcRMpuKnSoGCvJnhnahHRQm1OrVkw8ROWHABv.zLIr1")


def in_a_pipes_place(file):
    """A pipe that nobody ever writes into."""
    os.rename(file, f"{file}.kept")
    os.mkfifo(file)


def put_back(file):
    os.rename(f"{file}.kept", file)


def comes_in(port, password=None):
    with Viewer(connect("rfb", port), password=password) as viewer:
        viewer.set_encodings(0)
        viewer.refresh()


@pytest.mark.parametrize("option,prefix,content,password", [
    ("-allow", "", b"127.\n", None),
    ("-HostsFile", "", b"+127.0.0.0/8\n", None),
    ("-passwdfile", "read:", b"secret\n", "secret"),
], ids=option_only)
def test_looked_at_when_somebody_comes(launch, xserver, tmp_path, option,
                                       prefix, content, password):
    file = tmp_path / "file"
    file.write_bytes(content)
    words = [option, f"{prefix}{file}", *([] if password else ["-nopw"])]
    with launch(xserver, password_option=words) as running:
        comes_in(running.port, password)
        in_a_pipes_place(file)
        comes_in(running.port, password)
        wait_until(lambda: f"{file}: {TOLD}" in running.log(), "it is told")
        put_back(file)
        comes_in(running.port, password)
        assert running.log().count(TOLD) == 1


def hang_up(running, file):
    """What is read again then; the log until that is done."""
    done = running.log().count("SIGHUP: reading files again")
    running.process.send_signal(signal.SIGHUP)
    wait_until(lambda: running.log().count(
        "SIGHUP: reading files again") > done, "the signal came")
    wait_until(lambda: TOLD in running.log(), "it is told")
    told, = [line for line in running.log().splitlines() if TOLD in line]
    assert str(file) in told


@pytest.mark.parametrize("option,content,password", [
    ("-rfbauth", password_file("secret"), "secret"),
    ("-passwdfile", b"secret\n", "secret"),
    ("-usersfile", f"joe:{SHA512}:view\n".encode(), "secret"),
    ("-auth-source", b"joe:secret\n", "secret"),
    ("-rc", b"viewonly\n", "secret"),
], ids=option_only)
def test_hangup(launch, xserver, tmp_path, option, content, password):
    file = tmp_path / "file"
    file.write_bytes(content)
    own = [] if option in ("-rfbauth", "-passwdfile") else ["-passwd",
                                                            password]
    with launch(xserver, password_option=[option, str(file), *own]) as running:
        comes_in(running.port, password)
        in_a_pipes_place(file)
        hang_up(running, file)
        comes_in(running.port, password)


def test_desktops(program, tmp_path):
    with Desktops() as desktops:
        path = desktops.write()
        with Server(program, None, "-desktops", path) as running:
            in_a_pipes_place(path)
            hang_up(running, path)
            assert upgrade_answer(running.port, "/d/one/").status == 101


@pytest.mark.parametrize("option", ["-cert", "-key", "-sslverify"])
def test_certificates(program, certificate, xserver, tmp_path, option):
    files = {"-cert": certificate[0], "-key": certificate[1],
             "-sslverify": certificate[0]}
    if option != "-sslverify":
        del files["-sslverify"]
    file = tmp_path / "file.pem"
    file.write_bytes(open(files[option], "rb").read())
    files[option] = str(file)
    words = [word for pair in files.items() for word in pair]
    with Server(program, xserver, *words) as running:
        in_a_pipes_place(file)
        hang_up(running, file)
        with connect("vncs", running.port) as stream:
            assert stream.read(12) == b"RFB 003.008\n"


def test_tokens(program, tmp_path, first):
    """Of a folder the other files count."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    (folder / "a").write_text(f"one: {first.place}\n")
    os.mkfifo(folder / "b")
    (folder / "c").write_text(f"three: {first.place}\n")
    with Server(program, None, "--token-plugin", "TokenFile",
                "--token-source", folder, password_option=[]) as running:
        for name, status in (("three", 101), ("two", 404), ("one", 101)):
            answer = upgrade_answer(running.port, f"/?token={name}")
            assert answer.status == status
        assert f"{folder / 'b'}: {TOLD}" in running.log()


def test_a_shells_pipe_at_the_start(program, certificate, xserver):
    """Certificate and key from one, which can be read once."""
    with Server(program, xserver, wrapper=[
            tool("bash"), "-c", 'exec "$0" "$@" -cert <(sleep 0.2; cat "'
            f'{certificate[0]}" "{certificate[1]}")']) as running:
        comes_in(running.port)
