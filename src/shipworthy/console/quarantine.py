"""What is in quarantine, summarised: counts by reason and by day, examples with their text, what was done about it."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.console.catalog import Relation
from shipworthy.console.links import Place
from shipworthy.console.pictures import PIXELS, Row, Width, layer, time_axis
from shipworthy.data.landing import standing
from shipworthy.data.landing.quarantine import LANDED, OPEN, WITHDRAWN
from shipworthy.errors import UnknownName
from shipworthy.spec.project import Project

EXAMPLES, MOST_REASONS, MOST_FIXED = 3, 5, 20
MOST_LETTERS = 600
HEIGHT = 180
OTHER = "other reasons"
HALF = timedelta(hours=18)  # room beside the first bar and the last


@dataclass(frozen=True, slots=True)
class Example:
    """One record in quarantine: where it came in, what is wrong, its text as it came, cut if it is long."""

    id: str
    delivery: str
    record: int
    reason: str
    more: str | None  # further breaches of the same record
    text: str
    quarantined_at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """Open records that break the contract in one way: the column, None for the record as a whole, how many, and some of them."""

    column: str | None
    kind: str
    count: int
    since: datetime
    last: datetime
    examples: list[Example]

    @property
    def words(self) -> str:
        """The reason in short."""
        return f"{self.column}: {self.kind}" if self.column else self.kind


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a person did about one record."""

    id: str
    at: datetime
    who: str
    why: str
    came: str
    became: str
    state: str


@dataclass(frozen=True, slots=True)
class Held:
    """The quarantine of a source; `landed` is None before anything of it was landed."""

    source: str
    rows: pa.Table
    landed: bool

    def count(self, state: str) -> int:
        """Return how many records are in `state`."""
        return int(pc.sum(pc.equal(self.rows["state"], state)).as_py() or 0)

    @property
    def open(self) -> int:
        """How many records break the contract now."""
        return self.count(OPEN)

    @property
    def mended(self) -> int:
        """How many records kept the contract later."""
        return self.count(LANDED)

    @property
    def withdrawn(self) -> int:
        """How many records are not delivered any more."""
        return self.count(WITHDRAWN)


def held(project: Project, source: str, known: Collection[str]) -> Held:
    """Return the quarantine of `source`, one of those `known`; empty where there is none.

    Raises:
        UnknownName: the project has no such source.
    """
    if source not in known:
        raise UnknownName.of("source", source, known=known, where="/quarantine")
    found = standing(project.lake, source)
    return Held(source, found.quarantine, found.pin is not None)


def reasons(found: Held) -> list[Reason]:
    """Return the reasons of the open records, the most frequent first, each with its newest examples."""
    opened = found.rows.filter(pc.equal(found.rows["state"], OPEN))
    grouped = opened.group_by(["column", "kind"]).aggregate([("id", "count"), ("quarantined_at", "min"), ("quarantined_at", "max")])
    told = [
        Reason(row["column"], row["kind"], row["id_count"], row["quarantined_at_min"], row["quarantined_at_max"], _examples(opened, row))
        for row in grouped.to_pylist()
    ]
    return sorted(told, key=lambda reason: (-reason.count, reason.column or "", reason.kind))


def _examples(opened: pa.Table, like: Row) -> list[Example]:
    same = pc.equal(opened["column"], like["column"]) if like["column"] is not None else pc.is_null(opened["column"])
    rows = opened.filter(pc.and_(same, pc.equal(opened["kind"], like["kind"])))
    newest = rows.sort_by([("quarantined_at", "descending"), ("delivery", "ascending"), ("record", "ascending")])
    return [
        Example(
            row["id"], row["delivery"], row["record"], row["reason"], row["more"], cut(row["mended"] or row["text"]), row["quarantined_at"]
        )
        for row in newest.slice(0, EXAMPLES).to_pylist()
    ]


def place_of_quarantine(known: Collection[str], relation: Relation) -> Place | None:
    """Return the place of the quarantine of `relation`, None where it is no source of those `known` by their contracts."""
    return ("quarantine", relation.name) if relation.role == "source" and relation.name in known else None


def cut(text: str) -> str:
    """Return `text`, its end left out where it is long."""
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}… ({len(text):,} characters)"


def fixed(found: Held) -> list[Fixed]:
    """Return what people did about records, the newest first."""
    touched = found.rows.filter(pc.not_equal(found.rows["history"], "[]")).to_pylist()
    steps = [(step, row) for row in touched for step in json.loads(row["history"])]
    steps.sort(key=lambda pair: str(pair[0]["at"]), reverse=True)
    return [
        Fixed(row["id"], datetime.fromisoformat(step["at"]), step["who"], step["why"], cut(step["from"]), cut(step["to"]), row["state"])
        for step, row in steps[:MOST_FIXED]
    ]


def by_day(found: Held) -> list[tuple[date, str, int]]:
    """Return how many records went to quarantine on which day for which reason, whatever became of them; rare reasons together."""
    rows = found.rows.select(["column", "kind", "quarantined_at"]).to_pylist()
    words = [f"{row['column']}: {row['kind']}" if row["column"] else row["kind"] for row in rows]
    frequent = {word for word, _ in Counter(words).most_common(MOST_REASONS)}
    counted = Counter((row["quarantined_at"].date(), word if word in frequent else OTHER) for row, word in zip(rows, words, strict=True))
    return sorted((day, word, count) for (day, word), count in counted.items())


def picture(found: Held, width: Width) -> Row | None:
    """Return the specification of the records by day and reason, None where nothing ever was in quarantine."""
    counted = by_day(found)
    if not counted:
        return None
    rows = [{"at": day.isoformat(), "reason": word, "records": count} for day, word, count in counted]
    names = list(dict.fromkeys(word for _, word, _ in sorted(counted, key=lambda one: (one[1] == OTHER, -one[2]))))
    days = sorted({day for day, _, _ in counted})
    mark = {"type": "bar", "size": max(2, min(36, PIXELS[width] // ((days[-1] - days[0]).days + 2) - 2))}
    time_of = time_axis(_midnight(days[0]) - HALF, _midnight(days[-1]) + HALF, PIXELS[width])
    legend = {"labelFontSize": 12, "columns": 1 if width == "narrow" else 3, "columnPadding": 18, "labelLimit": 280}
    return {
        "description": in_words(found.source, counted),
        "width": PIXELS[width],
        "height": HEIGHT,
        "config": {"axis": {"labelFontSize": 12}, "legend": legend},
        "padding": {"left": 2, "right": 10, "top": 4, "bottom": 2},
        **layer(rows, mark, {"x": time_of, "y": _records(), "color": _colours(names), "order": {"field": "reason"}}),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _records() -> dict[str, Any]:
    axis = {"tickCount": 4, "domain": False, "ticks": False, "format": ",d", "tickMinStep": 1}
    return {"field": "records", "type": "quantitative", "title": None, "axis": axis}


def _colours(names: Sequence[str]) -> dict[str, Any]:
    return {"field": "reason", "type": "nominal", "scale": {"domain": list(names)}, "legend": {"title": None}}


def in_words(source: str, counted: Sequence[tuple[date, str, int]]) -> str:
    """Return what the picture shows, for those who do not see it."""
    days: Counter[date] = Counter()
    for day, _, count in counted:
        days[day] += count
    told = "; ".join(f"{count:,} on {day.isoformat()}" for day, count in sorted(days.items())[-10:])
    return f"Records of {source} that went to quarantine, by day and reason: {told}."
