"""The contributions to one answer as reasons, the weightiest first, in words."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from shipworthy.registry.explaining.explained import Numbers, Scale
from shipworthy.registry.schema import Column, Schema
from shipworthy.registry.words import places

TOP = 3
Value = bool | float | str | None


class Reason(msgspec.Struct, frozen=True):
    """What one feature with its value adds to an answer, on the scale of the explanation; `words` says it."""

    feature: str
    value: Value
    contribution: float
    words: str


def reasons(schema: Schema, inputs: Mapping[str, Value], contributions: Numbers, scale: Scale) -> list[Reason]:
    """Return a reason for each feature, the largest contribution first, either way.

    >>> late = Schema("late", "regression", "y", (Column("delay", "number", unit="minutes"), Column("wind", "number")), unit="minutes")
    >>> for reason in reasons(late, {"delay": 45.0, "wind": None}, [38.21, -1.5], "label"):
    ...     print(reason.words)
    delay is 45 minutes: adds 38 minutes
    wind is not known: takes 1.5 minutes away
    """
    pairs = sorted(zip(schema.columns, contributions, strict=True), key=lambda pair: -abs(pair[1]))
    return [_reason(column, inputs.get(column.name), float(added), scale, schema.unit) for column, added in pairs]


def top_words(found: Sequence[Reason]) -> list[str]:
    """Return the words of the weightiest reasons that change the answer at all."""
    return [reason.words for reason in found[:TOP] if reason.contribution]


def _reason(column: Column, value: Value, added: float, scale: Scale, unit: str | None) -> Reason:
    return Reason(column.name, value, added, f"{column.name} is {_shown(column, value)}: {effect(added, scale, unit)}")


def _shown(column: Column, value: Value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "not known"
    if isinstance(value, str):
        return value if value in column.codes else f"{value}, which the model does not know"
    return f"{value:,.6g}{f' {column.unit}' if column.unit else ''}"


def effect(added: float, scale: Scale, unit: str | None) -> str:
    """Return what a contribution does to the answer.

    >>> effect(0.693147, "log-odds", None), effect(-0.693147, "log-odds", None), effect(0.0, "label", None)
    ('multiplies the odds by 2.0', 'divides the odds by 2.0', 'changes nothing')
    """
    if not added:
        return "changes nothing"
    if scale == "label":
        spaced = f" {unit}" if unit else ""
        return f"adds {_figure(added)}{spaced}" if added > 0 else f"takes {_figure(-added)}{spaced} away"
    if scale == "score":
        return f"{'raises' if added > 0 else 'lowers'} the score of its class by {_figure(abs(added))}"
    what = "the odds" if scale == "log-odds" else "the answer"
    return f"{'multiplies' if added > 0 else 'divides'} {what} by {_figure(math.exp(min(abs(added), 700.0)))}"


def _figure(number: float) -> str:
    return f"{number:,.{places(number)}f}"
