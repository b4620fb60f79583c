"""Users with names: who comes in, and what each may do."""

import pytest
from Xlib import X

from lib import login, preload, screen
from lib.compare import wait_equal
from lib.decode import TIGHT
from lib.password_hash import password_hash
from lib.rfb import CURSOR, EXTENDED_SIZE, Viewer, is_ended
from lib.rsa_aes import NUMBERS, log_in
from lib.server import clean_environment
from lib.transport import connect
from lib.wait import wait_until

PASSWORDS = {"alice": "wonder land, long", "bob": "builder1",
             "dave": "x" * 300, "rosa": "ünïcode"}
RIGHTS = {"alice": "", "bob": ":view", "dave": ":control",
          "rosa": ":view,clipboard"}


@pytest.fixture(scope="module")
def users_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("users") / "users"
    lines = ["# everybody", "locked:*:view"]
    for name, password in PASSWORDS.items():
        lines.append(f"{name}:{password_hash(password)}{RIGHTS[name]}")
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    return str(path)


@pytest.fixture(scope="module")
def named(launch, xserver, users_file):
    with launch(xserver, "-shared", "-noblacklist", "-usersfile", users_file,
                password_option=[]) as running:
        yield running


def enter(port, user, password, kind="rfb"):
    """The stream, and None or why not."""
    stream = connect(kind, port)
    login.offer(stream)
    way = "TLSPlain" if kind == "rfb" else "Plain"
    login.vencrypt(stream, way, user, password)
    return stream, login.result(stream)


def viewer_of(port, user, kind="rfb"):
    stream, refused = enter(port, user, PASSWORDS[user], kind)
    assert refused is None
    viewer = Viewer(stream, login=False)
    viewer.initialise(True)
    return viewer


@pytest.mark.parametrize("user", PASSWORDS)
@pytest.mark.parametrize("kind", ["rfb", "tls", "wss"])
def test_users_come_in(named, user, kind):
    with viewer_of(named.port, user, kind) as viewer:
        viewer.refresh()
    assert f"user={user} " in named.log()


@pytest.mark.parametrize("number", sorted(NUMBERS.values()))
@pytest.mark.parametrize("user, password", [
    ("alice", PASSWORDS["alice"]), ("rosa", PASSWORDS["rosa"]),
    ("alice", "wrong"), ("nobody", "builder1")])
def test_rsa_aes(named, number, user, password):
    with connect("rfb", named.port) as stream:
        assert number in login.offer(stream)
        kind, stream = log_in(stream, number, user, password)
        assert kind == 1
        good = PASSWORDS.get(user) == password
        assert (login.result(stream) is None) == good


@pytest.mark.parametrize("user, password", [
    ("alice", "wonder l"), ("alice", "wonder land, long "), ("alice", ""),
    ("bob", PASSWORDS["alice"]), ("", PASSWORDS["alice"]), ("locked", "*"),
    ("nobody", "builder1"), ("Bob", "builder1"), ("bob\n", "builder1"),
    ("dave", "x" * 299), ("locked", "")])
def test_others_do_not(named, user, password):
    stream, refused = enter(named.port, user, password)
    with stream:
        assert "wrong" in refused
        assert is_ended(stream)


@pytest.mark.parametrize("user", PASSWORDS)
def test_rights(named, display, user):
    rights = RIGHTS[user]
    root = display.screen().root
    clipboard = display.intern_atom("CLIPBOARD")
    owner = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    owner.set_selection_owner(clipboard, X.CurrentTime)
    root.warp_pointer(5, 5)
    display.sync()
    with viewer_of(named.port, user) as viewer:
        viewer.pointer(300, 200)
        viewer.cut_text(b"from " + user.encode())
        viewer.refresh()  # both have been heard
        moved = rights in ("", ":control")
        copies = rights in ("", ":view,clipboard")
        if moved:
            wait_until(lambda: root.query_pointer().root_x == 300,
                       "the pointer moves")
        if copies:
            wait_until(lambda: display.get_selection_owner(clipboard) != owner,
                       "the text is taken over")
        viewer.refresh()
        assert (root.query_pointer().root_x == 300) == moved
        assert (display.get_selection_owner(clipboard) != owner) == copies
    owner.destroy()


