"""Who decides about viewers: rules, commands, the person at the display."""

import os
import signal

import pytest
from Xlib import X
from Xlib.error import BadMatch, BadWindow

from lib.desktops import Desktops, enter
from lib.process import is_alive, run
from lib.rfb import Refused, Viewer
from lib.transport import KINDS, Closed, Plain, connect
from lib.wait import wait_until


def read_when_there(path, mark="\n.\n"):
    """What a hook wrote, once it has written all of it."""
    wait_until(lambda: path.exists() and path.read_text().endswith(mark),
               f"{path} is written")
    return path.read_text()


def variables(text):
    return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def say_all(stream):
    """Everything up to ClientInit, without a password."""
    stream.write(b"RFB 003.008\n")
    stream.read(12)
    assert 1 in stream.read(stream.read(1)[0])
    stream.write(b"\1\1")


# ---- commands ----

@pytest.mark.parametrize("kind", KINDS)
def test_a_command_decides(launch, xserver, tmp_path, kind):
    verdict = tmp_path / "verdict"
    command = f"exit $(cat {verdict})"
    with launch(xserver, "-accept", f"yes:7,no:*,view:3 {command}") as running:
        verdict.write_text("7")
        with Viewer(connect(kind, running.port)) as viewer:
            viewer.refresh()
        verdict.write_text("0")
        with connect(kind, running.port) as stream:
            with pytest.raises(Refused, match="refused"):
                Viewer(stream)
        verdict.write_text("3")
        with Viewer(connect(kind, running.port)):
            wait_until(lambda: "view" in running.log(), "it only watches")


def test_what_a_command_is_told(launch, xserver, tmp_path):
    said = tmp_path / "said"
    command = f"env | grep '^RFB_\\|^DISPLAY' >{said}.$RFB_MODE; echo . >>{said}.$RFB_MODE"
    with launch(xserver, "-accept", command, "-afteraccept", command, "-gone",
                command) as running:
        with connect("rfb", running.port, source="127.9.8.7") as stream:
            Viewer(stream)
            port = stream.socket.getsockname()[1]
            accepted = variables(read_when_there(tmp_path / "said.accept"))
            after = variables(read_when_there(tmp_path / "said.afteraccept"))
        gone = variables(read_when_there(tmp_path / "said.gone"))
        for environment in (accepted, after, gone):
            assert environment["RFB_CLIENT_IP"] == "127.9.8.7"
            assert environment["RFB_CLIENT_PORT"] == str(port)
            assert environment["RFB_SERVER_IP"] == "127.0.0.1"
            assert environment["RFB_SERVER_PORT"] == str(running.port)
            assert environment["RFB_X11VNC_PID"] == str(running.process.pid)
            assert environment["RFB_CLIENT_COUNT"] == "0"
            assert environment["RFB_LOGIN_VIEWONLY"] == "0"
            assert environment["DISPLAY"] == xserver.display
            assert int(environment["RFB_LOGIN_TIME"]) <= int(
                environment["RFB_CURRENT_TIME"])
        assert len({e["RFB_CLIENT_ID"] for e in (accepted, after, gone)}) == 1
        assert [e["RFB_MODE"] for e in (accepted, after, gone)] == [
            "accept", "afteraccept", "gone"]
        assert accepted["RFB_STATE"] == "AUTHENTICATION"
        assert after["RFB_STATE"] == "NORMAL"


def test_gone_is_told_how_far_who_is_ended_had_come(launch, xserver, tmp_path):
    told = tmp_path / "told"
    with launch(xserver, "-gone", f"echo $RFB_STATE >{told}; echo . >>{told}") as running:
        with Viewer(connect("rfb", running.port)) as viewer:
            viewer.stream.write(b"\xee")  # no message begins so
            assert read_when_there(told) == "NORMAL\n.\n"


def test_a_slow_command_holds_up_only_its_viewer(launch, xserver, tmp_path):
    go = tmp_path / "go"
    os.mkfifo(go)
    command = f'[ "$RFB_CLIENT_IP" != 127.9.9.9 ] || cat {go}'
    with launch(xserver, "-accept", command) as running:
        with connect("ws", running.port, source="127.9.9.9") as slow:
            say_all(slow)
            with Viewer(connect("ws", running.port)) as other:
                other.refresh()
            assert not slow.has_input(0.2)
            with open(go, "w"):
                pass
            assert slow.read(4) == b"\0\0\0\0"


