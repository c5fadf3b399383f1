"""All gates at once: what a candidate needs to go live, and what somebody answers for instead."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from shipworthy.errors import UnknownName
from shipworthy.families import members
from shipworthy.records import Verdict
from shipworthy.registry import gates
from shipworthy.registry.gates.base import Candidate, Gate
from shipworthy.spec.model import Waiver


def judge(candidate: Candidate, *, today: date, checks: Collection[str] = ()) -> list[Verdict]:
    """Return the verdict of every gate, in alphabetical order, with the waivers of the spec laid on.

    A waived verdict keeps its outcome; `waived_by` says who answers for it, until when, and why. A waiver
    holds through the day on which it expires; an expired one counts for nothing and is mentioned in the words.

    Args:
        candidate: what is judged.
        today: the day that it is judged on.
        checks: the names of checks of training sets, which can be waived as well.

    Raises:
        UnknownName: a waiver names no gate and no check.
    """
    known = members(gates, Gate)  # type: ignore[type-abstract]
    for waiver in candidate.spec.waivers:
        if waiver.gate not in known and waiver.gate not in checks:
            raise UnknownName.of("gate", waiver.gate, known=[*known, *checks], where=f"ml/{candidate.spec.model}/model.yml, waivers")
    return [waived(gate.judge(candidate), candidate.spec.waivers, today) for gate in known.values()]


def sound(verdicts: Sequence[Verdict]) -> bool:
    """Return whether each verdict is a pass or is waived; no verdict at all is not sound.

    >>> late = Verdict("beats_rule", "late@1", "unknown", "no rule")
    >>> sound([]), sound([late]), sound([replace(late, waived_by="ana@example.org until 2026-03-01: pilot")])
    (False, False, True)
    """
    return bool(verdicts) and all(verdict.outcome == "pass" or verdict.waived_by for verdict in verdicts)


def waived(verdict: Verdict, waivers: Sequence[Waiver], today: date) -> Verdict:
    """Return `verdict` with the waiver that holds for it, if one does; a waiver of a column holds for that column alone."""
    column = verdict.subject.partition(".")[2]
    for_it = sorted(
        (waiver for waiver in waivers if waiver.gate == verdict.name and waiver.column in (None, column)), key=lambda waiver: waiver.expires
    )
    if verdict.outcome == "pass" or not for_it:
        return verdict
    last = for_it[-1]
    if last.expires < today:
        return replace(verdict, words=f"{verdict.words} A waiver by {last.owner} expired on {last.expires}.")
    return replace(verdict, waived_by=f"{last.owner} until {last.expires}: {last.reason}")
