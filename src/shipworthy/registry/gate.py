"""All gates at once: what a candidate needs to go live, and what somebody answers for instead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shipworthy.errors import UnknownName
from shipworthy.families import members
from shipworthy.records import Verdict
from shipworthy.registry import gates
from shipworthy.registry.gates.base import Candidate, Gate
from shipworthy.spec.model import Waiver


def judge(candidate: Candidate, *, today: date) -> list[Verdict]:
    """Return the verdict of every gate, in alphabetical order, with the waivers of the spec laid on.

    A waived verdict keeps its outcome; `waived_by` says who answers for it, until when, and why. A waiver
    holds through the day on which it expires; an expired one counts for nothing and is mentioned in the words.

    Raises:
        UnknownName: a waiver names no gate.
    """
    known = members(gates, Gate)  # type: ignore[type-abstract]
    for waiver in candidate.spec.waivers:
        if waiver.gate not in known:
            raise UnknownName.of("gate", waiver.gate, known=known, where=f"ml/{candidate.spec.model}/model.yml, waivers")
    return [_waived(gate.judge(candidate), candidate.spec.waivers, today) for gate in known.values()]


def sound(verdicts: Sequence[Verdict]) -> bool:
    """Return whether each verdict is a pass or is waived; no verdict at all is not sound.

    >>> late = Verdict("beats_rule", "late@1", "unknown", "no rule")
    >>> sound([]), sound([late]), sound([replace(late, waived_by="ana@example.org until 2026-03-01: pilot")])
    (False, False, True)
    """
    return bool(verdicts) and all(verdict.outcome == "pass" or verdict.waived_by for verdict in verdicts)


def _waived(verdict: Verdict, waivers: Sequence[Waiver], today: date) -> Verdict:
    for_it = sorted((waiver for waiver in waivers if waiver.gate == verdict.name), key=lambda waiver: waiver.expires)
    if verdict.outcome == "pass" or not for_it:
        return verdict
    last = for_it[-1]
    if last.expires < today:
        return replace(verdict, words=f"{verdict.words} A waiver by {last.owner} expired on {last.expires}.")
    return replace(verdict, waived_by=f"{last.owner} until {last.expires}: {last.reason}")
