"""The program under test: start it, know its port, end it, judge its end."""

import os
import re
import select
import signal
import subprocess
import tempfile
import time

SANITIZER = re.compile(
    rb"(ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:)")
ADDRESS = "127.0.0.1"
START_S = 60
STOP_S = 30


class Server:
    """One running program; `port` is what it printed."""

    def __init__(self, program, xserver, *options, password_option=None,
                 port="0", listen=ADDRESS, wrapper=(), environment=None,
                 expect_start=True):
        self.directory = tempfile.TemporaryDirectory(prefix="blackbox-s-")
        self.log_path = os.path.join(self.directory.name, "stderr")
        self.output = b""
        self.port = None
        self.judged = False
        command = [*wrapper, program]
        if xserver is not None:
            command += ["-display", xserver.display,
                        "-auth", xserver.authority]
        command += ["-rfbport", str(port)]
        if listen:
            command += ["-listen", listen]
        command += password_option if password_option is not None else [
            "-nopw"]
        command += [str(option) for option in options]
        self.command = command
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log, env=self._environment(environment))
        os.set_blocking(self.process.stdout.fileno(), False)
        if expect_start:
            self.wait_for_port()

    def _environment(self, given):
        """What is kept for the next start is kept for this test alone."""
        environment = dict(given or clean_environment())
        environment.setdefault(
            "XDG_CONFIG_HOME", os.path.join(self.directory.name, "config"))
        runtime = os.path.join(self.directory.name, "runtime")
        if environment.setdefault("XDG_RUNTIME_DIR", runtime) == runtime:
            os.mkdir(runtime, 0o700)
        return environment

    def wait_for_port(self):
        found = self.wait_for_output(rb"(?m)^PORT=(\d+)\r?$")
        self.port = int(found.group(1))

    def wait_for_output(self, pattern, seconds=START_S):
        """Reads stdout until the pattern is there."""
        stop = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.output)
            if found:
                return found
            if not self._read_output(stop):
                raise AssertionError(
                    f"{self.command} never printed {pattern}; stdout "
                    f"{self.output}, stderr:\n{self.log()}")

    def _read_output(self, stop):
        """False at the end of the output or after the hang guard."""
        ready, _, _ = select.select([self.process.stdout], [], [],
                                    max(0, stop - time.monotonic()))
        if not ready:
            return False
        chunk = os.read(self.process.stdout.fileno(), 65536)
        self.output += chunk
        return bool(chunk)

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

    def wait(self, seconds=STOP_S):
        """Waits for an end that comes by itself; its status, judged."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"the program did not end; log:\n{self.log()}") from None
        while self._read_output(time.monotonic()):
            pass
        self._judge(status)
        return status

    def stop(self, number=signal.SIGTERM):
        """Ends it by a signal: status 0, in time, no sanitizer report."""
        if self.judged:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.wait()
        finally:
            self.kill()
        assert status == 0, (
            f"status {status} after signal {number}; log:\n{self.log()}")

    def kill(self):
        """Leaves nothing behind after a failure."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _judge(self, status):
        self.judged = True
        log = self.log()
        assert not SANITIZER.search(log.encode()), log
        assert status >= 0, f"killed by signal {-status}; log:\n{log}"

    def is_alive(self):
        return self.process.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                self.stop()
            elif not self.judged and self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                try:
                    self.process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    pass
        finally:
            self.kill()
            self.process.stdout.close()
            if kind is not None:
                print(f"log of {' '.join(self.command)}:\n{self.log()}")
            self.directory.cleanup()


def clean_environment():
    """No display and no cookie but those on the command line."""
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("DISPLAY", "XAUTHORITY", "XDG_CONFIG_HOME",
                                "XDG_RUNTIME_DIR")}
    environment["ASAN_OPTIONS"] = "exitcode=99:" + environment.get(
        "ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0")
    environment["UBSAN_OPTIONS"] = "print_stacktrace=1:" + environment.get(
        "UBSAN_OPTIONS", "")
    return environment


def lean_environment():
    """The same where memory is measured: what is freed shall be free, and
    stacks be stacks, which clang 15 and later otherwise keep elsewhere."""
    environment = clean_environment()
    environment["ASAN_OPTIONS"] += (
        ":quarantine_size_mb=1:detect_stack_use_after_return=0")
    return environment


def unlogged_environment():
    """The same for who may not write where ./check collects the sanitizers'
    reports: they come with the log."""
    environment = clean_environment()
    for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
                 "UBSAN_OPTIONS"):
        environment[name] = re.sub(r"(^|:)log_path=[^:]*", "",
                                   environment.get(name, ""))
    return environment
