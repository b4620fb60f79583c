#!/usr/bin/python3
"""What doc/RECIPES.md says, on ports and names of the tests' own.

    recipe.py PROXY FRONT BACK

runs the proxy of that recipe on port FRONT, before an x11wsvnc on port BACK,
until its standard input ends. Prints "ready" when it listens.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "blackbox"))

from lib.process import end, run, start
from lib.transport import tls_context
from lib.wait import wait_until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def snippet(name):
    """The one block that follows <!-- recipe: NAME -->."""
    with open(os.path.join(TOP, "doc/RECIPES.md")) as file:
        text = file.read()
    found = re.findall(
        rf"<!-- recipe: {name} -->\n```\w*\n(.*?\n)```\n", text, re.S)
    assert len(found) == 1, f"{len(found)} blocks for the recipe {name}"
    return found[0]


def changed(text, changes):
    """Each of the changes must find what it changes."""
    for old, new in changes.items():
        assert old in text, f"the recipe has no {old!r}:\n{text}"
        text = text.replace(old, new)
    return text


class Proxy:
    """A running proxy, with what it needs in a folder of its own."""

    def __init__(self, name, front, back):
        self.front, self.back = front, back
        self.directory = tempfile.TemporaryDirectory(prefix="recipe-")
        self.log_path = self.file("log")
        self._certificate()
        kind = name.partition("-")[0]
        self.has_tls = kind == "caddy" or " ssl" in snippet(name)
        arguments = getattr(self, "_" + kind)(snippet(name))
        with open(self.log_path, "wb") as log:
            self.process = start(arguments, stdout=log, stderr=log,
                                 env=dict(os.environ,
                                          HOME=self.directory.name))
        try:
            wait_until(self._listens, f"{name} listens")
        except BaseException:
            self.stop()
            raise

    def file(self, name, text=None):
        path = os.path.join(self.directory.name, name)
        if text is not None:
            with open(path, "w") as file:
                file.write(text)
        return path

    def _certificate(self):
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
             "-subj", "/CN=desk.example", "-addext",
             "subjectAltName=DNS:desk.example", "-keyout",
             self.file("privkey.pem"), "-out", self.file("fullchain.pem")])
        with open(self.file("fullchain.pem")) as chain, \
                open(self.file("privkey.pem")) as key:
            self.file("both.pem", chain.read() + key.read())

    def _nginx(self, text):
        # In this order: the front's port may begin with 5900 itself.
        text = changed(text, {
            "127.0.0.1:5900": f"127.0.0.1:{self.back}",
            "listen 443 ssl": f"listen 127.0.0.1:{self.front} ssl",
            "/etc/ssl/desk": self.directory.name})
        folders = "".join(
            f"{name}_temp_path {self.file(name)};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.getuid() == 0 else ""
        config = self.file("nginx.conf", (
            f"daemon off;\n{user}pid {self.file('pid')};\n"
            "error_log stderr;\nevents {}\n"
            f"http {{\naccess_log off;\n{folders}{text}}}\n"))
        return ["/usr/sbin/nginx", "-e", "stderr", "-c", config]

    def _haproxy(self, text):
        back = re.search(r"127\.0\.0\.1:(590\d)", text).group(1)
        text = changed(text, {f"127.0.0.1:{back}": f"127.0.0.1:{self.back}"})
        text = re.sub(r"bind :\d+", f"bind 127.0.0.1:{self.front}", text)
        text = text.replace("/etc/ssl/desk", self.directory.name)
        # -db: in the foreground, as one process.
        return ["/usr/sbin/haproxy", "-db", "-f",
                self.file("haproxy.cfg", text)]

    def _caddy(self, text):
        text = changed(text, {
            "desk.example {": f"https://desk.example:{self.front} {{\n"
                              "    bind 127.0.0.1",
            "127.0.0.1:5900": f"127.0.0.1:{self.back}"})
        # Nobody here signs certificates for it.
        return ["caddy", "run", "--adapter", "caddyfile", "--config",
                self.file("Caddyfile", (
                    "{\n    admin off\n    local_certs\n"
                    "    skip_install_trust\n"
                    "    auto_https disable_redirects\n}\n" + text))]

    def _listens(self):
        assert self.process.poll() is None, self.log()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.front)) != 0:
                return False
            return not self.has_tls or self._has_certificate(probe)

    @staticmethod
    def _has_certificate(connected):
        """Caddy listens before it has made one."""
        try:
            with tls_context().wrap_socket(
                    connected, server_hostname="desk.example"):
                return True
        except OSError:
            return False

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

    def stop(self):
        end(self.process)
        self.directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if what[0] is not None:
            print(f"log of the proxy:\n{self.log()}")
        self.stop()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with Proxy(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
