"""Splits that are drawn: whole groups or single rows, the same for the same seed, and refused where a side is too small."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.errors import BadData
from shipworthy.training.drawn_split import ALONE, connected, group_split, random_split

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
ROWS = 1000


def moments(rows: int = ROWS) -> np.ndarray:
    """Return decisions that were all made at one moment."""
    return np.full(rows, np.datetime64("2026-01-01", "us"))


@given(groups=st.integers(40, 900), share=st.floats(0.15, 0.4), seed=st.integers(0, 50))
def test_no_group_is_on_both_sides(groups, share, seed):
    """
    Rows of one group are all fitted or all held out, and all searched on or all in the tail.
    """
    codes = np.random.default_rng(seed).integers(0, groups, ROWS)

    split = group_split(moments(), [codes], share, seed=seed, as_of=AS_OF)

    assert not set(codes[split.fit]) & set(codes[split.holdout])
    assert not set(codes[split.learn]) & set(codes[split.tail])
    assert (split.fit ^ split.holdout).all()
    assert (split.learn ^ split.tail)[split.fit].all()
    assert abs(split.holdout.mean() - share) < 0.06


def test_what_hangs_together_by_way_of_others_stays_together():
    """
    A customer who shares a card with another pulls both to one side.
    """
    customer, card = np.array([0, 0, 1, 2, ALONE]), np.array([7, 8, 8, 9, ALONE])

    found = connected([customer, card], 5)

    assert found.tolist() == [0, 0, 0, 1, 2]


def test_rows_without_a_group_are_no_group():
    """
    Rows whose value is null have nothing in common: they go to both sides.
    """
    split = group_split(moments(), [np.full(ROWS, ALONE)], 0.2, seed=7, as_of=AS_OF)

    assert split.holdout.sum() == ROWS * 0.2


def test_the_same_seed_draws_the_same_rows():
    """
    A training can be repeated; another seed draws others.
    """
    first, again, other = (random_split(moments(), 0.2, seed=seed, as_of=AS_OF).holdout for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_group_too_large_to_share_out_is_refused_with_its_size():
    """
    One customer with nearly all rows leaves nothing for a side; the refusal says so.
    """
    codes = np.minimum(np.arange(ROWS), 10)

    with pytest.raises(BadData, match=r"1,000 rows in 11 groups, the largest of 990"):
        group_split(moments(), [codes], 0.2, seed=7, as_of=AS_OF)


def test_too_few_rows_are_refused():
    """
    A hundred rows cannot be shared out.
    """
    with pytest.raises(BadData, match="at least 200 are needed"):
        random_split(moments(100), 0.2, seed=7, as_of=AS_OF)


def test_impossible_times_are_refused():
    """
    Time is not split by, and still no decision may lie after the moment of the set.
    """
    with pytest.raises(BadData, match="lies after 2025-06-01"):
        random_split(moments(), 0.2, seed=7, as_of=datetime(2025, 6, 1, tzinfo=UTC))
