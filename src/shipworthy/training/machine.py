"""What a training ran on: interpreter, processor, threads, packages; and what of it differs between two trainings."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shipworthy.training.installed import installed

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
LEARNS = ("shipworthy", "lightgbm", "scikit-learn", "numpy", "scipy", "pyarrow", "duckdb", "deltalake", "pandas", "optuna", "xgboost")
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a training ran. `cores` are those that the process may use; `threads` what the environment says of libraries' threads."""

    python: str
    platform: str
    processor: str
    cores: int
    threads: Mapping[str, str]
    packages: Mapping[str, str]


def this_machine() -> Machine:
    """Return what this process runs on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = {name: os.environ[name] for name in THREAD_VARIABLES if name in os.environ}
    packages = {name.lower(): version for name, version in installed().items()}
    return Machine(platform.python_version(), platform.platform(), _processor(), cores, threads, dict(sorted(packages.items())))


def differences(then: Machine, now: Machine) -> list[str]:
    """Return what differs between two machines, what is likeliest to change a model first; empty where nothing does.

    >>> old = Machine("3.11.2", "Linux", "EPYC", 2, {}, {"lightgbm": "4.6.0", "rich": "14.0"})
    >>> new = Machine("3.11.2", "Linux", "EPYC", 4, {}, {"lightgbm": "4.7.0", "rich": "14.1"})
    >>> differences(old, new)
    ['lightgbm 4.6.0 then, 4.7.0 now', '2 cores then, 4 now', 'rich 14.0 then, 14.1 now']
    """
    names = sorted({*then.packages, *now.packages}, key=lambda name: (name not in LEARNS, name))
    packages = [
        f"{name} {then.packages.get(name, 'absent')} then, {now.packages.get(name, 'absent')} now"
        for name in names
        if then.packages.get(name) != now.packages.get(name)
    ]
    learning = [words for words in packages if words.split()[0] in LEARNS]
    places = [
        f"{kind} {old} then, {new} now"
        for kind, old, new in (
            ("Python", then.python, now.python), ("platform", then.platform, now.platform), ("processor", then.processor, now.processor),
            ("threads", _words(then.threads), _words(now.threads)),
        )
        if old != new
    ]  # fmt: skip
    cores = [f"{then.cores} cores then, {now.cores} now"] if then.cores != now.cores else []
    other = [words for words in packages if words not in learning]
    more = [f"and {len(other) - MOST_SHOWN} packages more"] if len(other) > MOST_SHOWN else []
    return [*learning, *places, *cores, *other[:MOST_SHOWN], *more]


def _words(threads: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(threads.items())) or "not set"


def _processor() -> str:
    """Return the processor's name, as the kernel gives it where it does."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8", errors="replace").splitlines() if about.is_file() else []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine()
