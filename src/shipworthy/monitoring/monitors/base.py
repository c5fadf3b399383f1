"""What a monitor is given, what it answers, and what it must carry."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from shipworthy.bounds import Bound, Outcome
from shipworthy.monitoring.profile import Profile
from shipworthy.records import Interval, Measurement, Promise, Severity, Verdict, Window

Cause = Literal["pipeline", "world", "model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one window showed; None is what is not known of it.

    `inputs` is the profile of the features, `outputs` that of the answers: `prediction`, and `predicted class` of several. `mature` counts
    the predictions whose label's horizon has passed, `outcomes` those of them that have an outcome. `realized`
    is the metric on matured labels.
    """

    window: Window
    rows: int | None = None
    inputs: Profile | None = None
    outputs: Profile | None = None
    mature: int | None = None
    outcomes: int | None = None
    realized: Promise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One window of a model beside what it is compared with.

    `reference` is what the model learnt from. `past` are windows as long as `current` that are held to be
    sound, oldest first: the training set's own, cut up, and those since in which nothing fired. Their spread is what
    a season does. A faulty window among them would make its fault the custom. `promise` is the offline one,
    `realized` what came of it in earlier windows, oldest first, whatever was said of them then.
    """

    model: str
    current: Seen
    reference: Seen | None = None
    past: tuple[Seen, ...] = ()
    promise: Promise | None = None
    realized: tuple[Promise, ...] = ()
    minimum_rows: int = 200

    @property
    def inputs(self) -> tuple[Profile, Profile]:
        """The features that the model learnt from and those of the window; empty where not known."""
        learnt = self.reference.inputs if self.reference else None
        return learnt or Profile(0), self.current.inputs or Profile(0)

    @property
    def past_inputs(self) -> list[Profile]:
        """The features of the past windows with enough rows."""
        return [seen.inputs for seen in self.past if seen.inputs is not None and seen.inputs.rows >= self.minimum_rows]

    @property
    def thin(self) -> bool:
        """Whether the window has too few rows to say anything of their distribution."""
        return (self.current.rows or 0) < self.minimum_rows


@dataclass(frozen=True, slots=True)
class Finding:
    """One number about one subject, and what it means."""

    measurement: Measurement
    verdict: Verdict


def judged(*, wrong: bool) -> Outcome:
    """Return the outcome of something that could be judged."""
    return "fail" if wrong else "pass"


class Monitor(ABC):
    """Compares a window with what the model learnt from, with past windows, or with what it promised.

    A member's file gives its name. Its docstring says what it fires on ("Fires when") and what it does not see
    ("Blind to").
    """

    unit: ClassVar[str]
    severity: ClassVar[Severity]
    cause: ClassVar[Cause]  # what it points to: broken data, a changed world, a worse model
    default: ClassVar[Bound]  # of the effect; the test beside it, and how past windows widen it, is said in the docstring

    @property
    def name(self) -> str:
        """The file's name."""
        return type(self).__module__.rsplit(".", 1)[-1]

    @abstractmethod
    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding for each subject: the model, or each of its columns. What cannot be said is unknown."""

    def untold(self, comparison: Comparison, columns: Iterable[str]) -> list[Finding]:
        """Return why `columns` of the window cannot be judged, nothing where they can."""
        learnt = comparison.reference.inputs if comparison.reference else None
        if learnt is None or comparison.current.inputs is None:
            which = "that the model learnt from" if learnt is None else "of this window"
            return [self.finding(comparison, "unknown", f"nothing is known of the inputs {which}")]
        if comparison.thin:
            few = f"{comparison.current.rows or 0:,} rows are too few to tell: {comparison.minimum_rows:,} are needed"
            return [self.finding(comparison, "unknown", f"{column}: {few}", column=column) for column in columns]
        return []

    @property
    @abstractmethod
    def passes(self) -> Comparison:
        """A window in which nothing is wrong."""

    @property
    @abstractmethod
    def fails(self) -> Comparison:
        """A window in which every subject named in it is wrong."""

    def finding(
        self,
        comparison: Comparison,
        outcome: Outcome,
        words: str,
        *,
        column: str | None = None,
        value: float | None = None,
        rows: int | None = None,
        interval: Interval | None = None,
        fix: str = "",
        evidence: Mapping[str, Any] | None = None,
    ) -> Finding:
        """Return the finding about the model, or about its `column`, dated to the window's end.

        The same window judged again gives a measurement of the same name, subject and moment: the later one replaces the earlier.
        """
        window = comparison.current.window
        subject = comparison.model if column is None else f"{comparison.model}.{column}"
        span = {"window_start": window.start.isoformat(), "window_end": window.end.isoformat()}
        return Finding(
            Measurement(self.name, subject, value, window.end, rows, interval, window),
            Verdict(self.name, subject, outcome, words, fix if outcome == "fail" else "", {**span, **(evidence or {})}),
        )
