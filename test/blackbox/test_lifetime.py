"""What ends by the clock: viewers, and the program."""

import pytest

from lib.rfb import Refused, Viewer, is_ended
from lib.transport import connect
from lib.wait import wait_until


def test_timeout_without_a_viewer(launch, xserver):
    with launch(xserver, "-timeout", "1") as running:
        assert running.wait() == 0
        assert "-timeout" in running.log()


def test_timeout_with_a_viewer(launch, xserver):
    with launch(xserver, "-timeout", "1") as running:
        Viewer(connect("ws", running.port)).close()
        with Viewer(connect("ws", running.port)) as viewer:
            # The second is over when this is: a viewer has come in time.
            assert not viewer.stream.has_input(1.5)
        assert running.is_alive()


def test_alone_for_too_long(launch, xserver):
    with launch(xserver, "-MaxDisconnectionTime", "1") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert not viewer.stream.has_input(1.5)
        assert running.wait() == 0
        assert "-MaxDisconnectionTime" in running.log()


def test_connected_for_too_long(launch, xserver):
    with launch(xserver, "-MaxConnectionTime", "1") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert is_ended(viewer.stream)
        assert running.wait() == 0


def test_nobody_does_anything(launch, xserver):
    with launch(xserver, "-MaxIdleTime=1") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert is_ended(viewer.stream)
        assert running.wait() == 0


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_an_idle_viewer_is_disconnected(launch, xserver, kind):
    with launch(xserver, "-IdleTimeout", "2") as running:
        idle = Viewer(connect(kind, running.port))
        with Viewer(connect("ws", running.port)) as busy:

            def is_over():
                busy.pointer(5, 5, 0)
                return idle.stream.has_input(0.1)
            wait_until(is_over, "the idle one is disconnected")
            assert is_ended(idle.stream)
            busy.refresh()
        assert "-IdleTimeout" in running.log()


def test_never_shared_takes_over_or_refuses(launch, xserver):
    with launch(xserver, "-nevershared") as running:
        with Viewer(connect("ws", running.port)) as first:
            with Viewer(connect("ws", running.port)) as second:
                assert is_ended(first.stream)
                second.refresh()
    with launch(xserver, "-nevershared", "-DisconnectClients=0") as running:
        with Viewer(connect("ws", running.port)) as first:
            with connect("ws", running.port) as stream:
                with pytest.raises(Refused, match="somebody else"):
                    Viewer(stream)
            first.refresh()
        with Viewer(connect("ws", running.port)) as next_one:
            next_one.refresh()
