"""Lands what was delivered, as its contract says, into the lake: once, whole, and whatever the order.

A delivery is a file, an object in a store, or what a database or stream has handed over: one code reads them all. Records that
break the contract go to quarantine with their text and the reason. A delivery that was landed under the same contract is not
read again; one whose content has changed takes the place of what it delivered before; one that has gone stays landed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from shipworthy.data.landing import combine, quarantine, read
from shipworthy.data.landing.deliveries import found
from shipworthy.data.landing.due import Due, Mending, due
from shipworthy.data.landing.landings import Landing
from shipworthy.data.landing.quarantine import Looked
from shipworthy.data.landing.read import Read
from shipworthy.data.landing.standing import Standing, alone, commit, standing
from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.gateways.engine import files, memory
from shipworthy.spec.project import Project
from shipworthy.spec.source import SourceSpec

__all__ = ["Landed", "Mending", "Standing", "land", "standing"]


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of landing one source: the version, how many rows it has, whether anything was new, which deliveries have gone."""

    pin: lake.Pin
    rows: int
    new: bool
    gone: tuple[str, ...] = ()


def land(project: Project, contract: SourceSpec, at: datetime, *, mending: Mending | None = None, replay: bool = False) -> Landed:
    """Land what is new for `contract` as `sources/<name>`, and say what came of it.

    Args:
        project: whose files, lake and state these are.
        contract: of the source.
        at: the moment that is noted.
        mending: records of the quarantine as a person has corrected them: tried again.
        replay: whether all open records of the quarantine are tried again.

    Raises:
        BadData: nothing was ever delivered, a delivery has another shape than the contract says, or too many records break it;
            nothing is landed then, and the last landed version stays.
        UnknownName: a column is gone.
        Busy: another process lands this source.
    """
    with alone(project.state / "landing", contract.source) as work:
        before = standing(project.lake, contract.source)
        there = found(project, contract)
        if not there and not before.landings:
            raise BadData(where=f"sources/{contract.source}.yml", what=_nothing(contract), fix=_remedy(contract))
        todo = due(there, before, contract, work, at, mending=mending, replay=replay)
        if not todo.something and before.pin:
            return Landed(before.pin, rows_of(project.lake, before.pin), new=False, gone=todo.gone)
        staged = read.deliveries(todo, contract, work)
        return _settled(project, contract, before, todo, staged, work, at)


def rows_of(into: Path, pin: lake.Pin) -> int:
    """Return how many rows a landed version has."""
    with memory() as connection:
        return int(connection.execute(f"select count(*) from {files(lake.paths(into, pin))}").fetchall()[0][0])


def _nothing(contract: SourceSpec) -> str:
    if contract.path:
        return f"no file at {contract.path}"
    return f"nothing has come from {contract.stream.broker if contract.stream else 'the database'} yet"


def _remedy(contract: SourceSpec) -> str:
    return "put the file there, or mend 'path'" if contract.path else "look whether anything is sent, and under which name"


def _settled(project: Project, contract: SourceSpec, before: Standing, todo: Due, staged: Read, work: Path, at: datetime) -> Landed:
    with memory(spill=work) as connection:
        combine.views(connection, project.lake, contract, before, todo, staged)
        outcome = combine.settled(connection, contract, todo)
        combine.require_few(contract, staged, outcome)
        kept = combine.kept(connection, project.lake, contract, work, before)
    entries = _landings(before, todo, staged, outcome, at)
    contents = {name: entry.content for name, entry in entries.items()}
    looked = Looked(outcome.tried, frozenset(todo.contents), outcome.good, contents, at)
    after = Standing(before.pin, entries, outcome.repeats, quarantine.merged(todo.quarantine, outcome.opened, looked))
    pin = commit(project.lake, contract, after, kept.files, replace=kept.whole)
    return Landed(pin, rows_of(project.lake, pin), new=True, gone=todo.gone)


def _landings(before: Standing, todo: Due, staged: Read, outcome: combine.Outcome, at: datetime) -> Mapping[str, Landing]:
    number = max((entry.number for entry in before.landings.values()), default=0) + 1
    read_now = {
        name: replace(
            entry,
            content=todo.contents[name],
            landed=outcome.landed.get(name, 0),
            repeated=outcome.repeated.get(name, 0),
            quarantined=outcome.quarantined.get(name, 0),
            number=number,
            landed_at=at,
        )
        for name, entry in staged.entries.items()
    }
    return {**before.landings, **read_now}
