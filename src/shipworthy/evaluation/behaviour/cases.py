"""Asks a model the cases that somebody wrote down: what must not matter, which way the answer must go, known answers, orders."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.evaluation.behaviour.ground import Ground, Numbers
from shipworthy.evaluation.behaviour.tried import Failure, Tried, tried
from shipworthy.spec.behaviours import Direction, Invariance, Known, Order

SEED = 7


def invariant(ground: Ground, case: Invariance, *, made: bool = False) -> Tried:
    """Return whether the answer stays where features that must not matter change: one change at a time, for each row."""
    ground.require([*case.values, *case.deal], case.name)
    rows = ground.of(case)
    before = _answers(ground, rows)
    passed: list[bool] = []
    failures = []
    every = before
    for changed, words in _changes(ground, case, rows):
        before, after = _farthest(every, _answers(ground, changed))
        moved = np.abs(after - before)
        good = moved <= case.within
        passed += good.tolist()
        for place in _worst(moved, good):
            expected = f"{_figure(before[place])}{_give(case.within)} also with {words(place)}"
            failures.append(Failure(rows.slice(place, 1).to_pylist()[0], expected, _figure(after[place]), float(moved[place])))
    return tried(case.name, "invariance", case.level, passed, failures, made=made)


def directed(ground: Ground, case: Direction, *, made: bool = False) -> Tried:
    """Return whether the answer goes the way it must where features change; a row whose number is null is left out."""
    ground.require([*case.add, *case.put], case.name)
    ground.require_one(case)
    rows = _with_numbers(ground.of(case), list(case.add))
    changed = rows
    for name, more in case.add.items():
        changed = _set(changed, name, _added(changed.column(name), more, ground, case.name))
    for name, value in case.put.items():
        changed = _set(changed, name, _same(changed, name, value, ground, case.name))
    before, after = _answers(ground, rows), _answers(ground, changed)
    wrong = _wrong(case, after - before)
    good = wrong <= 0
    put = ", ".join([*(f"{name} {more:+g}" for name, more in case.add.items()), *(f"{name} = {value}" for name, value in case.put.items())])
    failures = []
    for place in _worst(wrong, good):
        expected = f"with {put} an answer that {_must(case, before[place])}"
        failures.append(Failure(rows.slice(place, 1).to_pylist()[0], expected, _figure(after[place]), float(wrong[place])))
    return tried(case.name, "direction", case.level, good.tolist(), failures, made=made)


def known(ground: Ground, case: Known) -> Tried:
    """Return whether a row gets the answer that is known for it, or the class."""
    if isinstance(case.expected, str):
        return _known_class(ground, case, case.expected)
    ground.require_one(case)
    answer, within = float(_answers(ground, ground.written([case.row], case.name))[0]), case.within or 0.0
    off = abs(answer - case.expected)
    good = off <= within
    failure = Failure(case.row, f"{_figure(case.expected)}{_give(within)}", _figure(answer), off)
    return tried(case.name, "known", case.level, [bool(good)], [] if good else [failure])


def _known_class(ground: Ground, case: Known, expected: str) -> Tried:
    if expected not in ground.classes:
        raise UnknownName.of("class", expected, known=ground.classes, where=f"{ground.where}: '{case.name}'")
    told = _answers(ground, ground.written([case.row], case.name))[0]
    got = int(told.argmax())
    good, off = ground.classes[got] == expected, float(told[got] - told[ground.classes.index(expected)])
    failure = Failure(case.row, f"the class '{expected}'", f"'{ground.classes[got]}' with {told[got]:.3f}", off)
    return tried(case.name, "known", case.level, [good], [] if good else [failure])


def ordered(ground: Ground, case: Order) -> Tried:
    """Return whether the row that must get the higher answer gets it."""
    ground.require_one(case)
    lower, higher = (float(one) for one in _answers(ground, ground.written([case.lower, case.higher], case.name)))
    good = higher > lower
    failure = Failure(case.higher, f"more than {_figure(lower)}, the answer to {case.lower}", _figure(higher), lower - higher)
    return tried(case.name, "order", case.level, [good], [] if good else [failure])


def _changes(ground: Ground, case: Invariance, rows: pa.Table) -> Iterator[tuple[pa.Table, "Words"]]:
    for name, values in case.values.items():
        for value in values:
            yield _set(rows, name, _same(rows, name, value, ground, case.name)), Words(f"{name} = {value}")
    order = pa.array(np.random.default_rng(SEED).permutation(rows.num_rows))
    for name in case.deal:
        dealt = rows.column(name).take(order)
        yield _set(rows, name, dealt), Words(f"{name} = ", dealt)


class Words:
    """What was changed in a row, in words."""

    def __init__(self, start: str, values: pa.ChunkedArray | None = None) -> None:
        self._start, self._values = start, values

    def __call__(self, place: int) -> str:
        """Return the words of the row at `place`."""
        return self._start if self._values is None else f"{self._start}{self._values[place].as_py()}"


def _answers(ground: Ground, rows: pa.Table) -> Numbers:
    return ground.answer(rows) if rows.num_rows else np.empty(0)


def _farthest(before: Numbers, after: Numbers) -> tuple[Numbers, Numbers]:
    """Return both answers to each row; of several classes those to the class whose probability moved most."""
    if after.ndim == 1:
        return before, after
    rows, most = np.arange(len(after)), np.abs(after - before).argmax(axis=1)
    return before[rows, most], after[rows, most]


def _set(rows: pa.Table, name: str, values: pa.ChunkedArray | pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)


def _same(rows: pa.Table, name: str, value: object, ground: Ground, case: str) -> pa.Array:
    kind = rows.schema.field(name).type
    try:
        return pa.array([value] * rows.num_rows, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        what = f"{value!r} is no value of '{name}': {error}"
        raise BadSpec(where=f"{ground.where}: '{case}'", what=what, fix="write it as the training set has it") from None


def _added(values: pa.ChunkedArray, more: float, ground: Ground, case: str) -> pa.ChunkedArray:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)):
        raise BadSpec(where=f"{ground.where}: '{case}'", what="adds to a feature that is no number", fix="write 'put' in place of 'add'")
    try:
        return pc.add(values, pa.scalar(more)).cast(values.type)
    except pa.ArrowInvalid:
        raise BadSpec(where=f"{ground.where}: '{case}'", what=f"adds {more:g} to whole numbers", fix="add a whole number") from None


def _with_numbers(rows: pa.Table, names: list[str]) -> pa.Table:
    for name in names:
        rows = rows.filter(pc.is_valid(rows.column(name)))
    return rows


def _wrong(case: Direction, moved: Numbers) -> Numbers:
    """Return how far each answer went the wrong way, above 0 where it did; an answer that is NaN did."""
    way = 1.0 if case.answer in ("rises", "does not fall") else -1.0
    least = max(case.within, np.nextafter(0, 1)) if case.answer in ("rises", "falls") else -case.within
    return np.where(np.isfinite(moved), least - way * moved, np.inf)


def _must(case: Direction, before: float) -> str:
    slack = f" by at least {case.within:g}" if case.within and case.answer in ("rises", "falls") else ""
    slack = f" by more than {case.within:g}" if case.within and not slack else slack
    return f"{case.answer}{slack} from {_figure(before)}"


def _worst(wrong: Numbers, good: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    bad = np.flatnonzero(~good)
    return [int(place) for place in bad[np.argsort(-np.nan_to_num(wrong[bad], nan=np.inf), kind="stable")][:3]]


def _give(within: float) -> str:
    return f" (± {within:g})" if within else ""


def _figure(number: float) -> str:
    return f"{number:,.6g}"
