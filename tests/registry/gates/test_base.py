from dataclasses import replace

import pytest

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate
from shipworthy.registry.gates.grain import Grain
from shipworthy.registry.gates.no_future_values import NoFutureValues


def with_check(check: Verdict) -> Candidate:
    return replace(EXAMPLE, checks=(*EXAMPLE.checks, check))


@pytest.mark.parametrize("relation", EXAMPLE.spec.relations)
def test_a_relation_that_nobody_looked_at_is_unknown(relation: str) -> None:
    """
    Take away the one check of any relation that the model reads: its grain is not known, whatever the others say.
    """
    checks = tuple(check for check in EXAMPLE.checks if (check.name, check.subject) != ("grain", relation))
    verdict = Grain().judge(replace(EXAMPLE, checks=checks))

    assert verdict.outcome == "unknown"
    assert relation in verdict.words


def test_a_check_that_cannot_tell_is_unknown() -> None:
    """
    An unknown check beside a passed one of the same relation is no pass.
    """
    assert Grain().judge(with_check(Verdict("duplicate_keys", "weather", "unknown", "no rows"))).outcome == "unknown"


def test_the_counter_example_is_handed_on() -> None:
    """
    The words and the evidence of the check that failed are in the gate's.
    """
    verdict = NoFutureValues().judge(NoFutureValues.fails)

    assert "JFK at 2013-05-01 10:00" in verdict.words
    assert verdict.evidence["with_future"] == 12.7


def test_a_check_of_a_column_counts_for_its_relation() -> None:
    """
    A check may speak of relation.column; one of a relation that the model does not read counts for nothing.
    """
    assert NoFutureValues().judge(with_check(Verdict("future_values", "weather.wind_speed", "fail", "moves"))).outcome == "fail"
    assert NoFutureValues().judge(with_check(Verdict("future_values", "planes", "fail", "moves"))).outcome == "pass"


def test_decisions_are_looked_at_where_they_hold_features() -> None:
    """
    A relation of decisions with features of its own must have been built without the future too.
    """
    decisions = EXAMPLE.spec.decisions.model_copy(update={"features": ["departure_delay"]})
    candidate = replace(
        EXAMPLE,
        spec=EXAMPLE.spec.model_copy(update={"decisions": decisions}),
        checks=tuple(check for check in EXAMPLE.checks if (check.name, check.subject) != ("future_values", "flights")),
    )

    assert NoFutureValues().judge(candidate).outcome == "unknown"
