"""Records out: the last word of each guard, and the histories that pages draw."""

from collections.abc import Container
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, func, select

from shipworthy.logbook import tables
from shipworthy.records import Step, Verdict

DATA_RUN = "training_data"  # how the runs begin that look at a training set


def latest_verdicts(book: Engine) -> list[tuple[datetime, Verdict]]:
    """Return the newest verdict of each guard on each subject, by subject and guard.

    Of two at one moment, the run that comes later in the alphabet speaks.
    """
    said = tables.verdicts
    newest = select(said.c.name, said.c.subject, func.max(said.c.at).label("at")).group_by(said.c.name, said.c.subject).subquery()
    same = and_(said.c.name == newest.c.name, said.c.subject == newest.c.subject, said.c.at == newest.c.at)
    query = select(said).join(newest, same).order_by(said.c.subject, said.c.name, said.c.run)
    with book.connect() as connection:
        rows = connection.execute(query).fetchall()
    return list({(r.subject, r.name): (r.at, _verdict(r)) for r in rows}.values())


def verdicts_on(book: Engine, relations: Container[str]) -> list[Verdict]:
    """Return the newest verdict of each guard on each of `relations` and on their columns."""
    return [verdict for _, verdict in latest_verdicts(book) if verdict.subject.partition(".")[0] in relations]


def run_of(model: str, as_of: datetime) -> str:
    """Return the name under which the logbook keeps a look at the training set of `model`."""
    return f"{DATA_RUN}-{model}-{as_of:%Y%m%dT%H%M%S}"


def findings(book: Engine, model: str) -> list[tuple[datetime, Verdict]]:
    """Return what was said at the last look at the training set of `model`, nothing before the first."""
    said = tables.verdicts
    own = said.c.run.startswith(f"{DATA_RUN}-{model}-", autoescape=True)
    last = select(said.c.run).where(own).order_by(said.c.at.desc(), said.c.run.desc()).limit(1).scalar_subquery()
    with book.connect() as connection:
        rows = connection.execute(select(said).where(said.c.run == last).order_by(said.c.name, said.c.subject)).fetchall()
    return [(r.at, _verdict(r)) for r in rows]


def _verdict(row: Any) -> Verdict:
    return Verdict(row.name, row.subject, row.outcome, row.words, row.fix, row.evidence, row.waived_by)


def latest_runs(book: Engine, most: int) -> list[Step]:
    """Return the steps of the newest `most` runs: the newest run first, its steps in order of start."""
    step = tables.steps
    begun = select(step.c.run, func.min(step.c.started_at).label("begun")).group_by(step.c.run)
    newest = begun.order_by(func.min(step.c.started_at).desc(), step.c.run.desc()).limit(most).subquery()
    query = select(step).join(newest, step.c.run == newest.c.run).order_by(newest.c.begun.desc(), step.c.run.desc(), step.c.started_at)
    with book.connect() as connection:
        return [Step(**row._mapping) for row in connection.execute(query).fetchall()]
