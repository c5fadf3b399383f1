"""What a contract says of one column of a landed table."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shipworthy.spec.part import Part

Type = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
Limit = float | datetime | date
NUMBER_FORMATS = ("1,5", "1.234,5", "1,234.5", "1 234,5")
WITH_FORMAT: tuple[Type, ...] = ("integer", "number", "date", "timestamp")
WITH_ORDER: tuple[Type, ...] = WITH_FORMAT
TIMES: tuple[Type, ...] = ("date", "timestamp")


class SourceColumn(Part):
    """One column of a source."""

    type: Type = Field(description="What it holds; a timestamp without a zone is read in `zone`.")
    description: str = Field("", description="What it means.")
    unit: str | None = Field(None, description="The unit of a number.")
    required: bool = Field(False, description="Whether a null breaks the contract; in a key and a known time it always does.")
    format: str | None = Field(
        None,
        description="How it is written: a date or timestamp as strptime has it, `%d/%m/%Y`; a number as `1,5`, `1.234,5`, `1,234.5` or "
        "`1 234,5`. Absent: ISO 8601, year first, and a decimal point.",
    )
    zone: str | None = Field(None, description="The zone of a timestamp that is written without one, `Europe/Berlin`; UTC if absent.")
    null_text: list[str] | None = Field(None, description="Texts that mean null, in place of the table's.")
    allowed: list[str | int | float] | None = Field(None, min_length=1, description="The values that it may have, null apart.")
    steady: bool = Field(True, description="Whether a jump from one delivery to the next, as by another unit, is told.")
    minimum: Limit | None = Field(None, description="The lowest value that it may have.")
    maximum: Limit | None = Field(None, description="The highest value that it may have.")

    @model_validator(mode="after")
    def _fits_its_type(self) -> "SourceColumn":
        for wrong, what in self._contradictions():
            if wrong:
                raise ValueError(what)
        if self.zone is not None:
            _zone(self.zone)
        return self

    def _contradictions(self) -> list[tuple[bool, str]]:
        kind, low, high = self.type, self.minimum, self.maximum
        times = [isinstance(limit, date) for limit in (low, high) if limit is not None]
        return [
            (self.format is not None and kind not in WITH_FORMAT, f"a {kind} has no 'format'"),
            (self.zone is not None and kind != "timestamp", f"a {kind} has no 'zone': only a timestamp has"),
            (bool(times) and kind not in WITH_ORDER, f"a {kind} has no 'minimum' or 'maximum'"),
            (any(time is not (kind in TIMES) for time in times), f"'minimum' and 'maximum' of a {kind} are of another type"),
            (len(times) == 2 and times[0] == times[1] and _above(low, high), f"the minimum {low} is above the maximum {high}"),
            (self.allowed is not None and kind in (*TIMES, "boolean"), f"a {kind} has no 'allowed'"),
            (
                kind == "text" and not all(isinstance(value, str) for value in self.allowed or []),
                "'allowed' of a text are texts",
            ),
            (kind != "text" and any(isinstance(value, str) for value in self.allowed or []), f"'allowed' of a {kind} are numbers"),
            (self._strange_format, f"'{self.format}' is no format of a {kind}: write {self._formats}"),
        ]

    @property
    def _strange_format(self) -> bool:
        if self.format is None or self.type not in WITH_FORMAT:
            return False
        return "%" not in self.format if self.type in TIMES else self.format not in NUMBER_FORMATS

    @property
    def _formats(self) -> str:
        return "what strptime reads, such as '%d/%m/%Y'" if self.type in TIMES else "one of " + ", ".join(map(repr, NUMBER_FORMATS))


def _above(low: Limit | None, high: Limit | None) -> bool:
    return moment(low) > moment(high) if isinstance(low, date) and isinstance(high, date) else low > high  # type: ignore[operator]


def moment(limit: object) -> datetime:
    """Return the moment that a date or a time names: midnight of a date; without its zone.

    >>> moment(date(2026, 1, 2))
    datetime.datetime(2026, 1, 2, 0, 0)
    """
    if isinstance(limit, datetime):
        return limit.replace(tzinfo=None)
    assert isinstance(limit, date)
    return datetime(limit.year, limit.month, limit.day)


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone '{name}': write one such as 'Europe/Berlin'") from None
