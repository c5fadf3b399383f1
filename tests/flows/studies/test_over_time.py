"""The promise week by week, of a model that was really trained."""

from shipworthy.flows.chapters import chapters

from ...conftest import MODEL, Shop


def test_each_week_of_the_holdout_has_its_line(trained: Shop) -> None:
    """
    Weeks add up to the rows of the promise, and the words say how many were better than the rule.
    """
    found = chapters(trained.project, MODEL, 2)["over_time"]

    rows = [row[1] for row in found.tables[0].rows]
    assert sum(rows) > 0
    assert f"{found.figures['weeks_better_than_rule']} of {found.figures['weeks']} weeks" in found.words[0]
    assert {point["of"] for point in found.charts["weeks"]["data"]["values"]} == {"model", "rule"}
