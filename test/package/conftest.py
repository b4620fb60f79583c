"""What is installed beside the program, in a root of its own."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "blackbox"))

import pytest

from lib.process import run
from lib.server import Server
from lib.xserver import XServer

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


@pytest.fixture(scope="session")
def program():
    name = os.environ.get("X11WSVNC")
    assert name, "X11WSVNC must name the program under test"
    return os.path.abspath(name)


class Installed:
    """A DESTDIR and, as configure was told, where things are inside."""

    def __init__(self, build, root):
        self.build, self.root = build, root

    def make(self, *arguments):
        # A make around this one has told its jobs and flags to its children.
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        done = subprocess.run(
            ["make", "-s", "-C", self.build, f"DESTDIR={self.root}",
             *arguments], env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def variable(self, name):
        """What make makes of a variable of the Makefile."""
        with open(os.path.join(self.build, "Makefile")) as makefile:
            text = makefile.read()
        def value(inner):
            found = re.search(rf"(?m)^{inner} = (.*)$", text)
            assert found, f"the Makefile has no {inner}"
            return re.sub(r"\$[({](\w+)[)}]",
                          lambda other: value(other.group(1)),
                          found.group(1))
        return value(name)

    def path(self, variable, *more):
        return os.path.join(
            self.root + self.variable(variable), *more)

    def files(self):
        found = []
        for folder, _, names in os.walk(self.root):
            found += [os.path.relpath(os.path.join(folder, name), self.root)
                      for name in names]
        return sorted("/" + name for name in found)


@pytest.fixture(scope="session")
def installed(program, tmp_path_factory):
    one = Installed(os.path.dirname(program),
                    str(tmp_path_factory.mktemp("root")))
    one.make("install")
    return one


@pytest.fixture(scope="session")
def xserver():
    with XServer() as server:
        yield server


@pytest.fixture
def serve(program, xserver, installed):
    """serve(*options): a Server without a password; with page=True it has
    the installed page."""
    def start(*options, page=False, **keywords):
        if page:
            options += ("-httpdir", installed.path("pkgdatadir", "web"))
        return Server(program, xserver, *options, **keywords)
    return start
