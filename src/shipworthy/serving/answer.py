"""What a prediction is, whatever brings the request: rows in, records on disk, answers out."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Protocol

import msgspec

from shipworthy import clock
from shipworthy.errors import BadRequest
from shipworthy.logbook.segments import Outcome, Prediction, Record, Value, Writer
from shipworthy.registry.package import Package
from shipworthy.registry.reply import Reply, replies
from shipworthy.registry.schema import Column
from shipworthy.serving.forms import Row
from shipworthy.serving.intake import OutcomeRow

SKEW = timedelta(minutes=5)  # by which a caller's clock may be ahead of ours


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """One answer, in the label's unit or a probability, and the inputs that the model has not met the like of.

    Of several classes `class` is the most probable, `answer` its probability, and `probabilities` has that of each.

    `unseen` names the categories whose value the model cannot tell apart, and so takes for unknown;
    `outside` the numbers that lie beyond what it learnt from. `missing` says of each relation in which no features were
    found why they are null; it is left out where there is none.
    """

    id: str
    entity: str
    answer: float
    version: int
    unseen: list[str]
    outside: list[str]
    missing: dict[str, str] = {}
    class_: str | None = None
    probabilities: dict[str, float] | None = None


class Answers(msgspec.Struct, frozen=True):
    """The answers to a request, in the order of its rows."""

    model: str
    version: int
    predictions: list[Answer]


class Accepted(msgspec.Struct, frozen=True):
    """How many outcomes are on disk."""

    model: str
    accepted: int


class Log(Protocol):
    """Where records go: on disk when `write` comes back, all of them, or it raises."""

    def write(self, model: str, records: Sequence[Record]) -> None:
        """Put `records` on disk."""
        ...


@dataclass(frozen=True)
class SegmentLog:
    """The prediction log of one process: a segment for each model, in `folder/<model>/`."""

    folder: Path
    writers: dict[str, Writer] = field(default_factory=dict)

    def write(self, model: str, records: Sequence[Record]) -> None:
        """Put `records` of `model` on disk; raises NotLogged where they did not all go there."""
        self.writers.setdefault(model, Writer(self.folder / model)).write(records)

    def close(self) -> None:
        """Let go of the segments."""
        for writer in self.writers.values():
            writer.close()


@dataclass(frozen=True)
class AnswerRoom:
    """Answers requests that were read and found well-formed, each under an id that no other process gives."""

    log: Log
    origin: str = field(default_factory=lambda: secrets.token_hex(6))
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def predict(self, package: Package, rows: Sequence[Row], *, caller: str | None, started: float) -> Answers:
        """Return the answers of `package` to `rows`, once all of them are on disk.

        Args:
            package: the model version that answers.
            rows: what to predict, in order; with every feature, looked up where they were not sent.
            caller: the name of the caller's key, None where no keys are set.
            started: when the request came, by `perf_counter`.

        Raises:
            BadRequest: a decision lies in the future.
            NotLogged: they could not be put on disk; none of them is.
        """
        at = clock.now()
        _not_later("rows", "decided_at", [row.decided_at for row in rows], at)
        model, version = package.manifest.model, package.manifest.version
        given = replies(package.schema, package.predict([row.inputs for row in rows]))
        ids = [f"{self.origin}-{next(self.numbers)}" for _ in rows]
        columns = package.schema.columns
        answers = [_answer(columns, row, id_, answer, version) for row, id_, answer in zip(rows, ids, given, strict=True)]
        latency = perf_counter() - started
        self.log.write(model, [_record(model, row, one, at, latency, caller) for row, one in zip(rows, answers, strict=True)])
        return Answers(model, version, answers)

    def accept(self, model: str, outcomes: Sequence[OutcomeRow]) -> Accepted:
        """Return how many `outcomes` were put on disk: all of them.

        Raises:
            BadRequest: one is said to be known in the future.
            NotLogged: they could not be put on disk; none of them is.
        """
        at = clock.now()
        _not_later("outcomes", "known_at", [row.known_at for row in outcomes], at)
        self.log.write(model, [_outcome(at, model, row) for row in outcomes])
        return Accepted(model, len(outcomes))


def _outcome(at: datetime, model: str, row: OutcomeRow) -> Outcome:
    value, class_ = (None, row.value) if isinstance(row.value, str) else (row.value, None)
    return Outcome(at, model, row.entity, row.decided_at, value, row.known_at, class_)


def _answer(columns: Sequence[Column], row: Row, id_: str, said: Reply, version: int) -> Answer:
    unseen = [column.name for column in columns if is_unseen(column, row.inputs[column.name])]
    outside = [column.name for column in columns if is_outside(column, row.inputs[column.name])]
    missing = {found.relation: found.missing for found in (row.lookups or {}).values() if found.missing}
    probabilities = None if said.probabilities is None else dict(said.probabilities)
    return Answer(id_, row.entity, said.answer, version, unseen, outside, missing, said.class_, probabilities)


def is_unseen(column: Column, value: Value) -> bool:
    """Return whether `value` is a category that the model cannot tell apart; null is not one.

    >>> carrier = Column("carrier", "category", categories=("B6", "UA"))
    >>> is_unseen(carrier, "UA"), is_unseen(carrier, "XX"), is_unseen(carrier, None)
    (False, True, False)
    """
    return isinstance(value, str) and column.kind == "category" and value not in column.codes


def is_outside(column: Column, value: Value) -> bool:
    """Return whether `value` is a number beyond what the model learnt from; null, or where no range is known, it is not.

    >>> is_outside(Column("delay", "number", low=0.0, high=9.0), 9.0), is_outside(Column("delay", "number", low=0.0, high=9.0), 9.5)
    (False, True)
    """
    if not isinstance(value, float) or column.low is None or column.high is None:
        return False
    return not column.low <= value <= column.high


def _record(model: str, row: Row, one: Answer, at: datetime, latency: float, caller: str | None) -> Prediction:
    return Prediction(
        id=one.id,
        at=at,
        model=model,
        version=one.version,
        entity=row.entity,
        decided_at=row.decided_at,
        inputs=row.inputs,
        answer=one.answer,
        fallback=False,
        latency_seconds=latency,
        caller=caller,
        lookups=row.lookups,
        class_=one.class_,
        probabilities=one.probabilities,
    )


def _not_later(rows: str, name: str, moments: Sequence[datetime], now: datetime) -> None:
    for place, moment in enumerate(moments):
        if moment > now + SKEW:
            raise BadRequest(
                where=f"{rows}.{place}.{name}",
                what=f"{moment.isoformat()} lies in the future: it is {now.isoformat(timespec='seconds')}",
                fix="send it when it has come, or set the clock right",
            )
