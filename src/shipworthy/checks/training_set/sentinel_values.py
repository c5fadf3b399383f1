"""Values that stand for no value."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Numbers, Whole
from shipworthy.checks.training_set.base.rows import plain
from shipworthy.checks.training_set.base.values import Values

STANDINS = frozenset(
    [
        "?",
        "??",
        "-",
        "--",
        ".",
        "*",
        "/",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nan",
        "nil",
        "null",
        "none",
        "(null)",
        "<null>",
        "#n/a",
        "#null!",
        "#div/0!",
        "undefined",
        "unknown",
        "unk",
        "unspecified",
        "missing",
        "select",
        "choose",
        "please_select",
        "not_available",
        "not_applicable",
        "not_known",
        "tbd",
        "xxx",
        "dummy",
        "test",
        "default",
    ]
)
ROUND = re.compile(r"-?(9{2,}|8{3,}|9+[678]|10{3,}|2147483647|32767|65535|1|9)")
ASKED = re.compile(r"\W*(please )?(select|choose)( \w+)?\W*|-?9{3,}")
FAR_TIMES = (date(1900, 1, 1), date(1899, 12, 30), date(1970, 1, 1), date(1, 1, 1), date(9999, 12, 31), date(2099, 12, 31))
FEWEST = 5
LEAST_SHARE = 0.001
LEAST_DISTINCT = 5


class SentinelValues(TrainingCheck):
    """Share of a feature's values that look like a stand-in for a value that is missing.

    In text a word such as `?`, `unknown` or `Select`; among numbers the lowest or highest one, if it looks like 999, -1 or 96, occurs
    in one row of a thousand, and lies further from all others than these lie from one another, or is the only one below zero; among
    times 1900-01-01, 1970-01-01 and the like. Only reported: a tree copes with a stand-in, an average does not.

    Fires when a system writes something where it knows nothing.
    Blind to stand-ins among the other values, such as 0 for no answer, and to an average that was filled in.
    """

    unit = "share of values, 0 to 1"
    notes = Bound(high=LEAST_SHARE)
    fix = "turn it into null in the staging model, or declare it as a value of its own in the column's description and waive this"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature with a value that is no truth value."""
        looked_at = [name for name in frame.features if frame.features[name].kind != "boolean" and frame.values[name].distinct]
        return [_finding(frame, name) for name in looked_at]

    def passes(self) -> Frame:
        """Return a set of values that are what they say."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set in which 999 days mean never, and a plan was not chosen."""
        drawn = sound()
        days = np.where(chance().random(600) < 0.7, 999, chance(1).integers(0, 28, 600))
        plans = ["Select" if number % 50 == 0 else plan for number, plan in enumerate(drawn["columns"]["plan"])]
        return shown(drawn["columns"] | {"days_since": days, "plan": plans}, drawn["label"])


def _finding(frame: Frame, name: str) -> Finding:
    found, kind = frame.values[name], frame.features[name].kind
    places = _texts(found) if kind == "text" else _times(found) if kind in ("date", "timestamp") else _extremes(found)
    counted = [(plain(found.values[place].as_py()), int(found.counts[place])) for place in places]
    total = sum(rows for _, rows in counted)
    rows = [{name: value, "rows": count} for value, count in sorted(counted, key=lambda one: -one[1])[:5]]
    shown_as = " and ".join(f"{row[name]!r} in {row['rows']:,}" for row in rows)
    words = f"has {shown_as} of {found.filled:,} rows: likely no value at all" if rows else "has no value that looks like a stand-in"
    return Finding(total / found.filled, words, name, {"rows": rows})


def _texts(found: Values) -> list[int]:
    return [place for place, value in enumerate(found.values.to_pylist()) if _standin(value)] if found.distinct <= 100_000 else []


def _standin(text: str) -> bool:
    plain_text = text.strip().casefold()
    words = re.sub(r"\s+", "_", plain_text).strip("_:<>()[]")
    return plain_text in STANDINS or words in STANDINS or bool(ASKED.fullmatch(plain_text))


def _times(found: Values) -> list[int]:
    ends = {0, found.distinct - 1}
    return [place for place in sorted(ends) if _day(found.values[place].as_py()) in FAR_TIMES and found.distinct > 1]


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _extremes(found: Values) -> list[int]:
    values, counts = np.asarray(found.values.cast("float64", safe=False).to_numpy(), np.float64), found.counts
    finite = np.isfinite(values)
    values, counts = values[finite], counts[finite]
    if len(values) <= LEAST_DISTINCT:
        return []
    low = _outstanding(-values[::-1], counts[::-1], below=True)
    return [*range(low), *(len(values) - 1 - place for place in range(_outstanding(values, counts, below=False)))]


def _outstanding(values: Numbers, counts: Whole, *, below: bool) -> int:
    """Return how many of the largest of ascending `values` are stand-ins, at most three; `below` where their sign was turned."""
    best = 0
    for taken in (1, 2, 3):
        top, rest = values[-taken:], values[:-taken]
        if len(rest) < LEAST_DISTINCT or not all(_looks(one, rows, counts.sum()) for one, rows in zip(top, counts[-taken:], strict=True)):
            break
        alone = below and top[0] > 0 and rest[-1] <= 0 and bool((rest == np.floor(rest)).all())
        far = top[0] - rest[-1] > rest[-1] - rest[0] and abs(top[0]) > 1
        best = taken if alone or far else best
    return best


def _looks(value: float, count: int, rows: int) -> bool:
    text = f"{abs(value):.0f}" if value == np.floor(value) else ""
    return bool(ROUND.fullmatch(text)) and count >= FEWEST and count >= LEAST_SHARE * rows
