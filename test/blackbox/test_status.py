"""What the program tells of itself over HTTP: health, metrics, pictures."""

import base64
import contextlib
import io
import json
import os
import re
import sys

import numpy
import pytest
from PIL import Image

from lib import http, preload, prometheus
from lib.compare import wait_equal
from lib.process import run
from lib.pushed import PushedViewer
from lib.rfb import Refused, Update, Viewer
from lib.screen import Canvas, picture
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until
from lib.xserver import XServer

PATHS = ("/healthz", "/readyz", "/metrics", "/status.json",
         "/screenshot.png", "/screenshot.jpg")
DASHBOARD = os.path.join(os.path.dirname(__file__), "..", "..", "doc",
                         "grafana-dashboard.json")
REMOTE = [("X-Forwarded-For", "192.0.2.7")]


def metrics(server, **keywords):
    answer = http.ask(server, "/metrics", **keywords)
    assert answer.status == 200
    assert answer["content-type"] == prometheus.TYPE
    return prometheus.parse(answer.body)


def count(server, name, **labels):
    return metrics(server)["x11wsvnc_" + name].value(**labels)


@pytest.mark.parametrize("secure", [False, True])
def test_probes(server, secure):
    for path, word in (("/healthz", b"ok\n"), ("/readyz", b"ready\n")):
        answer = http.ask(server, path, secure=secure)
        assert (answer.status, answer.body) == (200, word)
        assert answer["cache-control"] == "no-cache"
        assert answer["cross-origin-resource-policy"] == "same-origin"


def test_several_on_one_connection(server):
    with Plain(server.port) as stream:
        stream.write(b"".join(http.request(path) for path in PATHS))
        for path in PATHS:
            assert http.read_answer(stream).status == 200, path
        stream.write(http.request("/screenshot.png", "HEAD"))
        head = http.read_answer(stream, "HEAD")
        assert head.status == 200 and int(head["content-length"]) > 100
        assert not stream.has_input(0.2)


def test_status_names_viewers(server, kind):
    with Viewer(connect(kind, server.port)) as viewer:
        viewer.refresh()
        said = json.loads(http.ask(server, "/status.json").body)
        # Of those that other tests left some may still be there.
        found = [one for one in said["viewers"]
                 if one["address"] == source_of(viewer)]
        assert len(found) == 1
        transport = {"rfb": "tcp", "tls": "tcp+tls", "ws": "tcp+websocket",
                     "wss": "tcp+tls+websocket"}[kind]
        assert found[0]["transport"] == transport
        assert found[0]["logged_in"] is True
        assert said["rfb_port"] == server.port
        assert said["process"]["pid"] == server.process.pid


def source_of(viewer):
    stream = viewer.stream.plain
    return stream.source


def test_metrics_follow_what_happens(launch, xserver):
    with launch(xserver) as running:
        before = metrics(running)
        assert before["x11wsvnc_viewers_connected"].value() == 0
        with Viewer(connect("wss", running.port)) as viewer:
            viewer.set_encodings(16)
            viewer.refresh()
            viewer.key(0xff08, True)
            viewer.key(0xff08, False)
            viewer.pointer(3, 4)
            viewer.round_trip()
            now = metrics(running)
            assert now["x11wsvnc_viewers"].value(
                transport="tcp+tls+websocket", encoding="zrle") == 1
            assert now["x11wsvnc_input_events_total"].value(kind="key") == 2
            assert now["x11wsvnc_input_events_total"].value(
                kind="pointer") == 1
        assert now["x11wsvnc_logins_total"].value() == 1
        assert now["x11wsvnc_updates_total"].value() >= 1
        assert now["x11wsvnc_capture_seconds"].part("_count") >= 1
        assert now["x11wsvnc_encode_seconds"].part("_count") >= 1
        for name in ("sent_bytes", "received_bytes"):
            name = f"x11wsvnc_{name}_total"
            assert now[name].value() > before[name].value()
        wait_until(lambda: count(running, "viewers_connected") == 0,
                   "the viewer has left the count")


