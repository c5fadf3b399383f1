"""What acting on a model costs."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.metrics import Metrics
from shipworthy.flows.studies.threshold import Threshold
from shipworthy.gateways.charts import svg

COSTS = {"false_positive": 1, "false_negative": 6, "currency": "EUR"}


def test_a_good_model_pays(late: Callable[..., Subject]) -> None:
    """
    Acting from the threshold on is surely cheaper than any other way; table, chart and confusion matrix say how much.
    """
    subject = late(costs=COSTS)
    found = Threshold().look(subject)

    assert 0 < subject.decision.threshold < 0.6
    assert found.verdicts[0].outcome == "pass"
    assert "EUR" in found.words[0]
    assert [row[0] for row in found.tables[0].rows] == ["threshold", "act on every row", "act on none", "the rule"]
    assert sum(sum(row[1:]) for row in found.tables[1].rows) == len(subject.truth)
    assert svg(found.charts["cost_by_threshold"]).startswith("<svg")


def test_precision_and_recall_are_told_at_the_threshold(late: Callable[..., Subject]) -> None:
    """
    Where costs give a threshold, the chapter of metrics has what it does; a capacity adds what is in reach.
    """
    found = Metrics().look(late(costs=COSTS, capacity=0.2))

    assert {"precision", "recall", "f1", "accuracy", "lift_at_capacity", "auc"} <= set(found.figures)
    assert found.figures["precision_at_capacity"]["value"] > found.figures["precision_at_capacity"]["rule"] * 0.9


def test_a_model_that_tells_nothing_does_not_pay(late: Callable[..., Subject]) -> None:
    """
    Answers that are all alike act on everybody or on nobody: that takes no model, and is refused.
    """
    subject = late(costs=COSTS)
    found = Threshold().look(replace(subject, answers=np.full(len(subject.answers), 0.9)))

    assert found.verdicts[0].outcome == "fail"
    assert "does not pay" in found.verdicts[0].words


def test_a_threshold_that_fits_stands_beside_others_without_a_warning(late: Callable[..., Subject]) -> None:
    """
    One half and the best in hindsight are told with their intervals; nothing is warned of.
    """
    found = Threshold().look(late(costs=COSTS))

    assert found.figures["warning"] == ""
    assert not found.verdicts[0].noted
    assert [row[0] for row in found.tables[2].rows if row[0] != "what the costs alone say"] == ["one half", "the best in hindsight"]
    assert all(None not in row for row in found.tables[2].rows)


def test_probabilities_that_drifted_are_warned_of_first(late: Callable[..., Subject]) -> None:
    """
    Where answers to the holdout are pushed towards 1, one half is surely cheaper than the kept threshold: the first sentence, and the
    verdict, say so; it is noted where acting pays all the same.
    """
    subject = late(costs=COSTS)
    found = Threshold().look(replace(subject, answers=subject.answers**0.25))

    assert found.words[0].startswith("Warning: the threshold of")
    assert "one half on is surely cheaper" in found.words[0]
    assert "Warning" in found.verdicts[0].words
    assert found.verdicts[0].noted or found.verdicts[0].outcome != "pass"
    assert found.verdicts[0].fix


def test_few_days_cannot_tell(late: Callable[..., Subject]) -> None:
    """
    Rows of one day have no interval: unknown.
    """
    subject = late(costs=COSTS)
    times = np.repeat(subject.material.times[:1], len(subject.material.times))
    found = Threshold().look(replace(subject, material=replace(subject.material, times=times)))

    assert found.verdicts[0].outcome == "unknown"


def test_nothing_is_asked_where_no_costs_are_stated(subject: Subject) -> None:
    """
    A model of minutes, or one without costs, has no threshold, and says so.
    """
    assert Threshold().look(subject).verdicts[0].outcome == "pass"
    assert subject.decision.threshold is None
