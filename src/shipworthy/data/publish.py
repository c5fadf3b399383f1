"""Publishes a relation of the warehouse to the lake; the same content is not written twice."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from shipworthy.gateways import lake
from shipworthy.gateways.engine import Connection, quoted


def publish(connection: Connection, into: Path, name: str, relation: str) -> lake.Pin:
    """Publish the rows of `relation` (an SQL name) as `published/<name>`; a time without a zone is read as UTC."""
    columns = described(connection, relation)
    selected = ", ".join(_exported(column, kind) for column, kind in columns.items())
    digest = connection.execute(
        f"select count(*), bit_xor(hash(r)), sum(hash(r)::hugeint % 1000000007) from (select {selected} from {relation}) r"
    )
    content = f"{digest.fetchall()[0]} {dict(columns)}"
    table = f"published/{name}"
    if lake.content_of(into, table) == content:
        return lake.pin(into, table)
    rows: pa.Table = connection.execute(f"select {selected} from {relation}").to_arrow_table()
    return lake.Pin(table, lake.overwrite(into, table, rows, content=content))


def described(connection: Connection, relation: str) -> Mapping[str, str]:
    """Return the SQL type of each column of `relation`."""
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {relation}").fetchall()}


def _exported(column: str, kind: str) -> str:
    name = quoted(column)
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        return f"({name}::timestamp at time zone 'UTC') as {name}"
    return f"{name}::double as {name}" if kind.startswith(("DECIMAL", "HUGEINT")) else name
