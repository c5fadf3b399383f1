"""Groups of a column, and of two together."""

import numpy as np
import pyarrow as pa

from shipworthy.evaluation.fairness.groups import Groups, crossed, grouped


def test_a_text_is_its_own_group_and_null_one_of_its_own():
    """
    Nobody is left out because nothing is known of them.
    """
    found = grouped("sex", pa.chunked_array([["f", None, "m", "f"]]))

    assert found.names == ("f", "m", "not stated")
    assert found.rows == [2, 1, 1]


def test_many_numbers_are_cut_at_their_quartiles_or_where_it_is_said():
    """
    An age is a range; a cut belongs to the range above it.
    """
    ages = pa.chunked_array([list(range(20, 60))])

    assert len(grouped("age", ages).names) == 4
    assert grouped("age", ages, [40]).rows == [20, 20]
    assert grouped("age", pa.chunked_array([[0, 1, 1]])).names == ("0", "1")


def test_some_rows_keep_only_their_groups():
    """
    A group that has no rows in the holdout is not shown there.
    """
    groups = Groups("sex", ("f", "m", "x"), np.array([0, 1, 2, 1]))

    assert groups.at(np.array([True, True, False, True])).names == ("f", "m")
    assert list(groups.at(np.array([3, 0])).labels) == ["m", "f"]


def test_two_columns_make_the_groups_that_there_are():
    """
    Only pairs with rows are groups.
    """
    one = Groups("sex", ("f", "m"), np.array([0, 1, 1]))
    other = Groups("race", ("a", "b", "c"), np.array([2, 0, 2]))

    assert crossed(one, other).names == ("f, c", "m, a", "m, c")
    assert crossed(one, other).column == "sex and race"
