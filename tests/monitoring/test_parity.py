"""Why a served value is not what the lake gives: every way in which the three sides can stand to each other."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from shipworthy.monitoring.parity import FIX, TOLERANCE, WORDS, Cause, Row, Sides, cause, same_numbers

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NONE, STATIC = Row(False), Row(True)


def known(hours: float) -> Row:
    """A row that happened and became known so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    return Row(True, at, at)


@pytest.mark.parametrize(
    ("online", "then", "now", "redefined", "was_served", "why"),
    [
        (known(-2), known(-2), known(1), False, True, "stale"),
        (known(-2), known(-1), known(-1), False, False, "stale"),
        (NONE, NONE, known(1), False, False, "stale"),
        (known(-2), known(-2), known(-1), False, True, "late"),
        (known(-2), known(-2), known(-2), False, True, "late"),
        (NONE, NONE, known(-1), False, False, "late"),
        (NONE, NONE, STATIC, False, False, "late"),
        (STATIC, STATIC, STATIC, False, True, "late"),
        (known(-2), known(-2), known(-2), True, True, "definition"),
        (known(-2), known(-2), known(-2), False, False, "definition"),
        (known(-2), known(-2), known(-1), True, True, "definition"),
        (known(-2), known(-2), NONE, True, True, "definition"),
        (known(-2), known(-2), known(-3), True, True, "definition"),
        (STATIC, STATIC, STATIC, True, True, "definition"),
        (NONE, known(-2), known(-2), False, False, "missing"),
        (NONE, STATIC, STATIC, False, False, "missing"),
        (known(-2), known(-2), NONE, False, True, "missing"),
        (known(-2), known(-2), known(-3), False, True, "missing"),
    ],
)
def test_each_constellation_has_its_cause(online: Row, then: Row, now: Row, redefined: bool, was_served: bool, why: Cause) -> None:
    """
    The row that was looked up, the one that the store's version gives, the one that counts now: together they tell.
    """
    assert cause(Sides(online, then, now, NOON, redefined), value_then_was_served=was_served) == why


def test_a_row_counts_from_when_it_happened_and_was_known() -> None:
    """
    What happened before noon and became known after it was not in a store of noon: stale, not late.
    """
    news = Row(True, NOON - timedelta(hours=1), NOON + timedelta(minutes=1))

    assert news.effect == NOON + timedelta(minutes=1)
    assert cause(Sides(known(-2), known(-2), news, NOON, False), value_then_was_served=True) == "stale"


def test_every_cause_has_words_and_a_fix() -> None:
    """
    Nothing is told without what to do about it.
    """
    assert set(WORDS) == set(FIX) == {"stale", "late", "definition", "missing"}


def test_numbers_are_the_same_to_the_last_digits() -> None:
    """
    Null is null, infinity itself, zero exactly zero, and a difference counts relative to the larger of both.
    """
    served = np.array([np.nan, np.nan, 1.0, 1e12, 1e12, 0.0, np.inf, -1.0])
    given = np.array([np.nan, 1.0, np.nan, 1e12 * (1 + TOLERANCE / 2), 1e12 * (1 + 3 * TOLERANCE), 1e-300, np.inf, 1.0])

    assert same_numbers(served, given).tolist() == [True, False, False, True, False, False, True, False]
