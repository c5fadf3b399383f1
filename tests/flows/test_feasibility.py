"""What more history would bring to a model: of synthetic rows with a known end, and of the shop by the command."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.data.training_set import TrainingSet
from shipworthy.flows.feasibility import LEAST_ROWS, stretches_of, weighed
from shipworthy.flows.feasibility_words import in_words
from shipworthy.flows.material import Material
from shipworthy.flows.studied import of_model
from shipworthy.gateways import charts
from shipworthy.gateways.lake import Pin
from shipworthy.records import Chapter
from shipworthy.spec.model import ModelSpec
from shipworthy.training.drawn_split import random_split
from shipworthy.training.fitted import Rows
from shipworthy.training.split import time_split

from ..conftest import BUILT, MODEL, Said, Shop

END = datetime(2026, 6, 1, tzinfo=UTC)
SMALL = {"num_iterations": 25, "learning_rate": 0.2, "min_data_in_leaf": 20, "num_leaves": 15}


def told(rows: int, *, target: float | None, noise: float = 1.0, rule: float | None = 0.0) -> Chapter:
    """The chapter of a model of four numbers, whose label is their sum with noise: no mean error is below 0.8."""
    random = np.random.default_rng(5)
    matrix = random.normal(size=(rows, 4))
    label = matrix.sum(axis=1) + random.normal(0, noise, rows)
    times = np.datetime64(END.replace(tzinfo=None), "us") - np.arange(rows)[::-1] * np.timedelta64(30, "m")
    split = time_split(times, timedelta(days=14), timedelta(hours=1), as_of=END)
    made = TrainingSet("sums", "0" * 16, Pin("x", 0), "", rows, {}, {}, END, None, {})
    names = ["a", "b", "c", "d"]
    table = pa.table({name: matrix[:, place] for place, name in enumerate(names)})
    by_rule = None if rule is None else np.full(rows, rule)
    material = Material(made, table, table, label, times, "regression", "mae", split, by_rule)
    said = {
        "model": "sums", "decisions": {"relation": "d", "entity": "e", "time": "t", "features": names}, "training": {"parameters": SMALL},
        "label": {"relation": "l", "column": "y", "known_at": "k", "horizon": "1 hour"},
    }  # fmt: skip
    brief = {"brief": {"target": {"metric": "mae", "at_most": target}}} if target is not None else {}
    spec = ModelSpec.model_validate(said | brief)
    return in_words(spec, material, weighed(spec, material, Rows(matrix, label, names)))


@pytest.fixture(scope="module")
def unreachable() -> Chapter:
    return told(3000, target=0.5)


def test_a_target_below_the_noise_is_not_reachable(unreachable: Chapter):
    """
    The mean error of what nobody can tell is 0.8: 0.5 is out of reach, and the first sentence says where the curve levels off.
    """
    (verdict,) = unreachable.verdicts

    assert verdict.outcome == "fail"
    assert "not reachable with these features: the curve levels off at" in unreachable.words[0]
    assert "brief.target" in verdict.fix
    assert unreachable.figures["later_interval"]["low"] > 0.5


def test_words_come_first_then_what_labels_could_show_then_the_curve(unreachable: Chapter):
    """
    A sentence on today beside the rule, one on the smallest improvement that could be shown, and a chart that can be drawn.
    """
    assert any("The rule has" in words for words in unreachable.words)
    assert any("could show an improvement over the rule" in words for words in unreachable.words)
    assert "<svg" in charts.svg(dict(unreachable.charts["learning_curve"]))
    assert json.dumps(dict(unreachable.figures))


def test_a_target_above_today_is_reached():
    """
    Nothing more is needed where the model is there already.
    """
    found = told(3000, target=2.0)

    assert found.verdicts[0].outcome == "pass"
    assert "is reached with today's history" in found.words[0]


def test_little_history_cannot_be_told():
    """
    Fewer than four amounts of history are no curve: unknown, and how many rows there are.
    """
    found = told(1500, target=0.9)

    assert found.verdicts[0].outcome == "unknown"
    assert found.words[0].startswith("It cannot be told")


def test_without_a_target_the_rule_stands_in_and_without_both_nothing_does():
    """
    Who states nothing to be reached is told of the rule; without a rule it is unknown.
    """
    by_rule, nothing = told(3000, target=None), told(1500, target=None, rule=None)

    assert by_rule.words[0].startswith("The rule's mae of")
    assert nothing.verdicts[0].outcome == "unknown"
    assert "neither a brief.target" in nothing.words[0]


def test_stretches_end_at_the_holdout_and_shrink_from_several_starting_points():
    """
    The first is all of the history; of each smaller size one ends where the holdout begins, others earlier.
    """
    times = np.datetime64("2026-01-01", "us") + np.arange(6000) * np.timedelta64(30, "m")
    split = time_split(times, timedelta(days=14), timedelta(), as_of=END)

    found = list(stretches_of(split, times))

    assert len(found[0].rows) == split.fit.sum()
    assert [one.age_days for one in found[:2]] == [0.0, 0.0]
    assert max(one.age_days for one in found) > 30
    assert min(len(one.rows) for one in found) >= LEAST_ROWS
    assert all(split.fit[one.rows].all() for one in found)
    drawn = replace(random_split(times, 0.2, seed=1, as_of=END))
    assert {one.age_days for one in stretches_of(drawn, times)} == {0.0}


@pytest.mark.journey
def test_the_command_says_it_of_the_shop(built: Shop, command: Callable[..., Said]):
    """
    `check MODEL --feasibility` prints words and the table of the curve, sets the exit code, and keeps the chapter.
    """
    said = command("check", MODEL, "--feasibility", "--project", built.root, "--as-of", BUILT.isoformat())

    found = of_model(built.project, MODEL)["feasibility"]
    assert said.code == (0 if found.verdicts[0].outcome == "pass" else 1)
    assert found.words[0] in said.out
    assert "Learning curve" in said.out
