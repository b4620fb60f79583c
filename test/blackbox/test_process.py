"""How it is started, told, watched and ended by what runs it."""

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import time

import pytest

from lib import http
from lib.process import is_alive
from lib.rfb import Refused, Viewer, is_ended
from lib.server import ADDRESS, clean_environment
from lib.transport import Closed, connect
from lib.wait import HANG_GUARD_S, wait_until

USAGE, DISPLAY = 2, 3


def visit(port):
    with Viewer(connect("ws", port)) as viewer:
        viewer.refresh()


def command(program, xserver, *options):
    return [program, "-display", xserver.display, "-auth", xserver.authority,
            "-listen", ADDRESS, "-nopw", "-nossl", *map(str, options)]


def listening_pid(log):
    """The process that serves, by what it logged with -v."""
    found = re.findall(r"process (\d+)", log.read_text())
    return int(found[-1])


def end(pid):
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not is_alive(pid), "the end")


# ---- -bg, -flag

@pytest.mark.parametrize("option", ["-bg", "-background", "-D", "--daemon"])
def test_background(program, xserver, tmp_path, option):
    """The parent's end says that viewers can come, and nothing of it is left
    open that somebody waits for."""
    log, flag = tmp_path / "log", tmp_path / "flag"
    done = subprocess.run(
        command(program, xserver, option, "-rfbport", 0, "-o", log, "-v",
                "-flag", flag, "-rmflag", flag),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG_GUARD_S,
        env=clean_environment(), check=True)
    pid = listening_pid(log)
    try:
        port = int(re.search(rb"(?m)^PORT=(\d+)$", done.stdout).group(1))
        assert flag.read_text() == f"PORT={port}\n"
        visit(port)
        assert os.getsid(pid) != os.getsid(0)
    finally:
        end(pid)
    assert not flag.exists()
    assert "ending: asked to end" in log.read_text()


