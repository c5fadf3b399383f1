"""What one feature alone tells: out of fold, with nulls and without, and never from names that come once."""

import numpy as np
import pytest

from shipworthy.checks.training_set.base.examples import chance, shown
from shipworthy.checks.training_set.base.power import powers

ROWS = 2000


def label(seed: int = 0) -> np.ndarray:
    return chance(seed).integers(0, 2, ROWS)


@pytest.mark.parametrize("column", ["numbers", "texts", "names", "order"])
def test_what_tells_nothing_has_no_power(column):
    """
    Noise as numbers, as few texts, as a name for each row and as the row's number lie near chance.
    """
    columns = {
        "numbers": chance(1).normal(size=ROWS),
        "texts": chance(1).choice(["a", "b", "c"], ROWS).tolist(),
        "names": [f"n{number}" for number in range(ROWS)],
        "order": np.arange(ROWS),
    }

    power = powers(shown({"x": columns[column]}, label()))["x"]

    assert power.whole is not None
    assert abs(power.whole - 0.5) < 0.05


def test_a_copy_in_a_few_rows_is_seen_on_the_rows_that_have_it():
    """
    Over all rows a column that is mostly null tells little; over its filled rows it tells all.
    """
    came = label()
    power = powers(shown({"x": [float(value) if number % 5 == 0 else None for number, value in enumerate(came)]}, came))["x"]

    assert power.whole is not None
    assert power.whole < 0.7
    assert power.filled == 1.0
    assert power.filled_share == pytest.approx(0.2)


def test_what_told_early_and_not_late_falls_in_order():
    """
    A column that is the label in the first three quarters alone is strong on random rows and nothing later.
    """
    came, rows = label(), np.arange(ROWS)
    power = powers(shown({"x": np.where(rows < 0.75 * ROWS, came, chance(2).integers(0, 2, ROWS))}, came))["x"]

    assert power.whole is not None
    assert power.ordered is not None
    assert power.whole - power.ordered > 0.3


def test_of_numbers_it_is_the_share_of_the_variance_of_their_ranks():
    """
    One huge label does not decide: a feature that orders the labels right has nearly all.
    """
    values = chance(3).lognormal(0, 3, ROWS)

    power = powers(shown({"x": values, "noise": chance(4).normal(size=ROWS)}, values**2, task="regression"))

    assert power["x"].whole > 0.99
    assert power["noise"].whole < 0.02


@pytest.mark.parametrize("came", [[0] * 500, [1] * 500, [0] * 480 + [1] * 20, [0, 1] * 20])
def test_too_few_rows_of_a_label_say_nothing(came):
    """
    One label alone, twenty of the rarer, or forty rows: unknown rather than chance.
    """
    power = powers(shown({"x": np.arange(len(came))}, came))["x"]

    assert (power.whole, power.filled, power.ordered, power.best) == (None, None, None, None)


def test_all_null_and_constant_columns_are_harmless():
    """
    They have the power of knowing nothing, or none that can be told.
    """
    found = powers(shown({"nothing": [None] * ROWS, "same": [3] * ROWS, "yes": [True, None] * (ROWS // 2)}, label()))

    assert found["nothing"].filled is None
    assert all(abs((power.whole or 0.5) - 0.5) < 0.06 for power in found.values())
