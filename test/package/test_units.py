"""systemd takes our units, and they grant what the program needs."""

import os
import re
import socket
import subprocess

import pytest

from conftest import TOP
from lib.process import end, run, start
from lib.rfb import Viewer
from lib.transport import Plain
from lib.wait import wait_until

SYSTEM = ["x11wsvnc.service", "x11wsvnc@.service", "x11wsvnc.socket"]
FIRST_PORT = int(os.environ.get("PACKAGE_PORT", "24700"))


@pytest.fixture(scope="module")
def units(installed, tmp_path_factory):
    """The folders of the units, where they name the program in its DESTDIR:
    systemd wants to see it."""
    folders = {}
    for kind in ("system", "user"):
        folder = tmp_path_factory.mktemp(kind)
        source = installed.path(f"systemd{kind}unitdir")
        for name in os.listdir(source):
            with open(os.path.join(source, name)) as file:
                text = file.read()
            text = text.replace("=" + installed.variable("bindir"),
                                "=" + installed.path("bindir"))
            (folder / name).write_text(text)
        folders[kind] = folder
    return folders


def analyze(*arguments):
    environment = dict(os.environ, XDG_RUNTIME_DIR="/tmp")
    done = subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True,
        text=True, env=environment, stdin=subprocess.DEVNULL, timeout=60,
        check=False)
    return done.returncode, done.stdout + done.stderr


def test_system_units_verify(units):
    status, said = analyze("verify", "--man=no",
                           *[units["system"] / name for name in SYSTEM])
    assert (status, said) == (0, "")


def test_user_unit_verifies(units):
    status, said = analyze("verify", "--user", "--man=no",
                           units["user"] / "x11wsvnc.service")
    assert (status, said) == (0, "")


@pytest.mark.parametrize("name", ["x11wsvnc.service", "x11wsvnc@.service"])
def test_little_is_exposed(units, name):
    """systemd's own scale, from 0 to 100: it calls up to 40 fine."""
    status, said = analyze("security", "--offline=yes", "--threshold=30",
                           units["system"] / name)
    assert status == 0, said


def settings(path, name):
    with open(path) as unit:
        return [word for line in unit if line.startswith(name + "=")
                for word in line.strip().partition("=")[2].split()]


def all_services(units):
    return [units["system"] / "x11wsvnc.service",
            units["system"] / "x11wsvnc@.service",
            units["user"] / "x11wsvnc.service"]


def test_same_sockets_as_the_sandbox(units):
    with open(os.path.join(TOP, "server/sandbox/sandbox_calls.c")) as source:
        families = re.search(r"families\[\] = \{([^}]*)\}", source.read())
    own = set(re.findall(r"AF_\w+", families.group(1)))
    for path in all_services(units):
        assert set(settings(path, "RestrictAddressFamilies")) == own


def calls_of(group):
    """The system calls of one of systemd's groups."""
    found = set()
    for line in run(["systemd-analyze", "syscall-filter", group]).split("\n"):
        word = line.strip()
        if word.startswith("@") and word != group:
            found |= calls_of(word)
        elif word and not word.startswith(("#", "@")):
            found.add(word)
    return found


def test_calls_that_the_program_makes_are_granted(units, serve, tmp_path):
    trace = tmp_path / "trace"
    with serve(wrapper=["strace", "-D", "-f", "-qq", "-e", "signal=none", "-o",
                        str(trace)],
               environment=dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
               ) as server:
        for kind in ("rfb", "tls"):
            stream = Plain(server.port)
            if kind == "tls":
                stream.start_tls()
            with Viewer(stream) as viewer:
                viewer.refresh()
    wait_until(lambda: "exit_group" in trace.read_text(), "all of the trace")
    made = set(re.findall(r"(?m)^\d+\s+(?:<\.\.\. )?(\w+)[( ]",
                          trace.read_text()))
    assert {"landlock_restrict_self", "seccomp", "accept4"} <= made
    for path in all_services(units):
        granted = set()
        for word in settings(path, "SystemCallFilter"):
            granted |= calls_of(word) if word[0] == "@" else {word}
        assert made - granted == set(), path


def test_starts_for_the_first_connection(program, xserver, tmp_path):
    """With two sockets, as x11wsvnc.socket may have them."""
    log = tmp_path / "log"
    socket = tmp_path / "socket"
    with open(log, "wb") as output:
        activator = start(
            ["systemd-socket-activate", "-l", f"127.0.0.1:{FIRST_PORT}",
             "-l", str(socket), "-E", f"XDG_CONFIG_HOME={tmp_path}",
             program, "-display", xserver.display, "-auth",
             xserver.authority, "-nopw"], stdout=output, stderr=output)
    try:
        wait_until(lambda: "Listening" in log.read_text()
                   and log.read_text().count("Listening") == 2,
                   "the sockets are open")
        assert "sandbox" not in log.read_text()
        with Viewer(Plain(FIRST_PORT)) as viewer:
            viewer.refresh()
        with Viewer(Plain(FIRST_PORT)) as viewer:
            viewer.refresh()
        assert "sandbox" in log.read_text()
    finally:
        status = end(activator)
    assert status == 0, log.read_text()


def command_of(unit, options, replace):
    """ExecStart's words, as systemd makes them."""
    words = []
    for word in settings(unit, "ExecStart"):
        for mark, text in replace.items():
            word = word.replace(mark, str(text))
        words += options if word == "$OPTIONS" else [word]
    assert not any("%" in word or "$" in word for word in words), words
    return words


def own_options(unit):
    (line,) = re.findall(r'(?m)^Environment="?OPTIONS=([^"\n]*)"?$',
                         open(unit).read())
    return line.split()


@pytest.mark.parametrize("kind, name", [
    ("system", "x11wsvnc.service"), ("system", "x11wsvnc@.service"),
    ("user", "x11wsvnc.service")])
def test_command_line_is_ready(units, xserver, tmp_path, kind, name):
    """Type=notify: systemd waits for this word."""
    (tmp_path / "words").write_text("secret\n")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(str(tmp_path / "notify"))
    listening.settimeout(60)
    options = ["-auth", xserver.authority, "-passwdfile",
               str(tmp_path / "words"), "-listen", "127.0.0.1"]
    if "@" not in name:
        options += ["-display", xserver.display, "-rfbport", "0"]
    command = command_of(units[kind] / name, options, {
        "%S": tmp_path, "%i": xserver.number})
    environment = dict(os.environ, NOTIFY_SOCKET=str(tmp_path / "notify"),
                       XDG_CONFIG_HOME=str(tmp_path))
    with listening:
        process = start(command, env=environment,
                        stdout=subprocess.DEVNULL)
        try:
            said = ""
            while "READY=1" not in said:
                said += listening.recv(4096).decode()
        finally:
            status = end(process)
    assert status == 0
    if "%S" in open(units[kind] / name).read():
        assert os.listdir(tmp_path / "x11wsvnc"), "the certificate is kept"


def test_without_a_password_file_it_says_so(units, tmp_path):
    unit = units["system"] / "x11wsvnc.service"
    options = own_options(unit)
    options[options.index("-passwdfile") + 1] = str(tmp_path / "passwords")
    done = subprocess.run(
        command_of(unit, options, {"%S": tmp_path}), capture_output=True,
        text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert done.returncode == 5, done.stderr
    assert str(tmp_path / "passwords") in done.stderr
    assert "5" in settings(unit, "RestartPreventExitStatus")
