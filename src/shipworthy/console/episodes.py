"""What failed when: a verdict that stays red over builds is told once, from its first build to its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shipworthy.bounds import WORST_FIRST
from shipworthy.console.history import Said
from shipworthy.records import Verdict


@dataclass(frozen=True, slots=True)
class Episode:
    """One guard on one subject, red from `first` to `last`; `verdict` is the last of them, `holds` whether it is red still."""

    verdict: Verdict
    first: datetime
    last: datetime
    builds: int
    holds: bool


def episodes(said: Said) -> list[Episode]:
    """Return the episodes of `said`, which is oldest first: those that hold before those that are over, the worst and newest first."""
    found = [episode for own in _by_guard(said) for episode in _of_one(own)]
    found.sort(key=lambda one: one.last, reverse=True)
    return sorted(found, key=lambda one: (not one.holds, WORST_FIRST.index(one.verdict.outcome)))


def _by_guard(said: Said) -> list[Said]:
    held: dict[tuple[str, str], Said] = {}
    for at, verdict in said:
        held.setdefault((verdict.subject, verdict.name), []).append((at, verdict))
    return list(held.values())


def _of_one(said: Sequence[tuple[datetime, Verdict]]) -> list[Episode]:
    found: list[Said] = []
    running: Said = []
    for at, verdict in said:
        if verdict.outcome == "pass":
            running = []
            continue
        if not running:
            found.append(running)
        running.append((at, verdict))
    newest = said[-1][0]
    return [Episode(told[-1][1], told[0][0], told[-1][0], len(told), told[-1][0] == newest) for told in found]
