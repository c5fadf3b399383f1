import json
from dataclasses import replace

import pytest

from shipworthy.families import members
from shipworthy.registry import gates
from shipworthy.registry.gates.base import EXAMPLE, Gate

GATES = members(gates, Gate)  # type: ignore[type-abstract]


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
class TestEveryGate:
    def test_it_lets_a_good_candidate_through(self, gate: Gate) -> None:
        """
        The candidate it shows as good passes, and so does the one that is well in every way.
        """
        assert gate.judge(gate.passes).outcome == "pass"
        assert gate.judge(EXAMPLE).outcome == "pass"

    def test_it_refuses_a_bad_candidate_with_figures(self, gate: Gate) -> None:
        """
        The candidate it shows as bad is refused, in words, with what to do and with evidence: a gate that cannot fail guards nothing.
        """
        verdict = gate.judge(gate.fails)

        assert verdict.outcome == "fail"
        assert verdict.words.startswith("Refused: ")
        assert verdict.fix
        assert verdict.evidence

    def test_what_is_not_known_is_no_pass(self, gate: Gate) -> None:
        """
        The candidate of which it cannot tell is unknown, and it says what would tell.
        """
        if gate.unknown is not None:
            verdict = gate.judge(gate.unknown)

            assert verdict.outcome == "unknown"
            assert verdict.words.startswith("Unknown: ")
            assert verdict.fix

    def test_it_fires_alone(self, gate: Gate) -> None:
        """
        The candidates it shows as red are well in all else, so that the example shows this gate and no other.
        """
        for candidate in (shown for shown in (gate.fails, gate.unknown) if shown):
            assert [name for name, other in GATES.items() if other.judge(candidate).outcome != "pass"] == [gate.name]

    def test_its_words_are_sentences(self, gate: Gate) -> None:
        """
        Words begin with a capital, end with one full stop, and the verdict travels as JSON.
        """
        shown = [gate.judge(candidate) for candidate in (gate.passes, gate.fails, gate.unknown) if candidate]

        assert all(verdict.words[0].isupper() and verdict.words.endswith(".") and ".." not in verdict.words for verdict in shown)
        assert all(json.loads(json.dumps(dict(verdict.evidence))) == dict(verdict.evidence) for verdict in shown)
        assert {(verdict.name, verdict.subject) for verdict in shown} == {(gate.name, "arrival_delay@4")}

    def test_it_says_what_it_is_blind_to(self, gate: Gate) -> None:
        """
        Its docstring says when it fires and what it does not see.
        """
        said = type(gate).__doc__ or ""

        assert "Fires when" in said
        assert "Blind to" in said


def test_the_gates_are_those_that_a_promotion_needs() -> None:
    """
    All of them are found by their files alone.
    """
    assert set(GATES) == {
        "adds_up",
        "behaviour",
        "beats_champion",
        "beats_rule",
        "brief_complete",
        "fairness",
        "features_described",
        "grain",
        "meets_target",
        "no_future_values",
        "pays",
        "reproduces_model",
        "robustness",
        "shortcut",
        "slices",
        "training_data",
    }


def test_a_candidate_of_which_nothing_is_known_passes_nothing_but_its_brief() -> None:
    """
    With every finding taken away, each gate that needs one is unknown: silence is not health.
    """
    silent = replace(
        EXAMPLE,
        offline=replace(EXAMPLE.offline, rows=0, value=None, interval=None, rule=None, difference=None),
        features=(),
        checks=(),
        training_data=(),
        against_champion=None,
        reproduction=None,
        studied={},
    )

    assert {name for name, gate in GATES.items() if gate.judge(silent).outcome == "pass"} == {"brief_complete"}
