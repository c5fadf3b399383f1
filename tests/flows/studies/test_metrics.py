"""How good a model that was really trained is, in every metric."""

import pytest

from shipworthy.flows.chapters import chapters
from shipworthy.logbook import read

from ...conftest import MODEL, Shop


def test_all_metrics_of_the_task_are_told_beside_the_rule(trained: Shop) -> None:
    """
    A regression has its four metrics; its mean absolute error is that of the promise, interval and all.
    """
    found = chapters(trained.project, MODEL, 2)["metrics"]
    promise = next(line for line in read.promises(trained.book, MODEL) if line.version == 2)

    assert list(found.figures) == ["bias", "mae", "r2", "rmse", "looks"]
    mae = found.figures["mae"]
    assert (mae["value"], mae["low"], mae["rule"]) == pytest.approx((promise.value, promise.interval.low, promise.rule))
    assert found.words[0].startswith("On average its answers are off by")
    assert any("surely better than the rule by" in words for words in found.words)
