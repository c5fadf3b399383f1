"""What could be done about groups that are treated differently, and what it would cost."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.fairness.groups import grouped
from shipworthy.flows.material import Material
from shipworthy.flows.mitigation import compared
from shipworthy.gateways import charts
from shipworthy.gateways.lake import Pin
from shipworthy.records import Chapter
from shipworthy.spec.model import ModelSpec
from shipworthy.training.drawn_split import random_split
from shipworthy.training.fitted import Rows

from ..conftest import BUILT, MODEL, Said, Shop

END = datetime(2027, 1, 1, tzinfo=UTC)
ROWS = 4000


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    """Loans of two groups, of which one had to be much better to be paid back as often."""
    random = np.random.default_rng(3)
    group = random.integers(0, 2, ROWS)
    matrix = np.stack([random.normal(size=ROWS), np.where(random.random(ROWS) < 0.9, group, 1 - group)], axis=1)
    paid = (matrix[:, 0] - 1.2 * group + random.normal(0, 0.5, ROWS) > -0.3).astype(float)
    times = np.datetime64("2026-01-01", "us") + np.arange(ROWS) * np.timedelta64(1, "h")
    made = TrainingSet("loans", "0" * 16, Pin("x", 0), "", ROWS, {}, {}, END, None, {})
    table = pa.table({"income": matrix[:, 0], "title": matrix[:, 1]})
    material = Material(made, table, table, paid, times, "binary", "log_loss", random_split(times, 0.4, seed=1, as_of=END), None)
    said = {
        "model": "loans", "decisions": {"relation": "d", "entity": "e", "time": "t", "features": ["income", "title"]},
        "label": {"relation": "l", "column": "paid", "known_at": "k", "horizon": "1 hour"},
        "fairness": {"sensitive": ["sex"], "policy": "demographic_parity"},
    }  # fmt: skip
    groups = grouped("sex", pa.chunked_array([["f" if one else "m" for one in group]]))
    return compared(ModelSpec.model_validate(said), material, Rows(matrix, paid, ["income", "title"]), [groups])


def test_every_way_stands_in_one_table_beside_nothing(chapter: Chapter):
    """
    Nothing first; each with its disparity, the share of right decisions, and the change of the model's metric.
    """
    (table,) = chapter.tables

    assert table.rows[0][0] == "nothing"
    assert len(table.rows) == 6
    assert table.rows[0][6] == 0.0
    assert all(row[5] is not None for row in table.rows)


def test_nothing_is_beyond_the_bound_and_words_say_what_the_others_cost(chapter: Chapter):
    """
    The verdict is of the plain learner; sentences say who must know the group, and that nothing is deployed.
    """
    (verdict,) = chapter.verdicts

    assert verdict.outcome == "fail"
    assert "ml/loans/train.py" in verdict.fix
    assert any("must know the group" in words for words in chapter.words)
    assert chapter.words[-1].startswith("None of it is deployed")
    apart = {name: abs(way["apart"]) for name, way in chapter.figures["sex"]["ways"].items()}
    assert apart["exponentiated gradient"] < apart["nothing"] / 2
    assert abs(chapter.figures["sex"]["fairlearn"]["selection rate"]["difference"] - apart["nothing"]) < 1e-12


def test_the_cheapest_way_within_the_bound_comes_second_and_the_chart_can_be_drawn(chapter: Chapter):
    """
    A product manager reads first how it is, then what would mend it at the least cost; the chart shows every way beside the bound.
    """
    ways = chapter.figures["sex"]["ways"]
    within = {name: way["right"] for name, way in ways.items() if way["policy"] == "pass"}

    assert "the rate of favourable decisions for f is " in chapter.words[0]
    assert max(within, key=lambda name: within[name]) in chapter.words[1] if within else "nearest comes" in chapter.words[1]
    drawn = charts.svg(dict(chapter.charts["ways_sex"]))
    assert "exponentiated gradient" in drawn


def test_a_model_about_nobody_has_nothing_to_compare(built: Shop, command: Callable[..., Said]):
    """
    The command says why it could not be run.
    """
    said = command("fairness", MODEL, "--project", built.root, "--as-of", BUILT.isoformat())

    assert said.code == 2
    assert "nobody can be treated unfairly" in said.err


def test_a_model_of_minutes_is_told_that_decisions_are_compared(built: Shop, command: Callable[..., Said]):
    """
    A number is no yes or no.
    """
    file = built.root / "ml" / MODEL / "model.yml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("fairness:")]
    file.write_text("\n".join([*kept, "fairness: {sensitive: [shop], policy: group_error}"]) + "\n")

    said = command("fairness", MODEL, "--project", built.root, "--as-of", BUILT.isoformat())

    assert said.code == 2
    assert "answers with numbers" in said.err
