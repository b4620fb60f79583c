"""Waiting for something that must come; the limit is only a hang guard."""

import time

HANG_GUARD_S = 60


def wait_until(condition, what, seconds=HANG_GUARD_S, pause=0.02):
    """Returns the first true value of condition(); fails naming `what`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(pause)
