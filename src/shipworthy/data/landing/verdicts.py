"""What is to be said of a landed source: its quarantine, its freshness, jumps of its columns, its last period."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from shipworthy.bounds import Bound
from shipworthy.clock import utc
from shipworthy.data.landing.landings import Landing
from shipworthy.data.landing.levels import level_jump
from shipworthy.data.landing.periods import last_period
from shipworthy.data.landing.standing import Standing, standing
from shipworthy.data.moments import moment
from shipworthy.gateways import lake
from shipworthy.gateways.engine import files, memory, quoted
from shipworthy.records import Measurement, Verdict
from shipworthy.spec.duration import in_words
from shipworthy.spec.source import SourceSpec

QUARANTINE, FRESHNESS = "quarantine", "source_freshness"


def subject_of(contract: SourceSpec) -> str:
    """Return the name under which verdicts and measurements speak of a source."""
    return f"landed.{contract.source}"


def said(into: Path, contract: SourceSpec, as_of: datetime, gone: tuple[str, ...] = ()) -> list[Verdict]:
    """Return the verdicts on what is landed of `contract`, as of the moment; `gone` are deliveries that are there no more."""
    found = standing(into, contract.source)
    if found.pin is None:
        return [Verdict(QUARANTINE, subject_of(contract), "unknown", "nothing has been landed yet", "shipworthy build")]
    verdicts = [
        _quarantine(contract, found, gone),
        level_jump(contract, found.landings),
        last_period(into, contract, found.pin, as_of),
        _freshness(into, contract, found.pin, as_of),
    ]
    return [verdict for verdict in verdicts if verdict]


def measured(into: Path, contract: SourceSpec, as_of: datetime) -> list[Measurement]:
    """Return the numbers that are kept over time: the share of the newest records that went to quarantine, and how many are open."""
    found = standing(into, contract.source)
    newest, opened = _newest(found), sum(state == "open" for state in found.quarantine["state"].to_pylist())
    records = sum(entry.records for entry in newest)
    share = sum(entry.quarantined for entry in newest) / records if records else None
    subject = subject_of(contract)
    return [
        Measurement("quarantine_share", subject, share, as_of, rows=records),
        Measurement("quarantine_open", subject, float(opened), as_of, rows=records),
    ]


def _newest(found: Standing) -> list[Landing]:
    last = max((entry.number for entry in found.landings.values()), default=0)
    return [entry for entry in found.landings.values() if entry.number == last]


def _quarantine(contract: SourceSpec, found: Standing, gone: tuple[str, ...]) -> Verdict:
    newest = _newest(found)
    records, broken = sum(entry.records for entry in newest), sum(entry.quarantined for entry in newest)
    opened = [row for row in found.quarantine.to_pylist() if row["state"] == "open"]
    share = broken / records if records else None
    outcome = Bound(high=contract.quarantine_at_most).judge(share)
    words = f"{broken:,} of the {records:,} newest records are in quarantine, at most {contract.quarantine_at_most:.1%} may"
    if opened:
        (column, kind), count = Counter((row["column"], row["kind"]) for row in opened).most_common(1)[0]
        example = next(row for row in opened if (row["column"], row["kind"]) == (column, kind))
        words += f"; {len(opened):,} are open in all, {count:,} by {column or 'the record'}, for example {example['reason']}"
    more = sorted({name for entry in newest for name in entry.more})
    words += f"; not in the contract: {', '.join(more)}" if more else ""
    words += f"; {len(gone)} deliveries have gone and stay landed, for example {gone[0]}" if gone else ""
    evidence = {"records": records, "quarantined": broken, "open": len(opened), "repeated": sum(entry.repeated for entry in newest)}
    fix = f"shipworthy quarantine list {contract.source}" if opened else ""
    return Verdict(QUARANTINE, subject_of(contract), outcome, words, fix, evidence | {"more": more, "gone": list(gone)})


def _freshness(into: Path, contract: SourceSpec, pin: lake.Pin, as_of: datetime) -> Verdict | None:
    """Return whether the newest row that was known at `as_of` is as fresh as the contract wants; None where it wants nothing."""
    if contract.freshness is None or contract.known_time is None:
        return None
    known = quoted(contract.known_time)
    with memory() as connection:
        newest = connection.execute(f"select max({known}) from {files(lake.paths(into, pin))} where {known} <= {moment(as_of)}").fetchall()[
            0
        ][0]
    subject, wanted = subject_of(contract), in_words(contract.freshness)
    if newest is None:
        return Verdict(FRESHNESS, subject, "unknown", f"no row was known by {as_of:%Y-%m-%d %H:%M}", "look whether anything is delivered")
    age = utc(as_of) - utc(newest)
    words = f"the newest row became known {utc(newest):%Y-%m-%d %H:%M}, {age.total_seconds() / 3600:,.1f} hours before; wanted: {wanted}"
    late = age > contract.freshness
    return Verdict(FRESHNESS, subject, "fail" if late else "pass", words, "look why nothing newer was delivered" if late else "")
