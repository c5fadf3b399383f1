"""SQLite, through Python's own driver."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from shipworthy.gateways.databases.base import Database


class SQLite(Database):
    """A SQLite file, opened to read; a path that is not absolute is from the project's folder."""

    driver = "sqlite+pysqlite"

    def at(self, url: URL, root: Path) -> URL:
        """Return the URL of the file, opened so that it is not made where it is not there."""
        file = quote(str(root / (url.database or "")))
        return url.set(database=f"file:{file}", query={"mode": "ro", "uri": "true"})

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Have a text that is no UTF-8 come as the bytes that it is."""
        connection.text_factory = _text


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
