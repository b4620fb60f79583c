"""X servers as the black-box suite starts them, but with a lock file.

-displayfd makes an X server leave its lock file out, so that two suites may
take one number; and it dies when the pipe closes between the number and the
newline, which it writes one after the other.
"""

import os
import secrets

from Xlib.error import ConnectionClosedError, DisplayConnectionError

from blackbox.lib.process import end, run, start
from blackbox.lib.wait import wait_until
from blackbox.lib.xserver import XServer as Base


class XServer(Base):
    def _start(self, number):
        cookie = secrets.token_hex(16)
        run(["xauth", "-q", "-f", self.authority, "add", f":{number}", ".",
             cookie])
        self.log_path = os.path.join(self.directory.name, "log")
        with open(self.log_path, "wb") as log:
            self.process = start(
                [self.kind, f":{number}", "-auth", self.authority,
                 "-nolisten", "tcp", "-noreset", "-s", "0",
                 *self._arguments(), *self.extra], stdout=log, stderr=log)
        self.number = number
        wait_until(self._has_decided, f"{self.kind} :{number} is up")
        if self.process.poll() is None:
            return True
        end(self.process)
        return False

    def _has_decided(self):
        """It serves, or it ended, as it does where the number is taken. The
        connection stays: a server without one may reset."""
        if self.process.poll() is not None:
            return True
        try:
            # The cookie tells another's server from ours.
            self.connect()
        except (DisplayConnectionError, ConnectionClosedError, OSError):
            return False
        return True
