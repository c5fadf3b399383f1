"""A small project with online features, made without dbt: relations as a build would publish them, a packaged model."""

import atexit
import shutil
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import lightgbm
import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy import clock
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lookups import lookups_of
from shipworthy.flows.online import shelve
from shipworthy.gateways import lake
from shipworthy.gateways.online.written import Written
from shipworthy.logbook.store import open_logbook
from shipworthy.registry import package, pointer
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Model, Provenance
from shipworthy.registry.schema import infer
from shipworthy.spec.project import Project, find, models

MODEL = "minutes"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = pa.timestamp("us", "UTC")
FEATURES = ["distance", "waiting", "mood", "mean_price", "seats"]
SPEC = """
model: minutes
decisions: {relation: orders, entity: order_id, time: ordered_at, features: [distance]}
label: {relation: deliveries, column: minutes, known_at: delivered_at, horizon: 1 day}
features:
  - {relation: queue, on: shop, max_age: 3 hours}
  - {relation: prices, on: [shop, dish], prefix: mean_, may_be_sent: true}
  - {relation: tables, on: shop}
"""
META: dict[str, dict[str, Any]] = {
    "orders": {"entity": ["order_id"], "event_time": "ordered_at", "known_time": "ordered_at"},
    "deliveries": {"entity": ["order_id"], "event_time": "delivered_at", "known_time": "delivered_at"},
    "queue": {"entity": ["shop"], "event_time": "hour_end", "known_time": "known_at"},
    "prices": {"entity": ["shop", "dish"], "event_time": "day", "latency": "1 day"},
    "tables": {"entity": ["shop"], "static": True},
}
SCHEMAS = {
    "orders": pa.schema({"order_id": pa.string(), "shop": pa.string(), "dish": pa.int64(), "ordered_at": MOMENT, "distance": pa.float64()}),
    "deliveries": pa.schema({"order_id": pa.string(), "delivered_at": MOMENT, "minutes": pa.float64()}),
    "queue": pa.schema({"shop": pa.string(), "hour_end": MOMENT, "known_at": MOMENT, "waiting": pa.float64(), "mood": pa.string()}),
    "prices": pa.schema({"shop": pa.string(), "dish": pa.int64(), "day": pa.date32(), "price": pa.float64()}),
    "tables": pa.schema({"shop": pa.string(), "seats": pa.int64()}),
}
SQL_TYPES = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", MOMENT: "TIMESTAMP WITH TIME ZONE", pa.date32(): "DATE"}
KNOWN_AT = {"orders": "ordered_at", "deliveries": "delivered_at", "queue": "known_at"}


@dataclass
class Kitchen:
    """The project, its logbook, and the rows of each relation; `definitions` are the hashes of their SQL."""

    project: Project
    book: Engine
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in META})
    definitions: dict[str, str] = field(default_factory=lambda: dict.fromkeys(META, "first"))

    def queued(
        self, shop: str, hour_end: datetime, waiting: float | None, *, mood: str | None = "calm", known: datetime | None = None
    ) -> None:
        """Add a row to the queue; known two minutes after its hour unless said otherwise."""
        row = {"shop": shop, "hour_end": hour_end, "known_at": known or hour_end + timedelta(minutes=2), "waiting": waiting, "mood": mood}
        self.rows["queue"].append(row)

    def ordered(self, order_id: str, at: datetime, *, shop: str = "dragon", dish: int = 7, distance: float = 2.0) -> dict[str, Any]:
        """Add an order, and return the row of a request for it that gives the decision alone."""
        self.rows["orders"].append({"order_id": order_id, "shop": shop, "dish": dish, "ordered_at": at, "distance": distance})
        return decided(order_id, at, shop=shop, dish=dish, distance=distance)

    def publish(self, at: datetime, *, everything: bool = False) -> catalogs.Catalog:
        """Publish into the lake what was known at `at`, as a build would; `everything` does not cut."""
        relations = {}
        for name, meta in META.items():
            known = KNOWN_AT.get(name)
            rows = [row for row in self.rows[name] if everything or known is None or row[known] <= at]
            version = lake.overwrite(self.project.lake, f"published/{name}", pa.Table.from_pylist(rows, SCHEMAS[name]), content=repr(rows))
            columns = {one.name: {"description": "A column.", "sql_type": SQL_TYPES[one.type], "type": "text"} for one in SCHEMAS[name]}
            relations[name] = {
                "role": "published", "description": "A relation.", "entity": meta["entity"], "meta": meta, "columns": columns,
                "version": version, "sound": True, "trouble": "", "definition": self.definitions[name],
            }  # fmt: skip
        catalog = catalogs.Catalog(at, "key", relations)
        catalogs.save(self.project, catalog)
        return catalog

    def build(self, at: datetime, *, everything: bool = False) -> dict[str, Written]:
        """Publish what was known at `at` into lake and online store, as a build does."""
        return shelve(self.project, models(self.project), self.publish(at, everything=everything), at)

    def package(self, version: int = 1) -> None:
        """Package and promote a small model that reads every feature."""
        random = np.random.default_rng(version)
        frame = pa.table({
            "distance": random.uniform(0, 9, 300), "waiting": random.uniform(0, 30, 300), "mood": random.choice(["calm", "wild"], 300),
            "mean_price": random.uniform(5, 20, 300), "seats": random.integers(10, 60, 300),
        })  # fmt: skip
        schema = infer(frame, FEATURES, model=MODEL, task="regression", label="minutes")
        catalog, spec = catalogs.load(self.project), models(self.project)[MODEL]
        schema = replace(schema, lookups=lookups_of(spec, catalogs.relations(catalog, spec)))
        label = 3 * frame["distance"].to_numpy() + frame["waiting"].to_numpy()
        data = lightgbm.Dataset(encode(schema, frame), label, categorical_feature=schema.categorical)
        settings = {"objective": "regression", "num_leaves": 7, "num_threads": 1, "verbose": -1, "seed": 7}
        text = lightgbm.train(settings, data, num_boost_round=10).model_to_string()
        folder = self.project.artifacts / MODEL / str(version)
        sample = frame.slice(0, 5).to_pylist()
        package.write(
            folder,
            version=version,
            schema=schema,
            model=Model("lightgbm", text.encode()),
            sample=sample,
            provenance=Provenance("hash", NOON, "run", NOON),
        )
        pointer.write(self.project.live, MODEL, version)


