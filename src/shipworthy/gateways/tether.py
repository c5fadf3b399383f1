"""Ties a process to the one that started it: when that one is killed, this one ends too."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tether() -> None:
    """Have the kernel end this process when its parent dies; where there is no such call, do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