KEPT = {"bob": ("right", (200, 100, 300, 250)), "dave": ("1", (0, 0, 200, 480)),
        "rosa": ("nowhere", (0, 0, 1, 1))}


@pytest.fixture
def monitors(xserver):
    xserver.run("xrandr", "--setmonitor", "left", "200/1x480/1+0+0", "screen")
    xserver.run("xrandr", "--setmonitor", "right", "300/1x250/1+200+100",
                "none")
    yield
    for name in ("left", "right"):
        xserver.run("xrandr", "--delmonitor", name)


@pytest.fixture
def keeping(launch, xserver, users_file, monitors, tmp_path):
    """Some see one monitor; nobody can ask for another one."""
    path = tmp_path / "users"
    lines = []
    with open(users_file) as users:
        for line in users:
            name, _, rest = line.strip().partition(":")
            if name in KEPT:
                line = f"{name}:{rest.split(':')[0]}:control,monitor=" \
                       f"{KEPT[name][0]}"
            lines.append(line.strip())
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    with launch(xserver, "-shared", "-usersfile", path,
                password_option=[]) as running:
        yield running


@pytest.mark.parametrize("user", sorted(KEPT))
def test_kept_to_a_monitor(keeping, xserver, display, user):
    left, top, width, height = KEPT[user][1]
    canvas = screen.Canvas(display, 640, 480)
    screen.mixed_scene(canvas)
    display.sync()
    stream = connect("wss", keeping.port, path="/?monitor=2")
    login.offer(stream)
    login.vencrypt(stream, "Plain", user, PASSWORDS[user])
    assert login.result(stream) is None
    with Viewer(stream, login=False) as viewer:
        viewer.initialise(True)
        assert (viewer.width, viewer.height) == (width, height)
        viewer.set_encodings(TIGHT, CURSOR, EXTENDED_SIZE)
        viewer.refresh()
        wait_equal(viewer, screen.picture(display)[top:top + height,
                                                   left:left + width])
        xserver.run("xrandr", "--delmonitor", "right")
        viewer.refresh()
        viewer.refresh()  # it stays with where that was
        assert (viewer.width, viewer.height) == (width, height)
        viewer.pointer(9999, 9999)
        wait_until(lambda: display.screen().root.query_pointer().root_x
                   == left + width - 1, "no further than to its edge")
    canvas.window.destroy()
    display.sync()
    with viewer_of(keeping.port, "alice") as viewer:
        assert (viewer.width, viewer.height) == (640, 480)


def test_a_crowd_of_guesses_delays_nobody_for_good(named):
    streams = []
    for number in range(40):
        stream = connect("wss", named.port)
        login.offer(stream)
        login.vencrypt(stream, "Plain", f"guess{number}", "guess")
        streams.append(stream)
    for stream in streams[::2]:
        stream.abort()
    with viewer_of(named.port, "alice") as viewer:
        viewer.refresh()
    for stream in streams[1::2]:
        assert "wrong" in login.result(stream)
        stream.close()


def test_only_listed_names(launch, xserver, users_file):
    with launch(xserver, "-noblacklist", "-usersfile", users_file,
                "-plainusers", "bob,guest", "-passwd", "a shared one",
                password_option=[]) as running:
        for user, password, good in (
                ("bob", PASSWORDS["bob"], True),
                ("alice", PASSWORDS["alice"], False),
                ("guest", "a shared one", True),
                ("alice", "a shared one", False),
                ("guest", "builder1", False)):
            stream, refused = enter(running.port, user, password)
            with stream:
                assert (refused is None) == good, (user, refused)


@pytest.mark.parametrize("text, said", [
    ("joe::view\n", "line 1"), ("\njoe:secret\n", "line 2"), ("", "no user"),
    ("joe:*:root\n", "rights"), (None, "No such file")])
