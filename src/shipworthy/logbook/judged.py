"""Records out: what the guards said of relations and their columns over the last builds."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine, or_, select

from shipworthy.bounds import Outcome
from shipworthy.logbook import tables
from shipworthy.records import Verdict


def moments(book: Engine, relations: Collection[str], most: int) -> list[datetime]:
    """Return the newest `most` moments at which one of `relations` or a column of it was judged, oldest first."""
    at, wanted = tables.verdicts.c.at, {one for one in subjects(book) if any(part in relations for part in _wholes(one))}
    query = select(at).distinct().where(tables.verdicts.c.subject.in_(wanted)).order_by(at.desc()).limit(most)
    with book.connect() as connection:
        return [row.at for row in connection.execute(query)][::-1]


def _wholes(subject: str) -> list[str]:
    """Return what `subject` may be a column of, and itself.

    >>> _wholes("landed.orders.paid")
    ['landed', 'landed.orders', 'landed.orders.paid']
    """
    names = subject.split(".")
    return [".".join(names[: count + 1]) for count in range(len(names))]


def outcomes(book: Engine, since: datetime) -> list[tuple[datetime, str, Outcome]]:
    """Return which outcomes each subject had at each moment from `since` on, oldest first; each outcome once."""
    said = tables.verdicts.c
    query = select(said.at, said.subject, said.outcome).where(said.at >= since).distinct().order_by(said.at, said.subject, said.outcome)
    with book.connect() as connection:
        return [(row.at, row.subject, row.outcome) for row in connection.execute(query)]


def verdicts_over(book: Engine, relation: str, since: datetime) -> list[tuple[datetime, Verdict]]:
    """Return what was said of `relation` and its columns from `since` on, oldest first."""
    said = tables.verdicts.c
    own = or_(said.subject == relation, said.subject.startswith(f"{relation}.", autoescape=True))
    query = select(tables.verdicts).where(said.at >= since, own)
    with book.connect() as connection:
        rows = connection.execute(query.order_by(said.at, said.subject, said.name, said.run)).fetchall()
    newest = {(row.at, row.subject, row.name): row for row in rows}
    return [
        (row.at, Verdict(row.name, row.subject, row.outcome, row.words, row.fix, row.evidence, row.waived_by)) for row in newest.values()
    ]


def subjects(book: Engine) -> list[str]:
    """Return every subject that was ever measured or judged, in alphabetical order."""
    with book.connect() as connection:
        found = [connection.execute(select(table.c.subject).distinct()) for table in (tables.verdicts, tables.measurements)]
        return sorted({row.subject for rows in found for row in rows})
