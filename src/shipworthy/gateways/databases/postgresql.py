"""PostgreSQL, through psycopg."""

from typing import Any

import psycopg
from psycopg import postgres
from psycopg.abc import AdaptContext
from psycopg.adapt import Buffer, Loader
from psycopg.types.string import TextLoader

from shipworthy.gateways.databases.base import Database

EXACT = ("bool", "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bytea", "text", "varchar", "bpchar", "name", "char")
TIMES = ("date", "timestamp", "timestamptz")
SESSION = "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set bytea_output = 'hex'; set default_transaction_read_only = on"


class PostgreSQL(Database):
    """PostgreSQL. What Python has no exact type for (intervals, JSON, arrays, ranges, infinity) comes as the text that it is."""

    driver = "postgresql+psycopg"

    def prepare(self, connection: "psycopg.Connection[Any]") -> None:
        """Read every type as text but those that Python has exactly; see instants in UTC; write nothing."""
        for kind in postgres.types:
            if kind.name in TIMES:
                exact = connection.adapters.get_loader(kind.oid, psycopg.pq.Format.TEXT)
                connection.adapters.register_loader(kind.oid, _or_text(exact))
            elif kind.name not in EXACT:
                connection.adapters.register_loader(kind.oid, TextLoader)
            connection.adapters.register_loader(kind.array_oid, TextLoader)
        connection.execute(SESSION)
        connection.commit()


def _or_text(exact: Any) -> type[Loader]:
    """Return a loader that gives a moment as `exact` does, and as its text where Python has no such moment."""

    class Moment(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._exact = exact(oid, context)

        def load(self, data: Buffer) -> Any:
            try:
                return self._exact.load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return Moment
