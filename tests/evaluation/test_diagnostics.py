"""The charts of a training: true Vega-Lite, small, drawn by the real converter, and never a row of data."""

import json

import altair as alt
import numpy as np
import pytest

from shipworthy.evaluation.diagnostics import by_week, diagnostics
from shipworthy.gateways.charts import svg

N = 20_000
RNG = np.random.default_rng(1)
TIMES = np.datetime64("2013-05-01", "us") + np.sort(RNG.integers(0, 28 * 86400, N)).astype("timedelta64[s]")
TRUTH = RNG.standard_t(3, N) * 20
ANSWERS = TRUTH * 0.7 + RNG.normal(size=N) * 8
CURVES = {"learn": list(np.linspace(15, 10, 900)), "tail": list(np.linspace(15, 12, 900))}
IMPORTANCE = {f"feature_{place}": 100.0 / (place + 1) for place in range(30)}


def drawn(task, **more):
    """Return the charts of a made-up training."""
    binary = task == "binary"
    given = {
        "times": TIMES,
        "truth": (TRUTH > 0).astype(float) if binary else TRUTH,
        "answers": 1 / (1 + np.exp(-ANSWERS / 10)) if binary else ANSWERS,
        "rule": None if binary else TRUTH * 0.5,
        "curves": CURVES,
        "importance": IMPORTANCE,
    }
    return diagnostics(task, "log_loss" if binary else "mae", **(given | more))


REGRESSION, BINARY = drawn("regression"), drawn("binary")
WEEKS = by_week("mae", TIMES, TRUTH, ANSWERS, TRUTH * 0.5)


@pytest.mark.parametrize(
    "spec", [*REGRESSION.values(), *BINARY.values(), WEEKS], ids=[*REGRESSION, *(f"binary {name}" for name in BINARY), "by_week"]
)
def test_every_chart_is_true_vega_lite_and_small(spec):
    """
    A chart keeps to the schema of Vega-Lite, can be drawn, and carries a few hundred points at most.
    """
    alt.Chart.from_dict(spec)

    assert len(spec["data"]["values"]) <= 24 * 24
    assert svg(spec).startswith("<svg")


def test_each_task_has_its_charts():
    """
    Both tasks have curve and importance; each its own picture of what was said and what came true.
    """
    assert set(REGRESSION) == {"learning_curve", "importance", "residuals", "residuals_over_time", "predicted_and_true"}
    assert set(BINARY) == {"learning_curve", "importance", "calibration", "roc", "precision_recall", "gain", "confusion"}


def test_every_row_is_counted_once_in_cells_and_bins():
    """
    Outliers fall in the outermost cells and bins: none is lost.
    """
    cells = REGRESSION["predicted_and_true"]["data"]["values"]
    bins = [point for point in REGRESSION["residuals"]["data"]["values"] if point["who"] == "model"]

    assert sum(cell["rows"] for cell in cells) == N
    assert sum(point["share"] for point in bins) == pytest.approx(1, abs=1e-4)


def test_weeks_stand_beside_the_rule_and_say_how_sure_they_are():
    """
    Each week has a number for model and rule; a week of too few days has no band.
    """
    values = WEEKS["data"]["values"]
    model = [point for point in values if point["who"] == "model"]

    assert {point["who"] for point in values} == {"model", "rule"}
    assert model[1]["low"] < model[1]["value"] < model[1]["high"]
    assert model[-1]["low"] is None
    assert all(np.datetime64(point["week"][:10]).astype(object).weekday() == 0 for point in values)


def test_more_looks_make_the_band_wider():
    """
    At a higher level the band of a week is wider, and the chart says the level.
    """
    wide = by_week("mae", TIMES, TRUTH, ANSWERS, None, level=0.99)
    narrow, wider = (one["data"]["values"][1] for one in (WEEKS, wide))

    assert wider["low"] < narrow["low"] < narrow["high"] < wider["high"]
    assert "intervals of 0.99" in str(wide)


def test_calibration_says_what_came_true():
    """
    The groups of a calibrated model lie on the line: what was said came true.
    """
    said = RNG.uniform(size=200_000)
    spec = drawn("binary", times=np.resize(TIMES, 200_000), answers=said, truth=(RNG.random(200_000) < said).astype(float))["calibration"]

    assert all(abs(point["said"] - point["came_true"]) < 0.01 for point in spec["data"]["values"])


def test_the_first_and_the_last_tree_are_not_thinned_away():
    """
    A long curve is thinned, and still begins with the first tree and ends with the last.
    """
    tail = [point for point in REGRESSION["learning_curve"]["data"]["values"] if point["rows"] == "tail"]

    assert len(tail) <= 200
    assert (tail[0]["tree"], tail[-1]["tree"]) == (1, 900)


def test_nothing_to_show_is_no_chart():
    """
    No rows, no curve, no importance: no empty picture is shown.
    """
    nothing = np.array([])

    assert diagnostics("regression", "mae", times=TIMES[:0], truth=nothing, answers=nothing, rule=None, curves={}, importance={}) == {}


def test_unknown_answers_do_not_break_a_chart():
    """
    NaN among the answers leaves a gap, and the chart stays valid JSON.
    """
    broken = ANSWERS.copy()
    broken[:5000] = np.nan

    for spec in drawn("regression", answers=broken).values():
        json.dumps(spec, allow_nan=False)
        svg(spec)