def test_refusals(launch, xserver):
    with launch(xserver, "-maxclients", "1",
                password_option=["-passwd", "secret"]) as running:
        with pytest.raises(Refused):
            Viewer(connect("rfb", running.port), password="wrong")
        with Viewer(connect("rfb", running.port), password="secret"):
            with pytest.raises(Refused):
                Viewer(connect("rfb", running.port), password="secret")
        now = metrics(running)["x11wsvnc_refusals_total"]
        assert now.value(reason="password") == 1
        assert now.value(reason="full") == 1
        assert now.value() == 2


def test_process_figures(server):
    now = metrics(server)
    folder = f"/proc/{server.process.pid}"
    resident = now["process_resident_memory_bytes"].value()
    assert resident > 1 << 20
    assert now["process_virtual_memory_bytes"].value() >= resident
    # The connection that asked, and the listing itself.
    assert abs(now["process_open_fds"].value()
               - len(os.listdir(folder + "/fd"))) <= 4
    assert now["process_max_fds"].value() >= 64
    assert now["process_start_time_seconds"].value() > 1.6e9


def test_twenty_viewers_while_a_picture_moves(launch, xserver, display):
    with launch(xserver) as running, contextlib.ExitStack() as stack:
        canvas = Canvas(display, 300, 200)
        stack.callback(canvas.destroy)
        kinds = ("rfb", "tls", "ws", "wss")
        viewers = [stack.enter_context(
            Viewer(connect(kinds[i % 4], running.port))) for i in range(20)]
        for viewer in viewers:
            viewer.set_encodings(7, -23)
        pictures = 0
        for _ in range(5):
            canvas.noise(0, 0, 300, 200)
            canvas.sync()
            for viewer in viewers:
                viewer.refresh()
            now = metrics(running)
            assert now["x11wsvnc_viewers_connected"].value() == 20
            assert now["x11wsvnc_updates_total"].value() > pictures
            pictures = now["x11wsvnc_updates_total"].value()
        viewed = now["x11wsvnc_viewers"]
        assert viewed.value(encoding="tight") == 20
        assert viewed.value(transport="tcp+websocket") == 5


def count_fences(server):
    return metrics(server)["x11wsvnc_viewer_latency_seconds"].part("_count")


def test_fences_are_timed(server, display):
    before = count_fences(server)
    canvas = Canvas(display, 100, 100)
    try:
        with PushedViewer(connect("rfb", server.port)) as viewer:
            viewer.push(7)
            viewer.request(incremental=False)
            for _ in range(5):
                canvas.noise(0, 0, 100, 100)
                canvas.sync()
                viewer.next(Update)
            viewer.round_trip()
            assert count_fences(server) > before
    finally:
        canvas.destroy()


@pytest.mark.parametrize("path, tolerance",
                         [("/screenshot.png", 0), ("/screenshot.jpg", 40)])
def test_screenshot_shows_the_screen(launch, xserver, display, path,
                                     tolerance):
    with launch(xserver) as running:
        canvas = Canvas(display, 400, 300)
        try:
            canvas.rectangles()
            canvas.text()
            canvas.sync()
            body = http.ask(running, path).body
            seen = numpy.asarray(
                Image.open(io.BytesIO(body)).convert("RGB")).astype(int)
            real = picture(display).astype(int)
            assert seen.shape == real.shape
            if tolerance == 0:
                assert (seen == real).all()
            else:
                assert numpy.abs(seen - real).mean() < tolerance
                assert numpy.abs(seen - real).mean() > 0
        finally:
            canvas.destroy()


# A picture that is not made before the program would end, but then at once.
LATE = """
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int begun, ending, done;

int tjCompress2(void *handle, const unsigned char *pixels, int width,
	int pitch, int height, int format, unsigned char **bytes,
	unsigned long *length, int subsampling, int quality, int flags)
{
	begun = 1;
	write(2, "at work\\n", 8);
	while (!ending)
		usleep(1000);
	*bytes = calloc(1, *length = 100000);
	return 0;
}

int tjDestroy(void *handle)
{
	done = 1;
	return 0;
}

void _exit(int status)
{
	ending = 1;
	while (begun && !done)
		usleep(1000);
	((void (*)(int))dlsym(RTLD_NEXT, "_exit"))(status);
	__builtin_unreachable();
}
"""


