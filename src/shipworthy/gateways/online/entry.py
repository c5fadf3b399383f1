"""One packed row for each relation and entity: what counted when, and what will count next.

An entity's rows stand in the order in which they take effect. A reader takes the last that is in effect at its moment, so
that a row which becomes known between two builds counts from that moment on, and not before.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import msgspec

from shipworthy.clock import utc

Value = float | str | None
KeyValue = bool | int | float | str | date | datetime | None
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One row of an entity: when it takes effect, happened and became known, in microseconds since 1970 UTC.

    All three are None for a static row, which always counts. `values` are in the order of the publication's columns.
    """

    effect: int | None
    event: int | None
    known: int | None
    values: list[Value]


class Publication(msgspec.Struct, frozen=True):
    """What one relation in the store was made from: the lake's `version`, what was known at `as_of`, by the SQL `definition`.

    What was in effect before `since` is not kept; rows that take effect after `until` are not there yet, None where there are none.
    """

    relation: str
    version: int
    as_of: datetime
    definition: str
    columns: tuple[str, ...]
    since: datetime
    until: datetime | None


_entries: msgspec.msgpack.Decoder[list[Entry]] = msgspec.msgpack.Decoder(list[Entry])
_publication: msgspec.msgpack.Decoder[Publication] = msgspec.msgpack.Decoder(Publication)


def pack(entries: Sequence[Entry]) -> bytes:
    """Return the entries of one entity as they are stored; the same entries give the same bytes."""
    return msgspec.msgpack.encode(entries)


def unpack(packed: bytes) -> list[Entry]:
    """Return the entries that `pack` packed."""
    return _entries.decode(packed)


def pack_publication(publication: Publication) -> bytes:
    """Return a publication as it is stored."""
    return msgspec.msgpack.encode(publication)


@lru_cache(maxsize=1024)
def unpack_publication(packed: bytes) -> Publication:
    """Return the publication that `pack_publication` packed; a service asks for the same ones with each request."""
    return _publication.decode(packed)


def in_effect(entries: Iterable[Entry], at: datetime) -> Entry | None:
    """Return the entry that counts at the moment `at`, None where none does yet.

    >>> entries = [Entry(10, 10, 10, [1.0]), Entry(20, 15, 20, [2.0])]
    >>> [found and found.values for found in (in_effect(entries, EPOCH + timedelta(microseconds=at)) for at in (9, 19, 20))]
    [None, [1.0], [2.0]]
    """
    moment, found = micros(at), None
    for entry in entries:
        if entry.effect is not None and entry.effect > moment:
            break
        found = entry
    return found


def micros(moment: datetime) -> int:
    """Return an aware moment in microseconds since 1970 UTC, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(moment: int | None) -> datetime | None:
    """Return the moment that `micros` counted, None for None."""
    return None if moment is None else EPOCH + timedelta(microseconds=moment)


def key(values: Iterable[KeyValue]) -> bytes:
    """Return the name of the entity that `values` name, the same for values that SQL finds equal.

    >>> key([3, "UA", True]) == key([3.0, "UA", 1]), key(["3"]) == key([3])
    (True, False)
    >>> key([date(2013, 5, 1)]) == key([datetime(2013, 5, 1, tzinfo=UTC)])
    True
    """
    return msgspec.msgpack.encode([_plain(value) for value in values])


def _plain(value: KeyValue) -> int | float | str | None:
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).isoformat()
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    return value
