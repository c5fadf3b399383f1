"""`replay`: what was served, computed again from the lake as of each decision, and compared cell by cell.

A cell is one feature of one answer. It is equal where the served value is the one that a training set would hold for the
decision, made from what the lake knows now. Where it is not, the version that the store held then tells why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from shipworthy.bounds import Bound, Outcome
from shipworthy.data.given import retrieve
from shipworthy.data.parts import Part, parts
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.absorb import absorb
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.served_rows import ServedRows, count, served_rows
from shipworthy.flows.why import whys
from shipworthy.gateways import lake
from shipworthy.logbook import write
from shipworthy.monitoring.parity import FIX, WORDS, Cause, Mask, same_numbers
from shipworthy.records import Measurement, Verdict, Window
from shipworthy.registry.schema import as_numbers, as_text, kind_of
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model

NAME = "replay"
EQUAL = "replay_equal"
BATCH = 100_000  # answers compared at a time


@dataclass(frozen=True, slots=True)
class Difference:
    """All cells that differ for one cause: how many, in which features, and one of them: `example`."""

    cause: Cause
    cells: int
    features: tuple[str, ...]
    words: str
    fix: str
    example: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was compared: `rows` answers, of which `unplaced` could not be; by feature how many cells there were and how many are equal."""

    model: str
    window: Window
    rows: int
    unplaced: int
    cells: Mapping[str, int]
    equal: Mapping[str, int]
    differences: tuple[Difference, ...]
    verdict: Verdict

    @property
    def outcome(self) -> Outcome:
        """That of its verdict."""
        return self.verdict.outcome

    @property
    def share(self) -> float | None:
        """The share of equal cells, None where there are none."""
        cells = sum(self.cells.values())
        return sum(self.equal.values()) / cells if cells else None


@dataclass(slots=True)
class Tally:
    """What has been compared so far."""

    unplaced: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    features: dict[Cause, dict[str, None]] = field(default_factory=dict)
    examples: dict[Cause, Mapping[str, Any]] = field(default_factory=dict)


def yesterday(as_of: datetime) -> Window:
    """Return the last whole day, in UTC, before `as_of`.

    >>> yesterday(datetime.fromisoformat("2026-05-02T06:00+00:00")).start.isoformat()
    '2026-05-01T00:00:00+00:00'
    """
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(midnight - timedelta(days=1), midnight)


def replay(project: Project, book: Engine, name: str, span: Window, as_of: datetime, *, progress: Progress = silent) -> Replayed:
    """Compare what the model `name` was served with in `span` with what the lake gives for it as of each decision, known by `as_of`.

    The shares of equal cells go to the logbook, by feature and for the model, and so does the verdict. Nothing served, or
    nothing that could be compared, is unknown. The same span again replaces what was said of it.

    Raises:
        ShipworthyError: no such model, or nothing is built.
    """
    spec, catalog = model(project, name), catalogs.load(project)
    absorb(project, name)
    rows, tally = count(project, name, span), Tally()
    for first in range(0, rows, BATCH):
        progress(f"{name}: replay", first, rows)
        _compare(
            project, spec, catalog, served_rows(project, spec, _pin(catalog, spec.decisions.relation), span, first, BATCH), as_of, tally
        )
    replayed = _told(spec, span, rows, tally)
    write.measurements(book, _measured(replayed))
    write.verdicts(book, f"{NAME}-{name}-{span.end:%Y%m%dT%H%M%S}", span.end, [replayed.verdict])
    progress(f"{name}: replay", rows, rows)
    return replayed


def _pin(catalog: catalogs.Catalog, relation: str) -> lake.Pin:
    return lake.Pin(f"published/{relation}", catalog.relations[relation]["version"])


def _compare(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, rows: ServedRows, as_of: datetime, tally: Tally) -> None:
    relations = {name: catalogs.relation(name, catalog.relations[name]) for name in spec.relations}
    pins = catalogs.pins(catalog, spec)
    last = max(as_of, pc.max(rows.given["decided_at"]).as_py())  # a caller's clock may be ahead of ours
    now = retrieve(project.lake, spec, relations, rows.given, last, pins=pins)
    placed, decided = (np.asarray(side.to_numpy(zero_copy_only=False), dtype=bool) for side in (rows.placed, rows.decided))
    tally.unplaced += int((~placed).sum())
    for name in rows.own.column_names:
        differs = _differing(rows, name, rows.own.column(name), decided, tally)
        _note(tally, rows, name, rows.own.column(name), differs, dict.fromkeys(np.flatnonzero(differs).tolist(), "definition"))
    for part in parts(spec, relations):
        differ = {name: _differing(rows, name, now.column(name), placed, tally) for name in part.columns}
        causes = whys(project, spec, catalog, part, rows, now, differ)
        for name, differs in differ.items():
            _note(tally, rows, name, now.column(name), differs, causes[name], part)


