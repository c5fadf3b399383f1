"""Counts what replay says of a clean history: false differences on real flights, served out of the online store and sent whole.

    python benchmarks/replay.py PROJECT [DAY] [DAYS] [HOURS]

PROJECT is a built copy of the template `flights`. From DAY on, for DAYS, the online store is filled every HOURS hours with what was known
then and what waits to be known, and each decision of these hours is answered with what is looked up for it; another time with what
a frame of the day holds for it. No model is asked: what is compared is its features. Nothing is planted: every difference is false.
"""

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shipworthy.data.parts import feature_types
from shipworthy.data.training_set import features
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lookups import lookups_of
from shipworthy.flows.online import shelve
from shipworthy.flows.replay import Replayed, replay
from shipworthy.gateways import lake
from shipworthy.gateways.online.store import open_store
from shipworthy.logbook.segments import Prediction, Writer
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Window
from shipworthy.registry.schema import Column, Schema
from shipworthy.serving.forms import Row
from shipworthy.serving.lookup import LookupRoom
from shipworthy.spec.project import Project, find, models

MODEL = "arrival_delay"


def main(folder: Path, first: datetime, days: int, hours: int) -> None:
    for way in ("looked up", "sent"):
        with tempfile.TemporaryDirectory() as scratch:
            project = aside(find(folder), Path(scratch), ahead=hours + 1)
            for day in range(days):
                span = Window(first + timedelta(days=day), first + timedelta(days=day + 1))
                started = time.perf_counter()
                answer(project, span, hours if way == "looked up" else None)
                served = time.perf_counter()
                told(way, span, replay(project, open_logbook(project.logbook), MODEL, span, span.end), served - started, served)


def aside(project: Project, scratch: Path, *, ahead: int) -> Project:
    """Return a project with the same specs, catalog and published relations, and a log, store and logbook of its own."""
    (scratch / "shipworthy.yml").write_text(f"online: {{ahead: {ahead} hours}}\n")
    shutil.copytree(project.root / "ml", scratch / "ml")
    other = find(scratch)
    other.lake.mkdir(parents=True)
    (other.lake / "published").symlink_to(project.lake / "published")
    shutil.copy(catalogs.file_of(project), catalogs.file_of(other))
    return other


def answer(project: Project, span: Window, hours: int | None) -> None:
    """Log an answer to each decision of `span`: its features looked up in stores filled every `hours`, or as a frame holds them."""
    spec, catalog = models(project)[MODEL], catalogs.load(project)
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    kinds = {name: "category" if kind == "VARCHAR" else "number" for name, kind in feature_types(spec, relations).items()}
    columns = tuple(Column(name, kind) for name, kind in kinds.items())  # type: ignore[arg-type]
    schema = Schema(MODEL, "regression", "y", columns, lookups=lookups_of(spec, relations))
    writer = Writer(project.segments / MODEL)
    start = span.start
    while start < span.end:
        end = start + timedelta(hours=hours or 24)
        frame = features(project.lake, spec, relations, span.end, start, end, pins=pins).to_pylist()
        if hours:
            shelve(project, {MODEL: spec}, catalog, start)
            store = open_store(project, read_only=True)
            rows = LookupRoom(store).complete(schema, [decided(spec, schema, row) for row in keyed(project, spec, frame, pins)])
            store.close()
        else:
            rows = [Row(str(row["entity"]), row["decided_at"], {name: plain(row[name]) for name in kinds}) for row in frame]
        writer.write([logged(place, row) for place, row in enumerate(rows)])
        start = end
    writer.close()


def keyed(project: Project, spec: Any, frame: list[dict[str, Any]], pins: Any) -> list[dict[str, Any]]:
    """Return the rows of `frame` with the keys of their decisions."""
    rows = lake.read(project.lake, pins[spec.decisions.relation]).to_pylist()
    by_entity = {(row[spec.decisions.entity], row[spec.decisions.time]): row for row in rows}
    return [by_entity[row["entity"], row["decided_at"]] | row for row in frame]


def decided(spec: Any, schema: Schema, row: dict[str, Any]) -> Row:
    own = {name: plain(row[name]) for name in spec.decisions.features}
    keys = {key.name: row["entity"] if key.role == "entity" else row[key.name] for key in schema.keys}
    return Row(str(row["entity"]), row["decided_at"], own, keys)


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, (bool, int)) else value


def logged(place: int, row: Row) -> Prediction:
    at = row.decided_at
    identity = f"{at:%Y%m%d%H%M%S}-{row.entity}-{place}"
    return Prediction(
        identity, at, MODEL, 1, row.entity, at, row.inputs, 0.0, fallback=False, latency_seconds=0.0, caller=None, lookups=row.lookups
    )  # fmt: skip


def told(way: str, span: Window, found: Replayed, seconds: float, served: float) -> None:
    cells = sum(found.cells.values())
    print(f"{way:10} {span.start:%Y-%m-%d} {found.rows:6,} answers {cells:8,} cells {cells - sum(found.equal.values()):5} differ"
          f"  served in {seconds:5.1f} s, replayed in {time.perf_counter() - served:5.1f} s")  # fmt: skip
    for difference in found.differences:
        print(f"    {difference.cause} {difference.cells}: {difference.words}")


if __name__ == "__main__":
    day = datetime.fromisoformat(sys.argv[2]).replace(tzinfo=UTC) if len(sys.argv) > 2 else datetime(2013, 6, 3, tzinfo=UTC)
    main(Path(sys.argv[1]), day, *(int(number) for number in (sys.argv[3:5] or ("2", "6"))))
