"""What real viewers choose and finish of the ways to log in."""

import os
import pty
import re
import subprocess

import pytest
from blackbox.lib.password_hash import password_hash
from blackbox.lib.process import run, tool
from blackbox.lib.server import Server
from blackbox.lib.vncauth import password_file
from blackbox.lib.wait import wait_until

from viewers.lib.viewer import TIGER, TIGHT, tiger_knows

LONG = "longer than eight"
USER = "alice"


ECDSA = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    cert, key = str(folder / "ca.pem"), str(folder / "ca-key.pem")
    run(["openssl", "req", "-x509", *ECDSA, "-subj", "/CN=authority",
         "-keyout", key, "-out", cert])
    return cert, key


@pytest.fixture(scope="module")
def certificate(tmp_path_factory, authority):
    """One that the authority vouches for."""
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    run(["openssl", "req", "-x509", *ECDSA, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-CA", authority[0],
         "-CAkey", authority[1], "-keyout", key, "-out", cert])
    return cert, key


@pytest.fixture(scope="module")
def users_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("users") / "users"
    path.write_text(
        f"{USER}:{password_hash(LONG)}:view,control\n")
    path.chmod(0o600)
    return str(path)


@pytest.fixture(scope="module")
def start(program, shared, certificate, users_file):
    """The server of one kind, started when first asked for."""
    options = {
        "open": ["-nopw"],
        "password": ["-passwd", LONG],
        "users": ["-usersfile", users_file],
        "tls": ["-passwd", LONG, "-vencrypt", "only"],
        "TLSPlain": ["-passwd", LONG, "-sectypes", "TLSPlain"],
        "X509Plain": ["-passwd", LONG, "-sectypes", "X509Plain"],
        "self-signed": ["-passwd", LONG],
        "self-signed open": ["-nopw"],
    }
    running = {}

    def get(name):
        if name not in running:
            own = [] if name.startswith("self-signed") else [
                "-cert", certificate[0], "-key", certificate[1]]
            running[name] = Server(program, shared, *own, "-shared",
                                   password_option=options[name])
        return running[name]

    yield get
    for one in running.values():
        with one:
            pass


def last_login(server):
    """The stack and the security type of the newest viewer."""
    found = re.findall(r"event=login .*?how=(\S+) security=(\S+)",
                       server.log())
    return found[-1] if found else None


# what it is told to know, by which server, what comes of it
# Without -SecurityTypes it takes what is offered first, which on one machine is
# what does not encrypt.
TIGER_CHOICES = [
    (None, "open", "None"), ("TLSNone", "open", "TLSNone"),
    ("X509None", "open", "X509None"), (None, "password", "VncAuth"),
    ("X509Vnc", "password", "X509Vnc"),
    ("TLSVnc", "password", "TLSVnc"), ("TLSPlain", "password", "TLSPlain"),
    ("X509Plain", "password", "X509Plain"),
    ("VncAuth", "password", "VncAuth"), (None, "users", "X509Plain"),
    ("TLSPlain", "users", "TLSPlain"), (None, "tls", "X509Vnc"),
    (None, "self-signed", "VncAuth"), ("TLSVnc", "self-signed", "TLSVnc")]


@pytest.mark.parametrize("knows, kind, security", TIGER_CHOICES)
def test_tigervnc(knows, kind, security, start, stage, view, authority,
                  monkeypatch):
    server = start(kind)
    monkeypatch.setenv("VNC_USERNAME", USER)
    monkeypatch.setenv("VNC_PASSWORD", LONG)
    options = [f"-SecurityTypes={knows}"] if knows else []
    picture = stage.change()
    viewer = view(*TIGER, *options, f"-X509CA={authority[0]}",
                  f"localhost::{server.port}")
    viewer.wait_for(picture)
    stack, chosen = last_login(server)
    assert chosen == security
    plain = security in ("None", "VncAuth")
    assert stack == ("tcp+rfb" if plain else "tcp+tls+rfb")


# TigerVNC has RSA-AES from 1.13 on: Debian 13 does, Debian 12 does not. Which
# one is here says the head of the test's report.
RSA_AES = [name for name in tiger_knows()[1] if name.startswith("RA2")]
ASKED = "Server key fingerprint"

