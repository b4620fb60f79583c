"""websockify's documented command lines, side by side with websockify."""

import os
import signal
import socket
import ssl
import subprocess

import pytest

from lib.port import free_port
from lib.process import end, run, tool
from lib.server import ADDRESS, clean_environment
from lib.target import Echo, unused_port, write
from lib.transport import Closed, Given, OverWebSocket, Plain
from lib.vncauth import password_file
from lib.wait import wait_until
from lib.xserver import XServer, spare_number


class Running:
    """Either program with the same words; they come with their own port."""

    def __init__(self, command, folder, port, environment):
        self.port = port
        self.log_path = folder / f"log-{os.path.basename(command[0])}"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment)
        wait_until(self.listens, f"{command} listens")

    def listens(self):
        assert self.process.poll() in (None, 0), self.log_path.read_text()
        with socket.socket() as probe:
            return probe.connect_ex((ADDRESS, self.port)) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        print(self.log_path.read_text(errors="replace"))


@pytest.fixture(params=["ours", "theirs"])
def start(request, program, tmp_path):
    """start(*words): {port} in them is the port to listen on."""
    running = []

    def begin(*words):
        port = free_port()
        first = program if request.param == "ours" else tool("websockify")
        words = [str(word).replace("{listen}", str(port)) for word in words]
        environment = clean_environment()
        environment.update(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
        # A C locale prints nothing before it is full.
        environment["PYTHONUNBUFFERED"] = "1"
        running.append(Running([first, *words], tmp_path, port, environment))
        running[-1].ours = request.param == "ours"
        return running[-1]

    yield begin
    for one in running:
        one.__exit__()


@pytest.fixture(scope="module")
def target():
    with Echo("target") as echo:
        yield echo


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()
    write(folder / "vnc.html", "<title>mine</title>")
    return folder


def greeting(running, path="/websockify", tls=False, **asked):
    """What comes through the relay, or "refused"."""
    with Plain(running.port) as plain:
        try:
            if tls:
                plain.start_tls()
            stream = OverWebSocket(plain, path=path, **asked)
        except (AssertionError, Closed, OSError):
            return "refused"
        try:
            return stream.read(6).decode()
        except Closed as end:
            return f"closed with {end.code}"


def page_status(running, path="/vnc.html"):
    with Plain(running.port) as plain:
        plain.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n"
                    "Connection: close\r\n\r\n".encode())
        return int(plain.read_until(b"\r\n").split()[1])


@pytest.mark.parametrize("source", ["{listen}", "127.0.0.1:{listen}",
                                    "localhost:{listen}"])
def test_port_and_target(start, target, source):
    running = start(source, target.place)
    assert greeting(running) == "target"
    assert greeting(running, path="/") == "target"


def test_web(start, target, page):
    running = start("--web", page, "{listen}", target.place)
    assert greeting(running) == "target"
    assert page_status(running) == 200
    assert page_status(running, "/other.html") == 404
    assert page_status(running, "/../secret") == 404


def test_dead_target(start):
    held, port = unused_port()
    with held:
        running = start("{listen}", f"127.0.0.1:{port}")
        assert greeting(running) == "closed with 1011"


def test_unix_target(start, tmp_path):
    path = str(tmp_path / "sock")
    with Echo("local!", path=path):
        running = start("{listen}", "--unix-target", path)
        assert greeting(running) == "local!"


def test_certificate(start, target, certificate):
    running = start("--cert", certificate[0], "--key", certificate[1],
                    "{listen}", target.place)
    assert greeting(running) == "target"
    assert greeting(running, tls=True) == "target"


def test_ssl_only(start, target, certificate):
    running = start("--ssl-only", f"--cert={certificate[0]}",
                    f"--key={certificate[1]}", "{listen}", target.place)
    assert greeting(running) == "refused"
    assert greeting(running, tls=True) == "target"