def test_background_leaves_nothing_open(program, xserver, tmp_path):
    """ssh and $(...) wait until nobody has their pipe any more; the process
    that runs commands may not have it either."""
    flag, done = tmp_path / "flag", tmp_path / "done"
    first = subprocess.run(
        command(program, xserver, "-bg", "-rfbport", 0, "-flag", flag,
                "-gone", f"echo said; touch {done}"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=HANG_GUARD_S,
        env=clean_environment(), check=True)
    pid = int(re.search(rb"process (\d+)", first.stdout).group(1))
    try:
        visit(int(flag.read_text().removeprefix("PORT=")))
        wait_until(done.exists, "the command ran all the same")
    finally:
        end(pid)


def test_background_that_fails(program, xserver):
    done = subprocess.run(
        [program, "-bg", "-display", ":98765", "-nopw", "-rfbport", "0"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG_GUARD_S,
        env=clean_environment(), check=False)
    assert done.returncode == DISPLAY
    assert b"cannot open display" in done.stderr


# ---- -loop, -sleepin

def test_loop(program, xserver, tmp_path):
    """Three lives of a tenth of a second's pause; the log keeps all."""
    log = tmp_path / "log"
    with subprocess.Popen(
            command(program, xserver, "-loop100,3", "-once", "-rfbport", 0,
                    "-o", log), stdout=subprocess.PIPE,
            env=clean_environment()) as process:
        lives = 0
        for line in process.stdout:
            if line.startswith(b"PORT="):
                visit(int(line[5:]))
                lives += 1
        assert process.wait(HANG_GUARD_S) == 0
    assert lives == 3
    assert log.read_text().count("-loop: ended with status 0") == 3


def test_loop_ends_when_asked(program, xserver):
    with subprocess.Popen(
            command(program, xserver, "-loop", "-rfbport", 0),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=clean_environment()) as process:
        for line in process.stdout:
            if line.startswith(b"PORT="):
                port = int(line[5:])
                break
        with Viewer(connect("ws", port)) as viewer:
            process.terminate()
            assert is_ended(viewer.stream)
        assert process.wait(HANG_GUARD_S) == 0


def test_loop_in_the_background(program, xserver, tmp_path):
    """The port is open when the parent ends; the supervisor ends both."""
    log = tmp_path / "log"
    done = subprocess.run(
        command(program, xserver, "-loopbg100", "-rfbport", 0, "-v", "-o",
                log), stdin=subprocess.DEVNULL, capture_output=True,
        timeout=HANG_GUARD_S, env=clean_environment(), check=True)
    child = listening_pid(log)
    with open(f"/proc/{child}/status", encoding="ascii") as status:
        supervisor = int(re.search(r"PPid:\t(\d+)", status.read()).group(1))
    try:
        visit(int(re.search(rb"PORT=(\d+)", done.stdout).group(1)))
        os.kill(child, signal.SIGTERM)
        wait_until(lambda: listening_pid(log) != child, "the next one")
    finally:
        end(supervisor)
    wait_until(lambda: not os.path.exists(f"/proc/{listening_pid(log)}"),
               "the child's end")


def test_a_bad_loop(launch, xserver):
    with launch(xserver, "-loopx", expect_start=False) as server:
        assert server.wait() == USAGE


def test_sleep_first(launch, xserver):
    began = time.monotonic()
    with launch(xserver, "-sleepin", "1") as server:
        assert time.monotonic() - began >= 1
        visit(server.port)


# ---- the rc file

def environment_with(home, **more):
    return {**clean_environment(), "HOME": str(home), **more}


def test_rc_file_environment_and_command_line(launch, xserver, tmp_path):
    """In this order; comments and lines that go on."""
    (tmp_path / ".x11wsvncrc").write_text(
        "# for the desk\nviewonly  # nobody types\ndesktop \\\n rc desk\n"
        "-alwaysshared -timeout 77\n")
    home = environment_with(tmp_path)
    with launch(xserver, environment=home) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert viewer.name == "rc desk"
    home["X11WSVNC_OPTIONS"] = "-desktop 'of the environment'"
    with launch(xserver, environment=home) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert viewer.name == "of the environment"
    with launch(xserver, "-desktop", "said", environment=home) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert viewer.name == "said"
    with launch(xserver, "-norc", environment=home) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert "desk" not in viewer.name


def test_wrong_rc_file_is_named(launch, xserver, tmp_path):
    rc = tmp_path / "rc"
    rc.write_text("\n\nrfbprot 5901\n")
    with launch(xserver, "-rc", rc, expect_start=False) as server:
        assert server.wait() == USAGE
        assert f"{rc}, line 3" in server.log()
        assert "-rfbport" in server.log()


def test_somebody_elses_rc_file(launch, xserver, tmp_path):
    if os.geteuid() != 0:
        pytest.fail("run as root: the file must belong to somebody else")
    rc = tmp_path / ".x11wsvncrc"
    rc.write_text("desktop theirs\n")
    os.chown(rc, 65534, 65534)
    with launch(xserver, environment=environment_with(tmp_path)) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert viewer.name != "theirs"
        assert "belongs to somebody else" in server.log()


# ---- SIGHUP

def reload(server):
    """Without a terminal, as a service has it."""
    seen = server.log().count("SIGHUP: reading")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: server.log().count("SIGHUP: reading") > seen,
               "the signal was heard")


def logs_in(port, password):
    try:
        with Viewer(connect("rfb", port), password=password) as viewer:
            viewer.refresh()
        return True
    except Refused:
        return False


def test_sighup_reads_the_rc_file_again(launch, xserver, tmp_path):
    rc = tmp_path / "rc"
    rc.write_text("IdleTimeout 0\nfps 60\n")
    with launch(xserver, "-rc", rc, wrapper=("setsid",)) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            fresh = tmp_path / "fresh"
            fresh.write_text("IdleTimeout 1\nfps 30\nviewonly\nverbose\n")
            fresh.rename(rc)
            reload(server)
            assert is_ended(viewer.stream)
        log = server.log()
        assert "taken over: -fps -IdleTimeout -v" in log
        assert "these need a new start: -viewonly" in log
        rc.write_text("nonsense here\n")
        reload(server)
        wait_until(lambda: "options: not changed" in server.log(), "a line")
        visit(server.port)


def test_sighup_reads_passwords_again(launch, xserver, tmp_path):
    words = tmp_path / "words"
    words.write_text("first\n")
    os.chmod(words, 0o600)
    with launch(xserver, "-passwdfile", words, password_option=[],
                wrapper=("setsid",)) as server:
        assert logs_in(server.port, "first")
        words.write_text("second\nwatcher\n")
        reload(server)
        wait_until(lambda: "passwords: read again" in server.log(), "a line")
        assert logs_in(server.port, "second")
        assert logs_in(server.port, "watcher")
        words.write_text("")
        reload(server)
        wait_until(lambda: "passwords: not changed" in server.log(), "a line")
        assert logs_in(server.port, "second")
        assert not logs_in(server.port, "first")


def test_sighup_reads_the_page_again(launch, xserver, tmp_path):
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("one")
    with launch(xserver, "-httpdir", page, wrapper=("setsid",)) as server:
        assert http.ask(server, "/").body == b"one"
        (page / "index.html").write_text("two")
        (page / "more.html").write_text("more")
        assert http.ask(server, "/").body == b"one"
        reload(server)
        wait_until(lambda: "web page: read again" in server.log(), "a line")
        assert http.ask(server, "/").body == b"two"
        assert http.ask(server, "/more.html").body == b"more"
        page.rename(tmp_path / "moved")
        reload(server)
        wait_until(lambda: "web page: not changed" in server.log(), "a line")
        assert http.ask(server, "/").body == b"two"


def test_sighup_reads_users_again(launch, xserver, tmp_path):
    users = tmp_path / "users"
    users.write_text("ann:$6$x$wrong\n")
    os.chmod(users, 0o600)
    with launch(xserver, "-usersfile", users, password_option=[],
                wrapper=("setsid",)) as server:
        users.write_text("bob:$6$x$other\n")
        reload(server)
        wait_until(lambda: "users: read again" in server.log(), "a line")
        users.unlink()
        reload(server)
        wait_until(lambda: "users: not changed" in server.log(), "a line")


# ---- the service manager

class Manager:
    """A scripted systemd: the socket that it listens on."""

    def __init__(self, tmp_path, abstract=False):
        name = str(tmp_path / "notify")
        self.name = "@" + name if abstract else name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name if abstract else name)
        self.socket.settimeout(HANG_GUARD_S)
        self.heard = []

    def wait_for(self, text):
        """The message, of those not yet looked at."""
        while True:
            message = self.socket.recv(4096).decode()
            self.heard.append(message)
            if text in message.split("\n"):
                return message

    def environment(self, **more):
        return {**clean_environment(), "NOTIFY_SOCKET": self.name, **more}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


