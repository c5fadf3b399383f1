"""When the version before comes back."""

import pytest

from shipworthy.records import Interval
from shipworthy.retraining.rollback import worse


@pytest.mark.parametrize(
    ("difference", "rows", "outcome"),
    [
        (Interval(0.1, 0.5), 1000, "fail"),
        (Interval(0.0, 0.5), 1000, "pass"),
        (Interval(-0.5, 0.5), 1000, "pass"),
        (Interval(-0.5, -0.1), 1000, "pass"),
        (Interval(0.1, 0.5), 199, "unknown"),
        (None, 1000, "unknown"),
    ],
    ids=["worse", "touches nothing", "not clear", "better", "too few rows", "not measured"],
)
def test_only_worse_beyond_doubt_goes_back(difference, rows, outcome):
    """
    A version is rolled back only where its error lies wholly above its predecessor's on the same rows; what is not known moves nothing.
    """
    verdict = worse("demand", 2, 1, difference, rows=rows)

    assert (verdict.subject, verdict.outcome, bool(verdict.fix)) == ("demand@2", outcome, outcome == "fail")
