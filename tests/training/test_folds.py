"""Folds inside the fitted rows: nothing of the holdout, nothing from after what is asked, no group on both sides."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.training.drawn_split import ALONE, connected, group_split, random_split
from shipworthy.training.folds import NOTHING, ONLY_TAIL, Way, folds
from shipworthy.training.split import time_split

AS_OF = datetime(2027, 6, 1, tzinfo=UTC)
ROWS = 4000
HALF_HOURS = np.datetime64("2026-01-01", "us") + np.arange(ROWS) * np.timedelta64(1800, "s").astype("timedelta64[us]")
RNG = np.random.default_rng(1)
LABEL = (RNG.random(ROWS) < 0.1).astype(float)
DAY = timedelta(days=1)
SPLIT = time_split(HALF_HOURS, timedelta(days=10), DAY, as_of=AS_OF)


def way(count=3, window="expanding", stretch=10 * DAY, groups=None):
    """Return folds as the tests want them."""
    return Way(count, window, stretch, DAY, 7, groups)


@given(count=st.integers(1, 6), days=st.integers(2, 20), gap=st.integers(0, 48), window=st.sampled_from(["expanding", "sliding"]))
@settings(deadline=None, max_examples=30)
def test_what_is_fitted_was_known_when_the_asked_stretch_began(count, days, gap, window):
    """
    In each fold a gap lies before the asked rows, none of which is asked twice, and nothing of the holdout is in it.
    """
    apart = timedelta(hours=gap)
    made = folds(SPLIT, HALF_HOURS, LABEL, Way(count, window, days * DAY, apart, 7)).splits

    assert len(made) == count
    for one in made:
        assert not (one.fit | one.holdout)[~SPLIT.fit].any()
        assert HALF_HOURS[one.fit].max() + np.timedelta64(apart) <= HALF_HOURS[one.holdout].min()
        assert HALF_HOURS[one.learn].max() + np.timedelta64(apart) <= HALF_HOURS[one.tail].min()
        assert not (one.learn & ~one.fit).any()
    assert np.sum([one.holdout for one in made], axis=0).max() == 1
    assert HALF_HOURS[made[-1].holdout].max() == HALF_HOURS[SPLIT.fit].max()


def test_a_sliding_window_forgets_and_an_expanding_one_does_not():
    """
    Expanding folds learn from ever more, sliding ones from as much as the first.
    """
    grown = [int(one.fit.sum()) for one in folds(SPLIT, HALF_HOURS, LABEL, way()).splits]
    slid = [int(one.fit.sum()) for one in folds(SPLIT, HALF_HOURS, LABEL, way(window="sliding")).splits]

    assert grown[0] < grown[1] < grown[2]
    assert max(slid) - min(slid) <= 1
    assert slid[0] == grown[0]


def test_rows_for_fewer_folds_give_fewer_and_say_so():
    """
    Ten folds that cannot all be made become as many as can.
    """
    few = time_split(HALF_HOURS[:1000], timedelta(days=3), DAY, as_of=AS_OF)

    made = folds(few, HALF_HOURS[:1000], LABEL[:1000] + np.arange(1000), way(10))

    assert 1 <= len(made.splits) < 10
    assert made.words == (f"There are rows for {len(made.splits)} of the 10 folds that were asked for.",)


def test_without_a_single_fold_the_tail_is_asked():
    """
    Rows for one fit alone leave the tail as the only fold, and that is said.
    """
    times = HALF_HOURS[:340]
    few = time_split(times, timedelta(days=2), timedelta(0), as_of=AS_OF)

    made = folds(few, times, np.arange(340.0), Way(3, "expanding", 2 * DAY, timedelta(0), 7))

    assert made.words == (ONLY_TAIL,)
    assert (made.splits[0].holdout == few.tail).all()
    assert (made.splits[0].fit == few.learn).all()


def test_with_one_label_alone_nothing_is_compared():
    """
    Labels that are all alike make no fold: what cannot be compared is not made up.
    """
    made = folds(SPLIT, HALF_HOURS, np.zeros(ROWS), way())

    assert (made.splits, made.words) == ((), (NOTHING,))


@pytest.mark.parametrize("stratify", [True, False])
def test_groups_are_never_on_both_sides_and_ones_are_spread(stratify):
    """
    Every fitted row is asked once, no group is fitted and asked, and with strata each fold has its share of the ones.
    """
    codes = RNG.integers(0, 400, ROWS)
    split = group_split(HALF_HOURS, [codes], 0.2, seed=7, as_of=AS_OF)

    made = folds(split, HALF_HOURS, LABEL, way(), stratify=stratify).splits

    assert (np.sum([one.holdout for one in made], axis=0) == split.fit).all()
    for one in made:
        assert not set(codes[one.fit]) & set(codes[one.holdout])
        assert not set(codes[one.learn]) & set(codes[one.tail])
        if stratify:
            assert abs(LABEL[one.holdout].mean() - LABEL[split.fit].mean()) < 0.01


def test_rows_drawn_at_random_are_stratified_too():
    """
    Where a random split is argued for, its folds are drawn as it was, with nearly the same share of ones.
    """
    split = random_split(HALF_HOURS, 0.2, seed=7, as_of=AS_OF)

    made = folds(split, HALF_HOURS, LABEL, way(), stratify=True).splits

    shares = [LABEL[one.holdout].mean() for one in made]
    assert max(shares) - min(shares) < 0.002


def test_time_and_groups_are_both_kept():
    """
    Where groups are declared besides time, a group that comes again is not fitted and asked, and what is left out is said.
    """
    groups = connected([np.where(RNG.random(ROWS) < 0.5, ALONE, RNG.integers(0, 300, ROWS))], ROWS)

    made = folds(SPLIT, HALF_HOURS, LABEL, way(groups=groups))

    for one in made.splits:
        assert not set(groups[one.fit]) & set(groups[one.holdout])
        assert HALF_HOURS[one.fit].max() < HALF_HOURS[one.holdout].min()
    assert "whose group was on the other side were left out" in made.words[0]


def test_groups_that_are_everywhere_cannot_be_kept_apart():
    """
    Five shops that decide every hour are on both sides of any moment: that is said, not hidden.
    """
    made = folds(SPLIT, HALF_HOURS, LABEL, way(groups=np.arange(ROWS) % 5))

    assert len(made.splits) == 3
    assert made.words == ("In 3 of 3 folds groups could not be kept apart: hardly any would be left.",)