def test_end_while_a_screenshot_is_made(launch, xserver, tmp_path):
    wrapper = preload.wrapper(tmp_path, LATE)
    # What is freed is no longer what it was.
    with launch(xserver, wrapper=(*wrapper, "MALLOC_PERTURB_=165")) as running:
        with Plain(running.port) as stream:
            stream.write(http.request("/screenshot.jpg"))
            wait_until(lambda: "at work" in running.log(), "it is being made")
            running.stop()
        assert "not waiting any longer" in running.log()


def test_screenshots_are_not_made_more_often(launch, xserver):
    with launch(xserver) as running:
        for _ in range(30):
            assert http.ask(running, "/screenshot.png").status == 200
        assert count(running, "screenshots_total") < 30
        # Both forms at once, by many who leave before they get it.
        for i in range(20):
            with Plain(running.port) as stream:
                stream.write(http.request(PATHS[4 + i % 2]))
        assert http.ask(running, "/screenshot.jpg").status == 200


def test_screenshot_keeps_what_is_black(launch, xserver, display):
    canvas = Canvas(display, 640, 480)
    try:
        canvas.noise(0, 0, 640, 480)
        canvas.sync()
        with launch(xserver, "-blackout", "100x50+20+30") as running:
            body = http.ask(running, "/screenshot.png").body
            seen = numpy.asarray(Image.open(io.BytesIO(body)))
            assert not seen[30:80, 20:120].any()
            assert seen[:30].any()
    finally:
        canvas.destroy()


def test_viewers_miss_nothing_by_a_screenshot(server, display):
    """The capture for it is theirs too."""
    canvas = Canvas(display, 200, 200)
    try:
        with Viewer(connect("rfb", server.port)) as viewer:
            viewer.set_encodings(0, -239)  # the pointer apart
            viewer.refresh()
            for _ in range(5):
                canvas.noise(0, 0, 200, 200)
                canvas.sync()
                http.ask(server, "/screenshot.png")
            wait_equal(viewer, picture(display))
    finally:
        canvas.destroy()


# ---- who may ----

def test_not_for_pages_from_elsewhere(server):
    for path in PATHS:
        assert http.ask(server, path, host="evil.example").status == 403
        assert http.ask(server, path, headers=[
            ("Origin", "https://evil.example")]).status == 403
        assert http.ask(server, path, headers=[
            ("Sec-Fetch-Site", "cross-site")]).status == 403
        assert http.ask(server, path, headers=[
            ("Sec-Fetch-Site", "same-origin")]).status == 200


@pytest.mark.parametrize("whom, probes, rest",
                         [(None, 403, 403), ("local", 403, 403),
                          ("probes", 200, 403), ("all", 200, 200)])
def test_for_other_machines(launch, xserver, whom, probes, rest):
    options = ["-statusfor", whom] if whom else []
    with launch(xserver, "-trustproxy", "127.0.0.0/8", *options) as running:
        for path in PATHS:
            expected = probes if path in ("/healthz", "/readyz") else rest
            assert http.ask(
                running, path, headers=REMOTE).status == expected, path
            # The proxy's own question: it may be anybody's.
            own = 200 if path in ("/healthz", "/readyz") else rest
            assert http.ask(running, path).status == own, path


# Who asks from this machine: a user of it, or a proxy that runs as one.
AS_USER = """
import os, socket, sys
address, port, path, user = sys.argv[1:]
if int(user) != os.getuid():
    os.setgroups([]); os.setgid(int(user)); os.setuid(int(user))
peer = socket.create_connection((address, int(port)), 30)
peer.sendall(f"GET {path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n".encode())
print(peer.makefile("rb").readline().split()[1].decode())
"""
NOBODY = 65534


@pytest.mark.parametrize("listen, address", [
    ("127.0.0.1", "127.0.0.1"), (None, "127.0.0.1"), (None, "::1")])
def test_pictures_are_for_this_user(launch, xserver, listen, address):
    """A password guards the desktop from the machine's other users, and from
    whoever asks a web proxy on it that nobody told us of."""
    with launch(xserver, "-passwd", "secret12", listen=listen,
                password_option=[]) as running:
        def ask(path, user):
            return int(run([sys.executable, "-c", AS_USER, address,
                            str(running.port), path, str(user)]))
        for path in PATHS:
            assert ask(path, os.getuid()) == 200, path
            if os.getuid() == 0:  # else we can be nobody else
                assert ask(path, NOBODY) == (
                    403 if path.startswith("/screenshot") else 200), path


