"""What ends by the clock: viewers, and the program."""

import contextlib

import pytest

from lib.rfb import Refused, Viewer, is_ended
from lib.transport import Closed, connect
from lib.wait import wait_until


def test_timeout_without_a_viewer(launch, xserver):
    with launch(xserver, "-timeout", "1") as running:
        assert running.wait() == 0
        assert "-timeout" in running.log()


@contextlib.contextmanager
def visited(launch, xserver, option):
    """A program that ends without a viewer, a viewer that came in time, and
    how many seconds it had. Where the machine was too busy, more."""
    for seconds in (1, 4, 16):
        with launch(xserver, f"{option}={seconds}") as running:
            try:
                viewer = Viewer(connect("ws", running.port))
            except (OSError, Closed):
                assert running.wait() == 0
                continue
            with viewer:
                yield running, viewer, seconds
            return
    raise AssertionError("no viewer came in time")


def test_timeout_with_a_viewer(launch, xserver):
    with visited(launch, xserver, "-timeout") as (running, first, seconds):
        first.close()
        with Viewer(connect("ws", running.port)) as viewer:
            # The time is over when this is: a viewer has come before.
            assert not viewer.stream.has_input(seconds * 1.5)
        assert running.is_alive()


def test_alone_for_too_long(launch, xserver):
    with visited(launch, xserver, "-MaxDisconnectionTime") as (
            running, viewer, seconds):
        assert not viewer.stream.has_input(seconds * 1.5)
        viewer.close()
        assert running.wait() == 0
        assert "-MaxDisconnectionTime" in running.log()


def test_connected_for_too_long(launch, xserver):
    with launch(xserver, "-MaxConnectionTime", "1") as running:
        with Viewer(connect("ws", running.port)) as viewer:
            assert is_ended(viewer.stream)
        assert running.wait() == 0


def test_nobody_does_anything(launch, xserver):
    with visited(launch, xserver, "-MaxIdleTime") as (running, viewer, _):
        assert is_ended(viewer.stream)
        assert running.wait() == 0


def ends_the_idle_one_alone(launch, xserver, kind, seconds):
    """False where the busy one was too late as well."""
    with launch(xserver, "-IdleTimeout", seconds) as running:
        try:
            idle = Viewer(connect(kind, running.port))
            with Viewer(connect("ws", running.port)) as busy:

                def is_over():
                    busy.pointer(5, 5, 0)
                    return idle.stream.has_input(0.1)
                wait_until(is_over, "the idle one is disconnected")
                assert is_ended(idle.stream)
                busy.refresh()
        except (OSError, Closed):
            return False
        assert "-IdleTimeout" in running.log()
        return True


@pytest.mark.parametrize("kind", ["rfb", "wss"])
def test_an_idle_viewer_is_disconnected(launch, xserver, kind):
    assert any(ends_the_idle_one_alone(launch, xserver, kind, seconds)
               for seconds in (2, 6, 18))


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
