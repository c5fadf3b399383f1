"""MySQL and MariaDB, through PyMySQL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_datetime
from sqlalchemy import URL

from shipworthy.gateways.databases.base import Database


class MySQL(Database):
    """MySQL and MariaDB. A TIMESTAMP is an instant, a DATETIME has no zone; a zero date comes as its text."""

    driver = "mysql+pymysql"

    def arguments(self, url: URL) -> Mapping[str, Any]:
        """Return converters that change no value."""
        return {
            "conv": {**conversions, FIELD_TYPE.TIME: str, FIELD_TYPE.BIT: _bits, FIELD_TYPE.TIMESTAMP: _instant},
            **({} if "charset" in url.query else {"charset": "utf8mb4"}),
        }

    def prepare(self, connection: Any) -> None:
        """See instants in UTC; write nothing."""
        with connection.cursor() as cursor:
            cursor.execute("set session time_zone = '+00:00'")
            cursor.execute("set session transaction read only")


def _bits(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _instant(text: str) -> datetime | str:
    moment = convert_datetime(text)
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else text
