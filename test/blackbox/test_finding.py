"""Which display is shared: -find, -auth guess, WAIT:, -waitdisplay, and the
seat, which is followed without a viewer being dropped.

logind is one of our own (lib/fake_login.c): what the real one says was not
tested with a display manager."""

import contextlib
import os
import subprocess

import pytest

from lib import screen
from lib.compare import follow, wait_equal
from lib.decode import ZRLE
from lib.process import run
from lib.rfb import CURSOR, DESKTOP_NAME, DESKTOP_SIZE, Viewer
from lib.server import Server, clean_environment
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

NO_DISPLAY = 3


@pytest.fixture
def nowhere(tmp_path):
    """No display, and no cookie that is lying about."""
    return dict(clean_environment(), HOME=str(tmp_path))


def enter(running, path="/websockify"):
    viewer = Viewer(connect("ws", running.port, path=path))
    viewer.set_encodings(ZRLE, CURSOR, DESKTOP_SIZE, DESKTOP_NAME)
    viewer.refresh()
    return viewer


def paint(x, seed):
    display = x.connect()
    screen.Canvas(display, x.width, x.height, seed=seed).rectangles()
    return screen.picture(display)


def ask(program, environment, *options):
    return subprocess.run([program, *options], env=environment, timeout=60,
                          capture_output=True, text=True, check=False)


def test_cookie_of_the_x_servers_command_line(program, xserver, nowhere):
    with Server(program, None, "-display", xserver.display,
                environment=nowhere, expect_start=False) as running:
        assert running.wait() == NO_DISPLAY
    with Server(program, None, "-display", xserver.display, "-auth", "guess",
                environment=nowhere) as running:
        enter(running).close()
    done = ask(program, nowhere, "-findauth", xserver.display)
    assert done.stdout == f"XAUTHORITY={xserver.authority}\n", done.stderr
    done = ask(program, nowhere, "-listdpy")
    assert (f"DISPLAY={xserver.display}\nXAUTHORITY={xserver.authority}\n"
            in done.stdout), done.stderr


def test_cookie_where_startx_puts_it(program, nowhere, tmp_path):
    """The server's own file is gone, as in a container of its own."""
    with XServer() as x:
        os.rename(x.authority, tmp_path / ".serverauth.99")
        with Server(program, None, "-display", x.display, "-auth", "guess",
                    environment=nowhere) as running:
            enter(running).close()


def test_no_display(program, nowhere):
    done = ask(program, nowhere, "-display", ":65000", "-auth", "guess")
    assert done.returncode == NO_DISPLAY and ":65000" in done.stderr
    done = ask(program, nowhere, "-findauth", ":65000")
    assert done.returncode == NO_DISPLAY and done.stdout == ""


def test_wayland_is_explained(program, nowhere):
    done = ask(program, dict(nowhere, WAYLAND_DISPLAY="wayland-0"))
    assert done.returncode == NO_DISPLAY and "Wayland" in done.stderr


def test_waits_for_the_display(program, nowhere, tmp_path):
    with XServer() as x:
        x.kill()
        with Server(program, x, "-waitdisplay", environment=nowhere,
                    expect_start=False) as running:
            wait_until(lambda: "waiting for a display" in running.log(),
                       "what it waits for")
            x.restart()
            running.wait_for_port()
            reference = paint(x, 3)
            with enter(running) as viewer:
                wait_equal(viewer, reference)


def test_waits_no_longer(program, nowhere):
    with Server(program, None, "-display", ":65000", "-waitdisplay", "1",
                environment=nowhere, expect_start=False) as running:
        assert running.wait() == NO_DISPLAY
        assert "-waitdisplay" in running.log()


def test_ends_while_it_waits(program, nowhere):
    with Server(program, None, "-display", ":65000", "-waitdisplay",
                environment=nowhere, expect_start=False) as running:
        wait_until(lambda: "waiting for" in running.log(), "the wait")
    assert running.output == b""


def test_viewers_may_come_first(program, nowhere):
    with XServer() as x:
        x.kill()
        with Server(program, None, "-display", f"WAIT:{x.number}", "-auth",
                    x.authority, environment=nowhere) as running:
            with enter(running) as viewer:
                x.restart()
                reference = paint(x, 4)
                wait_equal(viewer, reference)
                follow(viewer, lambda: viewer.names,
                       lambda: "the new name never came")
                assert viewer.names[-1].endswith(x.display)


