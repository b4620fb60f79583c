"""-avahi, with a real avahi-daemon on a bus of its own."""

import os
import signal
import subprocess

import pytest

from lib.process import end, run, start
from lib.server import clean_environment
from lib.wait import wait_until

BUS = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""
AVAHI = """
[server]
host-name=desk
use-ipv6=no
allow-interfaces=lo
[publish]
publish-workstation=no
publish-hinfo=no
"""


class Network:
    """A bus, and an avahi-daemon that only knows the loopback interface.
    Avahi's own files are in /run, which it has for itself."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bus.conf").write_text(BUS.format(folder=folder))
        (folder / "avahi.conf").write_text(AVAHI)
        self.environment = dict(
            clean_environment(),
            DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={folder}/bus")
        self.bus = start(["dbus-daemon", "--nofork", "--nopidfile",
                          f"--config-file={folder}/bus.conf"])
        wait_until((folder / "bus").exists, "the bus is there")
        self.avahi = None

    def start_avahi(self):
        user = [] if os.getuid() == 0 else [
            "--map-current-user", "--keep-caps"]
        with open(self.folder / "avahi.log", "ab") as log:
            self.avahi = start(
                ["unshare", "-m", *user, "sh", "-c",
                 'mount -t tmpfs none /run && exec "$@"', "sh",
                 "avahi-daemon", "--no-drop-root", "--no-chroot",
                 "--no-rlimits", "-f", f"{self.folder}/avahi.conf"],
                env=self.environment, stdout=log, stderr=log)
        wait_until(self._answers, "Avahi answers", seconds=60)

    def _answers(self):
        assert self.avahi.poll() is None, \
            (self.folder / "avahi.log").read_text()
        return subprocess.run(
            ["avahi-resolve", "-4", "-n", "desk.local"],
            env=self.environment, capture_output=True, timeout=30,
            check=False).returncode == 0

    def stop_avahi(self):
        end(self.avahi)

    def services(self):
        """{name: port} of what is announced."""
        found = {}
        for line in run(["avahi-browse", "-rpt", "_rfb._tcp"],
                        env=self.environment).split("\n"):
            fields = line.split(";")
            if fields[0] == "=":
                name = fields[3].replace("\\032", " ").replace("\\035", "#")
                found[name] = int(fields[8])
        return found

    def stop(self):
        if self.avahi is not None:
            end(self.avahi)
        end(self.bus)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    one = Network(tmp_path_factory.mktemp("mdns"))
    try:
        one.start_avahi()
        yield one
    finally:
        one.stop()


@pytest.fixture
def announce(serve, network):
    def start_one(*options, **keywords):
        return serve("-avahi", *options, listen=None,
                     environment=network.environment,
                     password_option=["-passwd", "secret"], **keywords)
    return start_one


def test_announced_and_taken_away(announce, network):
    with announce("-desktop", "my desk") as server:
        wait_until(lambda: network.services().get("my desk") == server.port,
                   "it is announced")
        assert "announced as 'my desk'" in server.log()
    wait_until(lambda: "my desk" not in network.services(), "it is gone")


def test_gone_with_a_crash(announce, network):
    with pytest.raises(AssertionError, match="signal"):
        with announce("-desktop", "crashed") as server:
            wait_until(lambda: "crashed" in network.services(), "it is there")
            server.process.send_signal(signal.SIGKILL)
            server.wait()
    wait_until(lambda: "crashed" not in network.services(), "it is gone")


def test_two_of_a_name(announce, network):
    with announce("-desktop", "same") as one:
        wait_until(lambda: "same" in network.services(), "the first is there")
        with announce("-desktop", "same") as two:
            wait_until(lambda: network.services().get("same #2") == two.port,
                       "the second has another name")
            assert network.services()["same"] == one.port


def test_long_names_are_cut_between_characters(announce, network):
    with announce("-desktop", "ä" * 40) as server:
        wait_until(lambda: "announced as" in server.log(), "it is announced")
        assert f"announced as '{'ä' * 31}'" in server.log()


def test_avahi_comes_back(announce, network):
    with announce("-desktop", "patient") as server:
        wait_until(lambda: "patient" in network.services(), "it is announced")
        network.stop_avahi()
        network.start_avahi()
        wait_until(lambda: network.services().get("patient") == server.port,
                   "it is announced again")


def test_only_this_machine_is_not_announced(serve, network):
    with serve("-avahi", environment=network.environment) as server:
        assert "-avahi: not announced: only this machine" in server.log()


def test_without_a_bus_it_serves(serve, tmp_path):
    environment = dict(clean_environment(), DBUS_SYSTEM_BUS_ADDRESS=(
        f"unix:path={tmp_path}/none"))
    with serve("-mdns", listen=None, environment=environment,
               password_option=["-passwd", "secret"]) as server:
        assert "-avahi: not announced: no system bus" in server.log()
