"""The tether: a process that is tied to another ends with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ENOUGH_SECONDS = 30.0  # a limit, not a wait

CHILD = "import os, sys, time; from shipworthy.gateways.tether import tether; tether(); print(os.getpid(), flush=True); time.sleep(600)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {CHILD!r}]); time.sleep(600)"


def gone(process: int) -> bool:
    """Return whether the process has ended; one that nobody has buried yet has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's call is Linux's own")
def test_a_tethered_process_ends_with_the_one_that_started_it() -> None:
    """
    The parent is killed without a word, as by the system; the child does not outlive it.
    """
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        alive = not gone(child)
        os.kill(parent.pid, signal.SIGKILL)
    limit = time.monotonic() + ENOUGH_SECONDS
    while not gone(child):
        assert time.monotonic() < limit
        time.sleep(0.01)

    assert alive


def test_the_command_line_runs_tethered() -> None:
    """
    `python -m shipworthy.gateways.tether VERB` is `shipworthy VERB`: what it prints and how it ends.
    """
    command = [sys.executable, "-W", "error", "-m", "shipworthy.gateways.tether", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (0, "")
    assert "shipworthy" in said.stdout
