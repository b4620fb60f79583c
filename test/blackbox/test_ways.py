"""Ways in and out beside a port: sockets in the file system, sockets that were
opened for us, viewers that we go to."""

import fcntl
import os
import socket
import stat
import struct
import subprocess

import pytest

from lib import preload
from lib.rfb import Update, Viewer
from lib.server import ADDRESS, clean_environment
from lib.transport import Given, Plain, connect
from lib.wait import HANG_GUARD_S, wait_until

LISTEN_REFUSED = 4
FAULT = 1


def listening():
    """A socket of ours that somebody is to connect to."""
    ours = socket.create_server((ADDRESS, 0))
    ours.settimeout(HANG_GUARD_S)
    return ours


def reach(path):
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(HANG_GUARD_S)
    stream.connect(path)
    return Given(stream)


NO_ANSWER = r"""
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int getaddrinfo(const char *host, const char *port,
	const struct addrinfo *hints, struct addrinfo **found)
{
	int (*real)(const char *, const char *, const struct addrinfo *,
		struct addrinfo **);

	if (host != NULL && strcmp(host, "no.answer") == 0 &&
		(hints->ai_flags & AI_NUMERICHOST) == 0) {
		fclose(fopen(getenv("ASKED_FILE"), "w"));
		for (;;)
			pause();
	}
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(host, port, hints, found);
}
"""


@pytest.fixture(scope="module")
def no_answer(tmp_path_factory):
    """What makes name servers not answer, and the file that is there once
    one was asked."""
    folder = tmp_path_factory.mktemp("resolver")
    return preload.wrapper(folder, NO_ANSWER), folder / "asked"


def log_in(stream):
    with Viewer(stream) as viewer:
        viewer.refresh()
        assert (viewer.width, viewer.height) == (640, 480)


def without_port(launch, xserver, *options):
    server = launch(xserver, *options, port="-1", listen=None,
                    expect_start=False)
    server.wait_for_output(rb"(?m)^SOCKET=")
    return server


@pytest.mark.parametrize("mode", [None, "0666", "0640"])
def test_socket_in_the_file_system(launch, xserver, tmp_path, mode):
    path = str(tmp_path / "desk.sock")
    options = ["-unixsock", path] + (["-unixsockmode", mode] if mode else [])
    with without_port(launch, xserver, *options) as server:
        status = os.stat(path)
        assert stat.S_ISSOCK(status.st_mode)
        assert stat.S_IMODE(status.st_mode) == int(mode or "0600", 8)
        log_in(reach(path))
        assert b"PORT=" not in server.output
    assert not os.path.exists(path)


def test_port_and_socket(launch, xserver, tmp_path):
    path = str(tmp_path / "desk.sock")
    with launch(xserver, "-unixsock", path) as server:
        log_in(reach(path))
        log_in(Plain(server.port))


def test_abandoned_socket_is_replaced(launch, xserver, tmp_path):
    path = str(tmp_path / "desk.sock")
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(path)
    with without_port(launch, xserver, "-unixsock", path):
        log_in(reach(path))


def test_socket_of_another_is_left_alone(launch, xserver, tmp_path):
    path = str(tmp_path / "desk.sock")
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(path)
        other.listen()
        with launch(xserver, "-unixsock", path, port="-1", listen=None,
                    expect_start=False) as server:
            assert server.wait() == LISTEN_REFUSED
            assert path in server.log()
    assert os.path.exists(path)


def test_file_in_the_way(launch, xserver, tmp_path):
    path = tmp_path / "precious"
    path.write_text("kept")
    with launch(xserver, "-unixsock", str(path), port="-1", listen=None,
                expect_start=False) as server:
        assert server.wait() == LISTEN_REFUSED
    assert path.read_text() == "kept"


def test_several_addresses(launch, xserver):
    with launch(xserver, listen="127.0.0.1,127.0.0.2") as server:
        log_in(Plain(server.port))
        log_in(Plain(server.port, host="127.0.0.2"))
        with pytest.raises(ConnectionRefusedError):
            Plain(server.port, host="127.0.0.3")


def activated(program, xserver, *sockets):
    """As systemd starts it: descriptors from 3 on, and its own pid."""
    def place():
        # First out of the way of one another.
        high = [fcntl.fcntl(one, fcntl.F_DUPFD, 100) for one in sockets]
        for number, one in enumerate(high, 3):
            os.dup2(one, number)
    command = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", program,
               "-display", xserver.display, "-auth", xserver.authority,
               "-nopw"]
    return subprocess.Popen(
        command, env={**clean_environment(), "LISTEN_FDS": str(len(sockets))},
        stdout=subprocess.PIPE, preexec_fn=place,
        pass_fds=range(3, 3 + len(sockets)))


def end(running, status=0):
    running.terminate()
    assert running.wait(HANG_GUARD_S) == status
    if running.stdout:
        running.stdout.close()


def test_sockets_of_systemd(program, xserver, tmp_path):
    path = str(tmp_path / "activated.sock")
    with listening() as one, listening() as two, \
            socket.socket(socket.AF_UNIX) as local:
        local.bind(path)
        local.listen()
        running = activated(program, xserver, one, two, local)
        try:
            for ours in (one, two):
                log_in(Plain(ours.getsockname()[1]))
            log_in(reach(path))
            running.terminate()
            output = running.stdout.read()
            assert b"PORT=%d\n" % one.getsockname()[1] in output
        finally:
            end(running)
    # systemd's, not ours to remove.
    assert os.path.exists(path)


