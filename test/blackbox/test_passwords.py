"""Where passwords come from: x11vnc's forms of files, -storepasswd."""

import os
import pty
import re
import stat
import subprocess

import pytest

from lib.rfb import Refused, Viewer
from lib.server import clean_environment
from lib.transport import connect
from lib.vncauth import password_file


def is_let_in(server, password):
    with connect("ws", server.port) as stream:
        try:
            Viewer(stream, password=password)
        except Refused:
            return False
    return True


def test_several_passwords(launch, xserver, tmp_path):
    file = tmp_path / "passwords"
    file.write_text("# ours\none\ntwo __COMM__ Bob's\nthree__SKIP__\n"
                    "__BEGIN_VIEWONLY__\nlook\nwatch\n")
    with launch(xserver, "-noblacklist",
                password_option=["-passwdfile", str(file)]) as running:
        for password in ("one", "two", "look", "watch"):
            assert is_let_in(running, password)
        for password in ("three", "__COMM__", "", "two "):
            assert not is_let_in(running, password)
        assert running.log().count("event=login") == 4
        assert len(re.findall("event=login.*rights=view-only",
                              running.log())) == 2


def test_read_again_at_each_login(launch, xserver, tmp_path):
    file = tmp_path / "passwords"
    file.write_text("before\n")
    with launch(xserver, "-noblacklist",
                password_option=["-passwdfile", f"read:{file}"]) as running:
        assert is_let_in(running, "before")
        file.write_text("after\n")
        assert is_let_in(running, "after")
        assert not is_let_in(running, "before")
        file.write_text("")
        assert not is_let_in(running, "")
        assert is_let_in(running, "after")


def test_removed_after_reading(launch, xserver, tmp_path):
    file = tmp_path / "passwords"
    file.write_text("once\n")
    with launch(xserver, password_option=["-passwdfile",
                                          f"rm:{file}"]) as running:
        assert not file.exists()
        assert is_let_in(running, "once")


def test_printed_by_a_command(launch, xserver):
    with launch(xserver, password_option=["-passwdfile",
                                          "cmd:echo fromit"]) as running:
        assert is_let_in(running, "fromit")


@pytest.mark.parametrize("options", [
    ["-passwdfile", "cmd:false"], ["-passwdfile", "cmd:true"],
    ["-passwdfile", "/nonexistent"], ["-passwdfile", "/dev/null"],
    ["-rfbauth", "/dev/null"], ["-rfbauth", "/nonexistent"],
    ["-passwdfile", "read:/nonexistent"]])
def test_no_password_is_no_start(launch, xserver, options):
    """HOSTILE row 2."""
    with launch(xserver, password_option=options, expect_start=False) as one:
        assert one.wait() == 5
        assert one.port is None


def store(program, *words, home=None, text=b"", status=0):
    environment = clean_environment()
    if home:
        environment["HOME"] = str(home)
    done = subprocess.run(
        [program, *words], input=text, env=environment, timeout=60,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True)
    assert done.returncode == status, done.stderr
    return done.stdout.decode()


def test_store_and_show(program, tmp_path):
    file = tmp_path / "new" / "passwd"
    store(program, "-storepasswd", "secret", str(file))
    assert file.read_bytes() == password_file("secret")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert store(program, "-showrfbauth", str(file)) == "secret\n"
    store(program, "-viewpasswd", "look", "-storepasswd", "secret", str(file))
    assert file.read_bytes() == password_file("secret") + password_file("look")
    assert "look" in store(program, "-showrfbauth", str(file))
    store(program, "-storepasswd", "", str(file), status=2)


def test_store_asks(program, tmp_path):
    store(program, "-storepasswd", home=tmp_path, text=b"secret\nsecret\n")
    file = tmp_path / ".vnc" / "passwd"
    assert file.read_bytes() == password_file("secret")
    file.unlink()
    for text in (b"secret\nsecrets\n", b"\n\n", b""):
        store(program, "-storepasswd", home=tmp_path, text=text, status=5)
        assert not file.exists()


def test_store_asks_without_echo(program, tmp_path):
    """On the terminal, whatever stdin is."""
    file = tmp_path / "passwd"
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(program, [program, "-storepasswd", str(file)])
    said = b""
    for _ in range(2):
        seen = len(said)
        while b": " not in said[seen:]:
            said += os.read(terminal, 4096)
        os.write(terminal, b"secret\n")
    while b"passwd" not in said:
        said += os.read(terminal, 4096)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert status == 0
    assert b"secret" not in said
    assert file.read_bytes() == password_file("secret")


def test_usepw_asks_where_there_is_no_file(program, xserver, tmp_path):
    """And ends where nobody answers."""
    store(program, "-display", xserver.display, "-usepw", home=tmp_path,
          status=5)
    store(program, "-display", ":77", "-usepw", home=tmp_path,
          text=b"kept\nkept\n", status=3)
    assert (tmp_path / ".vnc" / "passwd").read_bytes() == (
        password_file("kept"))
