"""How often a holdout has been looked at: who tries often enough finds a model that suits these rows by chance."""

from datetime import timedelta

from sqlalchemy import Engine

from shipworthy.logbook import read
from shipworthy.records import Window

LEVEL = 0.95
SAME = 0.5  # share of a holdout that an earlier one must cover to have been a look at it


def looks(book: Engine, model: str, *, number: int, run: str, training_set: str, window: Window) -> int:
    """Return how many different trainings of `model` have been judged on this holdout, this one included.

    An earlier version counts if its holdout covers more than half of this one, and somebody has changed something since: its
    spec differs, or on the very same window its training set does. A retraining on schedule, with the same spec on newer
    rows, was not chosen by what the last look said, and counts for nothing.

    Args:
        book: the logbook.
        model: the model's name.
        number: the version that is trained; only lower ones count, so that a training repeated later is judged as it was.
        run: its run, which ends in the digest of the spec.
        training_set: the hash of its training set.
        window: its holdout.
    """
    windows = {line.version: line.window for line in read.promises(book, model) if line.stage == "offline"}
    earlier = [one for one in read.versions(book, model) if one.version < number and one.version in windows]
    sets: dict[str, set[str]] = {}
    for one in earlier:
        if _same(windows[one.version], window):
            again = sets.setdefault(_spec(one.run_id), set())
            again |= {one.training_set} if windows[one.version] == window else set()
    own = sets.pop(_spec(run), set()) - {training_set}
    return 1 + len(own) + sum(max(1, len(rows)) for rows in sets.values())


def level_for(looks_: int) -> float:
    """Return the level of intervals after so many looks: each gets its part of the one time in twenty.

    Source: Dunn (1961), Multiple comparisons among means (Bonferroni's inequality). For looks that follow from what earlier ones
    said it is what a logbook can count of the budget of Dwork et al. (2015), The reusable holdout.

    >>> level_for(1), level_for(5)
    (0.95, 0.99)
    """
    return 1 - (1 - LEVEL) / max(1, looks_)


def in_words(looks_: int) -> str:
    """Return what a reader should know of the looks; nothing after the first."""
    if looks_ < 2:
        return ""
    return (
        f"This holdout has been looked at {looks_} times, each time by another training: the intervals are wider ({level_for(looks_):.1%})."
    )


def _spec(run: str) -> str:
    """Return the digest of the spec that a run ends in."""
    return run.rpartition("-")[2]


def _same(earlier: Window, this: Window) -> bool:
    shared = min(earlier.end, this.end) - max(earlier.start, this.start)
    return shared > timedelta(0) and shared / (this.end - this.start) > SAME
