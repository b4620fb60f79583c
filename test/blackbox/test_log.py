"""Where the log goes, and that nothing it meets holds the program up."""

import os
import re
import signal
import socket
import subprocess

import pytest

from lib import http
from lib.rfb import Viewer
from lib.server import ADDRESS, clean_environment
from lib.transport import connect
from lib.wait import HANG_GUARD_S, wait_until

FILE_FAULT = 5


def visit(server):
    with Viewer(connect("ws", server.port)) as viewer:
        viewer.refresh()


def reached(server, path):
    """A viewer's visit is in the log."""
    visit(server)
    wait_until(lambda: "websocket+rfb" in path.read_text(), "the visit")


def test_browsers_that_go_are_no_news(launch, xserver):
    """Half a dozen connections for each page; -v tells of them."""
    for options, told in (([], False), (["-v"], True)):
        with launch(xserver, *options) as running:
            assert http.ask(running, "/healthz").status == 200
            wait_until(lambda: b"\nx11wsvnc_connections 1\n" in
                       http.ask(running, "/metrics").body, "it has gone")
            assert ("tcp+http: the peer closed it" in running.log()) == told
            assert http.ask(running, "/no/such", "POST").status == 405
            wait_until(lambda: "+http: refused with 405" in running.log(),
                       "who is refused is told of")


class WithStderr:
    """The program with a stderr of ours, until the end of the block."""

    def __init__(self, program, xserver, stderr, *options, environment=None):
        self.process = subprocess.Popen(
            [program, "-display", xserver.display, "-auth", xserver.authority,
             "-listen", ADDRESS, "-rfbport", "0", "-nopw", "-nossl", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
            env={**clean_environment(), **(environment or {})})

    def __enter__(self):
        for line in self.process.stdout:
            if line.startswith(b"PORT="):
                self.port = int(line[5:])
                return self
        raise AssertionError(f"status {self.process.wait()}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            status = self.process.wait(HANG_GUARD_S)
        finally:
            self.process.kill()
            self.process.stdout.close()
        assert status == 0


# ---- a file

def test_o_empties_and_oa_appends(launch, xserver, tmp_path):
    path = tmp_path / "log"
    for option, kept in (("-o", False), ("-oa", True)):
        path.write_text("earlier\n")
        with launch(xserver, option, path) as server:
            reached(server, path)
        assert path.read_text().startswith("earlier\n") == kept


def test_sigusr1_opens_log_and_audit_again(launch, xserver, tmp_path):
    """As logrotate does it; inside the sandbox."""
    log, audit = tmp_path / "log", tmp_path / "audit"
    with launch(xserver, "-o", log, "-audit", audit) as server:
        reached(server, log)
        log.rename(tmp_path / "log.1")
        audit.rename(tmp_path / "audit.1")
        server.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: log.exists() and audit.exists(), "new files")
        reached(server, log)
        wait_until(lambda: "event=login" in audit.read_text(), "the audit")
    assert "ending" in log.read_text()
    assert "ending" not in (tmp_path / "log.1").read_text()


def test_what_commands_say_goes_to_the_new_log(launch, xserver, tmp_path):
    log = tmp_path / "log"
    with launch(xserver, "-o", log, "-gone", "echo that was $RFB_CLIENT_IP"
                ) as server:
        visit(server)
        wait_until(lambda: "that was 127." in log.read_text(), "a command")
        log.rename(tmp_path / "log.1")
        server.process.send_signal(signal.SIGUSR1)
        wait_until(log.exists, "a new file")
        visit(server)
        wait_until(lambda: "that was 127." in log.read_text(), "a command")
        assert (tmp_path / "log.1").read_text().count("that was") == 1


def test_a_log_that_cannot_be_opened_again(launch, xserver, tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    with launch(xserver, "-oa", folder / "log") as server:
        folder.rename(tmp_path / "elsewhere")
        server.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: "cannot open the log" in
                   (tmp_path / "elsewhere" / "log").read_text(), "a line")
        visit(server)


def test_no_log_no_start(launch, xserver, tmp_path):
    with launch(xserver, "-o", tmp_path / "no" / "log",
                expect_start=False) as server:
        assert server.wait() == FILE_FAULT
        assert "cannot write the log" in server.log()


# ---- stderr

def test_a_pipe_that_nobody_empties(program, xserver):
    """It goes on, and says later how much was lost."""
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)
        with pytest.raises(BlockingIOError):
            while True:
                os.write(writing, b"x" * 4096)
        os.set_blocking(writing, True)
        with WithStderr(program, xserver, writing, "-v") as server:
            for _ in range(3):
                visit(server)
            os.set_blocking(reading, False)
            said = b""

            def is_told():
                nonlocal said
                while more := read_some(reading):
                    said += more
                return re.search(
                    rb"warning: \d+ lines of the log were lost", said)

            is_told()
            visit(server)
            wait_until(is_told, "how much was lost")
    finally:
        os.close(reading)
        os.close(writing)


