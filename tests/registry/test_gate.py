from dataclasses import replace
from datetime import date

import pytest

from shipworthy.errors import UnknownName
from shipworthy.records import Verdict
from shipworthy.registry.gate import judge, sound
from shipworthy.registry.gates.base import EXAMPLE, Candidate
from shipworthy.registry.gates.grain import Grain
from shipworthy.spec.model import Waiver

LAST = date(2013, 6, 30)


def waived(gate: str, candidate: Candidate = Grain.fails, expires: date = LAST) -> Candidate:
    waiver = Waiver(gate=gate, reason="mended upstream next week", owner="ana@example.org", expires=expires)
    return replace(candidate, spec=candidate.spec.model_copy(update={"waivers": [*candidate.spec.waivers, waiver]}))


def verdict_on(candidate: Candidate, gate: str, today: date) -> Verdict:
    return next(verdict for verdict in judge(candidate, today=today) if verdict.name == gate)


def test_a_good_candidate_is_sound() -> None:
    """
    A candidate that is well in every way passes all gates.
    """
    verdicts = judge(EXAMPLE, today=LAST)

    assert {verdict.outcome for verdict in verdicts} == {"pass"}
    assert sound(verdicts)


@pytest.mark.parametrize("candidate", [Grain.fails, Grain.unknown], ids=["fail", "unknown"])
def test_one_red_gate_is_enough(candidate: Candidate) -> None:
    """
    One gate that fails, or cannot tell, keeps the candidate out.
    """
    assert not sound(judge(candidate, today=LAST))


@pytest.mark.parametrize("candidate", [Grain.fails, Grain.unknown], ids=["fail", "unknown"])
def test_a_waiver_lets_it_through_and_stays_red(candidate: Candidate) -> None:
    """
    A waived gate keeps its outcome and says who answers for it, until when and why; through its last day it holds.
    """
    waiving = waived("grain", candidate)
    verdict = verdict_on(waiving, "grain", LAST)

    assert verdict.outcome != "pass"
    assert verdict.waived_by == "ana@example.org until 2013-06-30: mended upstream next week"
    assert sound(judge(waiving, today=LAST))


def test_an_expired_waiver_counts_for_nothing_and_is_mentioned() -> None:
    """
    On the day after, the gate is red again, and the words say whose waiver has expired.
    """
    today = date(2013, 7, 1)
    verdict = verdict_on(waived("grain"), "grain", today)

    assert verdict.waived_by is None
    assert verdict.words.endswith("A waiver by ana@example.org expired on 2013-06-30.")
    assert not sound(judge(waived("grain"), today=today))


def test_the_waiver_that_holds_longest_counts() -> None:
    """
    An expired waiver beside a renewed one does no harm, in whatever order they stand.
    """
    for first, second in [(date(2013, 5, 1), LAST), (LAST, date(2013, 5, 1))]:
        candidate = waived("grain", waived("grain", expires=first), expires=second)

        assert verdict_on(candidate, "grain", LAST).waived_by


def test_a_waiver_of_another_gate_does_not_help() -> None:
    """
    A waiver covers the gate that it names and no other, and leaves no mark on a pass.
    """
    verdicts = judge(waived("brief_complete"), today=LAST)

    assert not sound(verdicts)
    assert not any(verdict.waived_by for verdict in verdicts)


def test_a_waiver_of_no_gate_is_refused() -> None:
    """
    A typo in a waiver is answered with the nearest gate: it must not look as if something were waived.
    """
    with pytest.raises(UnknownName, match=r"ml/arrival_delay/model\.yml, waivers: no gate 'grian'") as refusal:
        judge(waived("grian"), today=LAST)

    assert "did you mean 'grain'" in refusal.value.fix
