"""The page: right types, nothing from outside, nothing a browser trips on."""

import glob
import gzip
import os

import pytest

from lib.http import ask, open_stream, read_answer, request
from lib.transport import Closed
from lib.rfb import is_ended

NOVNC = "/usr/share/novnc"
TYPES = {
    "/vnc.html": "text/html", "/core/rfb.js": "text/javascript",
    "/app/styles/base.css": "text/css", "/app/images/alt.svg":
    "image/svg+xml", "/app/locale/de.json": "application/json",
    "/app/sounds/bell.mp3": "audio/mpeg", "/app/sounds/bell.oga": "audio/ogg",
    # Which sizes there are depends on its version.
    **{path.removeprefix(NOVNC): "image/png" for path in sorted(
        glob.glob(f"{NOVNC}/app/images/icons/*.png"))[:1]},
}


@pytest.fixture(scope="module")
def pages(launch, xserver):
    with launch(xserver, "-httpdir", NOVNC) as running:
        yield running


def content(path):
    with open(NOVNC + path, "rb") as file:
        return file.read()


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("path", TYPES)
def test_types_and_bytes(pages, path, secure):
    answer = ask(pages, path, secure=secure)
    assert answer.status == 200
    assert answer["content-type"].split(";")[0] == TYPES[path]
    assert answer.body == content(path)
    assert answer["cache-control"] == "no-cache"
    assert answer["x-content-type-options"] == "nosniff"


def test_root_leads_to_the_page(pages):
    answer = ask(pages, "/")
    if answer.status == 200:
        assert answer.body == content("/vnc.html")
    else:
        assert answer.status in (301, 302, 307, 308)
        assert answer["location"].lstrip("./").split("?")[0] == "vnc.html"


def test_query_is_no_part_of_the_path(pages):
    assert ask(pages, "/vnc.html?path=a/../b&x=%00").body == content(
        "/vnc.html")


def test_page_may_not_be_framed_by_others(pages):
    answer = ask(pages, "/vnc.html")
    assert ("x-frame-options" in answer.headers
            or "frame-ancestors" in answer.get("content-security-policy", ""))
    assert "referrer-policy" in answer.headers


def test_not_modified(pages):
    first = ask(pages, "/core/rfb.js")
    tag = first["etag"]
    assert tag.strip('W/').startswith('"')
    for value in (tag, f'"other", {tag}', "*"):
        again = ask(pages, "/core/rfb.js",
                    headers=[("If-None-Match", value)])
        assert again.status == 304, value
        assert again["etag"] == tag
    other = ask(pages, "/core/rfb.js", headers=[("If-None-Match", '"x"')])
    assert other.status == 200
    assert ask(pages, "/core/util/browser.js")["etag"] != tag


def test_gzip(pages):
    plain = ask(pages, "/core/rfb.js")
    assert "content-encoding" not in plain.headers
    for accepted in ("gzip", "deflate, gzip;q=0.5, br", "GZIP"):
        packed = ask(pages, "/core/rfb.js",
                     headers=[("Accept-Encoding", accepted)])
        assert packed["content-encoding"] == "gzip", accepted
        assert gzip.decompress(packed.body) == plain.body
        assert "accept-encoding" in packed["vary"].lower()
        assert len(packed.body) < len(plain.body) / 2
    for refused in ("gzip;q=0", "identity", "br", "xgzip"):
        answer = ask(pages, "/core/rfb.js",
                     headers=[("Accept-Encoding", refused)])
        assert "content-encoding" not in answer.headers, refused


@pytest.mark.parametrize("path", ["/vnc.html", "/no-such-file"])
def test_head_is_get_without_body(pages, path):
    with open_stream(pages) as stream:
        stream.write(request(path, "HEAD") + request(path))
        head = read_answer(stream, "HEAD")
        get = read_answer(stream)
    assert head.status == get.status
    assert head["content-length"] == get["content-length"]


@pytest.mark.parametrize("value,status", [
    ("bytes=0-", (200, 206)), ("bytes=10-19", (200, 206)),
    ("bytes=-5", (200, 206)), ("bytes=999999999-", (200, 416)),
    ("bytes=5-1", (200, 416)), ("bytes=a-b", (200, 416)),
    ("bytes=0-1,5-6", (200, 206)),
    ("bytes=0-99999999999999999999999999", (200, 206))])
def test_range(pages, value, status):
    path = "/app/sounds/bell.oga"
    whole = content(path)
    answer = ask(pages, path, headers=[("Range", value)])
    assert answer.status in status
    if answer.status == 200:
        assert answer.body == whole
    elif answer.status == 206:
        unit, _, rest = answer["content-range"].partition(" ")
        span, _, total = rest.partition("/")
        first, last = (int(part) for part in span.split("-"))
        assert unit == "bytes" and int(total) == len(whole)
        assert answer.body == whole[first:last + 1]


def test_keep_alive_and_pipelining(pages):
    paths = list(TYPES) * 3
    with open_stream(pages) as stream:
        stream.write(b"".join(request(path) for path in paths))
        for path in paths:
            assert read_answer(stream).body == content(path)
        # And afterwards one by one.
        for path in paths[:3]:
            stream.write(request(path))
            assert read_answer(stream).body == content(path)


def test_connection_close(pages):
    with open_stream(pages) as stream:
        stream.write(request("/vnc.html", headers=[("Connection", "close")]))
        assert read_answer(stream)["connection"].lower() == "close"
        assert is_ended(stream)


