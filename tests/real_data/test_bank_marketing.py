"""Calls of a bank: their duration is known only after the call, and the world moves while they are made."""

from dataclasses import replace

import numpy as np

from .looked import noted, red, said, without, words
from .sets import bank_marketing


def test_nothing_is_refused_that_only_looks_odd():
    """
    Without a word about when the duration is known it is reported, as what a model hangs on; the fall in order is reported too.
    """
    found = said(bank_marketing())

    assert red(found) == set()
    assert ("irreplaceable_feature", "bank_marketing.duration") in noted(found)
    assert "AUC 0.95" in words(found, "irreplaceable_feature", "bank_marketing.duration")
    assert "without it 0.79" in words(found, "irreplaceable_feature", "bank_marketing.duration")


def test_the_duration_is_refused_once_its_time_is_declared():
    """
    A call's duration is known when the call is over: in all but the four rows of no duration, too late.
    """
    frame = bank_marketing()
    seconds = frame.numbers("duration").astype("timedelta64[s]")

    found = said(replace(frame, known={"duration": frame.times + seconds}), "availability")

    assert red(found) == {("availability", "bank_marketing.duration")}
    assert "in 41,184 of 41,188 rows a value of bank_marketing.duration that was recorded after the decision" in found[0].words


def test_the_fall_in_order_names_what_carries_it():
    """
    Without the duration a random split promises an AUC of 0.80; the last quarter has far less, and the economy's figures carry the fall.
    """
    (fall,) = said(without(bank_marketing(), "duration"), "fall_in_order")

    assert fall.noted
    assert fall.evidence["random"] > 0.77
    assert fall.evidence["other"] < 0.72
    assert set(fall.evidence["carried_by"]) <= {"cons.price.idx", "cons.conf.idx", "nr.employed", "euribor3m", "emp.var.rate"}


def test_a_random_split_is_refused_whoever_argues_for_it():
    """
    The gap costs something: an argument does not make it harmless.
    """
    frame = replace(bank_marketing(), split_by="random", because="one call is like another")

    (found,) = said(frame, "split_fits_data")

    assert found.outcome == "fail"
    assert found.evidence["low"] > 0.05
    assert np.isclose(found.evidence["fall"], found.evidence["random"] - found.evidence["other"])
