"""doc/RECIPES.md as written: real proxies, ssh and X servers."""

import os
import re
import shlex
import socket
from http.client import HTTPSConnection

import pytest

from conftest import TOP
from lib import http
from lib.process import end, run, start
from lib.rfb import Viewer
from lib.port import free_port
from lib.server import Server
from lib.transport import OverWebSocket, Plain, tls_context
from lib.wait import wait_until
from lib.xserver import XServer
from recipe import Proxy, changed, snippet


class Scene:
    """A server as the recipe starts it, and the proxy before it."""

    def __init__(self, name, serve):
        self.name = name
        self.front = free_port()
        # The browser's address has the port in it only where it is not 443.
        self.origin = f"https://desk.example:{self.front}"
        self.server = serve(*self.options(), listen=None,
                            page=True)
        self.proxy = Proxy(name, self.front, self.server.port)

    def options(self):
        """What the command above the recipe says of proxies."""
        with open(os.path.join(TOP, "doc/RECIPES.md")) as file:
            before = file.read().partition(f"<!-- recipe: {self.name} -->")[0]
        commands = re.findall(r"(?m)^x11wsvnc (-localhost .*)$", before)
        words = commands[-1].split()
        if "-origin" in words:
            origin = words.index("-origin") + 1
            assert words[origin].startswith("https://desk.example")
            words[origin] = self.origin
        if "-rfbport" in words:
            del words[words.index("-rfbport"):words.index("-rfbport") + 2]
        assert "-trustproxy" in words
        return words

    def secure(self):
        """TLS as browsers begin it: they say at once that it is for HTTP."""
        stream = Plain(self.front)
        context = tls_context()
        context.set_alpn_protocols(["http/1.1"])
        stream.socket = context.wrap_socket(
            stream.socket, server_hostname="desk.example")
        stream.host = "desk.example"
        return stream

    def request(self, path):
        """The status, where it leads to, and the body."""
        with self.secure() as stream:
            client = HTTPSConnection("desk.example", self.front)
            client.sock = stream.socket
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, answer.getheader("Location"), answer.read()

    def viewer(self, path, origin=None, **keywords):
        stream = self.secure()
        return stream.source, OverWebSocket(
            stream, path=path, origin=origin or self.origin, **keywords)

    def logged_in(self, source):
        return re.search(rf"event=login .*from={re.escape(source)} ",
                         self.server.log())

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *what):
        self.proxy.__exit__(*what)
        self.server.__exit__(*what)


WEB = [("nginx", "/"), ("nginx-path", "/desk/"), ("haproxy-path", "/desk/"),
       ("caddy", "/desk/")]


@pytest.mark.parametrize("name, path", WEB, ids=[name for name, _ in WEB])
def test_web_proxy(serve, name, path):
    with Scene(name, serve) as scene:
        for file, words in [("", b"<script"), ("page.js", b"websockify"),
                            ("novnc/core/rfb.js", b"class RFB")]:
            status, _, body = scene.request(path + file)
            assert status == 200
            assert words in body
        if path != "/":
            status, there, _ = scene.request(path[:-1])
            assert status in (301, 302)
            assert there in (
                path, f"https://desk.example:{scene.front}{path}")
        source, stream = scene.viewer(path + "websockify")
        with Viewer(stream) as viewer:
            viewer.refresh()
        assert scene.logged_in(source), scene.server.log()
        # Whatever else somebody says of himself, the proxy has the last word.
        source, stream = scene.viewer(
            path + "websockify", extra=["X-Forwarded-For: 203.0.113.9"])
        with Viewer(stream) as viewer:
            viewer.refresh()
        assert scene.logged_in(source), scene.server.log()
        assert "203.0.113.9" not in scene.server.log()


@pytest.mark.parametrize("name, path", WEB, ids=[name for name, _ in WEB])
def test_web_proxy_keeps_other_pages_out(serve, name, path):
    with Scene(name, serve) as scene:
        with pytest.raises(AssertionError, match="upgrade answered 403"):
            scene.viewer(path + "websockify", "https://elsewhere.example")


def test_proxy_protocol(serve):
    """Everything through one port of HAProxy's."""
    with Scene("haproxy-proxy", serve) as scene:
        for secure in (False, True):
            stream = Plain(scene.front)
            if secure:
                stream.start_tls("desk.example")
            with Viewer(stream) as viewer:
                viewer.refresh()
            assert scene.logged_in(stream.source), scene.server.log()
        source, stream = scene.viewer("/websockify")
        with Viewer(stream) as viewer:
            viewer.refresh()
        assert scene.logged_in(source), scene.server.log()
        assert scene.request("/page.js")[0] == 200


def test_snippets_are_what_their_programs_take():
    """Each block that has a name here is used by a test of this file."""
    with open(os.path.join(TOP, "doc/RECIPES.md")) as file:
        names = set(re.findall(r"<!-- recipe: (\S+) -->", file.read()))
    with open(__file__) as file:
        own = file.read()
    for name in names:
        assert re.search(rf'"{re.escape(name)}"', own), name


