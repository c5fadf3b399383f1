"""Whether features give the label exactly: codes that come again, and sums."""

import numpy as np
import pytest

from shipworthy.checks.training_set.base.determined import determined, exact_sum
from shipworthy.checks.training_set.base.examples import chance, shown

ROWS = 1000


def test_codes_of_one_label_each_give_it():
    """
    Three codes, each with one label.
    """
    label = chance().integers(0, 2, ROWS)
    found = determined(shown({"x": [f"{'no' if value == 0 else 'yes'}{number % 3}" for number, value in enumerate(label)]}, label), "x")

    assert found is not None
    assert (found.share, found.values) == (1.0, 6)


@pytest.mark.parametrize("values", [ROWS, ROWS // 2, ROWS // 5])
def test_codes_that_hardly_come_again_prove_nothing(values):
    """
    A code for each row, or for few, goes with one label by chance: nothing is said.
    """
    label = chance().integers(0, 2, ROWS)

    assert determined(shown({"x": [f"c{number % values}" for number in range(ROWS)]}, label), "x") is None


def test_a_label_that_hardly_varies_proves_nothing():
    """
    Of two rows that came true every code is nearly pure.
    """
    label = (np.arange(ROWS) < 2).astype(int)

    assert determined(shown({"x": [number % 10 for number in range(ROWS)]}, label), "x") is None


@pytest.mark.parametrize(
    ("weights", "rest", "formula"),
    [((1, 1, 0), 0, "one + two"), ((1, -1, 0), 0, "one - two"), ((1, 1, 1), 5, "one + two + three + 5"), ((0.01, 0, 0), 0, "0.01 × one")],
)
def test_sums_differences_and_units_are_found_and_told(weights, rest, formula):
    """
    As few features as it takes, among others that have no part in it.
    """
    columns = {name: chance(seed).poisson(40, ROWS) for seed, name in enumerate(("one", "two", "three", "four", "five"))}
    label = sum(weight * columns[name] for weight, name in zip(weights, columns, strict=False)) + rest

    found = exact_sum(shown(columns, np.asarray(label, float), task="regression"))

    assert found is not None
    assert found.formula() == formula


def test_a_null_part_counts_as_nothing():
    """
    A component that is null where there was none still adds up.
    """
    one, two = chance(1).poisson(30, ROWS), chance(2).poisson(2, ROWS)
    label = (one + two).astype(float)

    found = exact_sum(shown({"one": one, "two": [int(value) or None for value in two]}, label, task="regression"))

    assert found is not None
    assert found.formula() == "one + two"


def test_what_is_nearly_a_sum_is_none():
    """
    Rounding to a tenth of what varies is no exact sum, and fewer rows than weights can say nothing.
    """
    one, two = chance(1).normal(0, 1, ROWS), chance(2).normal(0, 1, ROWS)
    label = (one + two + chance(3).normal(0, 0.02, ROWS)).round(3)

    assert exact_sum(shown({"one": one, "two": two}, label, task="regression")) is None
    assert exact_sum(shown({"one": one[:50], "two": two[:50]}, (one + two)[:50], task="regression")) is None


def test_the_same_label_everywhere_is_no_sum():
    """
    A constant is given by anything.
    """
    assert exact_sum(shown({"one": chance(1).normal(size=ROWS)}, np.ones(ROWS), task="regression")) is None
