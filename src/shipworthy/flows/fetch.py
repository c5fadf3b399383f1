"""Brings what databases and streams hold now to where landing finds it; `build` does it before it lands."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.data import fetching
from shipworthy.data.landing.verdicts import subject_of
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.receive import drain
from shipworthy.gateways.database import opened
from shipworthy.logbook import write
from shipworthy.records import Verdict
from shipworthy.spec.project import Project, sources
from shipworthy.spec.source import SourceSpec


def fetch(project: Project, book: Engine, run: str, as_of: datetime, *, progress: Progress = silent) -> list[Verdict]:
    """Bring what is there now, and note for the build `run` what came of each source that is no file.

    Raises:
        ShipworthyError: a database or stream cannot be read; what was brought before stays.
    """
    told = [verdict for contract in sources(project).values() for verdict in _brought(project, contract, progress)]
    write.verdicts(book, run, as_of, told)
    return told


def _brought(project: Project, contract: SourceSpec, progress: Progress) -> Iterator[Verdict]:
    if contract.database:
        yield _read(project, contract, progress)
    if contract.stream:
        yield _streamed(project, contract, progress)


def _read(project: Project, contract: SourceSpec, progress: Progress) -> Verdict:
    progress(f"fetch {contract.source}", 0, 1)
    with opened(project.root, contract) as reader:
        came = fetching.fetch(reader, project.received / contract.source)
    progress(f"fetch {contract.source}", 1, 1)
    return Verdict("fetched", subject_of(contract), "pass", came.words, "", {"rows": came.rows, "deliveries": came.deliveries})


def _streamed(project: Project, contract: SourceSpec, progress: Progress) -> Verdict:
    came = drain(project, contract, progress=progress)
    fix = "let the broker keep messages longer, or run 'shipworthy receive' more often; what is gone has to come another way"
    evidence = {"messages": came.messages, "deliveries": came.deliveries, "left": came.left, "gone": came.gone}
    return Verdict("fetched", subject_of(contract), "fail" if came.gone else "pass", came.words, fix if came.gone else "", evidence)
