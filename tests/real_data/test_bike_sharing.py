"""Hours of bicycle hire: two columns add up to the label, and the second year is another world than the first."""

from .looked import noted, red, said, without, words
from .sets import bike_sharing


def test_the_parts_of_the_label_are_named_as_its_sum():
    """
    Casual and registered together are the count, exactly, in every row.
    """
    found = said(bike_sharing(), "label_copy", "feature_power")

    assert red(found) == {("label_copy", "bike_sharing")}
    assert "casual + registered gives it exactly in 17,379 rows" in words(found, "label_copy", "bike_sharing")
    assert noted(found) == {("feature_power", "bike_sharing.registered")}


def test_without_them_only_the_fall_in_order_is_reported():
    """
    A random split promises an error of 38; the last half year has 61.
    """
    found = said(without(bike_sharing(), "casual", "registered"), "label_copy", "feature_power", "fall_in_order", "row_overlap")

    assert red(found) == set()
    assert noted(found) == {("fall_in_order", "bike_sharing")}
    assert "worse by 2" in words(found, "fall_in_order", "bike_sharing")