def test_refused_files(launch, xserver, tmp_path, text, said):
    path = tmp_path / "users"
    if text is not None:
        path.write_text(text)
    running = launch(xserver, "-usersfile", str(path), password_option=[],
                     expect_start=False)
    with running:
        assert running.wait() == 5
        assert said in running.log() and str(path) in running.log()


def test_read_again(launch, xserver, tmp_path):
    """New users, new rights and gone users count from the next login on; who
    is in stays, and a file that cannot be read leaves those of before."""
    path = tmp_path / "users"
    path.write_text(f"bob:{password_hash(PASSWORDS['bob'])}\n")
    with launch(xserver, "-shared", "-noblacklist", "-usersfile", str(path),
                password_option=[]) as running:
        with viewer_of(running.port, "bob") as early:
            def may(user):
                stream, refused = enter(running.port, user, PASSWORDS[user])
                stream.close()
                return refused is None

            other = tmp_path / "other"
            other.write_text(f"alice:{password_hash(PASSWORDS['alice'])}:view\n")
            other.rename(path)
            assert may("alice") and not may("bob")
            viewer_of(running.port, "alice").stream.close()
            assert "user=alice rights=view-only" in running.log()
            for broken in ("alice:secret\n", "", "# nobody\n"):
                path.write_text(broken)
                assert may("alice") and not may("bob")
            path.unlink()
            assert may("alice")
            path.write_text(f"bob:{password_hash(PASSWORDS['bob'])}\n")
            assert may("bob") and not may("alice")
            early.refresh()
        assert running.log().count("the users read before stay") == 4


COUNTING = """
#include <crypt.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int to = -1;

__attribute__((constructor)) static void open_it(void)
{
	to = open(getenv("COUNT_FILE"), O_WRONLY | O_CREAT | O_APPEND, 0600);
}

char *crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
	char *(*real)(const char *, const char *, struct crypt_data *) =
		dlsym(RTLD_NEXT, "crypt_r");

	if (write(to, setting, 3) < 0)
		abort();
	return real(phrase, setting, data);
}
"""


def test_the_same_work_for_whoever_it_is(launch, xserver, users_file,
                                         tmp_path):
    """One hash of the strong kind for a user, nobody, one who is locked out
    and one whom -PlainUsers leaves out: time tells no name."""
    count = tmp_path / "count"
    environment = {**clean_environment(), "COUNT_FILE": str(count)}
    with launch(xserver, "-noblacklist", "-usersfile", users_file,
                "-plainusers", "bob,locked,nobody", password_option=[],
                environment=environment,
                wrapper=preload.wrapper(tmp_path, COUNTING)) as running:
        for user in ("bob", "nobody", "locked", "alice", "x" * 500):
            before = count.stat().st_size
            stream, refused = enter(running.port, user, "no such word")
            stream.close()
            assert refused == "wrong user name or password"
            assert count.read_bytes()[before:] == b"$6$", user


def test_33_is_told_why_not(named, kind):
    with connect(kind, named.port) as stream:
        assert login.offer(stream, "003.003") == [0]
        reason = stream.read(int.from_bytes(stream.read(4), "big"))
        assert b"3.3" in reason or b"https" in reason
        assert is_ended(stream)


def test_pam_decides_about_the_others(launch, xserver, users_file):
    """`other` is PAM's own service that lets nobody in."""
    with launch(xserver, "-noblacklist", "-usersfile", users_file,
                "-pam", "other", password_option=[]) as running:
        for user, password, good in (
                ("bob", PASSWORDS["bob"], True), ("root", "root", False),
                ("bob", "root", False), ("root", "x" * 1024, False)):
            stream, refused = enter(running.port, user, password)
            with stream:
                assert (refused is None) == good, (user, refused)


def test_leaving_while_pam_thinks(launch, xserver):
    with launch(xserver, "-noblacklist", "-pam", "other",
                password_option=[]) as running:
        for _ in range(5):
            with connect("wss", running.port) as stream:
                login.offer(stream)
                login.vencrypt(stream, "Plain", "root", "root")
        stream, refused = enter(running.port, "root", "root")
        with stream:
            assert "wrong" in refused
