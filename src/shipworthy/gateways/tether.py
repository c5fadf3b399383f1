"""Ties a process to the one that started it: when that one is killed, this one ends too.

`python -m shipworthy.gateways.tether VERB ...` is the command line, tethered.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def tether() -> None:
    """Have the kernel end this process when its parent dies; where there is no such call, do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    parent = os.getppid()
    tether()
    if os.getppid() == parent:  # it did not die before the call
        runpy.run_module("shipworthy", run_name="__main__", alter_sys=True)
