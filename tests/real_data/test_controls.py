"""Sets in which nothing leaks: no check of leakage refuses anything, and a split that is honest is only reported."""

from dataclasses import replace

import pytest

from .looked import noted, red, said
from .sets import SETS, cdnow, noaa_weather


@pytest.mark.parametrize("name", ["noaa_weather", "restaurant_deliveries"])
def test_controls_are_quiet(name):
    """
    Neither a refusal nor a note but of the few labels that are not known yet.
    """
    found = said(SETS[name]())

    assert red(found) == set()
    assert noted(found) == set()


@pytest.mark.parametrize("name", ["taiwan_credit", "german_credit", "telco_churn", "beijing_pm25", "california_scores"])
def test_other_sets_are_not_refused(name):
    """
    Whatever is reported of them, nothing is refused.
    """
    assert red(said(SETS[name]())) == set()


def test_a_random_split_of_weather_is_reported_when_somebody_argues_for_it():
    """
    Fifty years of days lose next to nothing from random to ordered: an argument is enough. Without one it is refused.
    """
    frame = replace(noaa_weather(), split_by="random")

    (argued,) = said(replace(frame, because="weather does not remember for more than some days"), "split_fits_data")
    (silent,) = said(frame, "split_fits_data")

    assert argued.noted
    assert "costs nothing" in argued.evidence["excuse"]
    assert silent.outcome == "fail"


def test_coarse_rows_that_repeat_cost_nothing():
    """
    Half of the held purchases equal a fitted one, number and price: their labels agree no more than chance, so it is reported.
    """
    found = said(cdnow(), "row_overlap", "near_row_overlap")

    assert red(found) == set()
    assert noted(found) == {("row_overlap", "cdnow")}
    assert abs(found[0].evidence["alike"]) < 0.15
