"""What a whole training takes beside the bare fits inside it: processor seconds, step by step.

    python benchmarks/training_overhead.py PROJECT MODEL AS_OF [ROUNDS]

PROJECT is built; it is copied, and trained ROUNDS times, each a second later than the one before. After each training the very fits that
it made (of folds, trials and seeds, of the model that is judged and of the one that is packaged) are made again, alone: what somebody
would pay who did nothing else. The first training of a process pays for imports too, the first of a project for MLflow's tables.
"""

import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shipworthy.families import members
from shipworthy.flows.train import train
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find
from shipworthy.training import learners
from shipworthy.training.learners.base import Learner

DETAILS = 14
Fits = list[Callable[[], object]]


def cpu() -> float:
    """Return the CPU seconds of this process, all threads, and of the processes that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Steps:
    """Adds up what passes between one word of progress and the next: by step, and by what goes on inside it."""

    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self.details: Counter[str] = Counter()
        self._since, self._step, self._detail = cpu(), "before", "before"

    def __call__(self, what: str, _done: int, _total: int) -> None:
        """Hear what begins now."""
        now = cpu()
        self.steps[self._step] += now - self._since
        self.details[self._detail] += now - self._since
        self._since, self._step, self._detail = now, what.partition(":")[0].strip(), what


@contextmanager
def remembering() -> Iterator[Fits]:
    """Yield a list that each fit of a learner is added to, as something that makes it again."""
    fits: Fits = []

    def remembered(method: Any) -> Any:
        def fit(*given: Any, **named: Any) -> Any:
            fits.append(lambda: method(*given, **named))
            return method(*given, **named)

        return fit

    kinds = [type(one) for one in members(learners, Learner).values()]  # type: ignore[type-abstract]
    plain = [(kind, kind.fit, kind.refit) for kind in kinds]
    for kind, fit, refit in plain:
        kind.fit, kind.refit = remembered(fit), remembered(refit)
    try:
        yield fits
    finally:
        for kind, fit, refit in plain:
            kind.fit, kind.refit = fit, refit


def main(source: Path, name: str, as_of: datetime, rounds: int) -> None:
    """Train again and again, and print what each training took, and where."""
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "project"
        shutil.copytree(source, folder, symlinks=True)
        project = find(folder)
        book = open_logbook(project.logbook)
        for number in range(rounds):
            steps, began = Steps(), cpu()
            with remembering() as fits:
                made = train(project, book, name, as_of + timedelta(seconds=number), progress=steps)
            steps("over", 0, 0)
            whole, before = cpu() - began, cpu()
            for again in fits:
                again()
            bare = cpu() - before
            print(
                f"{name}@{made.version.version}: {whole:.1f} s CPU, {len(fits)} bare fits {bare:.1f} s, {whole / bare:.2f} times",
                flush=True,
            )
            for table in (steps.steps, steps.details):
                print("   " + "  ".join(f"{what} {seconds:.2f}" for what, seconds in table.most_common(DETAILS)), flush=True)


if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[3])
    main(Path(sys.argv[1]), sys.argv[2], moment, int(sys.argv[4]) if len(sys.argv) > 4 else 3)
