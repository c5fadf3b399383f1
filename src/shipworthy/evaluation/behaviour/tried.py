"""What became of a case: how many rows passed, and the ones that did not, with input, expected and got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy.bounds import Bound
from shipworthy.records import Verdict
from shipworthy.spec.behaviours import Level, Thresholds

NAME = "behaviour"
MOST_FAILURES = 3
MOST_SHOWN = 12  # features of an input in words


@dataclass(frozen=True, slots=True)
class Failure:
    """One row that did not pass: its `input`, what was `expected`, what was `got`, in words; `by` is how far off it was."""

    input: Mapping[str, Any]
    expected: str
    got: str
    by: float

    @property
    def words(self) -> str:
        """The three in one line."""
        shown = [f"{name}={value}" for name, value in list(self.input.items())[:MOST_SHOWN]]
        more = f" and {len(self.input) - MOST_SHOWN} more" if len(self.input) > MOST_SHOWN else ""
        return f"input {', '.join(shown)}{more}; expected {self.expected}; got {self.got}"


@dataclass(frozen=True, slots=True)
class Tried:
    """One case as it was tried: `rows` were asked about, `passed` of them passed; `failures` are the worst three of the others.

    `made` says that it was not written down, but follows from what dbt's YAML says.
    """

    name: str
    kind: str
    level: Level
    rows: int
    passed: int
    failures: tuple[Failure, ...] = ()
    made: bool = False

    @property
    def share(self) -> float | None:
        """The share of rows that passed; None where none was asked about."""
        return self.passed / self.rows if self.rows else None

    def judged(self, subject: str, thresholds: Thresholds) -> Verdict:
        """Return the verdict by the threshold of its level: below it fails; a level without one is noted; no rows are unknown."""
        least = {"sanity": thresholds.sanity, "core": thresholds.core, "hard": thresholds.hard}[self.level]
        evidence: dict[str, Any] = {"case": self.name, "level": self.level, "rows": self.rows, "passed": self.passed, "least": least}
        evidence["failures"] = [{"input": dict(one.input), "expected": one.expected, "got": one.got} for one in self.failures]
        where = f"{subject}.{self.name}"
        if self.share is None:
            words = f"'{self.name}' asks about no row: none meets its condition"
            return Verdict(NAME, where, "unknown", words, "write rows down, or a condition that rows of the holdout meet", evidence)
        words = f"'{self.name}' ({self.level}) holds in {self.passed:,} of {self.rows:,} rows"
        shown = f"{words}; {self.failures[0].words}" if self.failures else words
        if least is None:
            evidence["noted"] = self.passed < self.rows
            return Verdict(NAME, where, "pass", shown, "look at these rows" if evidence["noted"] else "", evidence)
        if Bound(low=least).judge(self.share) == "pass":
            return Verdict(NAME, where, "pass", words, evidence=evidence)
        return Verdict(NAME, where, "fail", shown, "look at these rows: is the case wrong, or the model?", evidence)


def tried(name: str, kind: str, level: Level, passed: Sequence[bool], failures: Sequence[Failure], *, made: bool = False) -> Tried:
    """Return a case as it was tried, with its worst failures."""
    worst = sorted(failures, key=lambda one: -one.by)[:MOST_FAILURES]
    return Tried(name, kind, level, len(passed), sum(passed), tuple(worst), made)
