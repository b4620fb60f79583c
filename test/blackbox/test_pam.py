"""PAM in the broker: the real one, which lib/pam_folder.c shows a folder
instead of /etc/pam.d."""

import glob
import os
import signal

import pytest

from lib import login
from lib.process import run
from lib.rfb import Viewer
from lib.server import clean_environment
from lib.transport import connect
from lib.wait import wait_until

UNKNOWN = "could not be found out"


def find(name):
    found = glob.glob(f"/usr/lib/*/{name}") + glob.glob(f"/usr/lib/*/*/{name}")
    assert found, f"{name} is not installed (libpam-wrapper)"
    return found[0]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    built = str(tmp_path_factory.mktemp("pam") / "pam_folder.so")
    source = os.path.join(os.path.dirname(__file__), "lib", "pam_folder.c")
    run(["gcc", "-shared", "-fPIC", "-o", built, source, "-lpam"])
    return built


@pytest.fixture
def with_pam(launch, xserver, tmp_path, library):
    """with_pam(lines of the service, options): a server that asks it."""
    def start(lines, *options):
        folder = tmp_path / "pam.d"
        folder.mkdir(exist_ok=True)
        users = tmp_path / "users"
        users.write_text("alice:wonder land, long:x11wsvnc\n")
        (folder / "x11wsvnc").write_text(
            lines.format(matrix=find("pam_matrix.so"), users=users,
                         library=library))
        # Linux-PAM wants one, whichever service is asked.
        (folder / "other").write_text(
            "auth required pam_deny.so\naccount required pam_deny.so\n")
        environment = clean_environment()
        environment.update({"LD_PRELOAD": library, "PAM_FOLDER": str(folder)})
        return launch(xserver, "-pam", "x11wsvnc", "-noblacklist",
                      "-logintimeout", 600, *options, password_option=[],
                      environment=environment)
    return start


MATRIX = ("auth required {matrix} passdb={users}\n"
          "account required {matrix} passdb={users}\n")


def enter(server, user, password, kind="wss"):
    stream = connect(kind, server.port)
    login.offer(stream)
    login.vencrypt(stream, "TLSPlain" if kind == "rfb" else "Plain", user,
                   password)
    return stream


def test_pam_decides(with_pam):
    with with_pam(MATRIX) as running:
        for kind in ("rfb", "tls", "wss"):
            with enter(running, "alice", "wonder land, long", kind) as stream:
                assert login.result(stream) is None
                viewer = Viewer(stream, login=False)
                viewer.initialise(True)
                viewer.refresh()
        for user, password in (("alice", "wonder land"), ("bob", "x"),
                               ("alice", "wonder land, longer")):
            with enter(running, user, password) as stream:
                assert "wrong" in login.result(stream)


def test_an_account_may_be_closed(with_pam):
    with with_pam("auth required {matrix} passdb={users}\n"
                  "account required pam_deny.so\n") as running:
        with enter(running, "alice", "wonder land, long") as stream:
            assert "wrong" in login.result(stream)


def test_a_slow_module_holds_nobody_up(with_pam, tmp_path):
    go = tmp_path / "go"
    slow = tmp_path / "slow"
    # A minute at most, should the test fail: pam_exec puts it out of the
    # broker's reach.
    slow.write_text(f"#!/bin/sh\nleft=1200\nwhile [ ! -e {go} ] && "
                    "[ $((left -= 1)) -gt 0 ]; do sleep 0.05; done\n")
    slow.chmod(0o755)
    with with_pam(f"auth required pam_exec.so {slow}\n"
                  "auth required pam_permit.so\n"
                  "account required pam_permit.so\n",
                  "-passwd", "secret12") as running:
        with enter(running, "alice", "whatever") as waiting:
            with Viewer(connect("ws", running.port),
                        password="secret12") as other:
                other.refresh()
            assert not waiting.has_input(0.2)
            gone = enter(running, "alice", "whatever")
            gone.abort()
            go.touch()
            assert login.result(waiting) is None


def broker_of(server):
    pid = server.process.pid
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        broker, = file.read().split()
    return broker


def test_who_could_not_be_asked_for_is_not_to_blame(with_pam, tmp_path):
    """Strangers who keep PAM busy, or its end, shut no owner out."""
    go = tmp_path / "go"
    slow = tmp_path / "slow"
    # A minute at most, should the test fail: pam_exec puts it out of the
    # broker's reach.
    slow.write_text(f"#!/bin/sh\nleft=1200\nwhile [ ! -e {go} ] && "
                    "[ $((left -= 1)) -gt 0 ]; do sleep 0.05; done\n")
    slow.chmod(0o755)
    with with_pam(f"auth required pam_exec.so {slow}\n"
                  "auth required pam_permit.so\n"
                  "account required pam_permit.so\n",
                  "-UseBlacklist=1", "-maxauthfails", "1") as running:
        crowd = [enter(running, f"stranger{n}", "x", "tls") for n in range(33)]
        wait_until(lambda: any(one.has_input(0.01) for one in crowd),
                   "one is too many")
        go.touch()
        # A machine that is busy beyond measure may have failed more of them.
        answers = [login.result(one) for one in crowd]
        assert all(a is None or UNKNOWN in a for a in answers), answers
        assert any(a is not None for a in answers)
        assert None in answers
        for one in crowd:
            one.close()
        os.kill(int(broker_of(running)), signal.SIGKILL)
        wait_until(lambda: "broker process is gone" in running.log(),
                   "it is gone")
        for _ in range(2):
            with enter(running, "alice", "x") as stream:
                assert UNKNOWN in login.result(stream)


@pytest.mark.parametrize("module", [
    "pam_debug.so auth=authinfo_unavail", "pam_debug.so auth=service_err",
    "pam_of_nobody.so", "{library} 0", "{library} 1"])
def test_whom_pam_cannot_tell_is_not_to_blame(with_pam, module):
    """It has no answer, or a module ends the process that asks: with 0, too."""
    with with_pam(f"auth required {module}\n"
                  "account required pam_permit.so\n",
                  "-UseBlacklist=1", "-maxauthfails", "1") as running:
        for _ in range(2):
            with enter(running, "alice", "x") as stream:
                assert UNKNOWN in login.result(stream)


@pytest.mark.parametrize("module", [
    "pam_debug.so auth=user_unknown", "pam_debug.so auth=maxtries",
    "pam_exec.so /bin/false"])
def test_whom_pam_refuses_is_to_blame(with_pam, module):
    with with_pam(f"auth required {module}\n"
                  "account required pam_permit.so\n",
                  "-UseBlacklist=1", "-maxauthfails", "1") as running:
        with enter(running, "alice", "x") as stream:
            assert "wrong" in login.result(stream)
        assert "too many wrong answers" in running.log()


def test_the_network_process_has_no_pam(with_pam):
    """Its modules are in the broker's children only."""
    with with_pam(MATRIX) as running:
        with enter(running, "alice", "wonder land, long") as stream:
            assert login.result(stream) is None
            with open(f"/proc/{running.process.pid}/maps") as maps:
                assert "pam_matrix" not in maps.read()
        pid = running.process.pid
        broker = broker_of(running)
        wait_until(lambda: os.path.exists(f"/proc/{broker}/comm"), "a broker")
        with open(f"/proc/{broker}/comm") as file:
            assert file.read() == "x11wsvnc-broker\n"
