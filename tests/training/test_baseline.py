"""The rule: asked by the real engine, row by row, and refused where it does not answer."""

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadData, BadSpec, UnknownName
from shipworthy.training.baseline import rule_answers

WHERE = "ml/late/model.yml: baseline.sql"
FRAME = pa.table({"departure_delay": [4.0, -2.0, None, 30.0], "route_median": [1, 2, 3, 4]})


def test_answers_stand_in_the_order_of_the_rows():
    """
    Each of many rows gets its own answer, whatever order the engine works in.
    """
    values = np.random.default_rng(1).normal(size=300_000)

    answers = rule_answers(pa.table({"x": values}), "x * 2", WHERE)

    assert np.array_equal(answers, values * 2)


def test_rows_without_an_answer_are_counted_and_one_is_shown():
    """
    A rule that answers null is refused: its mistakes on those rows would never be counted.
    """
    with pytest.raises(
        BadData, match=r"no answer for 1 of 4 rows, for example row 2 \(departure_delay = None, route_median = 3\)"
    ) as refusal:
        rule_answers(FRAME, "departure_delay + route_median", WHERE)

    assert "coalesce" in refusal.value.fix


@pytest.mark.parametrize("sql", ["'nan'::double", "'inf'::double", "null"])
def test_nan_and_infinite_are_no_answers(sql):
    """
    NaN, infinity and null are not answers.
    """
    with pytest.raises(BadData, match="no answer for 4 of 4 rows"):
        rule_answers(FRAME, sql, WHERE)


def test_an_unknown_column_names_the_nearest():
    """
    A misspelt column is answered with the nearest one.
    """
    with pytest.raises(UnknownName, match="no column 'departure_dely'") as refusal:
        rule_answers(FRAME, "departure_dely", WHERE)

    assert "did you mean 'departure_delay'?" in refusal.value.fix


@pytest.mark.parametrize(
    "sql",
    [
        "route_median - avg(route_median) over ()",
        "lead(route_median, 1, 0) over (order by route_median)",
        "(select max(route_median) from frame) + route_median",
        "random()",
    ],
)
def test_a_rule_that_looks_at_other_rows_or_throws_dice_is_refused(sql):
    """
    A rule's answer must not move when other rows go: other rows may lie in the future.
    """
    with pytest.raises(BadSpec, match="answers differently"):
        rule_answers(FRAME, sql, WHERE)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("median(route_median)", "sums up many rows"),
        ("unnest([route_median, 2])", "8 answers for 4 rows"),
        ("'late'", "Could not convert string 'late'"),
        ("1) from frame; drop table frame; select (1", "syntax error"),
        ("", "syntax error"),
    ],
)
def test_what_is_no_expression_is_refused(sql, words):
    """
    A sum over rows, several answers, a text and a statement are no rules, and the refusal says so.
    """
    with pytest.raises(BadSpec, match=words) as refusal:
        rule_answers(FRAME, sql, WHERE)

    assert refusal.value.where == WHERE


def test_where_people_send_the_rows_an_unanswered_one_is_not_known() -> None:
    """
    In production a row that the rule cannot answer is unknown, and the others keep their answers.
    """
    answers = rule_answers(pa.table({"x": [1.0, None, 3.0]}), "x * 2", WHERE, every_row=False)

    assert np.isnan(answers[1])
    assert (answers[0], answers[2]) == (2.0, 6.0)
