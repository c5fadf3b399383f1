"""Cases that nobody need write: what any model must do, and what follows from what dbt's YAML says of its columns."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.errors import UnknownName
from shipworthy.evaluation.behaviour.cases import directed, invariant
from shipworthy.evaluation.behaviour.ground import Ground
from shipworthy.evaluation.behaviour.tried import Failure, Tried, tried
from shipworthy.spec.behaviours import Direction, Invariance, Level

TOLERANCE = 0.02  # of the spread of answers: what a leaf's edge may cost
ALONE = 20
WAYS: Mapping[str, str] = {"increasing": "does not fall", "decreasing": "does not rise"}
LEVELS: Mapping[str, Level] = {"identifier": "core", "sensitive": "hard"}


def made(ground: Ground, monotone: Mapping[str, str], roles: Mapping[str, str]) -> Iterator[Tried]:
    """Yield what became of each case that is made.

    Any model: its answers are finite numbers, also where everything is missing; a row alone is answered as among others. A feature
    that is `monotone`: where it grows by half of the spread of its values the answer does not go the other way. One whose role
    is identifier: other rows' values do not move the answer; sensitive: the same, noted. A move of 2 % of the spread of all answers does
    not count.

    Raises:
        UnknownName: a feature is said to be monotone in another way than increasing or decreasing.
    """
    yield _finite(ground)
    yield _alone(ground)
    answers = ground.answer(ground.rows)
    within = TOLERANCE * float(answers.std()) if len(answers) and np.isfinite(answers).all() else 0.0
    for name, way in ({} if ground.classes else monotone).items():  # of several classes none is said to follow
        if way not in WAYS:
            raise UnknownName.of("way to be monotone", str(way), known=WAYS, where=f"{name}: config.meta.shipworthy.monotone")
        step = _step(ground.rows.column(name))
        if step is not None:
            said = {"name": f"the answer follows {name} ({way})", "add": {name: step}, "answer": WAYS[way], "within": within}
            yield directed(ground, Direction.model_validate(said), made=True)
    for name, role in roles.items():
        if role in LEVELS and name in ground.rows.column_names:
            said = {"name": f"{name} ({role}) does not matter", "level": LEVELS[role], "deal": [name], "within": within}
            yield invariant(ground, Invariance.model_validate(said), made=True)


def _finite(ground: Ground) -> Tried:
    nothing = pa.Table.from_pylist([dict.fromkeys(ground.rows.column_names)], schema=ground.rows.schema)
    rows = pa.concat_tables([ground.rows.slice(0, 200), nothing])
    answers = ground.answer(rows)
    good = _throughout(np.isfinite(answers))
    failures = [
        Failure(rows.slice(int(place), 1).to_pylist()[0], "a finite number", str(answers[place]), 1.0)
        for place in np.flatnonzero(np.logical_not(good))
    ]
    return tried("answers are finite, also to a row of nulls", "finite", "sanity", good, failures, made=True)


def _alone(ground: Ground) -> Tried:
    rows = ground.rows.slice(0, ALONE)
    among = ground.answer(rows) if rows.num_rows else np.empty(0)
    alone = np.array([ground.answer(rows.slice(place, 1))[0] for place in range(rows.num_rows)])
    good = _throughout(np.asarray(np.isclose(alone, among, rtol=1e-9, atol=1e-12, equal_nan=True)))
    failures = [
        Failure(rows.slice(int(place), 1).to_pylist()[0], f"{among[place]!r} as among others", repr(alone[place]), 1.0)
        for place in np.flatnonzero(np.logical_not(good))
    ]
    return tried("a row alone is answered as among others", "alone", "sanity", good, failures, made=True)


def _throughout(good: npt.NDArray[np.bool_]) -> list[bool]:
    """Return whether all of a row is good: one number, or that of each class."""
    return [bool(one.all()) for one in good]


def _step(values: pa.ChunkedArray) -> float | None:
    """Return half of the spread of a number's middle half, whole for whole numbers; None where it has none."""
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return None
    known = pc.drop_null(values).to_numpy().astype(np.float64)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return None
    low, high = np.quantile(known, [0.25, 0.75])
    step = (high - low) / 2 or float(known.std())
    step = max(1.0, round(step)) if pa.types.is_integer(values.type) else step
    return float(step) if step > 0 else None