def test_who_leaves_is_not_asked_about_any_more(launch, xserver, tmp_path):
    pid_file = tmp_path / "pid"
    with launch(xserver, "-accept",
                f"echo $$ >{pid_file}; exec sleep 1000") as running:
        stream = connect("ws", running.port)
        say_all(stream)
        wait_until(lambda: pid_file.exists() and pid_file.read_text().strip(),
                   "the command runs")
        pid = int(pid_file.read_text())
        stream.abort()
        wait_until(lambda: not is_alive(pid), "the command is killed")


def test_the_broker_ends_with_the_server(launch, xserver, tmp_path):
    pid_file, hook = tmp_path / "pid", tmp_path / "hook"
    with launch(xserver, "-accept", f"echo $$ >{pid_file}; exec sleep 1000",
                "-gone", f"sleep 0.3; touch {hook}") as running:
        broker, = children(running.process.pid)
        stream = connect("ws", running.port)
        say_all(stream)
        wait_until(lambda: pid_file.exists() and pid_file.read_text().strip(),
                   "the command runs")
        pid = int(pid_file.read_text())
        running.process.kill()
        running.process.wait()
        running.judged = True
        wait_until(lambda: not is_alive(pid), "the command is killed")
        wait_until(lambda: not is_alive(broker), "the broker is gone")
        stream.close()


def test_a_hook_outlives_the_server(launch, xserver, tmp_path):
    done = tmp_path / "done"
    with launch(xserver, "-once", "-gone", f"sleep 0.5; touch {done}") as one:
        Viewer(connect("ws", one.port)).close()
        assert one.wait() == 0
    wait_until(done.exists, "the hook has run to its end")


def test_without_the_broker_nobody_comes_in(launch, xserver):
    with launch(xserver, "-accept", "true") as running:
        broker, = children(running.process.pid)
        with Viewer(connect("ws", running.port)) as viewer:
            os.kill(broker, signal.SIGKILL)
            wait_until(lambda: "broker process is gone" in running.log(),
                       "the log says so")
            with connect("ws", running.port) as stream:
                with pytest.raises(Refused, match="could not be asked"):
                    Viewer(stream)
            viewer.refresh()


def test_no_broker_where_nothing_needs_it(server):
    assert children(server.process.pid) == []


# ---- addresses ----

def is_served(server, source):
    try:
        with Plain(server.port, source=source) as stream:
            return stream.read(12) == b"RFB 003.008\n"
    except Closed:
        return False


def test_allow(launch, xserver):
    with launch(xserver, "-allow", "127.5.,127.6.7.8,127.64.0.0/12") as one:
        for source in ("127.5.1.1", "127.6.7.8", "127.79.3.3"):
            assert is_served(one, source)
        for source in ("127.0.0.1", "127.6.7.9", "127.80.0.1", "127.50.0.1"):
            assert not is_served(one, source)
        with Plain(one.port) as stream:
            with pytest.raises(Closed):
                stream.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                stream.read(1)


def test_allow_file_is_read_again(launch, xserver, tmp_path):
    allowed = tmp_path / "allowed"
    allowed.write_text("# mine\n127.5.\n")
    with launch(xserver, "-allow", str(allowed)) as one:
        assert is_served(one, "127.5.1.1")
        assert not is_served(one, "127.6.1.1")
        allowed.write_text("127.6.\n")
        assert is_served(one, "127.6.1.1")
        assert not is_served(one, "127.5.1.1")
        allowed.write_text("nonsense here\n")
        assert is_served(one, "127.6.1.1")
        assert "nonsense here" in one.log()


def test_deny_all(launch, xserver):
    with launch(xserver, "-deny_all") as one:
        assert not is_served(one, "127.0.0.1")