def read_some(pipe):
    try:
        return os.read(pipe, 1 << 16)
    except BlockingIOError:
        return b""


def test_a_pipe_whose_reader_went(program, xserver):
    reading, writing = os.pipe()
    with WithStderr(program, xserver, writing, "-v") as server:
        os.close(reading)
        os.close(writing)
        visit(server)


@pytest.mark.parametrize("closed", ["0", "1", "2", "0,1,2"])
def test_closed_standard_streams(program, xserver, closed, tmp_path):
    """A viewer's socket must not become one of them: it would be sent the
    log, or the lines that are meant for the terminal."""
    flag = tmp_path / "flag"
    closing = " ".join(f"{one}>&-" for one in closed.split(","))
    process = subprocess.Popen(
        ["sh", "-c", f'exec "$@" {closing}', "sh", program, "-v", "-nopw",
         "-display", xserver.display, "-auth", xserver.authority,
         "-listen", ADDRESS, "-rfbport", "0", "-nossl", "-flag", str(flag)],
        stdout=subprocess.DEVNULL, env=clean_environment())
    try:
        wait_until(flag.exists, "the port")
        port = int(flag.read_text().removeprefix("PORT="))
        for number in range(3):
            assert not os.readlink(
                f"/proc/{process.pid}/fd/{number}").startswith("socket:")
        for kind in ("rfb", "ws"):
            with Viewer(connect(kind, port)) as viewer:
                viewer.refresh()
        process.terminate()
        assert process.wait(HANG_GUARD_S) == 0
    finally:
        process.kill()
        process.wait()


def test_journald(program, xserver, tmp_path):
    """Lines with their importance, and without the date that it knows."""
    path = tmp_path / "stream"
    with open(path, "wb") as stream:
        about = os.fstat(stream.fileno())
        journal = {"JOURNAL_STREAM": f"{about.st_dev}:{about.st_ino}"}
        with WithStderr(program, xserver, stream, "-nossl",
                        environment=journal) as server:
            reached(server, path)
    lines = path.read_text().splitlines()
    assert lines and all(re.match(r"<[3467]>[^<]", line) for line in lines)
    assert not any("x11wsvnc:" in line for line in lines)


def test_a_stream_that_is_not_journalds(launch, xserver):
    environment = {**clean_environment(), "JOURNAL_STREAM": "8:12345"}
    with launch(xserver, environment=environment) as server:
        visit(server)
        assert re.match(r"\d{4}-\d\d-\d\d .* x11wsvnc: ", server.log())


# ---- syslog

@pytest.mark.parametrize("options", [
    ["-syslog"], ["--syslog"], ["-Log", "*:syslog:30"]])
def test_syslog_socket(launch, xserver, tmp_path, options):
    path = str(tmp_path / "log.sock")
    if options[0] != "-Log":
        options = [*options, path]
    else:
        options = [*options, "-syslog", path]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        system.bind(path)
        system.settimeout(HANG_GUARD_S)
        with launch(xserver, *options) as server:
            visit(server)
            line = b""
            while b"websocket+rfb" not in line:
                line = system.recv(4096)
            assert re.fullmatch(
                rb"<30>\w{3} [ \d]\d \d\d:\d\d:\d\d x11wsvnc\[%d\]: .*"
                % server.process.pid, line)
            assert server.log() == ""


def test_syslog_over_udp(launch, xserver):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as system:
        system.bind((ADDRESS, 0))
        system.settimeout(HANG_GUARD_S)
        port = system.getsockname()[1]
        with launch(xserver, "-syslog", f"{ADDRESS}:{port}"):
            assert re.match(rb"<\d\d>", system.recv(4096))


def test_syslog_that_reads_nothing(launch, xserver, tmp_path):
    """Its queue fills, it goes away, and comes back."""
    path = str(tmp_path / "log.sock")
    system = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    system.bind(path)
    with launch(xserver, "-syslog", path, "-v") as server:
        for _ in range(20):
            visit(server)
        system.close()
        os.unlink(path)
        visit(server)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
            system.bind(path)
            system.settimeout(HANG_GUARD_S)
            visit(server)
            assert b"x11wsvnc[" in system.recv(4096)


def test_syslog_that_is_not_there(launch, xserver, tmp_path):
    with launch(xserver, "-syslog", tmp_path / "none",
                expect_start=False) as server:
        assert server.wait() == FILE_FAULT
        assert "-syslog: cannot write to" in server.log()


def test_syslog_and_a_file(launch, xserver, tmp_path):
    path, log = str(tmp_path / "log.sock"), tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        system.bind(path)
        system.settimeout(HANG_GUARD_S)
        with launch(xserver, "-syslog", path, "-o", log) as server:
            reached(server, log)
            assert system.recv(4096)
