"""Where a gain comes from."""

import numpy as np

from shipworthy.evaluation.concentration import densest

RANDOM = np.random.default_rng(5)


def test_a_fifth_of_a_number_that_has_it_all_is_named() -> None:
    """
    A gain that lies in the lowest values alone is found there, with its share of rows and gain.
    """
    hour = np.repeat(np.arange(20.0), 50)

    found = densest(np.where(hour < 4, 3.0, 0.0), {"hour": (hour, ()), "noise": (RANDOM.normal(size=1000), ())}, largest=0.25)

    assert found is not None
    assert found.words.startswith("hour is 0 to ")
    assert found.gain_share == 1.0
    assert found.rows_share == 0.2


def test_missing_values_are_a_part_too() -> None:
    """
    A gain that only rows without a value have is told as such.
    """
    value = np.where(np.arange(500) % 10 == 0, np.nan, RANDOM.normal(size=500))

    found = densest(np.where(np.isnan(value), 5.0, 0.0), {"value": (value, ())}, largest=0.2)

    assert found is not None
    assert found.words == "value is not known"


def test_an_even_gain_lies_nowhere_in_particular() -> None:
    """
    Where every row gains alike no part has more than its share.
    """
    found = densest(np.ones(1000), {"value": (RANDOM.normal(size=1000), ())}, largest=0.21)

    assert found is not None
    assert abs(found.gain_share - found.rows_share) < 1e-9


def test_without_a_gain_there_is_no_part() -> None:
    """
    No rows, no gain, a loss that is not known: nothing carries what is not there.
    """
    value = {"value": (np.arange(100.0), ())}

    assert densest(np.empty(0), {"value": (np.empty(0), ())}, largest=0.2) is None
    assert densest(np.full(100, -1.0), value, largest=0.2) is None
    assert densest(np.full(100, np.nan), value, largest=0.2) is None


def test_parts_of_few_rows_are_not_told() -> None:
    """
    Ten lucky rows are no part.
    """
    shop = np.repeat([0.0, 1.0], [10, 990])

    assert densest(np.where(shop == 0, 100.0, 0.1), {"shop": (shop, ("north", "south"))}, largest=0.2) is None