def _differing(rows: ServedRows, name: str, given: pa.ChunkedArray, compared: Mask, tally: Tally) -> Mask:
    """Return which rows were served another value of a feature than the lake gives; rows that took no such feature are not compared."""
    taken = compared & np.array([name in inputs for inputs in rows.inputs], dtype=bool)
    said = [inputs.get(name) for inputs in rows.inputs]
    same = _same(said, given)
    tally.cells[name] += int(taken.sum())
    tally.equal[name] += int((taken & same).sum())
    differs: Mask = taken & ~same
    return differs


def _same(said: Sequence[float | str | None], given: pa.ChunkedArray) -> Mask:
    if kind_of(given.type) == "number" and not any(isinstance(value, str) for value in said):
        served = np.array([np.nan if value is None else value for value in said], dtype=np.float64)
        return same_numbers(served, as_numbers(given))
    texts = as_text(given).to_pylist()
    return np.array([one == other for one, other in zip(said, texts, strict=True)], dtype=bool)


def _note(
    tally: Tally, rows: ServedRows, name: str, given: pa.ChunkedArray, differs: Mask, causes: Mapping[int, Cause], part: Part | None = None
) -> None:
    """Count the cells of a feature that differ by their cause, and keep the first of each cause as its example."""
    for place in np.flatnonzero(differs).tolist():
        why = causes[place]
        tally.causes[why] += 1
        tally.features.setdefault(why, {})[name] = None
        if why not in tally.examples:
            tally.examples[why] = _example(rows, place, name, given[place].as_py(), part)


def _example(rows: ServedRows, place: int, name: str, given: object, part: Part | None) -> dict[str, Any]:
    looks = (rows.lookups[place] or {}) if part else {}
    look = looks.get(part.alias) if part else None
    found = {"feature": name, "entity": rows.entity[place], "decided_at": rows.given["decided_at"][place].as_py().isoformat()}
    found |= {"served": rows.inputs[place].get(name), "lake": given if isinstance(given, (int, float, str)) else given and str(given)}
    if look is None or name in look.sent:
        return found | {"from": "the request"}
    row = look.missing or f"the row of {look.event_time:%Y-%m-%d %H:%M}" if look.missing or look.event_time else "a static row"
    return found | {"from": f"{look.relation} version {look.version}, as known at {look.as_of:%Y-%m-%d %H:%M}: {row}", "keys": look.keys}


def _told(spec: ModelSpec, span: Window, rows: int, tally: Tally) -> Replayed:
    differences = tuple(
        Difference(why, cells, tuple(tally.features[why]), _words(tally.examples[why], why), FIX[why], tally.examples[why])
        for why, cells in tally.causes.most_common()
    )
    return Replayed(
        spec.model, span, rows, tally.unplaced, dict(tally.cells), dict(tally.equal), differences, _verdict(spec, rows, tally, differences)
    )


def _words(example: Mapping[str, Any], why: Cause) -> str:
    served = (
        f"{example['entity']} decided {example['decided_at']} was served {example['feature']} = {example['served']} from {example['from']}"
    )
    return f"{WORDS[why]}: {served}, and the lake gives {example['lake']}"


def _verdict(spec: ModelSpec, rows: int, tally: Tally, differences: Sequence[Difference]) -> Verdict:
    cells, bound = sum(tally.cells.values()), Bound(low=spec.monitoring.parity)
    share = sum(tally.equal.values()) / cells if cells else None
    outcome = bound.judge(share)
    evidence: dict[str, Any] = {"share": share, "cells": cells, "rows": rows, "unplaced": tally.unplaced}
    evidence |= {one.cause: {"cells": one.cells, "features": list(one.features), "example": dict(one.example)} for one in differences}
    if share is None:
        words = "nothing was served" if not rows else f"none of {rows:,} answers can be compared: their decisions are not in the lake"
        fix = "" if not rows else f"let {spec.decisions.relation} hold what is decided, or let requests give their decision alone"
        return Verdict(NAME, spec.model, outcome, words, fix, evidence)
    left = f"; {tally.unplaced:,} answers could not be compared" if tally.unplaced else ""
    words = f"{share:.4f} of {cells:,} served cells are what the lake gives, {bound} asked{left}"
    counted = ", ".join(f"{one.cause} {one.cells:,}" for one in differences)
    words += f": {counted}; {differences[0].words}" if differences else ""
    return Verdict(NAME, spec.model, outcome, words, differences[0].fix if differences else "", evidence)


def _measured(replayed: Replayed) -> Iterator[Measurement]:
    """Yield the share of equal cells of the model, null where nothing was compared, and of each of its features."""
    cells = sum(replayed.cells.values())
    yield Measurement(EQUAL, replayed.model, replayed.share, replayed.window.end, cells, window=replayed.window)
    for name, rows in replayed.cells.items():
        share = replayed.equal[name] / rows if rows else None
        yield Measurement(EQUAL, f"{replayed.model}.{name}", share, replayed.window.end, rows, window=replayed.window)
