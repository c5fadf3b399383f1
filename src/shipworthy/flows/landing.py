"""Lands sources, and notes what is to be said of each: verdicts, and numbers over time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.data.landing import Landed, Mending, land
from shipworthy.data.landing.verdicts import measured, said
from shipworthy.flows.progress import Progress
from shipworthy.gateways import lake
from shipworthy.logbook import write
from shipworthy.records import Verdict
from shipworthy.spec.project import Project, sources
from shipworthy.spec.source import SourceSpec


@dataclass(frozen=True, slots=True)
class LandedSource:
    """One source after it was landed, and what is to be said of it."""

    landed: Landed
    verdicts: tuple[Verdict, ...]


def land_all(project: Project, book: Engine, as_of: datetime, progress: Progress) -> tuple[dict[str, lake.Pin], list[Verdict]]:
    """Land what is new of every source; return the versions, and what is to be said also where nothing is new."""
    contracts, pins = sources(project), {}
    told: list[Verdict] = []
    for done, (name, contract) in enumerate(contracts.items(), start=1):
        source = land_one(project, book, contract, as_of)
        pins[name] = source.landed.pin
        told += source.verdicts
        progress(f"land {name}", done, len(contracts))
    return pins, told


def land_one(
    project: Project, book: Engine, contract: SourceSpec, as_of: datetime, *, mending: Mending | None = None, replay: bool = False
) -> LandedSource:
    """Land what is new of one source, with what a person has corrected; note what is to be said of it."""
    landed = land(project, contract, as_of, mending=mending, replay=replay)
    verdicts = said(project.lake, contract, as_of, landed.gone)
    write.measurements(book, measured(project.lake, contract, as_of))
    write.verdicts(book, f"build-{as_of:%Y%m%dT%H%M%S}", as_of, verdicts)
    return LandedSource(landed, tuple(verdicts))
