"""The way into a relational database: finds its kind by the URL, reads a table or query in batches, in bounded memory."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    Select,
    column,
    create_engine,
    event,
    exc,
    inspect,
    make_url,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.sql import quoted_name

from shipworthy.errors import BadSpec, Disconnected, StepFailed, UnknownName
from shipworthy.families import member
from shipworthy.gateways import databases
from shipworthy.gateways.databases.base import Database
from shipworthy.gateways.secrets import secret
from shipworthy.spec.source import SourceSpec

Row = Sequence[Any]
BATCH_ROWS = 10_000
CONNECT_SECONDS = 10
OTHER_NAMES = {"postgres": "postgresql", "mariadb": "mysql"}
EXTRAS = {"postgresql": "postgres"}


@dataclass(frozen=True, slots=True)
class Reader:
    """What a contract reads of a database: its columns, and its rows from a value of the cursor on."""

    connection: Connection
    contract: SourceSpec
    where: str
    columns: tuple[str, ...]

    def rows(self, since: object = None) -> Iterator[Sequence[Row]]:
        """Yield the rows in batches of at most `BATCH_ROWS`, in one statement, by the server's cursor.

        With a cursor they come in its order; given `since`, those at or above it, and those whose cursor is null.
        """
        cursor = _said(self.contract).cursor
        asked = _relation(self.contract)
        if cursor is not None:
            place = _column(cursor)
            asked = asked.order_by(place)
            asked = asked if since is None else asked.where(or_(place >= since, place.is_(None)))
        with _told(self.where, self.connection.engine.url):
            found = self.connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS).execute(asked)
            with closing(found):
                yield from found.partitions(BATCH_ROWS)


@contextmanager
def opened(root: Path, contract: SourceSpec) -> Iterator[Reader]:
    """Connect to the database of `contract`, which has one, and see that there is what it wants.

    Args:
        root: the project's folder; the path of a SQLite file is from here.
        contract: of the source.

    Raises:
        BadSpec: the environment variable is not set, or holds no URL of a database.
        ShipworthyError: the extra of this database is not installed.
        Disconnected: nobody answers, or the connection is lost in the middle.
        UnknownName: there is no such table or column.
        StepFailed: the database refuses.
    """
    where = f"sources/{contract.source}.yml: database"
    engine = _engine(root, secret(_said(contract).url_from, where), where)
    try:
        with _connected(engine, where) as connection, _told(where, engine.url):
            _require_table(connection, contract, where)
            empty = connection.execute(_relation(contract).where(text("1 = 0")))
            reader = Reader(connection, contract, where, tuple(empty.keys()))
            empty.close()
            _require_columns(reader)
            yield reader
    finally:
        engine.dispose()


def _said(contract: SourceSpec) -> Any:
    assert contract.database is not None
    return contract.database


def _engine(root: Path, said: str, where: str) -> Engine:
    try:
        url = make_url(said)
    except (exc.ArgumentError, ValueError):
        fix = "write one such as postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        raise BadSpec(where=where, what="the environment variable holds no URL of a database", fix=fix) from None
    said_name = url.drivername.partition("+")[0]
    name = OTHER_NAMES.get(said_name, said_name)
    kind = member(databases, name, Database, extra=EXTRAS.get(name, name), where=where)  # type: ignore[type-abstract]
    url = kind.at(url.set(drivername=kind.driver), root)
    engine = create_engine(url, poolclass=NullPool, connect_args=dict(kind.arguments(url)))
    event.listen(engine, "connect", lambda connection, _: kind.prepare(connection))
    return engine


@contextmanager
def _connected(engine: Engine, where: str) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except exc.DBAPIError as error:
        fix = "look whether it runs and lets this user in, or mend the URL"
        raise Disconnected(where=where, what=_words(engine.url, error), fix=fix) from None
    with connection:
        yield connection


@contextmanager
def _told(where: str, url: URL) -> Iterator[None]:
    """Turn what the driver says into an error of ours."""
    try:
        yield
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            fix = "build again when it is there: it reads on from where this one stood, nothing is lost"
            raise Disconnected(where=where, what=f"the connection was lost: {_words(url, error)}", fix=fix) from None
        raise StepFailed(where=where, what=_words(url, error), fix="mend the table or query, or give the user the right") from None


def _words(url: URL, error: exc.DBAPIError) -> str:
    """Return where the database is and what its driver says, without the password."""
    lines = str(error.orig.args[-1] if error.orig and error.orig.args else error.orig).strip().splitlines()
    said = lines[0] if lines else type(error.orig).__name__
    place = f"{url.host}:{url.port}" if url.port else url.host or url.database
    return f"{place} says: {said.replace(str(url.password), '***') if url.password else said}"


def _relation(contract: SourceSpec) -> Select[Any]:
    said = _said(contract)
    every: Any = text("*")
    if said.query is not None:
        return select(every).select_from(text(f"({_plain(said.query)}) as shipworthy_query"))
    schema, _, name = said.table.rpartition(".")
    return select(every).select_from(table(_name(name), schema=_name(schema) if schema else None))


def _plain(query: str) -> str:
    """Return a query as SQLAlchemy reads it back as it is: a colon is no parameter; a semicolon at its end is left out."""
    return query.strip().removesuffix(";").replace(":", "\\:")


def _name(name: str) -> quoted_name:
    return quoted_name(name, quote=True)


def _column(name: str) -> Any:
    return column(_name(name))


def _require_table(connection: Connection, contract: SourceSpec, where: str) -> None:
    said = _said(contract)
    if said.table is None:
        return
    schema, _, name = said.table.rpartition(".")
    looked = inspect(connection)
    if not looked.has_table(name, schema=schema or None):
        known = [*looked.get_table_names(schema=schema or None), *looked.get_view_names(schema=schema or None)]
        raise UnknownName.of("table", name, known=known, where=where)


def _require_columns(reader: Reader) -> None:
    cursor = _said(reader.contract).cursor
    for name in [*reader.contract.columns, *([cursor] if cursor else [])]:
        if name not in reader.columns:
            raise UnknownName.of("column", name, known=reader.columns, where=reader.where)
