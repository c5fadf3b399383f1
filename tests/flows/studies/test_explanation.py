"""What a model looks at, of one that was really trained."""

import pytest

from shipworthy.flows.chapters import chapters
from shipworthy.gateways.charts import svg
from shipworthy.records import Chapter

from ...conftest import MODEL, Shop


@pytest.fixture
def found(trained: Shop) -> Chapter:
    return chapters(trained.project, MODEL, 2)["explanation"]


def test_every_feature_has_its_share(found: Chapter) -> None:
    """
    Shares add up to 1, the weightiest first, and the words name it with its share.
    """
    shares = found.figures["share"]

    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert found.words[0].startswith(f"The model looks most at {next(iter(shares))} (")
    assert [row[0] for row in found.tables[0].rows] == list(shares)


def test_means_lie_in_their_intervals(found: Chapter) -> None:
    """
    Each mean contribution has an interval around it.
    """
    for _, mean, low, high, _ in found.tables[0].rows:
        assert isinstance(mean, float)
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert low <= mean <= high


def test_it_adds_up(found: Chapter) -> None:
    """
    Contributions give the answers back to the last digits, and the verdict has the figure.
    """
    (verdict,) = found.verdicts

    assert verdict.outcome == "pass"
    assert verdict.evidence["apart"] < 1e-9


def test_its_charts_can_be_drawn(found: Chapter) -> None:
    """
    There is a chart of all features, and one for each of the weightiest, numbers and categories.
    """
    assert "contributions" in found.charts
    assert len(found.charts) > 2
    assert all("<svg" in svg(chart) for chart in found.charts.values())
