"""A training set as checks see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.checks.base.contract import Kind
from shipworthy.checks.training_set.base.values import Values, codes_of, numbers_of, values_of
from shipworthy.gateways.engine import Connection, memory
from shipworthy.records import Exclusion, Task
from shipworthy.spec.part import SplitBy

T = TypeVar("T")
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: what it holds, and the relation and column that it comes from; `role` as dbt's YAML has it, None if none."""

    kind: Kind
    relation: str
    column: str
    role: str | None = None


@dataclass(frozen=True)
class Frame:
    """A training set, in order of decision.

    Args:
        model: the model's name.
        task: regression or binary.
        rows: `entity`, `decided_at`, the features, `known_at`, `label`; n rows in order of `decided_at` and `entity`.
        features: the features by name, in the order of `rows`.
        as_of: aware; the moment whose knowledge it is.
        fit: shape (n,), the rows to learn from; None where the set could not be split.
        holdout: shape (n,), the rows to be judged by; None likewise.
        exclusions: decisions that are not in it, by reason.
        groups: columns that name what rows have in common (a customer, a ticket), besides the entity: features, or columns of `beside`.
        beside: columns of the decisions that are no features, n rows in the order of `rows`; None if there are none.
        split_by: what `fit` and `holdout` were cut by.
        because: why a random split is honest here, in a person's words; None if nobody said so.
        fresh: the features of the newest decisions, whose horizon has not passed, with `entity` and `decided_at`; None if not known.
        known: for features that have one, the moment at which each value became known; shape (n,), NaT where it is null.
        found: for relations with times, the event time of the row that each decision got; shape (n,), NaT where it got none.
        horizon: how long after its decision a label counts as final; None if not known.
        excluded: stretches of time whose decisions were left out on purpose.
        allowed: for features of which somebody said so, the values that they may have.
        latency: for relations that declare one, how long after its event a row is known.
        seed: of everything random.
        memory: what checks keep for one another, such as answers out of fold; a changed copy begins without.
    """

    model: str
    task: Task
    rows: pa.Table
    features: Mapping[str, Feature]
    as_of: datetime
    fit: Mask | None = None
    holdout: Mask | None = None
    exclusions: Mapping[str, int] = field(default_factory=dict)
    groups: Sequence[str] = ()
    beside: pa.Table | None = None
    split_by: SplitBy = "time"
    because: str | None = None
    fresh: pa.Table | None = None
    known: Mapping[str, Moments] = field(default_factory=dict)
    found: Mapping[str, Moments] = field(default_factory=dict)
    horizon: timedelta | None = None
    excluded: Sequence[Exclusion] = ()
    allowed: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    latency: Mapping[str, timedelta] = field(default_factory=dict)
    seed: int = 7
    memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gives, made once for this training set: several checks look at the same numbers."""
        if name not in self.memory:
            self.memory[name] = make()
        found: T = self.memory[name]
        return found

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column of `rows`, or of what stands beside them."""
        table = self.rows if self.beside is None or name in self.rows.column_names else self.beside
        return table.column(name)

    @cached_property
    def label(self) -> Numbers:
        """The label, shape (n,)."""
        found: Numbers = self.rows.column("label").cast(pa.float64()).to_numpy()
        return found

    @cached_property
    def times(self) -> Moments:
        """The moments of the decisions in UTC, shape (n,), datetime64[us] that do not fall."""
        found: Moments = self.rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()
        return found

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The distinct values of each feature, with how often they occur."""
        return {name: values_of(self.rows.column(name)) for name in self.features}

    def numbers(self, name: str) -> Numbers:
        """Return a feature of numbers, booleans or times as numbers, shape (n,), NaN where it is null; times in seconds."""
        return numbers_of(self.rows.column(name))

    def codes(self, name: str) -> npt.NDArray[np.int64]:
        """Return a number for each distinct value of a feature, shape (n,), -1 where it is null."""
        return codes_of(self.rows.column(name))

    def sample(self, most: int) -> npt.NDArray[np.int64]:
        """Return the numbers of at most so many rows, in order, the same for the same seed; all where there are no more."""
        rows = self.rows.num_rows
        if rows <= most:
            return np.arange(rows)
        return np.sort(np.random.default_rng(self.seed).choice(rows, most, replace=False))

    def named(self, *kinds: Kind) -> list[str]:
        """Return the features that hold one of `kinds`, in order."""
        return [name for name, feature in self.features.items() if feature.kind in kinds]

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """Yield a connection that sees the rows as `frame`, numbered from 0 in their order as `row_number`."""
        numbered = self.rows.append_column("row_number", pa.array(np.arange(self.rows.num_rows)))
        with memory() as connection:
            connection.register("frame", numbered)
            yield connection


class Learner(Protocol):
    """What a check may have fitted: a quick model, the same for the same rows."""

    def __call__(self, frame: Frame, fit: Mask, asked: Mask, features: Sequence[str] | None = None) -> Numbers:
        """Return the answers of a model that learnt from the rows `fit`, for the rows `asked`, in their order.

        They are values, or probabilities of 1 in a binary task. It learns from `features`, all if None. Where there is nothing
        to learn (a single label among the rows), it answers with the mean.
        """
