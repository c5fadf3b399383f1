"""Frozen dataclasses that travel between the floors.

Times are aware and in UTC. `None` means "not known", never "no". A share lies between 0 and 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shipworthy.bounds import Outcome

Stage = Literal["offline", "backtest", "realized"]
Severity = Literal["info", "warning", "critical"]
Task = Literal["regression", "binary", "multiclass"]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, `start` included, `end` not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A stretch of time whose decisions are left out on purpose, why, and how many there were."""

    window: Window
    reason: str
    decisions: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a number lies with confidence `level`."""

    low: float
    high: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number about one subject: what was measured, nothing about whether it is well.

    `subject` is `model`, `model@version`, `model.column`, `relation` or `relation.column`.
    """

    name: str
    subject: str
    value: float | None
    at: datetime
    rows: int | None = None
    interval: Interval | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check, gate or monitor says of a subject: an outcome, words, and the counter-example."""

    name: str
    subject: str
    outcome: Outcome
    words: str
    fix: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    waived_by: str | None = None

    @property
    def noted(self) -> bool:
        """Whether it passes and is worth a look all the same: reported, not refused."""
        return self.outcome == "pass" and bool(self.evidence.get("noted"))


@dataclass(frozen=True, slots=True)
class Table:
    """Figures for people: `columns` names each, a row has one value for each; None is not known and is shown as a blank."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | bool | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one study found out about one version: words first, then tables and charts, and what it judges of it.

    `name` is the study's, `title` what people read above it. `words` are sentences for somebody who is not technical, the most important
    first. `charts` are Vega-Lite specifications by name. `figures` are the numbers that others cite, by name; plain values, None is
    not known.
    """

    name: str
    title: str
    words: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    charts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the ledger: a metric of a model version in one stage, beside the rule on the same rows.

    `value` and `rule` are None where nothing could be measured; lower is better for every metric.
    `difference` is model minus rule on the same rows, so an interval below 0 beats the rule.
    """

    model: str
    version: int
    stage: Stage
    metric: str
    window: Window
    rows: int
    value: float | None
    interval: Interval | None
    rule: float | None
    difference: Interval | None
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A packaged candidate or what became of it."""

    model: str
    version: int
    as_of: datetime
    created_at: datetime
    run_id: str
    training_set: str
    artifact: str
    sound: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One line of the append-only history: from `at` on, `version` answers; None means nothing does."""

    model: str
    version: int | None
    at: datetime
    action: Literal["promote", "rollback"]
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One lasting condition: it begins, holds, fires, and recovers; never two of one key at a time."""

    key: str
    model: str
    severity: Severity
    state: Literal["pending", "firing", "recovered"]
    words: str
    fix: str
    first_seen: datetime
    last_seen: datetime
    fired_at: datetime | None = None
    recovered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: what it read and wrote, how it ended."""

    run: str
    name: str
    status: Literal["running", "done", "failed", "interrupted"]
    started_at: datetime
    ended_at: datetime | None = None
    words: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