def test_a_command_says_which(program, nowhere, tmp_path):
    """Another number, size and cookie after the first has gone."""
    told = tmp_path / "told"
    command = f"WAIT:cmd=cat {told}"
    with XServer() as first, XServer(700, 300) as second:
        def tell(x):
            told.write_text(f"DISPLAY={x.display},VT=7\n"
                            f"XAUTHORITY={x.authority}\n")
        with Server(program, None, "-display", command, "-reopen",
                    environment=nowhere) as running:
            with enter(running) as viewer:
                wait_until(lambda: "names no display" in running.log(), "why")
                tell(first)
                wait_equal(viewer, paint(first, 5))
                tell(second)
                first.kill()
                wait_equal(viewer, paint(second, 6))


@pytest.mark.parametrize("options", [[], ["-waitdisplay"]],
                         ids=["WAIT:", "-waitdisplay"])
def test_some_of_several_are_waited_for(program, nowhere, tmp_path, options):
    """Each is asked for on and on, whoever else is there already: by its
    name, and by a command."""
    told, which = tmp_path / "told", tmp_path / "which"
    which.write_text(f"#!/bin/sh\necho >>{told}.looks; cat {told}\n")
    which.chmod(0o755)

    def looks():
        return os.stat(f"{told}.looks").st_size
    with XServer(500, 200) as fixed, XServer() as asked, XServer(
            700, 300) as late:
        asked.kill()
        late.kill()
        file = tmp_path / "desktops"
        file.write_text(f"fixed: -display {fixed.display} -auth "
                        f"{fixed.authority}\n"
                        f"asked: -display WAIT:cmd={which}\n"
                        f"late: -display WAIT:{late.number} -auth "
                        f"{late.authority}\n")
        with Server(program, None, "-desktops", file, *options,
                    environment=nowhere,
                    expect_start=not options) as running:
            def waits_for(name, why):
                wait_until(lambda: any(
                    f" {name}: waiting for a display: " in line and why in line
                    for line in running.log().splitlines()), name)
            waits_for("asked", "names no display")
            before = looks()
            wait_until(lambda: looks() > before + 2, "further looks")
            told.write_text(f"DISPLAY={asked.display}\n"
                            f"XAUTHORITY={asked.authority}\n")
            before = looks()
            wait_until(lambda: looks() > before + 1, "looks at a dead one")
            asked.restart()
            waits_for("late", "does not answer")
            assert not options or running.output == b""
            late.restart()
            running.wait_for_port()
            with contextlib.ExitStack() as open_:
                for x, name in ((fixed, "fixed"), (asked, "asked"),
                                (late, "late")):
                    viewer = open_.enter_context(
                        enter(running, f"/d/{name}/"))
                    wait_equal(viewer, paint(x, x.number))


def test_what_a_command_leaves_behind_is_not_waited_for(
        program, nowhere, tmp_path):
    """It started the X server, say, which has what it prints to, too. Longer
    than this a command may not take."""
    left = tmp_path / "left"
    with XServer() as x:
        command = (f"WAIT:cmd=sleep 19 & echo $! >{left}; "
                   f"echo DISPLAY={x.display}; echo XAUTHORITY={x.authority}")
        with Server(program, None, "-display", command, "-waitdisplay", 60,
                    environment=nowhere) as running:
            with enter(running) as viewer:
                wait_equal(viewer, paint(x, 3))
                pid = left.read_text().strip()
                assert os.path.exists(f"/proc/{pid}")


# --- the seat ---

@pytest.fixture(scope="module")
def login_library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("login")
    source = os.path.join(os.path.dirname(__file__), "lib", "fake_login.c")
    run(["gcc", "-shared", "-fPIC", "-Wl,-soname,libsystemd.so.0", "-o",
         str(folder / "libsystemd.so.0"), source])
    return str(folder)


class Seat:
    """Who sits at the screen."""

    def __init__(self, folder, library, environment):
        self.path = folder / "seat" / "active"
        self.path.parent.mkdir()
        self.environment = dict(environment, FAKE_SEAT=str(self.path),
                                LD_LIBRARY_PATH=library)

    def give(self, display, kind="x11", whose="user"):
        new = self.path.with_suffix(".new")
        new.write_text(f"0 {display} {os.getuid()} {kind} {whose}\n")
        os.rename(new, self.path)