def test_inetd(program, xserver):
    """Whatever is printed does not go to the viewer."""
    ours, theirs = socket.socketpair()
    ours.settimeout(HANG_GUARD_S)
    running = subprocess.Popen(
        [program, "-display", xserver.display, "-auth", xserver.authority,
         "-nopw", "-inetd", "-v"], env=clean_environment(),
        stdin=theirs, stdout=theirs, stderr=theirs)
    theirs.close()
    log_in(Given(ours))
    assert running.wait(HANG_GUARD_S) == 0


def test_inetd_without_a_socket(program, xserver):
    running = subprocess.run(
        [program, "-display", xserver.display, "-auth", xserver.authority,
         "-nopw", "-inetd"], env=clean_environment(), check=False,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG_GUARD_S)
    assert running.returncode == LISTEN_REFUSED
    assert b"-inetd" in running.stderr


def test_goes_to_a_viewer(launch, xserver):
    with listening() as ours:
        port = ours.getsockname()[1]
        with launch(xserver, "-connect", f"{ADDRESS}:{port}") as server:
            log_in(Given(ours.accept()[0]))
            log_in(Plain(server.port))


def test_goes_to_a_repeater(launch, xserver):
    with listening() as ours:
        port = ours.getsockname()[1]
        with launch(xserver, "-connect", f"repeater=ID:1234+{ADDRESS}:{port}"):
            stream = Given(ours.accept()[0])
            assert stream.read(250) == b"ID:1234".ljust(250, b"\0")
            log_in(stream)


def test_tries_every_viewer(launch, xserver):
    """One that is not there does not keep it from the others."""
    with listening() as gone, listening() as ours:
        closed = gone.getsockname()[1]
        gone.close()
        port = ours.getsockname()[1]
        with launch(xserver, "-connect",
                    f"{ADDRESS}:{closed},{ADDRESS}:{port}") as server:
            log_in(Given(ours.accept()[0]))
            wait_until(lambda: f"cannot reach {ADDRESS} port {closed}"
                       in server.log(), "the failure is told")
            log_in(Plain(server.port))


def test_connect_or_exit(launch, xserver):
    with listening() as gone:
        port = gone.getsockname()[1]
    with launch(xserver, "-connect_or_exit",
                f"{ADDRESS}:{port}") as server:
        assert server.wait() == FAULT


@pytest.mark.parametrize("target", [
    "host:0", "host:70000", "[::1", "pre99999=x+host", "wrong=host",
    "repeater=ID:1", "x" * 300])
def test_viewers_that_cannot_be(launch, xserver, target):
    with launch(xserver, "-connect", target, expect_start=False) as server:
        assert server.wait() == 2
        assert "-connect" in server.log()


def test_a_port_of_its_own_for_ipv6(launch, xserver):
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as probe:
        other = probe.getsockname()[1]
    with launch(xserver, "-rfbportv6", str(other), "-localhost",
                listen=None) as server:
        log_in(Plain(server.port))
        with socket.create_connection(("::1", other), HANG_GUARD_S) as six:
            log_in(Given(six))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("::1", server.port), HANG_GUARD_S)


@pytest.mark.parametrize("options,version", [
    (["-rfbversion", "3.3"], 3), (["Protocol3.3=1"], 3),
    (["-rfbversion", "3.7"], 7), (["-rfbversion", "3.8"], 8)])
def test_offered_version(launch, xserver, options, version):
    """Who would speak a newer one speaks this: 3.3 leaves no choice, and 3.7
    tells no result."""
    with launch(xserver, *options) as server, Plain(server.port) as stream:
        assert stream.read(12) == b"RFB 003.00%d\n" % version
        stream.write(b"RFB 003.008\n")
        if version == 3:
            assert stream.read(4) == b"\0\0\0\1"
        else:
            assert 1 in stream.read(stream.read(1)[0])
            stream.write(b"\1")
        if version == 8:
            assert stream.read(4) == b"\0\0\0\0"
        stream.write(b"\1")
        assert stream.read(4) == struct.pack(">HH", 640, 480)


def test_ping(launch, xserver):
    """A viewer that has all there is and waits gets a pixel."""
    with launch(xserver, "-ping", "1") as server:
        with Viewer(Plain(server.port)) as viewer:
            viewer.refresh()
            for _ in range(2):
                viewer.request()
                viewer.next(Update)


def test_heartbeat(launch, xserver):
    """A browser that answers no ping is gone; 0 sends none."""
    with launch(xserver, "-heartbeat", "1") as server:
        stream = connect("ws", server.port)
        with Viewer(stream) as viewer:
            viewer.refresh()
            opcode, _, payload = stream.websocket.receive_frame()
            assert (opcode, payload) == (9, b"")
    with launch(xserver, "-heartbeat", "0") as server:
        with Viewer(connect("ws", server.port)) as viewer:
            assert not viewer.stream.has_input(1.5)


@pytest.mark.parametrize("relays", [False, True])
def test_no_name_server_delays_the_end(launch, xserver, no_answer, relays):
    wrapper, asked = no_answer
    asked.unlink(missing_ok=True)
    words = (["-target", "no.answer:5900"] if relays else
             ["-nopw", "-connect", "no.answer:5500"])
    with launch(None if relays else xserver, "-nosandbox",
                password_option=words,
                environment=dict(clean_environment(), ASKED_FILE=str(asked)),
                wrapper=wrapper) as running:
        with Plain(running.port) as viewer:
            if relays:
                viewer.write(b"RFB 003.008\n")
            wait_until(asked.exists, "the name is looked up")
            running.stop()
        assert "name server" in running.log()
