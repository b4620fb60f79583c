"""The shells complete what the program knows."""

import os
import pty
import re
import select
import subprocess
import time

import pytest

from conftest import run

BASH = """
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_x11wsvnc
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def bash(installed):
    def complete(*words):
        return set(run(
            ["bash", "-c", BASH, "bash",
             installed.path("bashcompletiondir", "x11wsvnc"), "x11wsvnc",
             *words]).split())
    return complete


def test_bash_names(bash):
    assert {"-display", "-rfbport", "-noshm", "-UseSHM"} <= bash("-")
    assert bash("-storep") == {"-storepasswd"}
    assert bash("--storep") == {"--storepasswd"}
    assert bash("-localhost", "-noip") == {"-noipv4", "-noipv6"}


def test_bash_every_documented_option(bash, program):
    documented = re.findall(r"(?m)^ {1,4}-(\S+)",
                            run([program, "-help"]))
    assert len(documented) > 100
    assert {"-" + name for name in documented} - bash("-") == set()


def test_bash_words(bash):
    assert bash("-only", "") == {"rfb", "http", "tls"}
    assert bash("-only", "h") == {"http"}
    assert bash("--only", "=", "h") == {"http"}
    assert bash("-only", "=") == {"rfb", "http", "tls"}
    assert bash("-seldir", "s") == {"send"}


def test_bash_files(bash, tmp_path):
    (tmp_path / "certificate.pem").touch()
    (tmp_path / "certificates").mkdir()
    start = f"{tmp_path}/certi"
    both = {f"{tmp_path}/certificate.pem", f"{tmp_path}/certificates"}
    assert bash("-cert", start) == both
    assert bash("-sslcertfile", start) == both
    assert bash("-httpdir", start) == {f"{tmp_path}/certificates"}


def test_bash_leaves_what_it_cannot_know(bash):
    assert bash("-desktop", "-r") == set()
    assert bash("-rfbport", "") == set()
    # Its value may be left out.
    assert "-rfbport" in bash("-threads", "-rfb")


class Zsh:
    """An interactive zsh without the user's own files."""

    def __init__(self, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], {
                "PATH": os.environ["PATH"], "TERM": "dumb", "HOME": "/"})
        self.seen = ""
        self.type(f"fpath=({folder} $fpath); autoload -U compinit; "
                  "compinit -D -u; zstyle ':completion:*' list-prompt ''; "
                  "LISTMAX=10000; PS1=; stty columns 200; print rea''dy\n")
        self.wait("ready")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait(self, text):
        end = time.monotonic() + 30
        while text not in self.seen:
            ready, _, _ = select.select(
                [self.terminal], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} never came; seen: {self.seen}"
            self.seen += os.read(self.terminal, 65536).decode(
                errors="replace")
        self.seen = self.seen.partition(text)[2]

    def close(self):
        os.close(self.terminal)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


@pytest.fixture(scope="module")
def zsh(installed):
    one = Zsh(installed.path("zshcompletiondir"))
    yield one
    one.close()


def test_zsh_is_what_zsh_can_read(installed):
    subprocess.run(["zsh", "-n", installed.path(
        "zshcompletiondir", "_x11wsvnc")], check=True, timeout=30)


def test_zsh_completes_a_name(zsh):
    zsh.type("x11wsvnc -storep\t")
    zsh.wait("asswd ")
    zsh.type("\x15x11wsvnc -trustp\t")
    zsh.wait("roxy ")


def test_zsh_completes_a_word(zsh):
    zsh.type("\x15x11wsvnc -only ht\t")
    zsh.wait("tp ")


def test_zsh_explains(zsh):
    zsh.type("\x15x11wsvnc -noip\t\t")
    zsh.wait("listen on IPv6 only")
