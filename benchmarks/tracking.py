"""What tracking costs a training: processor and wall seconds with and without it, alternating, each in a process of its own.

python benchmarks/tracking.py [ROUNDS]

The shop of the tests is built once. Each round trains it in copies: without record, MLflow and sampling; with them on a
store that is not there yet; and with them where MLflow's tables are there and Vega is one script already.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

ROOT = Path(__file__).parents[1]
MODEL = "delivery_minutes"
KINDS = ("off", "first", "later")
ONE_MINUTE = 60.0


def main() -> None:
    """Write the medians of the rounds, and what of them tracking is of a training of one minute."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as beside:
        built = Path(beside) / "built"
        _child("build", built)
        ready = Path(beside) / "ready"
        shutil.copytree(built, ready, symlinks=True)
        _child("first", ready)  # what makes the store ready is not counted
        found: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
        for number in range(rounds):
            for kind in KINDS:
                folder = Path(beside) / f"{kind}{number}"
                shutil.copytree(ready if kind == "later" else built, folder, symlinks=True)
                found[kind].append(_child(kind, folder))
    for kind, runs in found.items():
        figures = {name: median(run[name] for run in runs) for name in runs[0]}
        print(f"{kind:8}" + "  ".join(f"{name} {value:6.2f} s" for name, value in figures.items()))
    for kind in KINDS[1:]:
        more = {name: median(run[name] for run in found[kind]) - median(run[name] for run in found["off"]) for name in ("cpu", "wall")}
        print(
            f"tracking, {kind}: " + ", ".join(f"{name} {value:.2f} s, {value / ONE_MINUTE:.1%} of a minute" for name, value in more.items())
        )


def _child(kind: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", kind, str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(said.stdout.splitlines()[-1]))


def child(kind: str, folder: Path) -> None:
    """Build or train, and say what it took."""
    sys.path.insert(0, str(ROOT))
    if kind == "build":
        from tests.conftest import _build_shop  # noqa: PLC0415

        _build_shop(folder)
        print("{}")
        return
    from tests.conftest import BUILT, TRAINED, opened  # noqa: PLC0415

    from shipworthy.flows import train  # noqa: PLC0415

    if kind == "off":
        train._tell = lambda *_: None
    shop = opened(folder)
    if kind == "first":
        shutil.rmtree(shop.project.state / "cache", ignore_errors=True)
    began, before = monotonic(), _cpu()
    moment = TRAINED if folder.name == "ready" else BUILT  # another moment than the one that made the store ready
    train.train(shop.project, shop.book, MODEL, moment)
    print(json.dumps({"cpu": _cpu() - before, "wall": monotonic() - began}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    child(*sys.argv[2:3], Path(sys.argv[3])) if sys.argv[1:2] == ["--child"] else main()
