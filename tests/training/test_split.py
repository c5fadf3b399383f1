"""The split: in the order of time, with a gap, and refused where a side is too small."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.errors import BadData
from shipworthy.training.split import time_split

START = np.datetime64("2013-01-01T00:00:00", "us")
AS_OF = datetime(2013, 12, 31, tzinfo=UTC)
DAY = timedelta(days=1)


def hourly(days: int) -> np.ndarray:
    """Return a decision each hour for `days`."""
    return START + np.arange(days * 24) * np.timedelta64(3600, "s").astype("timedelta64[us]")


@given(holdout=st.integers(5, 20), gap=st.integers(0, 10), seed=st.integers(0, 100))
def test_every_label_of_a_fitted_row_was_known_when_the_next_part_began(holdout, gap, seed):
    """
    Between the last fitted decision and the holdout, and between the search and its tail, lies the gap, in whatever order the rows come.
    """
    times = np.random.default_rng(seed).permutation(hourly(90))

    split = time_split(times, holdout * DAY, gap * DAY, as_of=AS_OF)

    apart = np.timedelta64(gap * DAY)
    assert times[split.fit].max() + apart < times[split.holdout].min()
    assert times[split.learn].max() + apart < times[split.tail].min()


def test_the_parts_add_up_and_the_tail_is_part_of_the_fit():
    """
    Every row is fitted, held out or in the gap, once; the search sees fitted rows alone.
    """
    split = time_split(hourly(90), 28 * DAY, 2 * DAY, as_of=AS_OF)

    assert split.fit.sum() + split.holdout.sum() + split.in_gap == 90 * 24
    assert split.holdout.sum() == 28 * 24
    assert not (split.fit & split.holdout).any()
    assert not ((split.learn | split.tail) & ~split.fit).any()


def test_windows_hold_the_times_of_their_rows():
    """
    A window is aware, includes its start and excludes its end, and holds just its rows.
    """
    times = hourly(90)
    split = time_split(times, 28 * DAY, 2 * DAY, as_of=AS_OF)

    for mask, window in ((split.fit, split.fit_window), (split.holdout, split.holdout_window), (split.tail, split.tail_window)):
        start, end = (np.datetime64(moment.replace(tzinfo=None), "us") for moment in (window.start, window.end))
        assert window.start.tzinfo is UTC
        assert np.array_equal(mask, (times >= start) & (times < end))


def test_too_little_history_is_refused_with_figures_and_a_remedy():
    """
    A holdout that takes all history leaves nothing to learn from: the refusal counts the rows and names the setting.
    """
    with pytest.raises(BadData, match=r"0 rows to learn from, at least 230 are needed: 336 rows over 13 days, .* 4 weeks") as refusal:
        time_split(hourly(14), 28 * DAY, DAY, as_of=AS_OF, where="arrival_delay")

    assert refusal.value.where == "arrival_delay"
    assert "evaluation.holdout" in refusal.value.fix


def test_a_nearly_empty_holdout_is_refused():
    """
    A holdout of a few rows cannot carry a promise.
    """
    times = np.concatenate([hourly(60), [START + np.timedelta64(100, "D")]])

    with pytest.raises(BadData, match="1 rows in the holdout, at least 50"):
        time_split(times, 7 * DAY, DAY, as_of=AS_OF)


def test_a_gap_that_swallows_the_search_is_refused():
    """
    A horizon so long that nothing stays before the tail is refused rather than searched on immature labels.
    """
    with pytest.raises(BadData, match="to choose the number of trees from"):
        time_split(hourly(60), 10 * DAY, 40 * DAY, as_of=AS_OF)


def test_a_decision_of_the_future_is_refused():
    """
    A decision after the moment of the training set shows that something is wrong with the times.
    """
    with pytest.raises(BadData, match=r"2013-03-31T23:00:00.*lies after 2013-03-01"):
        time_split(hourly(90), 28 * DAY, DAY, as_of=datetime(2013, 3, 1, tzinfo=UTC))


def test_null_times_and_no_rows_are_refused():
    """
    A decision without a time belongs to no side; no decisions at all is no training set.
    """
    with pytest.raises(BadData, match="1 decisions have no time"):
        time_split(np.append(hourly(90), np.datetime64("NaT")), 28 * DAY, DAY, as_of=AS_OF)
    with pytest.raises(BadData, match="no mature decision"):
        time_split(hourly(0), 28 * DAY, DAY, as_of=AS_OF)