def test_commands_have_options_that_exist(program):
    known = set(re.findall(r"-(\w[\w-]*)", run([program, "-help"])))
    with open(os.path.join(TOP, "doc/RECIPES.md")) as file:
        text = file.read()
    commands = re.findall(
        r"(?m)(?:^(?:ssh \S+ )?|`)x11wsvnc (-[^`\n]*)|^OPTIONS=(.*)$", text)
    assert len(commands) > 10
    for line in commands:
        for option in re.findall(r"(?:^| )-([a-zA-Z]\w*)", "".join(line)):
            assert option in known, option


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    """Somebody's ssh server on loopback; gives what ssh needs to reach it."""
    folder = tmp_path_factory.mktemp("ssh")
    os.chmod(folder, 0o700)
    for name in ("host", "user"):
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
             str(folder / name)])
    port = free_port()
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    os.chmod(folder / "authorized", 0o600)
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\n"
        f"AuthorizedKeysFile {folder}/authorized\nPidFile none\n"
        "UsePAM no\nStrictModes no\nPasswordAuthentication no\n")
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    log = folder / "log"
    daemon = start(["/usr/sbin/sshd", "-D", "-f", str(folder / "config"),
                    "-E", str(log)])
    wait_until(lambda: log.exists() and "listening" in log.read_text(),
               "sshd listens")
    yield folder, port
    end(daemon)


@pytest.mark.parametrize("name", ["ssh", "ssh-socket"])
def test_ssh_tunnel(sshd, serve, tmp_path, name):
    folder, port = sshd
    front = free_port()
    options = {"ssh": ["-localhost"],
               "ssh-socket": ["-unixsock", str(tmp_path / ".desk")]}[name]
    with serve(*options, listen=None,
               port="-1" if name == "ssh-socket" else "0",
               expect_start=False) as server:
        if name == "ssh":
            server.wait_for_port()
            behind = {"5900:localhost:5900":
                      f"{front}:localhost:{server.port}"}
        else:
            server.wait_for_output(rb"SOCKET=")
            behind = {"5900:.desk": f"{front}:{tmp_path}/.desk"}
        words = shlex.split(changed(snippet(name), {
            **behind, "desk.example": "127.0.0.1"}))
        with open(tmp_path / "ssh.log", "wb") as log:
            tunnel = start([
                *words[:1], "-F", "none", "-p", str(port), "-i",
                str(folder / "user"), "-o", "StrictHostKeyChecking=no",
                "-o", f"UserKnownHostsFile={tmp_path}/known", "-o",
                "BatchMode=yes", "-o", "ExitOnForwardFailure=yes",
                *words[1:]], stderr=log)
        try:
            def reached():
                assert tunnel.poll() is None, \
                    (tmp_path / "ssh.log").read_text()
                with socket.socket() as probe:
                    return probe.connect_ex(("127.0.0.1", front)) == 0
            wait_until(reached, "the tunnel is open")
            with Viewer(Plain(front)) as viewer:
                viewer.refresh()
            with Plain(front) as stream:
                stream.write(http.request("/", host=f"localhost:{front}"))
                assert http.read_answer(stream).status == 200
        finally:
            end(tunnel)


def test_several_desktops(program, tmp_path):
    with XServer() as one, XServer() as two, XServer() as three:
        lines = snippet("desktops")
        for number, x in enumerate((one, two, three), 1):
            words = tmp_path / f"lab{number}.pw"
            run([program, "-storepasswd", f"secret{number}", str(words)])
            lines = changed(lines, {
                f"-display :{number} ":
                    f"-display {x.display} -auth {x.authority} "})
        lines = changed(lines, {"/etc/x11wsvnc/": f"{tmp_path}/",
                                "-rfbport 5902": "-rfbport 0"})
        path = tmp_path / "desktops"
        path.write_text(lines)
        with Server(program, None, "-desktops", path) as server:
            own = server.wait_for_output(rb"DESKTOP=lab2 PORT=(\d+)")
            for name, password in (("lab1", "secret1"), ("lab2", "secret2"),
                                   ("wall", None)):
                with OverWebSocket(Plain(server.port),
                                   path=f"/d/{name}/") as stream:
                    with Viewer(stream, password=password) as viewer:
                        viewer.refresh()
            with Viewer(Plain(int(own.group(1))),
                        password="secret2") as viewer:
                viewer.refresh()
            assert "The wall" in http.ask(server, "/d/").body.decode()


class Dummy(XServer):
    """Xorg with the recipe's configuration and command line."""

    def _xorg_arguments(self):
        config = os.path.join(self.directory.name, "dummy.conf")
        with open(config, "w") as out:
            out.write(snippet("dummy"))
        words = shlex.split(snippet("dummy-start"))
        assert words[:4] == ["Xorg", ":1", "-config", "dummy.conf"]
        rest = words[4:words.index("-auth")]
        return ["-config", config, "-logfile", config + ".log", *rest]


def test_dummy_driver(program):
    with Dummy(kind="Xorg") as xserver:
        with Server(program, xserver) as server:
            with Viewer(Plain(server.port)) as viewer:
                assert (viewer.width, viewer.height) == (1920, 1080)
                viewer.refresh()
