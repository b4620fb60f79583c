"""An HTTP/1.1 client that shows every byte of an answer."""

from dataclasses import dataclass

from .transport import Plain


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    def __getitem__(self, name):
        return self.headers[name.lower()]

    def get(self, name, default=None):
        return self.headers.get(name.lower(), default)


def request(path="/", method="GET", headers=(), version="HTTP/1.1",
            host="localhost"):
    lines = [f"{method} {path} {version}", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def read_answer(stream, method="GET"):
    """One answer; its body exactly as long as announced."""
    head = stream.read_until(b"\r\n\r\n").decode("latin-1")
    lines = head[:-4].split("\r\n")
    version, status, *_ = lines[0].split(" ", 2)
    assert version == "HTTP/1.1", lines[0]
    headers = {}
    for line in lines[1:]:
        name, mark, value = line.partition(":")
        assert mark and name == name.strip(), f"bad header line {line!r}"
        assert name.lower() not in headers, f"{name} twice"
        headers[name.lower()] = value.strip()
    status = int(status)
    body = b""
    if method != "HEAD" and status not in (101, 204, 304):
        assert "transfer-encoding" not in headers
        body = stream.read(int(headers["content-length"]))
    return Answer(status, headers, body)


def open_stream(server, secure=False, **keywords):
    stream = Plain(server.port, **keywords)
    return stream.start_tls() if secure else stream


def ask(server, path="/", method="GET", headers=(), secure=False, host=None):
    """One request on a connection of its own."""
    host = host or f"localhost:{server.port}"
    with open_stream(server, secure) as stream:
        stream.write(request(path, method, headers, host=host))
        return read_answer(stream, method)
