"""Passengers of the Titanic: a lifeboat's number and a body's number stand among the features, and families share a ticket."""

from dataclasses import replace

import numpy as np

from .looked import noted, red, said, without, words
from .sets import titanic


def test_boat_and_body_are_refused_because_they_are_filled_with_the_outcome():
    """
    Nothing else is; the cabin, which is honestly missing more often for those who died, is reported.
    """
    found = said(titanic())

    assert red(found) == {("null_tells_label", "titanic.boat"), ("null_tells_label", "titanic.body")}
    assert "empty in 823 of 1,309 rows, of which 2.8% have the label 1; of those that have it 98.1% do" in words(
        found, "null_tells_label", "titanic.boat"
    )
    assert {("null_tells_label", "titanic.cabin"), ("feature_power", "titanic.boat")} <= noted(found)


def test_tickets_on_both_sides_of_a_random_split_are_reported_with_how_alike_they_are():
    """
    Two in five held passengers share a ticket with a fitted one; their fates agree, too few of them to prove it.
    """
    frame = without(titanic(), "boat", "body")
    held = np.random.default_rng(1).permutation(frame.rows.num_rows) < frame.rows.num_rows / 4
    found = said(replace(frame, split_by="random", fit=~held, holdout=held), "group_overlap", "split_fits_data")

    overlap = next(verdict for verdict in found if verdict.name == "group_overlap")
    assert "134 of 328 rows of the holdout whose 'ticket' is fitted too (40.9%)" in overlap.words
    assert 0.1 < overlap.evidence["alike"] < 0.6
    assert any("its rows share 'ticket'" in verdict.words for verdict in found if verdict.outcome == "fail")