def test_ssl_target(start, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Echo("inside", context=context) as inside:
        running = start("--ssl-target", "{listen}", inside.place)
        said = greeting(running)
        # websockify's own way went away with Python 3.12 (Debian 13).
        can = running.ours or hasattr(ssl, "wrap_socket")
        assert said == ("inside" if can else "closed with 1011")


TOKENS = [
    ("/websockify?token=one", "first!"),
    ("/?token=one", "first!"),
    ("/websockify/?token=two", "second"),
    ("/websockify?token=six", "sixth!"),
    ("/websockify?token=local", "local!"),
    ("/websockify?token=late", "second"),
    ("/websockify?token=a%3Ab", "first!"),
    ("/websockify?token=dead", "closed with 1011"),
    ("/websockify?token=none", "refused"),
    ("/websockify?token=", "refused"),
    ("/websockify", "refused"),
]


@pytest.mark.parametrize("words", [
    ["--token-plugin", "TokenFile", "--token-source", "{file}"],
    ["--token-plugin=ReadOnlyTokenFile", "--token-source={file}"],
    ["--token-plugin", "websockify.token_plugins.TokenFile",
     "--token-source", "{folder}"],
    ["--target-config={file}"],
], ids=["TokenFile", "ReadOnlyTokenFile", "folder", "target-config"])
def test_tokens(start, tmp_path, words):
    folder = tmp_path / "tokens"
    folder.mkdir()
    file, local = folder / "file", str(tmp_path / "local")
    held, dead = unused_port()
    with (held, Echo("first!") as first, Echo("second") as second,
          Echo("sixth!", host="::1") as sixth, Echo("local!", path=local)):
        write(file, f"# those that there are\n\none: {first.place}\n"
                    f"two:\t{second.place}\nsix: ::1:{sixth.port}\n"
                    f"local: unix_socket:{local}\na:b: {first.place}\n"
                    f"late: {first.place}\nlate: {second.place}\n"
                    f"dead: 127.0.0.1:{dead}\n")
        running = start(*(word.replace("{file}", str(file))
                          .replace("{folder}", str(folder))
                          for word in words), "{listen}")
        for path, expected in TOKENS:
            assert greeting(running, path) == expected, path
        write(file, f"one: {second.place}\n")
        if "ReadOnly" not in words[0]:
            assert greeting(running, "/?token=one") == "second"


def test_host_token(start, tmp_path, target):
    write(tmp_path / "file", f"my.box: {target.place}\n")
    running = start("--host-token", "--token-plugin", "TokenFile",
                    "--token-source", tmp_path / "file", "{listen}")
    assert greeting(running) == "refused"
    with Plain(running.port) as plain:
        plain.host = "my.box"
        assert OverWebSocket(plain).read(6) == b"target"


def test_sockets_in_a_folder(start, tmp_path):
    folder = tmp_path / "sockets"
    folder.mkdir()
    with Echo("mine!!", path=str(folder / "mine")):
        write(folder / "file", "x")
        running = start("--token-plugin", "UnixDomainSocketDirectory",
                        "--token-source", folder, "{listen}")
        assert greeting(running, "/?token=mine") == "mine!!"
        for token in "file", "none", "../sockets/none":
            assert greeting(running, f"/?token={token}") == "refused"


def test_basic_auth(start, target):
    running = start("--auth-plugin", "BasicHTTPAuth", "--auth-source",
                    "joe:secret", "{listen}", target.place)
    assert greeting(running) == "refused"
    wrong = "Authorization: Basic am9lOndyb25n"
    right = "Authorization: Basic am9lOnNlY3JldA=="
    assert greeting(running, extra=[right]) == "target"
    assert greeting(running, extra=[wrong]) == "refused"


def test_expected_origin(start, target):
    running = start("--auth-plugin", "ExpectOrigin", "--auth-source",
                    "http://good.example", "{listen}", target.place)
    assert greeting(running, origin="http://good.example") == "target"
    assert greeting(running, origin="http://evil.example") == "refused"


def test_run_once(start, target):
    running = start("--run-once", "{listen}", target.place)
    assert greeting(running) == "target"
    running.process.wait(30)


def test_idle_timeout(start, target):
    running = start("--idle-timeout=2", "{listen}", target.place)
    running.process.wait(30)


def test_listens_on_a_path(program, tmp_path, target):
    """Then the only word is the target. Debian's websockify cannot yet."""
    path = tmp_path / "listens"
    log = tmp_path / "log"
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [program, f"--unix-listen={path}", target.place],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env=clean_environment())
    try:
        def reach():
            ours = socket.socket(socket.AF_UNIX)
            try:
                ours.connect(str(path))
                return ours
            except OSError:  # nothing there, or nobody listens yet
                ours.close()
                return None

        with wait_until(reach, "it listens") as ours:
            with Given(ours) as plain:
                plain.host, plain.port = "localhost", 80
                assert OverWebSocket(plain).read(6) == b"target"
    finally:
        end(process)
        print(log.read_text())


