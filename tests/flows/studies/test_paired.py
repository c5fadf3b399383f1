"""A model beside the rule and the version that answers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.paired import Paired

COSTS = {"false_positive": 1, "false_negative": 6}


def test_it_ranks_better_than_the_rule(late: Callable[..., Subject]) -> None:
    """
    The areas of both, their difference with interval and p-value; at a threshold, who was right alone.
    """
    found = Paired().look(late(costs=COSTS))

    [name, first, second, difference, low, high, p_value] = found.tables[0].rows[0]
    assert (name, first - second) == ("the rule", difference)
    assert 0 < low < difference < high
    assert p_value < 0.001
    assert found.words == (f"It ranks surely better than the rule (AUC {first:.3f} and {second:.3f}).",)
    assert found.tables[1].rows[0][1] > found.tables[1].rows[0][2]


def test_a_ranking_turned_round_is_surely_worse_and_the_rule_itself_cannot_be_told(late: Callable[..., Subject]) -> None:
    """
    Words follow the interval.
    """
    subject = late()
    worse = Paired().look(replace(subject, answers=1 - subject.answers))
    same = Paired().look(replace(subject, answers=subject.rule))

    assert "surely worse" in worse.words[0]
    assert "cannot tell" in same.words[0]
    assert len(same.tables) == 1


def test_one_outcome_cannot_be_ranked(late: Callable[..., Subject]) -> None:
    """
    Where no order was late nobody can say who ranks better; a model of values, or one without a rule, is not asked.
    """
    subject = late()
    never = replace(subject.material, target=np.zeros(len(subject.material.target)))

    assert "cannot be told" in Paired().look(replace(subject, material=never)).words[0]
    assert Paired().look(replace(subject, material=replace(subject.material, rule=None))) is None


def test_values_are_not_ranked(subject: Subject) -> None:
    """
    Minutes are no answers to yes or no.
    """
    assert Paired().look(subject) is None