def basic(credentials):
    coded = base64.b64encode(credentials.encode()).decode()
    return [("Authorization", "Basic " + coded)]


def test_password(launch, xserver):
    with launch(xserver, "-trustproxy", "127.0.0.0/8", "-statusauth",
                "eye:glass", "-UseBlacklist=0") as running:
        for path in PATHS[2:]:
            answer = http.ask(running, path)
            assert answer.status == 401
            assert answer["www-authenticate"].startswith("Basic ")
            assert http.ask(running, path,
                            headers=basic("eye:wrong")).status == 401
            assert http.ask(running, path, headers=basic(
                "eye:glass") + REMOTE).status == 200
        assert http.ask(running, "/healthz").status == 200
        assert http.ask(running, "/healthz", headers=REMOTE).status == 401
        assert "glass" not in running.log()


def test_guesses_are_held_back(launch, xserver):
    with launch(xserver, "-statusauth", "eye:glass", "-BlacklistThreshold",
                "2") as running:
        with Plain(running.port, source="127.9.9.9") as stream:
            for _ in range(2):
                stream.write(http.request("/metrics",
                                          headers=basic("eye:wrong")))
                assert http.read_answer(stream).status == 401
            stream.write(http.request("/metrics", headers=basic("eye:glass")))
            assert http.read_answer(stream).status == 403
        assert http.ask(running, "/metrics",
                        headers=basic("eye:glass")).status == 200


def test_off(launch, xserver):
    with launch(xserver, "-nostatus") as running:
        for path in PATHS:
            assert http.ask(running, path).status == 404


def test_files_come_first(launch, xserver, tmp_path):
    (tmp_path / "metrics").write_text("my own")
    (tmp_path / "index.html").write_text("index")
    with launch(xserver, "-httpdir", str(tmp_path), "--web-auth",
                "--auth-source", "a:b") as running:
        assert http.ask(running, "/metrics").status == 401
        answer = http.ask(running, "/metrics", headers=basic("a:b"))
        assert answer.body == b"my own"
        # What is no file of theirs has a rule of its own.
        assert http.ask(running, "/status.json").status == 200


def test_no_way_around_the_names(server):
    for path in ("/metrics/", "//metrics", "/x/../metrics", "/%6detrics",
                 "/METRICS", "/metrics%00", "/metrics;x"):
        assert http.ask(server, path).status in (400, 404), path
    assert http.ask(server, "/metrics?name=x").status == 200


def test_dashboard_asks_for_what_there_is(server):
    with open(DASHBOARD, encoding="utf-8") as file:
        board = json.load(file)
    with Viewer(connect("rfb", server.port)) as viewer:
        viewer.refresh()
        have = metrics(server)
    names = {name + suffix for name, family in have.items() for suffix in (
        ("_bucket", "_count", "_sum") if family.kind == "histogram"
        else ("",))}
    expressions = [target["expr"] for panel in board["panels"]
                   for target in panel["targets"]]
    asked = {name for text in expressions
             for name in re.findall(r"\b(?:x11wsvnc|process)_\w+", text)}
    assert len(board["panels"]) >= 8 and len(asked) >= 12
    assert asked <= names, asked - names


def test_readiness_ends_with_the_display(launch):
    with XServer() as own:
        with launch(own) as running:
            with Plain(running.port) as stream:
                stream.write(http.request("/readyz"))
                assert http.read_answer(stream).status == 200
                own.stop()
                with contextlib.suppress(Closed):
                    stream.read_to_end()
            assert running.wait() == 6


def test_a_display_that_comes_back(launch):
    with XServer() as own, launch(own, "-reopen") as running:
        own.kill()
        wait_until(lambda: http.ask(running, "/readyz").status == 503,
                   "not ready without a display")
        assert http.ask(running, "/healthz").status == 200
        now = metrics(running)
        assert now["x11wsvnc_display_up"].value() == 0
        assert now["x11wsvnc_display_lost_total"].value() == 1
        # Of the notice that viewers see.
        assert http.ask(running, "/screenshot.png").status == 200
        own.restart()
        wait_until(lambda: http.ask(running, "/readyz").status == 200,
                   "ready again")
        now = metrics(running)
        assert now["x11wsvnc_display_up"].value() == 1
        assert now["x11wsvnc_display_reconnects_total"].value() == 1
