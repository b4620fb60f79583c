"""Waiting for a value, and saying what came in its place."""

from blackbox.lib.wait import wait_until

GUARD_S = 60


def expect(get, wanted):
    """Until get() gives what is wanted."""
    last = None

    def is_there():
        nonlocal last
        last = get()
        return last == wanted

    try:
        wait_until(is_there, f"{wanted!r}", GUARD_S, 0.05)
    except AssertionError as failure:
        raise AssertionError(f"{failure}; last seen: {last!r}") from None
