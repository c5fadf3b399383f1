"""What a process uses while it works, sampled from the kernel's own figures: processor, memory, graphics cards where there are any.

Names are those under which MLflow's pages draw them as system metrics. On systems without `/proc` the processor time and the peak
memory of the process remain.
"""

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_SECONDS = 1.0
EVERY_CARD_SECONDS = 5.0  # a call of nvidia-smi costs some 50 ms
MOST = 600  # samples; then every second one is let go, and half as many are taken
MIB = 1024 * 1024
CARD_FIELDS = ("index", "utilization.gpu", "memory.used", "memory.total", "power.draw")


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen at one moment, in seconds since 1970; what cannot be told is left out."""

    at: float
    values: Mapping[str, float]


class Watched:
    """Samples this process from when the block begins until it ends, in a thread that sleeps in between."""

    def __init__(self, every_seconds: float = EVERY_SECONDS) -> None:
        self.samples: list[Sample] = []
        self._every, self._over = every_seconds, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="hardware", daemon=True)
        self._last = (time.monotonic(), _own_seconds(), _machine_ticks())
        self._cards_at, self._has_cards = -EVERY_CARD_SECONDS, shutil.which("nvidia-smi") is not None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._take()

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self._take()

    def _take(self) -> None:
        now, own, ticks = time.monotonic(), _own_seconds(), _machine_ticks()
        then, own_then, ticks_then = self._last
        self._last = (now, own, ticks)
        values = {**_processor(now - then, own - own_then, ticks_then, ticks), **_memory()}
        if self._has_cards and now - self._cards_at >= EVERY_CARD_SECONDS:
            self._cards_at = now
            values |= cards(_asked())
        self.samples.append(Sample(time.time(), values))
        if len(self.samples) > MOST:
            self.samples = self.samples[::2]
            self._every *= 2


def _processor(seconds: float, own: float, then: Sequence[int], now: Sequence[int]) -> dict[str, float]:
    used = {"system/process_cores_used": own / seconds} if seconds > 0 else {}
    whole = sum(now) - sum(then)
    idle = sum(now[3:5]) - sum(then[3:5])
    return {**used, "system/cpu_utilization_percentage": 100 * (1 - idle / whole)} if whole > 0 else used


def _memory() -> dict[str, float]:
    status, about = Path("/proc/self/statm"), Path("/proc/meminfo")
    if not (status.is_file() and about.is_file()):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"system/process_memory_megabytes": peak / (MIB if sys.platform == "darwin" else 1024)}
    own = int(status.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    kib = {line.split(":")[0]: int(line.split()[1]) for line in about.read_text(encoding="ascii").splitlines()[:3]}
    used = kib["MemTotal"] - kib["MemAvailable"]
    return {
        "system/process_memory_megabytes": own, "system/system_memory_usage_megabytes": used / 1024,
        "system/system_memory_usage_percentage": 100 * used / kib["MemTotal"],
    }  # fmt: skip


def _own_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _machine_ticks() -> tuple[int, ...]:
    """Return what the whole machine's processors did so far, by kind; empty where the kernel does not say."""
    file = Path("/proc/stat")
    return tuple(map(int, file.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9])) if file.is_file() else ()


def _asked() -> str:
    command = ["nvidia-smi", f"--query-gpu={','.join(CARD_FIELDS)}", "--format=csv,noheader,nounits"]
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout
    return ""


def cards(said: str) -> dict[str, float]:
    r"""Return what `nvidia-smi` says of each graphics card; what it cannot tell is left out.

    >>> cards("0, 87, 1024, 4096, [N/A]")["system/gpu_0_memory_usage_percentage"]
    25.0
    """
    values: dict[str, float] = {}
    for line in said.splitlines():
        card, *figures = [part.strip() for part in line.split(",")]
        busy, used, total, power = [float(part) if part.replace(".", "", 1).isdigit() else None for part in figures]
        told = {
            "utilization_percentage": busy, "memory_usage_megabytes": used,
            "memory_usage_percentage": 100 * used / total if used is not None and total else None, "power_usage_watts": power,
        }  # fmt: skip
        values |= {f"system/gpu_{card}_{name}": value for name, value in told.items() if value is not None}
    return values
