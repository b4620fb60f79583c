"""Child processes that end with the test, and tools that must be there."""

import os
import shutil
import signal
import subprocess


def tool(name):
    """The path of a program the suite needs; a missing one is a failure."""
    path = shutil.which(name)
    assert path, f"the program '{name}' is not installed; this test needs it"
    return path


def start(arguments, **keywords):
    keywords.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen([tool(arguments[0]), *arguments[1:]], **keywords)


def end(process, number=signal.SIGTERM, seconds=20):
    """Ends one child by its id; returns its exit status."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(seconds)


def run(arguments, seconds=60, **keywords):
    """Runs a tool to its end; gives its standard output as text."""
    done = subprocess.run(
        [tool(arguments[0]), *arguments[1:]],
        stdin=keywords.pop("stdin", subprocess.DEVNULL),
        capture_output=True, timeout=seconds, check=False, **keywords)
    assert done.returncode == 0, (
        f"{' '.join(arguments)}: status {done.returncode}: "
        f"{done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="replace")


def is_alive(pid):
    """Zombies are not. Who ends while we look (ESRCH) is not either."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descriptor_count(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
