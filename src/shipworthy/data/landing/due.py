"""What a landing has to do: which deliveries are new or have changed, which have gone, which records are tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from shipworthy.data.landing import quarantine
from shipworthy.data.landing.deliveries import Delivery, content_of
from shipworthy.data.landing.landings import fingerprint
from shipworthy.data.landing.quarantine import CONFLICT, OPEN
from shipworthy.data.landing.standing import Standing
from shipworthy.errors import BadData
from shipworthy.gateways import objects
from shipworthy.spec.source import SourceSpec

TRIED = pa.schema({"_delivery": pa.string(), "_record": pa.int64(), "_line": pa.string()})


@dataclass(frozen=True, slots=True)
class Mending:
    """Records of the quarantine as a person has corrected them, by their names; who did it, and why."""

    texts: Mapping[str, str]
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to do.

    Args:
        deliveries: to be read; a `file` stands for each.
        contents: their hashes, by name.
        quarantine: the quarantine as it was, with what a person has corrected.
        tried: records that are tried again by themselves: `_delivery`, `_record`, `_line`.
        asked: whether somebody asked for that.
        gone: deliveries that were landed and are there no more.
    """

    deliveries: tuple[Delivery, ...]
    contents: Mapping[str, str]
    quarantine: pa.Table
    tried: pa.Table
    asked: bool
    gone: tuple[str, ...]

    @property
    def something(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.deliveries) or self.asked


def due(
    there: list[Delivery],
    before: Standing,
    contract: SourceSpec,
    work: Path,
    at: datetime,
    *,
    mending: Mending | None = None,
    replay: bool = False,
) -> Due:
    """Return what is due: deliveries are compared by what they hold, and by what the contract said when they were read."""
    unread = [_at_hand(delivery, work / f"fetched-{place}") for place, delivery in enumerate(there) if _unlike(delivery, before, contract)]
    contents = {delivery.name: content_of(delivery.file) for delivery in unread if delivery.file}
    read_by = fingerprint(contract)
    changed = [one for one in unread if not _known(one, contents[one.name], before, read_by)]
    rows = [_mended(row, mending, at) for row in before.quarantine.to_pylist()]
    again = [row for row in rows if _tried(row, {one.name: contents[one.name] for one in changed}, mending, replay=replay)]
    return Due(
        tuple(changed),
        contents,
        pa.Table.from_pylist(rows, schema=quarantine.SCHEMA),
        pa.Table.from_pylist([_text(row) for row in again], schema=TRIED),
        mending is not None or (replay and bool(again)),
        tuple(sorted(before.landings.keys() - {delivery.name for delivery in there})),
    )


def _unlike(delivery: Delivery, before: Standing, contract: SourceSpec) -> bool:
    entry = before.landings.get(delivery.name)
    return entry is None or not entry.holds(delivery) or entry.contract != fingerprint(contract)


def _known(delivery: Delivery, content: str, before: Standing, read_by: str) -> bool:
    entry = before.landings.get(delivery.name)
    return entry is not None and (entry.content, entry.contract) == (content, read_by)


def _at_hand(delivery: Delivery, into: Path) -> Delivery:
    if delivery.file is not None:
        return delivery
    file = into.with_suffix("".join(Path(delivery.name).suffixes))
    objects.fetch(delivery.name, file)
    if file.stat().st_size != delivery.size:
        raise BadData(where=delivery.name, what="was written to while it was read", fix="build again when it is whole")
    return replace(delivery, file=file, modified=delivery.modified)


def _mended(row: quarantine.Row, mending: Mending | None, at: datetime) -> quarantine.Row:
    if mending is None or row["id"] not in mending.texts:
        return row
    return quarantine.mend(row, mending.texts[row["id"]], who=mending.who, why=mending.why, at=at)


def _tried(row: quarantine.Row, read: Mapping[str, str], mending: Mending | None, *, replay: bool) -> bool:
    """Return whether a record of the quarantine is tried by itself: in its delivery's stead where a person has corrected it."""
    if row["delivery"] in read:
        return row["mended"] is not None and row["content"] == read[row["delivery"]]
    if mending is not None and row["id"] in mending.texts:
        return True
    return bool(row["state"] == OPEN and (replay or row["kind"] == CONFLICT))


def _text(row: quarantine.Row) -> dict[str, object]:
    return {"_delivery": row["delivery"], "_record": row["record"], "_line": row["mended"] or row["text"]}
