"""How a request names the entities of a model's features: which columns of its decisions, of which kind."""

from collections.abc import Mapping
from typing import Literal

KeyKind = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
KINDS: Mapping[str, KeyKind] = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DECIMAL": "number",
    "DOUBLE": "number",
    "FLOAT": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "SMALLINT": "integer",
    "TINYINT": "integer",
    "UBIGINT": "integer",
    "UINTEGER": "integer",
    "USMALLINT": "integer",
    "UTINYINT": "integer",
}


def key_kind(sql_type: str) -> KeyKind:
    """Return what a request sends for a key of `sql_type`; what is neither number, day nor moment is sent as text.

    >>> key_kind("BIGINT"), key_kind("DECIMAL(9,2)"), key_kind("TIMESTAMP WITH TIME ZONE"), key_kind("UUID")
    ('integer', 'number', 'timestamp', 'text')
    """
    plain = sql_type.upper().partition("(")[0]
    return "timestamp" if plain.startswith("TIMESTAMP") else KINDS.get(plain, "text")
