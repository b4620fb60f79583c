"""-create: a desktop of its own, begun and ended with the program."""

import os
import re
import signal
import stat
import subprocess

import pytest

from lib.compare import follow
from lib.decode import ZRLE
from lib.process import is_alive, run
from lib.rfb import CURSOR, EXTENDED_SIZE, Viewer
from lib.server import Server, clean_environment
from lib.transport import connect
from lib.wait import wait_until

DISPLAY, LOST = 3, 6
SERVERS = ("Xvfb", "Xtigervnc")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def name(pid):
    with open(f"/proc/{pid}/comm") as file:
        return file.read().strip()


class Created(Server):
    """What it runs paints the root window, and says who it is in a file."""

    def __init__(self, program, folder, *options, session=None, **keywords):
        self.told = folder / "told"
        script = session or (
            f"xsetroot -solid '#306090'; sleep 1000 & "
            f"echo $DISPLAY $XAUTHORITY $$ $! >{self.told}.new; "
            f"mv {self.told}.new {self.told}; sleep 1001")
        # Tests of -find on this machine must not find it: it is ours alone.
        environment = dict(clean_environment(), HOME=str(folder),
                           XDG_RUNTIME_DIR=str(folder))
        environment.update(keywords.pop("environment", {}))
        command = keywords.pop("command", ("--", "sh", "-c", script))
        super().__init__(program, None, "-create", *options, *command,
                         environment=environment, **keywords)

    def session(self):
        wait_until(self.told.exists, "the session")
        display, authority, *pids = self.told.read_text().split()
        return display, authority, [int(pid) for pid in pids]

    def stage(self):
        return next(child for child in children(self.process.pid)
                    if name(child) == "x11wsvnc-stage")

    def x(self):
        return next(child for child in children(self.stage())
                    if name(child) in SERVERS)


def everything(running):
    stage = running.stage()
    return [stage, running.x(), *running.session()[2]]


def wait_gone(pids):
    wait_until(lambda: not any(is_alive(pid) for pid in pids),
               f"the end of {pids}")


def shows(viewer, colour):
    return viewer.known.all() and (viewer.rgb() == colour).all()


def enter(running):
    viewer = Viewer(connect("ws", running.port))
    viewer.set_encodings(ZRLE, CURSOR, EXTENDED_SIZE)
    viewer.refresh()
    return viewer


def wait_painted(viewer):
    follow(viewer, lambda: shows(viewer, [0x30, 0x60, 0x90]),
           lambda: f"the colour is {viewer.rgb()[0, 0]}")


@pytest.mark.parametrize("kind", SERVERS)
def test_a_desktop_of_its_own(program, tmp_path, kind):
    with Created(program, tmp_path, "-create_xsrv", kind, "-geometry",
                 "500x300") as running:
        with enter(running) as viewer:
            assert (viewer.width, viewer.height) == (500, 300)
            wait_painted(viewer)
        display, authority, _ = running.session()
        assert stat.S_IMODE(os.stat(authority).st_mode) == 0o600
        mode = os.stat(os.path.dirname(authority)).st_mode
        assert stat.S_IMODE(mode) == 0o700
        assert name(running.x()) == kind
        # Nobody without the cookie.
        with pytest.raises(AssertionError, match="unable to open|refused"):
            run(["xdpyinfo"], env=dict(os.environ, DISPLAY=display,
                                       XAUTHORITY="/dev/null"))
        pids = everything(running)
        assert all(is_alive(pid) for pid in pids)
    assert not any(is_alive(pid) for pid in pids)
    assert not os.path.exists(os.path.dirname(authority))
    assert not os.path.exists(f"/tmp/.X{display[1:]}-lock")


def test_viewers_resize_it_where_that_is_possible(program, tmp_path):
    """Xtigervnc is chosen where nothing is said."""
    with Created(program, tmp_path) as running:
        assert name(running.x()) == "Xtigervnc"
        with enter(running) as viewer:
            assert (viewer.width, viewer.height) == (1280, 800)
            viewer.set_desktop_size(640, 400, [(0, 0, 0, 640, 400, 0)])
            follow(viewer, lambda: (viewer.width, viewer.height) == (640, 400),
                   lambda: f"{viewer.width}x{viewer.height}")
            wait_painted(viewer)