def test_novnc_starts_us(program, tmp_path, target):
    """noVNC's script runs what is called websockify: a link of that name is
    all it takes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "websockify").symlink_to(program)
    environment = clean_environment()
    environment["PATH"] = f"{folder}:{environment['PATH']}"
    port = free_port()
    running = Running(
        ["/usr/share/novnc/utils/novnc_proxy", "--listen", str(port), "--vnc",
         target.place, "--web", "/usr/share/novnc", "--heartbeat", "30",
         "--idle-timeout", "600", "--record", str(tmp_path / "session")],
        tmp_path, port, environment)
    with running:
        assert greeting(running) == "target"
        assert page_status(running) == 200
        wait_until(lambda: (tmp_path / "session.1").exists(), "it is recorded")


# ---- wrap mode ----

def display_of(number):
    """The X server's process, as its lock says; None: there is none."""
    try:
        with open(f"/tmp/.X{number}-lock") as lock:
            return int(lock.read())
    except FileNotFoundError:
        return None


def vnc_server(number):
    return [tool("Xtigervnc"), f":{number}", "-geometry", "320x240",
            "-SecurityTypes", "None", "-rfbport", "{listen}"]


def is_there(running):
    return greeting(running) == "RFB 00"


def wait_for_server(running):
    """Each look is a connection, whose port is taken for a minute after."""
    wait_until(lambda: is_there(running), "the server is there", 60, 0.2)


@pytest.fixture
def number():
    return spare_number()


def test_wrapped_command(start, number):
    """What is meant for the port comes to us; websockify lets the command
    run on when it ends."""
    running = start("{listen}", "--", *vnc_server(number))
    try:
        wait_for_server(running)
    finally:
        running.__exit__()
        pid = display_of(number)
        if pid and not running.ours:
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda: display_of(number) is None, "it has ended")


@pytest.fixture
def ours(program, tmp_path):
    running = []

    def begin(*words, **environment):
        port = free_port()
        words = [str(word).replace("{listen}", str(port)) for word in words]
        running.append(Running([program, *words], tmp_path, port,
                               {**clean_environment(), **environment}))
        return running[-1]

    yield begin
    for one in running:
        one.__exit__()


def end_wrapped(number):
    pid = display_of(number)
    assert pid, "the server never was there"
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: display_of(number) != pid, "it has ended")


def test_wrapped_command_ends(ours, number):
    running = ours("{listen}", "--", *vnc_server(number))
    wait_for_server(running)
    end_wrapped(number)
    running.process.wait(30)


def test_wrapped_command_is_started_again(ours, number):
    running = ours("--wrap-mode=respawn", "{listen}", "--", *vnc_server(number))
    wait_for_server(running)
    end_wrapped(number)
    wait_for_server(running)
    running.__exit__()
    wait_until(lambda: display_of(number) is None, "it has ended")


