"""Golden rows: raw inputs with the exact answers of the model when it was packaged, kept to be asked again."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from numbers import Real

import msgspec

from shipworthy.errors import BadArtifact
from shipworthy.registry.schema import Column, Schema

Row = Mapping[str, object]
Said = float | list[float]
Answer = Callable[[Sequence[Row]], Sequence[Said]]
MOST_SAMPLED = 50
NEVER_SEEN = "\N{REPLACEMENT CHARACTER} never seen"


def rows(schema: Schema, sample: Sequence[Row]) -> list[dict[str, object]]:
    """Return the golden inputs: real rows evenly out of `sample`, one with all missing, and each column's extremes.

    Each extreme stands in a copy of the first real row: null, and for a number its lowest and highest value,
    beyond both, and 0; for a category its first and last level, empty text and a level never seen.

    >>> schema = Schema("late", "regression", "y", (Column("delay", "number", low=0.0, high=9.0),))
    >>> rows(schema, [{"delay": 4}])
    [{'delay': 4}, {'delay': None}, {'delay': 0.0}, {'delay': 9.0}, {'delay': -10.0}, {'delay': 19.0}]
    """
    step = max(1, math.ceil(len(sample) / MOST_SAMPLED))
    real = [{name: _plain(row.get(name)) for name in schema.names} for row in sample[::step]]
    missing: dict[str, object] = dict.fromkeys(schema.names)
    start = real[0] if real else missing
    edges = [{**start, column.name: value} for column in schema.columns for value in _extremes(column)]
    unique = {msgspec.json.encode(row): row for row in [*real, missing, *edges]}
    return list(unique.values())


def _extremes(column: Column) -> list[object]:
    if column.kind == "category":
        return [None, *column.categories[:1], *column.categories[-1:], "", NEVER_SEEN]
    if column.low is None or column.high is None:
        return [None, 0.0, 1.0]
    reach = 1.0 + abs(column.high - column.low)
    return [None, column.low, column.high, column.low - reach, column.high + reach, 0.0]


def _plain(value: object) -> object:
    """Return what JSON can hold of a raw value; NaN is null, and so is what is not finite."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    number = float(value) if isinstance(value, (Real, Decimal)) else math.nan
    return number if math.isfinite(number) else None


def to_json(inputs: Sequence[Row], answer: Answer) -> bytes:
    """Return the golden rows as JSON: each input with the answer to it, floats in full as hexadecimal; a list of them for classes."""
    kept: list[Row] = msgspec.json.decode(msgspec.json.encode(inputs))
    outputs = [_written(said) for said in answer(kept)]
    return msgspec.json.format(msgspec.json.encode([{"row": row, "answer": out} for row, out in zip(kept, outputs, strict=True)]), indent=1)


class _Golden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: dict[str, float | int | str | bool | None]
    answer: str | list[str]


def verify(text: bytes, answer: Answer, *, where: str, tolerance: float = 0.0) -> int:
    """Ask the golden rows again and return how many there are.

    Raises:
        BadArtifact: there are none, or an answer differs by as much as one bit, or by more than the `tolerance` of its format, a share of
            the answer or of 1; shows the first.
    """
    try:
        golden = msgspec.json.decode(text, type=list[_Golden])
    except msgspec.DecodeError as error:
        raise BadArtifact(where=where, what=f"no golden rows: {error}", fix="package the model again") from None
    if not golden:
        raise BadArtifact(where=where, what="holds no golden row, so nothing shows that the model is itself", fix="package the model again")
    found = answer([one.row for one in golden])
    for position, (one, out) in enumerate(zip(golden, found, strict=True)):
        packaged = _read(one.answer)
        if not _alike(packaged, out, tolerance):
            raise BadArtifact(
                where=where,
                what=f"golden row {position} gives {out!r} here, {packaged!r} where it was packaged",
                fix="package the model again with the LightGBM and on the kind of machine that will serve it",
            )
    return len(golden)


def _written(said: Said) -> str | list[str]:
    return [number.hex() for number in said] if isinstance(said, list) else said.hex()


def _read(written: str | list[str]) -> Said:
    return [float.fromhex(number) for number in written] if isinstance(written, list) else float.fromhex(written)


def _alike(packaged: Said, here: Said, tolerance: float) -> bool:
    one, other = ([said] if isinstance(said, float) else said for said in (packaged, here))
    return len(one) == len(other) and all(_same(*pair, tolerance) for pair in zip(one, other, strict=True))


def _same(packaged: float, here: float, tolerance: float) -> bool:
    return packaged.hex() == here.hex() or abs(packaged - here) <= tolerance * max(1.0, abs(packaged))