@pytest.mark.parametrize("who", ["the program", "the stage"])
def test_killed(program, tmp_path, who):
    with Created(program, tmp_path) as running:
        pids = everything(running)
        if who == "the program":
            running.process.kill()
            running.process.wait()
            running.judged = True
            wait_gone(pids)
        else:
            os.kill(running.stage(), signal.SIGKILL)
            assert running.wait() == LOST
            # What the session left in the background is nobody's child.
            wait_gone(pids[:-1])
            os.kill(pids[-1], signal.SIGKILL)


def test_the_session_ends(program, tmp_path):
    go = tmp_path / "go"
    with Created(program, tmp_path, session=(
            f"while [ ! -e {go} ]; do sleep 0.1; done")) as running:
        viewer = enter(running)
        x = running.x()
        go.touch()
        assert running.wait() == 0
        assert "the session has ended" in running.log()
        wait_gone([x])
        viewer.close()


def test_the_x_server_ends(program, tmp_path):
    with Created(program, tmp_path) as running:
        pids = everything(running)
        os.kill(running.x(), signal.SIGKILL)
        assert running.wait() == LOST
        wait_gone(pids)


def test_all_of_it_is_begun_anew(program, tmp_path):
    """A viewer sees the X server crash, and the session end."""
    with Created(program, tmp_path, "-reopen") as running:
        with enter(running) as viewer:
            wait_painted(viewer)
            before = everything(running)
            running.told.unlink()
            os.kill(running.x(), signal.SIGKILL)
            display = running.session()[0]
            wait_painted(viewer)
            wait_gone(before[1:])
            running.told.unlink()
            os.kill(children(running.stage())[-1], signal.SIGTERM)
            assert running.session()[0] == display
            wait_painted(viewer)


def test_in_the_background(program, tmp_path):
    """Nobody waits for what the session has of our streams."""
    told = tmp_path / "told"
    done = subprocess.run(
        [program, "-create", "-bg", "-nopw", "-localhost", "-rfbport", "0",
         "--", "sh", "-c", f"echo noise; echo $$ >{told}; sleep 1003"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=60, check=True,
        env=dict(clean_environment(), HOME=str(tmp_path),
                 XDG_CONFIG_HOME=str(tmp_path)))
    pid = int(re.search(rb"process (\d+)", done.stdout).group(1))
    wait_until(lambda: told.exists() and told.read_text(), "the session")
    session = int(told.read_text())
    os.kill(pid, signal.SIGTERM)
    wait_gone([pid, session])


@pytest.mark.parametrize("how", ["variable", "file", "script"])
def test_which_session(program, tmp_path, how):
    told = tmp_path / "told"
    text = f"echo {how} >{told}.new; mv {told}.new {told}; sleep 1002\n"
    environment = {}
    if how == "variable":
        environment["X11WSVNC_SESSION"] = text
    else:
        (tmp_path / ".xsession").write_text(f"#!/bin/sh\n{text}")
        (tmp_path / ".xsession").chmod(0o700 if how == "script" else 0o600)
    with Created(program, tmp_path, command=(),
                 environment=environment) as running:
        wait_until(told.exists, "the session")
        assert told.read_text().strip() == how
        assert running.is_alive()


@pytest.mark.parametrize("options, said", [
    (["-create_xsrv", "Xnone"], "Xnone is not installed"),
    (["-geometry", "0x0"], "-geometry"),
    (["-create_xsrv", "/bin/false"], "did not start")])
def test_what_cannot_be_created(program, tmp_path, options, said):
    with Created(program, tmp_path, *options, expect_start=False) as running:
        assert running.wait() == DISPLAY
        assert said in running.log()
        assert re.search(r"x11wsvnc: error: ", running.log())


def test_a_command_needs_a_desktop(program, tmp_path):
    with Server(program, None, "--", "xterm", expect_start=False) as running:
        assert running.wait() == 2
        assert "-create" in running.log()