def test_wrapped_command_goes_into_the_background(ours, tmp_path, number):
    """As vncserver does; any command that is told its port."""
    script = tmp_path / "it's a server"
    write(script, """#!/bin/sh
"$@" </dev/null >/dev/null 2>&1 &
echo $! > "$0.pid"
""")
    os.chmod(script, 0o755)
    running = ours("--wrap-mode", "ignore", "{listen}", "--", script,
                   tool("Xtigervnc"), f":{number}", "-geometry", "320x240",
                   "-SecurityTypes", "None", "-rfbport={port}")
    try:
        wait_for_server(running)
        wait_until(lambda: "has ended with status 0" in
                   running.log_path.read_text(), "its end is told")
        assert is_there(running)
    finally:
        end_wrapped(number)


@pytest.fixture
def home(tmp_path):
    """A user's, as the scripts of VNC servers want it; the session is one X
    client, which ends with its server."""
    folder = tmp_path / ".vnc"
    folder.mkdir(mode=0o700)
    # TigerVNC 1.15 moves what is there, and makes no folder for that.
    (tmp_path / ".config").mkdir()
    (folder / "passwd").write_bytes(password_file("secret"))
    (folder / "passwd").chmod(0o600)
    for name in folder / "xstartup", tmp_path / ".vncstartup":
        write(name, "#!/bin/sh\nexec xev -root >/dev/null\n")
        os.chmod(name, 0o755)
    return tmp_path


@pytest.mark.parametrize("words", [
    ["tigervncserver", "-SecurityTypes", "None", "--I-KNOW-THIS-IS-INSECURE"],
    ["tightvncserver"],
])
def test_wrapped_script(ours, home, number, words):
    """They go into the background, and their server keeps to the port that
    it was told, on this machine alone."""
    running = ours("--wrap-mode=ignore", "{listen}", "--", tool(words[0]),
                   f":{number}", "-geometry", "320x240", *words[1:],
                   HOME=str(home), USER="somebody")
    try:
        wait_for_server(running)
    finally:
        end_wrapped(number)


def test_wrapped_tightvnc(ours, number):
    running = ours("{listen}", "--", tool("Xtightvnc"), f":{number}",
                   "-geometry", "320x240", "-rfbport", "{listen}")
    wait_for_server(running)
    end_wrapped(number)
    running.process.wait(30)


@pytest.mark.parametrize("words", [
    ["x11vnc", "-forever", "-nopw"],
    ["x11wsvnc", "-nopw", "-nossl"],
])
def test_wrapped_sharer(ours, program, words):
    with XServer() as xserver:
        command = program if words[0] == "x11wsvnc" else tool(words[0])
        running = ours("{listen}", "--", command, *words[1:], "-display",
                       xserver.display, "-auth", xserver.authority)
        wait_for_server(running)


STATIC = """
#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one;

	if (argc != 2)
		return 2;
	name.sin_port = htons((unsigned short)atoi(argv[1]));
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 5))
		return 1;
	while ((one = accept(fd, 0, 0)) >= 0) {
		write(one, "RFB 003.008\\n", 12);
		close(one);
	}
	return 0;
}
"""


def test_wrapped_static_program(ours, tmp_path):
    """No library can be put into it: it is told its port by its words."""
    source, binary = tmp_path / "server.c", tmp_path / "server"
    write(source, STATIC)
    run(["gcc", "-static", "-w", "-o", str(binary), str(source)])
    running = ours("{listen}", "--", binary, "{port}")
    wait_for_server(running)


@pytest.mark.parametrize("words,sentence", [
    (["1", "--"], "-rfbport 1"),
    (["1", "--", "xterm"], "{port}"),
    (["1", "host:1", "--", "x11vnc"], "excludes"),
    (["--wrap-mode=exit"], "of which command"),
    (["--", "/no/such/Xvnc"], "has ended with status 127"),
])
def test_refused(launch, words, sentence):
    server = launch(None, *words, password_option=[], expect_start=False)
    with server:
        assert server.wait() != 0
        assert sentence in server.log()
