"""What all tests share: the program, X servers, certificates."""

import os
import signal

import pytest

from lib.process import run
from lib.rfb import Viewer
from lib.server import Server
from lib.target import Echo
from lib.transport import KINDS, connect
from lib.xserver import XServer

# Who is silent for two fifths of it is taken for a viewer: a test must have
# said something by then, however busy the machine is.
SNIFF_WAIT_MS = 2500


def pytest_addoption(parser):
    parser.addoption("--program", default=os.environ.get("X11WSVNC"),
                     help="the x11wsvnc to test; default $X11WSVNC")


def pytest_configure(config):
    """A suite that is cut off ends its servers too. Where it is several
    processes, the first one is told, and tells the others."""
    if hasattr(config, "workerinput"):
        return

    def interrupt(number, frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, interrupt)


@pytest.fixture(scope="session")
def program(request):
    path = request.config.getoption("--program")
    assert path, "give --program PATH or set X11WSVNC"
    path = os.path.abspath(path)
    assert os.access(path, os.X_OK), f"{path} cannot be run"
    return path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """(PEM of a certificate, PEM of its key)."""
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", cert])
    return cert, key


@pytest.fixture(scope="module")
def first():
    """A relay's target, that says its name and then what it hears."""
    with Echo("first") as echo:
        yield echo


@pytest.fixture(scope="module")
def second():
    with Echo("second") as echo:
        yield echo


@pytest.fixture(scope="module")
def xserver():
    with XServer() as server:
        yield server


@pytest.fixture(scope="module")
def display(xserver):
    return xserver.connect()


@pytest.fixture(scope="session")
def launch(program, certificate):
    """launch(xserver, *options): a Server that also speaks TLS."""
    def start(xserver, *options, **keywords):
        options = ("-sniffwait", SNIFF_WAIT_MS, *options)
        if keywords.pop("tls", True):
            options = ("-cert", certificate[0], "-key", certificate[1],
                       *options)
        return Server(program, xserver, *options, **keywords)
    return start


@pytest.fixture(scope="module")
def shared_server(launch, xserver):
    """A program for all tests of a module. One that died is replaced, so
    that one fault is one failure; its status and log fail the module's
    end."""
    running = []

    def get():
        if not running or not running[-1].is_alive():
            running.append(launch(xserver, "-shared"))
        return running[-1]

    yield get
    for one in reversed(running):
        with one:
            pass


@pytest.fixture
def server(shared_server):
    """One program without a password."""
    return shared_server()


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def viewer(server, kind):
    """A logged-in viewer on each transport in turn."""
    with Viewer(connect(kind, server.port)) as logged_in:
        yield logged_in