def decided(entity: str, at: datetime, **decision: Any) -> dict[str, Any]:
    """Return the row of a request that gives its decision alone."""
    return {"entity": entity, "decided_at": at.isoformat(), "decision": {"distance": 2.0, "shop": "dragon", "dish": 7} | decision}


def kitchen(root: Path, settings: str = "{}") -> Kitchen:
    """Return a project in `root` whose relations are still empty."""
    (root / "shipworthy.yml").write_text(settings)
    (root / "ml" / MODEL).mkdir(parents=True)
    (root / "ml" / MODEL / "model.yml").write_text(SPEC)
    project = find(root)
    return Kitchen(project, open_logbook(project.logbook))


def opened(root: Path, settings: str = "{}") -> Kitchen:
    """Return a kitchen that was built at noon, with a model that answers.

    The dragon's queue: 4 at ten, 6 at eleven, 8 at noon, which is known at 12:02. Its dish 7 cost 9 on 29 April, 10 on the 30th.
    """
    if settings != "{}":
        return _filled(kitchen(root, settings))
    once = _once()
    shutil.copytree(once.project.root, root, dirs_exist_ok=True)
    project = find(root)
    return Kitchen(project, open_logbook(project.logbook), deepcopy(once.rows), dict(once.definitions))


@cache
def _once() -> Kitchen:
    """Return the kitchen that the others of this process are copies of."""
    root = Path(mkdtemp(prefix="kitchen-"))
    atexit.register(shutil.rmtree, root)
    made = _filled(kitchen(root))
    made.book.dispose()
    return made


def _filled(made: Kitchen) -> Kitchen:
    for shop, extra in (("dragon", 0.0), ("lotus", 0.5)):
        for hour, waiting in ((10, 4.0), (11, 6.0), (12, 8.0)):
            made.queued(shop, NOON.replace(hour=hour), waiting + extra)
        made.rows["prices"] += [
            {"shop": shop, "dish": 7, "day": datetime(2026, 4, 29).date(), "price": 9.0},
            {"shop": shop, "dish": 7, "day": datetime(2026, 4, 30).date(), "price": 10.0},
            {"shop": shop, "dish": 7, "day": datetime(2026, 5, 1).date(), "price": 11.0},
        ]
        made.rows["tables"].append({"shop": shop, "seats": 20})
    made.build(NOON)
    made.package()
    return made


def at(monkeypatch: Any, folder: Path, moment: datetime) -> None:
    """Pin the clock of this process and its children."""
    clock.pin(folder / "clock", moment)
    monkeypatch.setenv(clock.PINNED_BY, str(folder / "clock"))
