"""A split by time and by group at once: later, and of nobody that was learnt from."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.errors import BadData
from shipworthy.training.both_split import both_split
from shipworthy.training.drawn_split import ALONE
from shipworthy.training.split import Split, time_split

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
N = 4000
TIMES = np.datetime64("2026-01-01", "us") + np.arange(N) * np.timedelta64(30, "m")
HOLDOUT, GAP = timedelta(days=28), timedelta(days=2)


def split(codes: np.ndarray, **said: object) -> Split:
    """Return the split of rows every half an hour, of which a fifth of the last four weeks is held out."""
    given_ = {"holdout": HOLDOUT, "share": 0.2, "gap": GAP, "seed": 7, "as_of": AS_OF} | said
    return both_split(TIMES, [codes], **given_)


@given(groups=st.integers(60, 3000), share=st.floats(0.15, 0.5), seed=st.integers(0, 50))
def test_no_group_of_the_holdout_is_fitted_and_all_of_it_comes_later(groups: int, share: float, seed: int) -> None:
    """
    Canary: the holdout has no group of a fitted row, nor the tail one of a row that is searched on; each begins a gap after what is before.
    """
    codes = np.random.default_rng(seed).integers(0, groups, N)

    found = split(codes, share=share, seed=seed)

    assert not set(codes[found.fit]) & set(codes[found.holdout])
    assert not set(codes[found.learn]) & set(codes[found.tail])
    assert TIMES[found.holdout].min() - TIMES[found.fit].max() > np.timedelta64(GAP)
    assert TIMES[found.tail].min() - TIMES[found.learn].max() > np.timedelta64(GAP)
    assert not (found.learn & ~found.fit).any()
    assert not (found.tail & ~found.fit).any()
    assert not (found.fit & found.holdout).any()


def test_rows_of_a_group_on_the_other_side_are_counted() -> None:
    """
    What is neither fitted, held out nor in the gap is told; the share is one of the last stretch, and days stay the witnesses.
    """
    codes = np.random.default_rng(1).integers(0, 200, N)
    found, by_time = split(codes), time_split(TIMES, HOLDOUT, GAP, as_of=AS_OF)

    assert found.apart == by_time.fit.sum() + by_time.holdout.sum() - found.fit.sum() - found.holdout.sum() > 0
    assert found.in_gap == by_time.in_gap
    assert found.holdout.sum() / by_time.holdout.sum() == pytest.approx(0.2, abs=0.02)
    assert (found.by, found.ordered, found.together) == ("both", True, None)


def test_what_hangs_together_by_way_of_another_group_stays_together() -> None:
    """
    A household keeps its customers on one side: two columns of groups are joined.
    """
    customer = np.random.default_rng(2).integers(0, 400, N)
    household = customer // 4
    found = both_split(TIMES, [customer, household], HOLDOUT, 0.2, GAP, seed=7, as_of=AS_OF)

    assert not set(household[found.fit]) & set(household[found.holdout])


def test_rows_without_a_group_are_split_by_time_alone() -> None:
    """
    Nulls have nothing in common: nothing earlier is left out of the fit for them.
    """
    found = split(np.full(N, ALONE))

    assert found.fit.sum() == time_split(TIMES, HOLDOUT, GAP, as_of=AS_OF).fit.sum()


def test_the_same_seed_draws_the_same_groups() -> None:
    """
    A training can be repeated; another seed draws others.
    """
    codes = np.random.default_rng(3).integers(0, 200, N)

    assert np.array_equal(split(codes).holdout, split(codes).holdout)
    assert not np.array_equal(split(codes).holdout, split(codes, seed=8).holdout)


@pytest.mark.parametrize(("groups", "share"), [(2, 0.5), (200, 0.01)], ids=["two groups", "a hundredth"])
def test_a_side_that_is_too_small_is_refused_with_the_figures(groups: int, share: float) -> None:
    """
    Where groups are few and large, or hardly any is drawn, the refusal says how many rows there were and what to change.
    """
    with pytest.raises(BadData, match=r"at least .* are needed.*groups, the largest of"):
        split(np.arange(N) % groups, share=share)
