"""Times that are all midnight: a row for a day is known when the day is over, and somebody has to say so."""

from shipworthy.data.moments import event_sql
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData
from shipworthy.gateways.engine import Connection
from shipworthy.records import Verdict

NAME = "midnight_times"
FEWEST_ROWS = 3


def midnight_times(connection: Connection, relation_sql: str, relation: Relation) -> Verdict | None:
    """Return whether rows for days claim to be known when their day begins; None where no time of knowledge is declared as the event.

    Fires when every event is at midnight UTC and counts as known at that same moment: stamped with the day's beginning, such
    a row tells the rest of the day beforehand. Blind to days of another time zone.

    Args:
        connection: what can read `relation_sql`.
        relation_sql: an SQL relation with the rows.
        relation: its facts and columns.
    """
    if relation.event_time is None or relation.known_time != relation.event_time:
        return None
    subject = f"{relation.name}.{relation.event_time}"
    try:
        event = event_sql(relation)
    except BadData as error:
        return Verdict(NAME, subject, "fail", f"{relation.event_time} {error.what}", error.fix)
    asked = f"select count({event}), count(*) filter ({event} = date_trunc('day', {event})), min({event}) from {relation_sql}"
    rows, midnights, first = connection.execute(asked).fetchall()[0]
    if midnights < rows:
        return Verdict(NAME, subject, "pass", f"{rows - midnights:,} of {rows:,} times are not at midnight")
    if rows < FEWEST_ROWS:
        return Verdict(NAME, subject, "unknown", f"{rows} rows are too few to tell days from moments", "look again when there are more")
    words = f"all {rows:,} times are at midnight, the first {first}, and count as known at that moment"
    fix = "declare 'latency: 1 day' in place of 'known_time' if a row is known when its day is over, or a 'known_time' column of its own"
    return Verdict(NAME, subject, "fail", words, fix, {"rows": rows, "first": str(first)})
