"""Charts of rankings, thresholds and time: true Vega-Lite is shown with all charts of a training; here, that they say what is so."""

import numpy as np
import pytest
from sklearn.metrics import auc, confusion_matrix, roc_auc_score

from shipworthy.evaluation.curves import confusion, ranking_charts, residuals_over_time

RNG = np.random.default_rng(1)
N = 5000
CAME = (RNG.random(N) < 0.3).astype(float)
SAID = 1 / (1 + np.exp(-(CAME + RNG.normal(0, 1, N))))
TIMES = np.datetime64("2013-05-01", "us") + np.sort(RNG.integers(0, 28 * 86400, N)).astype("timedelta64[s]")


def test_the_curve_holds_the_area_that_it_should() -> None:
    """
    The area under the points of the ROC chart is the AUC, for the model and for the rule; the gain ends with everything.
    """
    charts = ranking_charts(CAME, {"model": SAID, "rule": np.round(SAID, 1)}, 0.4)

    for who, answers in (("model", SAID), ("rule", np.round(SAID, 1))):
        points = [point for point in charts["roc"]["data"]["values"] if point["who"] == who]
        area = auc([point["false_alarms"] for point in points], [point["recall"] for point in points])
        assert area == pytest.approx(roc_auc_score(CAME, answers), abs=0.002)
        assert (points[-1]["acted"], points[-1]["recall"]) == (1.0, 1.0)


def test_the_confusion_counts_every_row_once() -> None:
    """
    Four cells as scikit-learn counts them.
    """
    cells = {(point["action"], point["outcome"]): point["rows"] for point in confusion(CAME, SAID, 0.6)["data"]["values"]}
    theirs = confusion_matrix(CAME, SAID >= 0.6)

    assert cells["acted on", "came true"] == theirs[1, 1]
    assert cells["acted on", "did not"] == theirs[0, 1]
    assert sum(cells.values()) == N


def test_without_both_outcomes_there_is_no_ranking_to_draw() -> None:
    """
    Where nothing came true, or nothing is known, charts are left out.
    """
    assert ranking_charts(np.zeros(9), {"model": SAID[:9]}, None) == {}
    assert ranking_charts(np.full(9, np.nan), {"model": SAID[:9]}, None) == {}
    assert residuals_over_time(TIMES[:3], np.full(3, np.nan), SAID[:3])["data"]["values"] == []


def test_a_drift_of_answers_is_seen_over_time() -> None:
    """
    Answers that rise by a unit each day have a middle that does, within a band that holds it; three years are at most 200 points.
    """
    day = (TIMES - TIMES[0]) / np.timedelta64(1, "D")
    points = residuals_over_time(TIMES, np.zeros(N), day)["data"]["values"]
    years = residuals_over_time(TIMES + (TIMES - TIMES[0]) * 40, np.zeros(N), day)["data"]["values"]

    assert len(points) == 28
    assert points[-1]["middle"] - points[0]["middle"] == pytest.approx(27, abs=0.2)
    assert all(point["low"] < point["middle"] < point["high"] for point in points)
    assert 150 < len(years) <= 200