def test_http_1_0_closes(pages):
    with open_stream(pages) as stream:
        stream.write(b"GET /vnc.html HTTP/1.0\r\n\r\n")
        assert read_answer(stream).body == content("/vnc.html")
        assert is_ended(stream)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS",
                                    "PATCH", "TRACE", "CONNECT"])
def test_other_methods(pages, method):
    with open_stream(pages) as stream:
        stream.write(request("/vnc.html", method,
                             [("Content-Length", "5")]) + b"hello")
        answer = read_answer(stream)
        assert answer.status in (400, 405, 501)
        if answer.status == 405:
            assert "GET" in answer["allow"]


OUTSIDE = [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
    "/%252e%252e/etc/passwd", "/..\\..\\etc\\passwd", "//etc/passwd",
    "/etc/passwd", "/vnc.html%00.js", "/%00", "/core/../../../etc/passwd",
    "/./././../etc/passwd", "/app/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/secret-link", "/folder-link/passwd", "/.hidden", "/%c0%ae%c0%ae/etc",
    "http://evil.example/../../etc/passwd", "/..;/etc/passwd",
    "/%", "/%4", "/%zz", "/\x01", "/vnc.html/", "/vnc.html/../vnc.html/x"]


@pytest.fixture(scope="module")
def small(launch, xserver, tmp_path_factory):
    """A directory with links that lead out of it."""
    root = tmp_path_factory.mktemp("pages")
    (root / "index.html").write_text("<title>inside</title>")
    (root / "sub").mkdir()
    (root / "sub" / "page.js").write_text("inside()")
    (root / ".hidden").write_text("root:hidden")
    (root / "inside.html").symlink_to("index.html")
    os.symlink("/etc/passwd", root / "secret-link")
    os.symlink("/etc", root / "folder-link")
    with launch(xserver, "-httpdir", str(root)) as running:
        yield running


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_from_outside(small, path):
    answer = ask(small, path)
    assert answer.status in (400, 403, 404, 414)
    assert b"root:" not in answer.body


@pytest.mark.parametrize("path", ["//evil.example/..", "//evil.example",
                                  "/\\evil.example/", "/sub", "/sub/", "/app",
                                  "/core/"])
def test_no_listing_and_no_redirect_away(small, path):
    answer = ask(small, path)
    assert answer.status >= 300
    assert "evil" not in answer.get("location", "")
    assert b"page.js" not in answer.body


def test_small_directory(small):
    assert ask(small, "/").status in (200, 302)
    assert b"inside" in ask(small, "/index.html").body
    assert ask(small, "/sub/page.js").body == b"inside()"
    assert ask(small, "/sub/%70age.js").body == b"inside()"
    assert ask(small, "/vnc.html").status == 404


BAD = [
    b"GET /\r\n\r\n", b"GET / HTTP/2.0\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
    b"Content-Length: 6\r\n\r\nhello",
    b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: 3\r\n\r\n0\r\n\r\n",
    b"GET no-slash HTTP/1.1\r\nHost: a\r\n\r\n",
]


@pytest.mark.parametrize("data", BAD)
def test_bad_requests(pages, data):
    with open_stream(pages) as stream:
        stream.write(data)
        assert read_answer(stream).status in (400, 404, 411, 413, 501, 505)


HUGE = {
    "url": b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
    "header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 65536 + b"\r\n\r\n",
    "headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 10000
    + b"\r\n",
    "no end": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"z" * 100000,
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("secure", [False, True])
def test_too_much(pages, name, secure):
    with open_stream(pages, secure) as stream:
        try:
            stream.write(HUGE[name])
        except Closed:
            pass
        said = stream.read_to_end()
        # The answer may be lost to a reset, because we were still writing.
        assert not said or said.split(b" ")[1] in (b"431", b"414", b"400")


def test_just_too_much_is_told(pages):
    with open_stream(pages) as stream:
        stream.write(request("/", headers=[("X", "y" * 8192)])[:8193])
        assert read_answer(stream).status == 431


def test_head_of_the_greatest_size(pages):
    empty = len(request("/vnc.html", headers=[("X", "")]))
    with open_stream(pages) as stream:
        stream.write(request("/vnc.html",
                             headers=[("X", "y" * (8192 - empty))]))
        assert read_answer(stream).status == 200


def test_line_ends_without_carriage_return(pages):
    with open_stream(pages) as stream:
        stream.write(b"GET /vnc.html HTTP/1.1\nHost: a\n\n")
        try:
            assert read_answer(stream).status in (200, 400)
        except Closed:
            pass


def test_debian_page_is_found_by_itself(server):
    assert ask(server, "/vnc.html").body == content("/vnc.html")


def test_foreign_hosts_get_no_more_than_the_page(pages):
    # DNS rebinding: the page itself is no secret.
    assert ask(pages, "/vnc.html", host="evil.example").status in (
        200, 400, 403, 421)


def test_all_files_of_the_page(pages):
    """Everything that noVNC's page may fetch, on six connections at once."""
    paths = []
    for folder, _, names in os.walk(NOVNC):
        paths += [os.path.join(folder, name)[len(NOVNC):] for name in names
                  if not name.startswith(".")]
    streams = [open_stream(pages) for _ in range(6)]
    try:
        for index, path in enumerate(paths):
            streams[index % 6].write(request(path.replace(" ", "%20")))
        for index, path in enumerate(paths):
            answer = read_answer(streams[index % 6])
            assert answer.status == 200 and answer.body == content(path), path
    finally:
        for stream in streams:
            stream.close()