def looks_of(seat):
    """How often somebody has asked who sits there."""
    path = seat.path.with_suffix(".looks")
    return path.stat().st_size if path.exists() else 0


@pytest.fixture
def seat(tmp_path, login_library, nowhere):
    return Seat(tmp_path, login_library, nowhere)


@contextlib.contextmanager
def following(program, seat):
    """A viewer of whatever is at the seat."""
    with Server(program, None, "-find", "-reopen",
                environment=seat.environment) as running:
        with enter(running) as viewer:
            yield viewer


def test_from_greeter_to_session_to_greeter(program, seat):
    """The greeter's X server lives on meanwhile, as gdm's does."""
    with XServer() as greeter, XServer(700, 300) as session:
        pictures = {x: paint(x, x.number) for x in (greeter, session)}
        seat.give(greeter.display, whose="greeter")
        with following(program, seat) as viewer:
            wait_equal(viewer, pictures[greeter])
            viewer.key(0xFFE1, True)
            seat.give(session.display)
            wait_equal(viewer, pictures[session])
            # What was held there is not held any more.
            state = greeter.connect().query_keymap()
            assert not any(state)
            seat.give(greeter.display, whose="greeter")
            wait_equal(viewer, pictures[greeter])


def test_one_of_several_follows_the_seat(program, seat, tmp_path):
    """The other stays what it is, also while the same is looked at by both."""
    file = tmp_path / "desktops"
    with XServer(500, 200) as fixed, XServer() as greeter, XServer(
            700, 300) as session:
        pictures = {x: paint(x, x.number) for x in (fixed, greeter, session)}
        file.write_text(f"fixed: -display {fixed.display} -auth "
                        f"{fixed.authority}\nseat: -find -reopen\n")
        seat.give(greeter.display, whose="greeter")
        with Server(program, None, "-desktops", file,
                    environment=seat.environment) as running:
            with enter(running, "/d/fixed/") as still, enter(
                    running, "/d/seat/") as viewer:
                for sits in (greeter, session, fixed, greeter):
                    seat.give(sits.display)
                    wait_equal(viewer, pictures[sits])
                    wait_equal(still, pictures[fixed])
                session.kill()
                viewer.refresh()
                wait_equal(viewer, pictures[greeter])


def test_back_and_forth_at_once(program, seat):
    """Whatever is seen of what is in between: the last one counts."""
    with XServer() as greeter, XServer(700, 300) as session:
        pictures = {x: paint(x, x.number) for x in (greeter, session)}
        seat.give(greeter.display, whose="greeter")
        with following(program, seat) as viewer:
            for last in (session, greeter) * 3:
                other = greeter if last is session else session
                for x in (last, other, last):
                    seat.give(x.display)
                wait_equal(viewer, pictures[last])


def test_a_session_whose_x_server_is_slow_to_start(program, seat):
    """As gdm's: it sits at the screen before it has one."""
    with XServer() as greeter, XServer(700, 300) as session:
        picture = paint(greeter, 1)
        session.kill()
        seat.give(greeter.display, whose="greeter")
        with following(program, seat) as viewer:
            wait_equal(viewer, picture)
            before = looks_of(seat)
            seat.give(session.display)
            # It has looked, and found none there.
            wait_until(lambda: looks_of(seat) > before + 1, "a look")
            session.restart()
            wait_equal(viewer, paint(session, 2))


def test_a_session_that_ends(program, seat):
    """lightdm: the session's X server goes, the greeter's is a new one."""
    with XServer() as session, XServer(700, 300) as greeter:
        seat.give(session.display)
        with following(program, seat) as viewer:
            wait_equal(viewer, paint(session, 1))
            session.kill()
            seat.give(greeter.display, whose="greeter")
            wait_equal(viewer, paint(greeter, 2))


def test_finddpy(program, seat):
    with XServer() as x:
        seat.give(x.display)
        done = ask(program, seat.environment, "-finddpy")
        assert done.stdout == (
            f"DISPLAY={x.display}\nXAUTHORITY={x.authority}\n"), done.stderr
        assert done.returncode == 0