@pytest.mark.parametrize("abstract", [False, True])
def test_service_manager_is_told(launch, xserver, tmp_path, abstract):
    with Manager(tmp_path, abstract) as manager:
        with launch(xserver, environment=manager.environment(),
                    wrapper=("setsid",)) as server:
            manager.wait_for("READY=1")
            port = f"STATUS=port {server.port}, "
            manager.wait_for(port + "0 viewers")
            with Viewer(connect("ws", server.port)):
                manager.wait_for(port + "1 viewer")
            manager.wait_for(port + "0 viewers")
            server.process.send_signal(signal.SIGHUP)
            message = manager.wait_for("RELOADING=1")
            assert re.search(r"(?m)^MONOTONIC_USEC=\d+$", message)
            manager.wait_for("READY=1")
            server.process.terminate()
            manager.wait_for("STOPPING=1")
            assert server.wait() == 0
        assert not any("WATCHDOG" in one for one in manager.heard)


def test_watchdog(launch, xserver, tmp_path):
    """At half the interval, from the loop: one that hangs says nothing."""
    with Manager(tmp_path) as manager:
        environment = manager.environment(WATCHDOG_USEC="400000")
        began = time.monotonic()
        with launch(xserver, environment=environment) as server:
            # The first of them at once.
            for _ in range(7):
                manager.wait_for("WATCHDOG=1")
            assert time.monotonic() - began >= 1.1
            with open(f"/proc/{server.process.pid}/environ", "rb") as file:
                assert b"NOTIFY_SOCKET" in file.read() # as it was started
        assert "STOPPING=1" not in manager.heard


def test_watchdog_of_another_process(launch, xserver, tmp_path):
    with Manager(tmp_path) as manager:
        environment = manager.environment(
            WATCHDOG_USEC="20000", WATCHDOG_PID="1")
        with launch(xserver, environment=environment) as server:
            manager.wait_for("READY=1")
            visit(server.port)
            server.process.terminate()
            manager.wait_for("STOPPING=1\nSTATUS=ending".split("\n")[0])
            assert server.wait() == 0
        assert not any("WATCHDOG" in one for one in manager.heard)


def test_under_a_manager_it_stays_in_the_foreground(
        launch, xserver, tmp_path):
    with Manager(tmp_path) as manager:
        with launch(xserver, "-bg",
                    environment=manager.environment()) as server:
            manager.wait_for("READY=1")
            visit(server.port)
            assert "-bg: ignored" in server.log()


def test_manager_that_is_not_there(launch, xserver, tmp_path):
    environment = {**clean_environment(),
                   "NOTIFY_SOCKET": str(tmp_path / "nobody"),
                   "WATCHDOG_USEC": "20000"}
    with launch(xserver, environment=environment) as server:
        visit(server.port)


# ---- the end

GOING_AWAY = 1001


def close_code(viewer):
    """What the server says at the end, after all that it sent before."""
    try:
        while True:
            viewer.stream.read_some()
    except Closed as closed:
        return closed.code


def test_end_with_many_viewers_half_of_them_stalled(launch, xserver):
    """Soon, whoever does not read; and browsers are told why."""
    with launch(xserver) as server, contextlib.ExitStack() as stack:
        readers = [stack.enter_context(Viewer(connect("ws", server.port)))
                   for _ in range(20)]
        for number in range(20):
            stalled = stack.enter_context(Viewer(connect(
                ["rfb", "ws", "wss"][number % 3], server.port,
                receive_buffer=4096)))
            # More than any socket buffer takes, and nobody reads it.
            stalled.set_encodings(0)
            stalled.stream.write(
                struct.pack(">BBHHHH", 3, 0, 0, 0, 640, 480) * 50)
        for viewer in readers:
            viewer.refresh()
        began = time.monotonic()
        server.process.terminate()
        assert [close_code(viewer) for viewer in readers] == (
            [GOING_AWAY] * len(readers))
        assert server.wait() == 0
        # It gives up on those after 0.4 s; the rest is for a busy machine.
        assert time.monotonic() - began < HANG_GUARD_S
