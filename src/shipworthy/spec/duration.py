"""Lengths of time as a person writes them."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_SHAPE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week)s?\s*$")


def duration(text: object) -> timedelta:
    """Return the length of time that `text` names: a number and second, minute, hour, day or week.

    Raises:
        ValueError: `text` names none, or a length that is not above zero.

    >>> duration("36 hours")
    datetime.timedelta(days=1, seconds=43200)
    """
    if isinstance(text, timedelta):
        return text
    shape = _SHAPE.match(str(text))
    if not shape or float(shape[1]) <= 0:
        raise ValueError(f"{text!r} is not a length of time such as '3 hours', '1 day', '4 weeks'")
    return timedelta(**{f"{shape[2]}s": float(shape[1])})


def in_words(length: timedelta) -> str:
    """Return `length` in the largest unit that fits it whole.

    >>> in_words(timedelta(days=28)), in_words(timedelta(minutes=90))
    ('4 weeks', '90 minutes')
    """
    for unit in ("weeks", "days", "hours", "minutes", "seconds"):
        count, rest = divmod(length, timedelta(**{unit: 1}))
        if count and not rest:
            return f"{count} {unit if count > 1 else unit[:-1]}"
    return f"{length.total_seconds():f}".rstrip("0") + " seconds"


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    PlainSerializer(in_words, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["3 hours", "1 day", "4 weeks"]}),
]
