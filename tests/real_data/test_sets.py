"""The real data sets themselves: as many rows as their description says, in order, with two sides."""

from collections.abc import Callable

import numpy as np
import pytest

from shipworthy.checks.training_set.base.frame import Frame

from .sets import SETS

ROWS = {
    "bank_marketing": 41_188, "adult": 48_842, "german_credit": 1_000, "taiwan_credit": 30_000, "bike_sharing": 17_379,
    "noaa_weather": 18_159, "beijing_pm25": 41_757, "hotel_bookings": 119_390, "telco_churn": 7_043, "cdnow": 56_902,
    "restaurant_deliveries": 10_012, "california_scores": 14_064, "titanic": 1_309, "flights": 65_447,
}  # fmt: skip


@pytest.mark.parametrize("made", SETS.values(), ids=SETS)
def test_a_set_is_whole_and_in_order(made: Callable[[], Frame]) -> None:
    """
    All rows are there, none before the one above it, each with its label, a quarter of them or a file of its own held out.
    """
    frame = made()

    assert frame.rows.num_rows == ROWS[frame.model]
    assert not np.isnan(frame.label).any()
    assert (np.diff(frame.times) >= np.timedelta64(0)).all()
    assert frame.fit is not None
    assert frame.holdout is not None
    assert 0.2 < frame.holdout.mean() < 0.4
    assert not (frame.fit & frame.holdout).any()