def test_hosts_file(launch, xserver, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("-127.5.5.5\n+127.5.0.0/16 # ours\n?127.6.0.0/16\n")
    with launch(xserver, "-HostsFile", str(hosts), "-QueryConnectTimeout",
                "1") as one:
        assert not is_served(one, "127.5.5.5")
        assert not is_served(one, "127.7.0.1")
        with Viewer(connect("ws", one.port, source="127.5.0.1")):
            pass
        with connect("ws", one.port, source="127.6.0.1") as stream:
            with pytest.raises(Refused, match="nobody answered"):
                Viewer(stream)


def test_a_missing_hosts_file_is_no_start(launch, xserver, tmp_path):
    with launch(xserver, "-HostsFile", str(tmp_path / "absent"),
                expect_start=False) as one:
        assert one.wait() == 5
        assert "absent" in one.log()


# ---- the person at the display ----

def find_window(display):
    """The question's window once it listens, or None."""
    for window in display.screen().root.query_tree().children:
        if (window.get_wm_name() or "").startswith("x11wsvnc"):
            return window
    return None


def asked(running, kind="ws"):
    stream = connect(kind, running.port)
    say_all(stream)
    return stream


def press_key(xserver, display, symbol):
    window = find_window(display)
    if window is None:
        return
    display.set_input_focus(window, X.RevertToParent, X.CurrentTime)
    display.sync()
    run(["xdotool", "key", symbol], env=xserver.environment)


def press_button(xserver, display, number):
    place = find_window(display).get_geometry()
    run(["xdotool", "mousemove", str(place.x + 5), str(place.y + 5), "click",
         str(number)], env=xserver.environment)


def press_until_answered(xserver, display, press, what, stream):
    """The window is deaf at first, so it is pressed again."""
    def is_answered():
        if stream.has_input(0.1):
            return True
        try:
            press(xserver, display, what)
        except (AttributeError, BadWindow, BadMatch):
            pass  # not there yet, or not any more
        return False
    wait_until(is_answered, "the viewer is answered")


@pytest.mark.parametrize("press,what,answer", [
    (press_key, "y", b"\0\0\0\0"), (press_key, "v", b"\0\0\0\0"),
    (press_key, "n", b"\0\0\0\1"), (press_button, 1, b"\0\0\0\0"),
    (press_button, 3, b"\0\0\0\1")])
def test_the_person_decides(launch, xserver, display, press, what, answer):
    with launch(xserver, "-QueryConnect", "-QueryConnectTimeout", "60") as one:
        with asked(one) as stream:
            press_until_answered(xserver, display, press, what, stream)
            assert stream.read(4) == answer
            if what == "v":
                wait_until(lambda: "view-only" in one.log(), "it only watches")
        wait_until(lambda: not find_window(display), "the window is gone")


def test_the_person_before_that_desktop_decides(launch):
    """Of several: nobody before another one is asked, and nobody there
    waits."""
    with Desktops() as several, launch(
            None, "-desktops", several.write({"two": "-QueryConnect"}),
            "-QueryConnectTimeout", "50") as running:
        asking = several.servers["two"], several.displays["two"]
        with connect("ws", running.port, path="/d/two/") as stream:
            say_all(stream)
            wait_until(lambda: find_window(asking[1]), "the question is there")
            assert not find_window(several.displays["one"])
            with enter(running.port, "/d/one/").stream:
                pass
            assert not stream.has_input(0)
            press_until_answered(*asking, press_key, "n", stream)
            assert stream.read(4) == b"\0\0\0\1"
        with connect("ws", running.port, path="/d/two/") as stream:
            say_all(stream)
            press_until_answered(*asking, press_key, "y", stream)
            assert stream.read(4) == b"\0\0\0\0"


def test_popup_of_x11vnc(launch, xserver, display):
    """popupkey does not hear the mouse, and time is up in the end."""
    with launch(xserver, "-accept", "popupkey:4+40+30") as one:
        with asked(one) as stream:
            window = wait_until(lambda: find_window(display), "a window")
            place = window.get_geometry()
            assert (place.x, place.y) == (40, 30)
            press_until_answered(xserver, display, press_button, 1, stream)
            assert stream.read(4) == b"\0\0\0\1"


def test_questions_are_not_endless(launch, xserver, display):
    """Three windows at once; who comes then is refused at once, and the rest
    when their time is up."""
    with launch(xserver, "-accept", "popup:2") as one:
        streams = [asked(one) for _ in range(4)]
        wait_until(lambda: any(s.has_input(0.02) for s in streams),
                   "one is refused")
        with Plain(one.port) as stream:
            assert stream.read(12)
        for stream in streams:
            assert stream.read(4) == b"\0\0\0\1"
            stream.close()
