"""The rows that explanations compare with."""

import numpy as np

from shipworthy.registry.background import MOST_ROWS, chosen


def test_few_rows_are_all_taken_and_many_are_drawn_repeatably() -> None:
    """
    At most fifty rows, each once, the same for the same seed.
    """
    rows = np.arange(400.0).reshape(200, 2)

    drawn = chosen(rows, 7)

    assert len(chosen(rows[:9], 7)) == 9
    assert len(np.unique(drawn[:, 0])) == MOST_ROWS
    assert (chosen(rows, 7) == drawn).all()
