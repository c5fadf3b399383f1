"""Adult: a few people stand in both files."""

from .looked import red, said, words
from .sets import adult


def test_people_in_both_files_are_reported_and_not_refused():
    """
    Twenty-six of 16,281 rows of the file for tests are also in the other: nothing that could be shown to cost anything.
    """
    found = said(adult(), "row_overlap", "near_row_overlap", "feature_power", "label_copy", "null_tells_label")

    assert red(found) == set()
    assert "26 of 16,281 rows of the holdout also among the fitted rows (0.16%)" in words(found, "row_overlap", "adult")
