"""Online features in one SQLite file: readers see the last whole publish, whatever becomes of the next."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from shipworthy.errors import NoFeatures
from shipworthy.gateways.online.entry import Publication, pack_publication, unpack_publication
from shipworthy.gateways.online.written import Written, never_published

TABLES = (
    "create table if not exists publications (relation text primary key, packed blob not null)",
    "create table if not exists entities (relation text, entity blob, packed blob not null, primary key (relation, entity)) without rowid",
)
PATIENCE_SECONDS = 30.0


class SqliteStore:
    """The store in `file`, safe to use from several threads; with `read_only` the file is never written nor made."""

    near = True

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        self._file, self._read_only = file, read_only
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def fetch(self, asked: Mapping[str, Sequence[bytes]]) -> dict[str, tuple[Publication, dict[bytes, bytes]]]:
        """Return what is there of each relation and entity of `asked`, all of it of one and the same publish.

        Raises:
            NoFeatures: there is no such file, or a relation was never published.
        """
        with self._transaction("begin") as connection:
            return {relation: (_publication(connection, relation), _packed(connection, relation, keys)) for relation, keys in asked.items()}

    def publications(self) -> dict[str, Publication]:
        """Return what is published, by relation; nothing before the first publish."""
        if not self._file.exists():
            return {}
        with self._transaction("begin") as connection:
            rows = connection.execute("select packed from publications").fetchall()
        return {found.relation: found for found in (unpack_publication(row[0]) for row in rows)}

    def publish(self, shelves: Iterable[tuple[Publication, Iterable[tuple[bytes, bytes]] | None]]) -> dict[str, Written]:
        """Replace the entities of each relation by the given ones, all at once or not at all; only what differs is written."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._transaction("begin immediate") as connection:
            return {publication.relation: _replace(connection, publication, entities) for publication, entities in shelves}

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._leave()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                connection = self._opened()
                connection.execute(begin)
                yield connection
                connection.execute("commit")
            except sqlite3.Error as error:
                self._leave()
                fix = "run 'shipworthy build', and look whether the disk has room"
                raise NoFeatures(where=str(self._file), what=f"cannot be used: {error}", fix=fix) from None
            except BaseException:
                self._leave()  # takes back what was begun
                raise

    def _opened(self) -> sqlite3.Connection:
        """Return the connection, to the file that is there now: one that was taken away is let go of."""
        inode = self._file.stat().st_ino if self._file.exists() else 0
        if self._connection is None or inode != self._inode:
            self._leave()
            self._connection = self._read() if self._read_only else self._write()
            self._inode = self._file.stat().st_ino
        return self._connection

    def _read(self) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)

    def _write(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = wal", "synchronous = normal"):
            connection.execute(f"pragma {setting}")
        for table in TABLES:
            connection.execute(table)
        return connection

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _publication(connection: sqlite3.Connection, relation: str) -> Publication:
    row = connection.execute("select packed from publications where relation = ?", [relation]).fetchone()
    if row is None:
        raise never_published(relation)
    return unpack_publication(row[0])


def _packed(connection: sqlite3.Connection, relation: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    asked = "select packed from entities where relation = ? and entity = ?"
    rows = {key: connection.execute(asked, (relation, key)).fetchone() for key in keys}
    return {key: row[0] for key, row in rows.items() if row}


def _replace(connection: sqlite3.Connection, publication: Publication, entities: Iterable[tuple[bytes, bytes]] | None) -> Written:
    written = Written(0, 0) if entities is None else _changed(connection, publication.relation, entities)
    said = "insert into publications values (?, ?) on conflict (relation) do update set packed = excluded.packed"
    connection.execute(said, [publication.relation, pack_publication(publication)])
    return written


def _changed(connection: sqlite3.Connection, relation: str, entities: Iterable[tuple[bytes, bytes]]) -> Written:
    connection.execute("create temp table if not exists incoming (entity blob primary key, packed blob) without rowid")
    connection.execute("delete from incoming")
    connection.executemany("insert into incoming values (?, ?)", entities)
    changed = connection.execute(
        "insert into entities select ?, entity, packed from incoming where true"
        " on conflict (relation, entity) do update set packed = excluded.packed where packed is not excluded.packed",
        [relation],
    )
    gone = "delete from entities where relation = ? and entity not in (select entity from incoming)"
    return Written(changed.rowcount, connection.execute(gone, [relation]).rowcount)
