"""Puts published features into the online store: of each relation that an online model reads, what counts now and next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from shipworthy.data.relation import Relation
from shipworthy.data.timelines import beyond, columns_of, datable, timelines, types
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.progress import Progress, silent
from shipworthy.gateways import lake
from shipworthy.gateways.online.entry import Publication
from shipworthy.gateways.online.store import open_store
from shipworthy.gateways.online.written import Written
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

Shelf = tuple[Publication, Iterator[tuple[bytes, bytes]] | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A relation to be put into the store: its facts as they are in the lake, its version, and the columns that are held."""

    relation: Relation
    pin: lake.Pin
    definition: str
    columns: tuple[str, ...]


def shelve(
    project: Project, specs: Mapping[str, ModelSpec], catalog: catalogs.Catalog, as_of: datetime, *, progress: Progress = silent
) -> dict[str, Written]:
    """Put every feature relation that a model with online answers reads into the online store, all at once; return what was written.

    A relation that is not sound keeps what is there of it; one that says too little of its times for a model to learn from is
    left out. What is in the store already is not read again as long as no row waits beyond what was put there.

    Raises:
        NoFeatures: the store cannot be written.
        BadSpec: the store is not at hand: no URL, or its extra is not installed.
    """
    wanted = [one for name, columns in _asked(specs).items() if (one := _wanted(project, catalog, name, columns))]
    if not wanted:
        return {}
    store = open_store(project)
    try:
        before = store.publications()
        shelves = [_shelf(project, one, before.get(one.relation.name), as_of) for one in wanted]
        progress("online features", 0, 1)
        written = store.publish(shelves)
        progress("online features", 1, 1)
        return written
    finally:
        store.close()


def _asked(specs: Mapping[str, ModelSpec]) -> dict[str, list[str]]:
    """Return the relations that models with online answers look up, with the columns that their specs list."""
    asked: dict[str, list[str]] = {}
    for spec in specs.values():
        for part in spec.features if spec.deployment.mode != "batch" else ():
            asked.setdefault(part.relation, []).extend(part.columns or ())
    return asked


def _wanted(project: Project, catalog: catalogs.Catalog, name: str, columns: list[str]) -> Wanted | None:
    facts = catalog.relations[name]
    if not facts["sound"] or facts["version"] is None:
        return None
    pin = lake.Pin(f"published/{name}", facts["version"])
    declared = catalogs.relation(name, facts)
    relation = replace(declared, columns=types(project.lake, declared, pin))
    return Wanted(relation, pin, facts.get("definition", ""), columns_of(relation, columns)) if datable(relation) else None


def _shelf(project: Project, one: Wanted, before: Publication | None, as_of: datetime) -> Shelf:
    """Return what is to be published of a relation: its publication, and its entities; None where they stay as they are."""
    if before and _same(before, one) and before.until is None and before.as_of <= as_of:
        return structs.replace(before, as_of=as_of), None
    since, until = as_of - project.settings.online.keep, as_of + project.settings.online.ahead
    later = beyond(project.lake, one.relation, one.pin, until)
    published = Publication(one.relation.name, one.pin.version, as_of, one.definition, one.columns, since, until if later else None)
    return published, timelines(project.lake, one.relation, one.pin, one.columns, since, until)


def _same(before: Publication, one: Wanted) -> bool:
    return (before.version, before.definition, before.columns) == (one.pin.version, one.definition, one.columns)