if RSA_AES:
    @pytest.mark.parametrize("kind", ["password", "users"])
    @pytest.mark.parametrize("name", ["RA2", "RA2_256", "RA2ne", "RA2ne_256"])
    def test_tigervnc_rsa_aes(name, kind, start, stage, viewing, view,
                              monkeypatch):
        server = start(kind)
        monkeypatch.setenv("VNC_USERNAME", USER)
        monkeypatch.setenv("VNC_PASSWORD", LONG)
        picture = stage.change()
        viewer = view(*TIGER, f"-SecurityTypes={name}",
                      f"localhost::{server.port}")
        viewer.agree(viewing, ASKED)
        viewer.wait_for(picture)
        assert last_login(server) == ("tcp+rfb", name)
        # Both directions go on: it asks for this one.
        viewer.wait_for(stage.change())

    @pytest.mark.parametrize("name", ["RA2", "RA2ne_256"])
    def test_tigervnc_rsa_aes_with_a_wrong_password(
            name, start, viewing, view, monkeypatch):
        server = start("password")
        monkeypatch.setenv("VNC_PASSWORD", LONG[:-1])
        viewer = view(*TIGER, f"-SecurityTypes={name}",
                      f"localhost::{server.port}")
        viewer.agree(viewing, ASKED)
        wait_until(lambda: viewer.process.poll() is not None,
                   "the viewer ends")
        assert "wrong" in viewer.log()
else:
    def test_tigervnc_without_rsa_aes_is_told_so(start, view):
        """It finds nothing that it knows, and says so itself."""
        viewer = view(*TIGER, "-SecurityTypes=RA2",
                      f"localhost::{start('password').port}")
        wait_until(lambda: viewer.process.poll() is not None,
                   "the viewer ends")
        assert "Security type not supported" in viewer.log()


def test_xtightvncviewer_takes_tight(start, stage, view, tmp_path):
    path = tmp_path / "password"
    path.write_bytes(password_file(LONG))
    server = start("password")
    picture = stage.change()
    viewer = view(*TIGHT, "-passwd", str(path), f"localhost::{server.port}")
    viewer.wait_for(picture)
    assert last_login(server) == ("tcp+rfb", "VncAuth")
    assert "Tight" in viewer.log() or "TightVNC" in viewer.log()


# what it is told to know; of VeNCrypt's subtypes it takes the first
@pytest.mark.parametrize("knows, kind, security", [
    ("", "open", "None"), ("19", "open", "X509None"),
    ("19", "self-signed open", "TLSNone"), ("", "password", "VncAuth"),
    ("1", "open", "None"), ("2", "password", "VncAuth"),
    ("19", "TLSPlain", "TLSPlain"), ("19", "X509Plain", "X509Plain"),
    ("19", "password", "X509Vnc"),
    ("19", "self-signed", "TLSVnc"), ("", "users", "X509Plain")])
def test_libvncclient(knows, kind, security, start, vncclient, authority):
    server = start(kind)
    said = run([vncclient, "localhost", str(server.port), USER, LONG,
                authority[0], knows])
    assert said.strip().endswith("800x600")
    plain = security in ("None", "VncAuth")
    assert last_login(server) == (
        "tcp+rfb" if plain else "tcp+tls+rfb", security)


@pytest.mark.parametrize("kind, comes_in", [
    ("open", True), ("password", True), ("tls", False), ("users", False)])
def test_vncsnapshot_speaks_33(kind, comes_in, start, stage, tmp_path):
    """What cannot log in with 3.3 is told why."""
    path = tmp_path / "password"
    path.write_bytes(password_file(LONG))
    server = start(kind)
    stage.change()
    done = subprocess.run(
        [tool("vncsnapshot"), "-passwd", str(path),
         f"127.0.0.1:{server.port - 5900}", str(tmp_path / "shot.jpg")],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert (tmp_path / "shot.jpg").exists() == comes_in, said
    if not comes_in:
        assert "RFB 3.3 cannot log in here" in said


def test_gvnccapture(start, stage, viewing, tmp_path):
    """It takes the strongest that it knows."""
    server = start("self-signed open")
    stage.change()
    path = tmp_path / "capture.png"
    viewing.run("gvnccapture", "-q", f"127.0.0.1:{server.port - 5900}",
                str(path))
    assert last_login(server) == ("tcp+tls+rfb", "TLSNone")


def typed_at(arguments, environment, answers):
    """What it says at a terminal where each question gets its answer."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(arguments[0], arguments, environment)
    said, asked = b"", 0
    try:
        while chunk := os.read(terminal, 4096):
            said += chunk
            for question, answer in answers.items():
                if said[asked:].endswith(question):
                    os.write(terminal, answer + b"\n")
                    asked = len(said)
    except OSError:  # its end
        pass
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert status == 0, said
    return said


def test_gvnccapture_with_a_password(start, stage, viewing, tmp_path):
    """Of the encrypted ways it takes the one that asks for a name, too:
    where there are no users any name will do."""
    server = start("self-signed")
    stage.change()
    path = tmp_path / "capture.png"
    typed_at([tool("timeout"), "--foreground", "60", tool("gvnccapture"),
              f"127.0.0.1:{server.port - 5900}", str(path)],
             viewing.environment, {
                 b"Username: ": b"anybody", b"Password: ": LONG.encode()})
    assert path.exists()
    assert last_login(server) == ("tcp+tls+rfb", "TLSPlain")
