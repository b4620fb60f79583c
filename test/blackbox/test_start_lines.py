"""Command lines as people have them, from test/corpus/start_lines.txt: each
starts, answers RFB, and ends."""

import contextlib
import os
import pathlib
import re
import shlex
import signal
import socket
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib import screen
from lib.port import free_port
from lib.process import is_alive
from lib.server import ADDRESS, SANITIZER, clean_environment
from lib.wait import HANG_GUARD_S, wait_until

CORPUS = pathlib.Path(__file__).parent.parent / "corpus" / "start_lines.txt"
LINES = [line for line in CORPUS.read_text().splitlines()
         if line and not line.startswith("#")]
AT_ONCE = 4
START_S = 60


def tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def greeting(port, encrypted):
    """The first bytes that a silent viewer gets, b"" where it is closed."""
    with socket.create_connection(("localhost", port), HANG_GUARD_S) as plain:
        try:
            if not encrypted:
                return plain.recv(12)
            with tls().wrap_socket(plain) as secure:
                return secure.recv(12)
        except ConnectionError:
            return b""


def answers_rfb(port):
    """In the clear, or where that is shut inside TLS."""
    return any(greeting(port, encrypted).startswith(b"RFB 003.")
               for encrypted in (False, True))


def make_files(folder, certificate, program):
    for name in ("words", "users", "hosts", "rc"):
        (folder / name).touch(mode=0o600)
    (folder / "words").write_text("secret1\n")
    (folder / "hosts").write_text("+127.0.0.1\n+::1\n-\n")
    (folder / "rc").write_text("# the desk\nforever\n-nopw # open\n")
    (folder / "web").mkdir()
    (folder / "web" / "index.html").write_text("<p>page")
    both = ""
    for name, path in zip(("cert.pem", "key.pem"), certificate):
        text = pathlib.Path(path).read_text()
        (folder / name).write_text(text)
        both += text
    (folder / "both.pem").write_text(both)
    subprocess.run([program, "-storepasswd", "secret1", folder / "passwd"],
                   check=True, capture_output=True, env=clean_environment())


def free_ports(count):
    """So many different ones."""
    found = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)


class Place:
    """What the lines are given."""

    def __init__(self, program, xserver, window, folder, listening):
        self.program, self.xserver = program, xserver
        self.window, self.folder, self.listening = window, folder, listening

    def words(self, line, port, folder):
        # The first word is the program's name there.
        return [self.program] + [
            word.format(display=self.xserver.display,
                        auth=self.xserver.authority, port=port, dir=folder,
                        window=self.window, listening=self.listening)
            for word in shlex.split(line)[1:]]


def try_line(place, line, port, number):
    """None, or what was wrong."""
    folder = place.folder / str(number)
    folder.mkdir()
    for item in place.folder.iterdir():
        if not item.name.isdigit():
            (folder / item.name).symlink_to(item)
    system = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    system.bind(str(folder / "syslog.sock"))
    # A home of its own, in which nothing is found but the cookie.
    environment = {**clean_environment(), "HOME": str(folder),
                   "XAUTHORITY": place.xserver.authority}
    with open(folder / "stdout", "wb") as out, \
            open(folder / "stderr", "wb") as log:
        process = subprocess.Popen(
            place.words(line, port, folder), stdin=subprocess.DEVNULL,
            stdout=out, stderr=log, env=environment, cwd=folder)
    try:
        wrong = judge(process, port, folder)
    finally:
        system.close()
        status = end(process, folder)
    said = "".join((folder / name).read_text(errors="replace") for name in
                   ("stderr", "x11vnc.log", "websockify.log", "log.append")
                   if (folder / name).exists())
    if wrong is None and status != 0:
        wrong = f"ended with status {status}"
    if wrong is None and SANITIZER.search(said.encode()):
        wrong = "a sanitizer's report"
    return wrong and f"{line}\n{wrong}\n{said}"


def judge(process, port, folder):
    stop = time.monotonic() + START_S
    while f"PORT={port}\n" not in (folder / "stdout").read_text():
        if process.poll() not in (None, 0):
            return f"status {process.returncode} at the start"
        if time.monotonic() > stop:
            return "PORT= was never printed"
        time.sleep(0.02)
    return None if answers_rfb(port) else "no RFB on the port"


def background_pids(folder):
    """Of those that -bg left, as their logs have it."""
    logs = [folder / name for name in ("stderr", "x11vnc.log",
                                       "websockify.log")]
    found = [int(number) for log in logs if log.exists() for number in
             re.findall(r"in the background as process (\d+)",
                        log.read_text(errors="replace"))]
    for pid in list(found):
        with contextlib.suppress(OSError):
            text = pathlib.Path(f"/proc/{pid}/status").read_text()
            parent = int(re.search(r"PPid:\t(\d+)", text).group(1))
            name = pathlib.Path(f"/proc/{parent}/comm").read_text().strip()
            if name == "x11wsvnc": # -loopbg: the supervisor starts another
                found.insert(0, parent)
    return found


def end(process, folder):
    if process.poll() is None:
        process.terminate()
    try:
        status = process.wait(HANG_GUARD_S)
    finally:
        process.kill()
    for pid in background_pids(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda pid=pid: not is_alive(pid), "the end of one of -bg")
    return status


@pytest.fixture(scope="module")
def outcomes(program, xserver, display, certificate, tmp_path_factory):
    """{line: what was wrong}, all of them tried, some at once."""
    folder = tmp_path_factory.mktemp("lines")
    make_files(folder, certificate, program)
    window = screen.Canvas(display, 100, 100).window.id
    with socket.create_server((ADDRESS, 0), backlog=64) as viewer:
        listening = f"{ADDRESS}:{viewer.getsockname()[1]}"
        place = Place(program, xserver, window, folder, listening)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = pool.map(
                lambda job: try_line(place, *job),
                zip(LINES, free_ports(len(LINES)), range(len(LINES))))
            return dict(zip(LINES, results))


def test_there_are_many():
    assert len(LINES) == len(set(LINES)) >= 60


@pytest.mark.parametrize("line", LINES, ids=range(1, len(LINES) + 1))
def test_line(outcomes, line):
    assert outcomes[line] is None, outcomes[line]
