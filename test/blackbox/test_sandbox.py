"""What the running process has given up, and what must go on regardless.

That the walls hold is test/unit/server_sandbox.c's; here: that they stand."""

import os
import pwd
import shutil
import sys

import pytest

from lib.process import run
from lib.rfb import Viewer
from lib.transport import connect
from lib.wait import wait_until


def status(pid):
    """{name: value} of each thread."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as file:
            found.append(dict(
                line.rstrip("\n").split(":\t", 1) for line in file
                if ":\t" in line))
    return found


def test_all_threads_are_inside(launch, xserver):
    with launch(xserver, "-threads", "3") as running:
        with Viewer(connect("wss", running.port)) as viewer:
            viewer.refresh()
            threads = status(running.process.pid)
            assert len(threads) > 1
            for thread in threads:
                assert thread["NoNewPrivs"] == "1"
                assert thread["Seccomp"] == "2"
                # At most CAP_DAC_READ_SEARCH, and that as root.
                for name in ("CapEff", "CapPrm", "CapInh"):
                    assert int(thread[name], 16) & ~(1 << 2) == 0
        assert "sandbox: no new programs" in running.log()


def test_without_it(launch, xserver):
    with launch(xserver, "-nosandbox") as running:
        for thread in status(running.process.pid):
            assert thread["NoNewPrivs"] == "0"
            assert thread["Seccomp"] == "0"
        assert "sandbox: off" in running.log()


# Starts a program to which the kernel says that it has no such call: Landlock's
# first, or the filter.
WITHOUT = """
import ctypes, os, struct, sys
prctl = ctypes.CDLL(None, use_errno=True).prctl
number, code = int(sys.argv[1]), int(sys.argv[2])
def step(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)
steps = (step(0x20, 0, 0, 0)                      # load the call's number
         + step(0x15, 0, 1, number)               # is it that one?
         + step(0x06, 0, 0, 0x00050000 | code)    # then this error
         + step(0x06, 0, 0, 0x7fff0000))          # else go on
text = ctypes.create_string_buffer(steps, len(steps))
program = struct.pack("HxxxxxxQ", len(steps) // 8, ctypes.addressof(text))
assert prctl(38, 1, 0, 0, 0) == 0
assert prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0
os.execv(sys.argv[3], sys.argv[3:])
"""
LANDLOCK_CREATE_RULESET = 444
ENOSYS, EOPNOTSUPP = 38, 95


@pytest.mark.parametrize("error", [ENOSYS, EOPNOTSUPP], ids=[
    "not built in", "switched off"])
def test_a_kernel_without_landlock(launch, xserver, error):
    """One line of the log, and the rest of the sandbox."""
    with launch(xserver, wrapper=(
            sys.executable, "-c", WITHOUT, str(LANDLOCK_CREATE_RULESET),
            str(error))) as running:
        with Viewer(connect("wss", running.port)) as viewer:
            viewer.refresh()
        for thread in status(running.process.pid):
            assert thread["Seccomp"] == "2"
        lines = [line for line in running.log().splitlines()
                 if "sandbox:" in line]
        assert len(lines) == 1, lines
        assert "the kernel has no Landlock; any file" in lines[0]


def test_the_broker_is_outside(launch, xserver, tmp_path):
    done = tmp_path / "done"
    with launch(xserver, "-gone", f"touch {done}") as running:
        Viewer(connect("ws", running.port)).close()
        wait_until(done.exists, "the command ran")


def test_files_are_still_read_again(launch, xserver, certificate, tmp_path):
    """The certificate is replaced by renaming, as certbot does; and so is a
    HostsFile, in another folder."""
    for folder in ("tls", "hosts"):
        (tmp_path / folder).mkdir()
    cert, key = tmp_path / "tls" / "cert.pem", tmp_path / "tls" / "key.pem"
    hosts = tmp_path / "hosts" / "list"
    shutil.copy(certificate[0], cert)
    shutil.copy(certificate[1], key)
    hosts.write_text("+127.5.0.0/16\n")
    with launch(xserver, "-cert", str(cert), "-key", str(key), "-HostsFile",
                str(hosts), tls=False) as running:
        with Viewer(connect("tls", running.port, source="127.5.0.1")):
            pass
        for name in ("cert", "key"):
            new = tmp_path / "tls" / f"{name}.new"
            shutil.copy(certificate[name == "key"], new)
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
             "/CN=second", "-keyout", str(tmp_path / "tls" / "key.new"),
             "-out", str(tmp_path / "tls" / "cert.new")])
        os.rename(tmp_path / "tls" / "key.new", key)
        os.rename(tmp_path / "tls" / "cert.new", cert)

        def serves_second():
            with connect("tls", running.port, source="127.5.0.1") as stream:
                der = stream.socket.getpeercert(True)
            return b"second" in der
        wait_until(serves_second, "the new certificate is served")
        new = tmp_path / "hosts" / "new"
        new.write_text("+127.6.0.0/16\n")
        os.rename(new, hosts)
        with Viewer(connect("ws", running.port, source="127.6.0.1")):
            pass


def test_run_as(launch, xserver):
    """Where root runs the tests; elsewhere it is refused."""
    if os.geteuid() != 0:
        with launch(xserver, "-runas", "nobody", expect_start=False) as one:
            assert one.wait() == 2
        return
    nobody = pwd.getpwnam("nobody")
    with launch(xserver, "-runas", "nobody", "-noshm") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            viewer.refresh()
            for thread in status(running.process.pid):
                assert thread["Uid"].split() == [str(nobody.pw_uid)] * 4
                assert thread["Gid"].split() == [str(nobody.pw_gid)] * 4
                assert "0" not in thread["Groups"].split()
                assert int(thread["CapEff"], 16) == 0


def test_run_as_nobody_known(launch, xserver):
    with launch(xserver, "-runas", "no-such-user",
                expect_start=False) as running:
        assert running.wait() == 2
        assert "no-such-user" in running.log()
        assert running.port is None
