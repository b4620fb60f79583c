"""Where passwords come from: x11vnc's forms of files, -storepasswd."""

import os
import pty
import re
import select
import shlex
import signal
import stat
import subprocess
import termios

import pytest

from lib.process import tool
from lib.rfb import Refused, Viewer
from lib.server import clean_environment
from lib.transport import connect
from lib.vncauth import password_file
from lib.wait import HANG_GUARD_S


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


class Shell:
    """One that has jobs and leaves the terminal as they leave it, as bash
    does not. `said` is what the terminal showed and nobody waited for."""

    def __init__(self):
        self.said = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ["PS1"] = "ready> "
            os.execv(tool("dash"), ["dash", "-i"])
        self.wait_for(b"ready> ")

    def wait_for(self, text):
        while text not in self.said:
            there, _, _ = select.select([self.terminal], [], [], HANG_GUARD_S)
            assert there, f"no {text} after {self.said}"
            self.said += os.read(self.terminal, 4096)
        before, _, self.said = self.said.partition(text)
        return before

    def say(self, text):
        os.write(self.terminal, text)

    def echoes(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def ask_in(shell, program, file):
    """-storepasswd, as far as its first question."""
    shell.say(f"{shlex.quote(program)} -storepasswd {shlex.quote(str(file))}"
              "\n".encode())
    shell.wait_for(b"Password: ")
    assert not shell.echoes()


@pytest.mark.parametrize("number", [
    signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP])
def test_signal_gives_the_echo_back(program, tmp_path, number):
    """And ends it as it ends others."""
    with Shell() as shell:
        shell.say(b"ulimit -c 0\n")
        shell.wait_for(b"ready> ")
        ask_in(shell, program, tmp_path / "passwd")
        shell.say(b"begun")
        os.killpg(os.tcgetpgrp(shell.terminal), number)
        shell.wait_for(b"ready> ")
        assert shell.echoes()
        shell.say(b"echo status=$?.\n")
        shell.wait_for(b"status=%d." % (128 + number))
        assert not (tmp_path / "passwd").exists()


def test_asks_again_after_a_stop(program, tmp_path):
    """^Z gives the terminal to the shell as it was."""
    file = tmp_path / "passwd"
    with Shell() as shell:
        ask_in(shell, program, file)
        shell.say(b"secret\n")
        shell.wait_for(b"again: ")
        shell.say(b"\x1a")
        shell.wait_for(b"ready> ")
        assert shell.echoes()
        shell.say(b"fg\n")
        shell.wait_for(b"again: ")
        assert not shell.echoes()
        shell.say(b"secret\n")
        assert b"secret" not in shell.wait_for(b"ready> ")
    assert file.read_bytes() == password_file("secret")


def test_usepw_asks_where_there_is_no_file(program, xserver, tmp_path):
    """And ends where nobody answers; what is missing is said."""
    done = subprocess.run(
        [program, "-display", xserver.display, "-usepw"], input=b"",
        env=dict(clean_environment(), HOME=str(tmp_path)), timeout=60,
        capture_output=True, start_new_session=True, check=False)
    assert done.returncode == 5
    assert f"there is no {tmp_path}/.vnc/passwd yet".encode() in done.stderr
    assert b"-usepw: no password was given" in done.stderr
    assert b"-storepasswd" not in done.stderr
    store(program, "-display", ":77", "-usepw", home=tmp_path,
          text=b"kept\nkept\n", status=3)
    assert (tmp_path / ".vnc" / "passwd").read_bytes() == (
        password_file("kept"))
