"""Poor surroundings: no home, nothing writable, few or far too many
descriptors, no shared memory, no root."""

import os
import shutil
import subprocess
import tempfile

import pytest

from lib.process import descriptor_count
from lib.rfb import Viewer
from lib.server import Server, clean_environment, unlogged_environment
from lib.transport import Plain, connect
from lib.wait import HANG_GUARD_S, wait_until

NOBODY = 65534


def look(server, kind="ws"):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.refresh()
        assert (viewer.width, viewer.height) == (640, 480)


def without(*names, **more):
    return {**{name: value for name, value in clean_environment().items()
               if name not in names}, **more}


@pytest.mark.parametrize("home", [None, "", "/proc/nowhere", "relative"])
def test_no_home(launch, xserver, home):
    """No certificate can be kept: it is for this run."""
    environment = without("HOME", "XDG_CONFIG_HOME")
    if home is not None:
        environment["HOME"] = home
    environment["XDG_CONFIG_HOME"] = home or ""
    with launch(xserver, environment=environment, tls=False) as server:
        look(server)
        look(server, "wss")


def test_next_to_no_environment(launch, xserver):
    kept = {name: value for name, value in clean_environment().items()
            if name.endswith("_OPTIONS")}
    with launch(xserver, environment=kept) as server:
        look(server)


def as_nobody(*command):
    """Of a test that runs as root; else as whom it runs."""
    if os.geteuid() != 0:
        return tuple(command)
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
            "--clear-groups", *command)


@pytest.fixture
def readable(program, xserver):
    """A copy of the program and of the cookie that everybody may read."""
    with tempfile.TemporaryDirectory(prefix="straits-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        for path, name, mode in ((program, "x11wsvnc", 0o755),
                                 (xserver.authority, "authority", 0o644)):
            shutil.copyfile(path, os.path.join(folder, name))
            os.chmod(os.path.join(folder, name), mode)
        yield folder


def in_folder(folder, *command):
    return as_nobody("sh", "-c", 'cd "$1" && shift && exec "$@"', "sh",
                     folder, *command)


@pytest.mark.parametrize("options", [(), ("-noshm",)])
def test_not_root_and_nothing_writable(xserver, readable, options):
    """The home, the working directory, and the configuration's folder."""
    environment = unlogged_environment()
    for name in ("HOME", "XDG_CONFIG_HOME"):
        environment[name] = "/proc/sys"
    server = Server(
        os.path.join(readable, "x11wsvnc"), xserver, "-auth",
        os.path.join(readable, "authority"), *options,
        wrapper=in_folder("/proc/sys"), environment=environment)
    with server:
        look(server)
        look(server, "wss")
        assert "running as root" not in server.log()


def shell_limit(number):
    return ("sh", "-c", f'ulimit -n {number} && exec "$@"', "sh")


def test_few_descriptors(launch, xserver):
    """They run out, nobody is thrown out who has logged in, and it goes on
    when there are some again."""
    with launch(xserver, "-maxwaiting", "10000", "-maxwaitingperhost", "10000",
                wrapper=shell_limit(64)) as server:
        with Viewer(connect("ws", server.port)) as viewer:
            crowd = [Plain(server.port) for _ in range(100)]
            wait_until(lambda: "ulimit -n" in server.log(), "they ran out")
            viewer.refresh()
            for one in crowd:
                one.close()
            look(server)
            viewer.refresh()


def test_as_many_descriptors_as_the_kernel_gives(launch, xserver):
    """A loop over all of them would take seconds for each connection."""
    wrapper = ("sh", "-c", 'ulimit -n "$(cat /proc/sys/fs/nr_open)" || '
               'ulimit -n "$(ulimit -H -n)" && exec "$@"', "sh")
    with launch(xserver, "-gone", "true", wrapper=wrapper) as server:
        for _ in range(30):
            look(server)
        assert descriptor_count(server.process.pid) < 200


def test_no_shared_memory(launch, xserver, tmp_path):
    """shmget() that fails, as in a container without any: pictures come all
    the same."""
    if os.geteuid() != 0:
        pytest.fail("run as root: a namespace of its own is needed")
    # kernel.shmmni belongs to the namespace of System V IPC.
    wrapper = ("unshare", "--ipc", "sh", "-c",
               'echo 0 >/proc/sys/kernel/shmmni && exec "$@"', "sh")
    with launch(xserver, wrapper=wrapper) as server:
        look(server)
        look(server, "wss")


def test_no_dev_shm(launch, xserver):
    if os.geteuid() != 0:
        pytest.fail("run as root: a mount of its own is needed")
    wrapper = ("unshare", "--mount", "sh", "-c",
               'mount -t tmpfs -o size=0,nr_inodes=1,ro none /dev/shm && '
               'exec "$@"', "sh")
    with launch(xserver, wrapper=wrapper) as server:
        look(server)


def test_segments_are_ours_alone(launch, xserver):
    with launch(xserver) as server:
        look(server)
        with open("/proc/sysvipc/shm", encoding="ascii") as table:
            rows = [line.split() for line in table]
        modes = {row[2] for row in rows if row[4] == str(server.process.pid)}
        # For nobody else, and gone with the last who has it.
        assert modes == {"1600"}


@pytest.mark.parametrize("most", [7, 9, 11])
def test_hardly_any_descriptors(program, xserver, most):
    """It cannot begin, and says why. (The loader needs some itself.)"""
    started = subprocess.run(
        ["prlimit", f"--nofile={most}", program, "-display", xserver.display,
         "-auth", xserver.authority, "-nopw", "-rfbport", "0"],
        env=without("LD_PRELOAD"), capture_output=True, check=False,
        timeout=HANG_GUARD_S)
    assert 0 < started.returncode < 128, started
    assert b"oo many open files" in started.stderr.splitlines()[-1]
