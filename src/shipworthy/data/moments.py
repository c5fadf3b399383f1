"""SQL of moments: which column holds one, when a row happened, and when it became known."""

from datetime import datetime, timedelta

from shipworthy.clock import utc
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData
from shipworthy.gateways.engine import quoted


def moment(time: datetime) -> str:
    """Return `time` as SQL.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 1, 1, 12, tzinfo=UTC))
    "timestamptz '2026-01-01 12:00:00+00:00'"
    """
    return f"timestamptz '{utc(time).isoformat(sep=' ')}'"


def length(span: timedelta) -> str:
    """Return `span` as SQL, in hours or less: a day is not always 24 of them where clocks change.

    >>> length(timedelta(days=1)), length(timedelta(minutes=90)), length(timedelta(microseconds=5))
    ("interval '24 hours'", "interval '90 minutes'", "interval '5 microseconds'")
    """
    for unit in ("hours", "minutes", "seconds"):
        if span % timedelta(**{unit: 1}) == timedelta(0):
            return f"interval '{span // timedelta(**{unit: 1})} {unit}'"
    return f"interval '{span // timedelta(microseconds=1)} microseconds'"


def time_sql(relation: Relation, column: str, *, day_is_enough: bool = False) -> str:
    """Return SQL of `column` as a moment; one without a zone is read as UTC.

    Raises:
        UnknownName: there is no such column.
        BadData: it holds no times, or days where a day does not say when something was known.
    """
    kind = relation.columns[relation.require(column)].upper()
    if kind == "TIMESTAMP WITH TIME ZONE":
        return quoted(column)
    if kind.startswith("TIMESTAMP") or (kind == "DATE" and day_is_enough):
        return f"{quoted(column)}::timestamp at time zone 'UTC'"
    if kind == "DATE":
        fix = "declare a latency (a day is known when it is over: '1 day'), or give the moment itself"
        raise BadData(where=f"{relation.name}.{column}", what="holds days, which do not say when a row was known", fix=fix)
    fix = f"cast it in the SQL of {relation.name}: cast({column} as timestamptz)"
    raise BadData(where=f"{relation.name}.{column}", what=f"holds {kind}, not times", fix=fix)


def event_sql(relation: Relation) -> str:
    """Return SQL of the moment that a row of a feature relation describes."""
    day_is_enough = relation.latency is not None or relation.late
    return time_sql(relation, relation.event_time or "", day_is_enough=day_is_enough)


def known_sql(relation: Relation) -> str:
    """Return SQL of the moment at which a row of a relation with times became known."""
    if relation.latency is not None:
        return f"{event_sql(relation)} + {length(relation.latency)}"
    return time_sql(relation, relation.known_time or "")
