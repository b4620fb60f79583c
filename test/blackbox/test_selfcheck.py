"""-selfcheck: what it finds is there, and what is there it finds."""

import os
import socket
import subprocess

import pytest
from Xlib import X

from lib.process import run as run_tool
from lib.server import SANITIZER, clean_environment
from lib.xserver import XServer


@pytest.fixture
def check(program, tmp_path):
    def run(xserver, *options, wrapper=(), **environment):
        runtime = tmp_path / "runtime"
        runtime.mkdir(exist_ok=True)
        runtime.chmod(0o700)
        where = ["-display", xserver.display, "-auth",
                 xserver.authority] if xserver else []
        done = subprocess.run(
            [*wrapper, program, "-selfcheck", *where, "-rfbport", "0",
             *options],
            env=dict(clean_environment(), XDG_RUNTIME_DIR=str(runtime),
                     XDG_CONFIG_HOME=str(tmp_path), **environment),
            capture_output=True, text=True, timeout=60, check=False)
        assert not SANITIZER.search(done.stderr.encode()), done.stderr
        assert not list(runtime.iterdir()), "it leaves something behind"
        lines = done.stdout.splitlines()
        assert lines, done
        found = {"good": [], "note": [], "bad": []}
        for line in lines[:-1]:
            found[line[:4].strip()].append(line[6:])
        assert lines[-1].startswith(f"{len(found['good'])} good, "), lines
        assert done.returncode == (1 if found["bad"] else 0), done
        return found
    return run


def has(lines, text):
    return any(text in line for line in lines)


def test_nothing_is_wrong(check, xserver, certificate):
    found = check(xserver, "-cert", certificate[0], "-key", certificate[1])
    assert found["bad"] == []
    for name in ("MIT-SHM", "DAMAGE", "XFIXES", "XTEST", "RANDR", "XInput"):
        assert name in found["good"]
    assert has(found["good"], f"{xserver.width}x{xserver.height}")
    assert has(found["good"], "is good for")
    assert has(found["note"], "self-signed")


@pytest.mark.parametrize("extension, name, grade",
                         [("MIT-SHM", "MIT-SHM", "note"),
                          ("DAMAGE", "DAMAGE", "note"),
                          ("XFIXES", "XFIXES", "note"),
                          ("RANDR", "RANDR", "note"),
                          ("XTEST", "XTEST", "bad")])
def test_what_the_x_server_lacks(check, extension, name, grade):
    with XServer(extra=["-extension", extension]) as x:
        found = check(x)
        assert has(found[grade], f"no {name}: ")
        assert name not in found["good"]


def test_what_options_turn_off(check, xserver):
    found = check(xserver, "-noshm", "-noxdamage", "-nocursor", "-viewonly",
                  "-nossl", "-nosandbox")
    assert found["bad"] == []
    for name in ("MIT-SHM", "DAMAGE", "XFIXES", "XTEST"):
        assert has(found["note"], f"{name} is turned off")
    assert has(found["note"], "-nossl") and has(found["note"], "-nosandbox")


def test_pixels_that_are_converted(check):
    with XServer(depth=16) as x:
        assert has(check(x)["note"], "depth 16")


def test_compositor(check, display, xserver):
    assert not has(check(xserver)["note"], "compositor")
    window = display.screen().root.create_window(0, 0, 1, 1, 0,
                                                 X.CopyFromParent)
    atom = display.intern_atom("_NET_WM_CM_S0")
    window.set_selection_owner(atom, X.CurrentTime)
    display.sync()
    try:
        assert has(check(xserver)["note"], "a compositor draws")
    finally:
        window.destroy()
        display.sync()


def test_no_display(check, xserver, tmp_path):
    assert has(check(None)["bad"], "$DISPLAY is not set")
    assert has(check(None, "-display", ":4094")["bad"], "no such X server")
    wrong = str(tmp_path / "wrong")
    run_tool(["xauth", "-q", "-f", wrong, "add", xserver.display, ".",
              "00" * 16])
    assert has(check(None, "-display", xserver.display, "-auth",
                     wrong)["bad"], "cookie")
    assert has(check(xserver, XDG_SESSION_TYPE="wayland")["note"],
               "Wayland")


def test_port(check, xserver):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = check(xserver, "-rfbport", port, "-listen", "127.0.0.1")
        assert has(found["bad"], "-autoport")
    found = check(xserver, "-rfbport", port, "-listen", "127.0.0.1")
    assert has(found["good"], f"port {port} is free")
    assert has(check(xserver, "-listen", "192.0.2.77")["bad"], "192.0.2.77")


def test_certificate(check, xserver, tmp_path, certificate):
    assert has(check(xserver)["note"], "one of our own")
    assert not os.path.exists(tmp_path / "x11wsvnc"), "none is made"
    missing = str(tmp_path / "none.pem")
    assert has(check(xserver, "-cert", missing)["bad"], missing)
    cert, key = str(tmp_path / "soon.pem"), str(tmp_path / "key.pem")
    run_tool(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3",
              "-subj", "/CN=localhost", "-keyout", key, "-out", cert])
    assert has(check(xserver, "-cert", cert, "-key", key)["note"],
               "renew it")


def test_few_descriptors(check, xserver):
    found = check(xserver, wrapper=["sh", "-c", 'ulimit -n 64; exec "$@"',
                                    "sh"])
    assert has(found["note"], "only 64 descriptors")
    assert has(check(xserver)["good"], "descriptors may be open") or has(
        check(xserver)["note"], "descriptors may be open")


def test_no_place_for_the_control_socket(check, xserver):
    assert not has(check(xserver)["note"], "-R and -Q")
    found = check(xserver, wrapper=["env", "XDG_RUNTIME_DIR=/nonexistent"])
    assert has(found["note"], "-R and -Q")
