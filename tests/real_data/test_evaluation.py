"""Evaluation on real data: thresholds by cost, calibration, parts of the rows, two rankings."""

from dataclasses import replace
from functools import cache

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.evaluation.calibration import learnt
from shipworthy.evaluation.losses import mean_loss
from shipworthy.evaluation.reliability import reliability
from shipworthy.evaluation.threshold import indifference
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.calibration import Calibration
from shipworthy.flows.studies.metrics import Metrics
from shipworthy.flows.studies.slices import Slices
from shipworthy.flows.studies.threshold import Threshold
from shipworthy.registry.decision import Decision

from ..subjects import subject_of
from . import sets

COSTS = {"false_positive": 5, "false_negative": 100, "currency": "EUR"}


@cache
def fitted(name: str) -> Subject:
    """Return LightGBM, fitted to the first three quarters of a set; a booking's final status, which tells all, is left out."""
    frame: Frame = getattr(sets, name)()
    known = {column: feature for column, feature in frame.features.items() if not column.startswith("reservation_status")}
    return subject_of(replace(frame, features=known), training={"parameters": {"num_iterations": 150}})


@cache
def bookings() -> Subject:
    """Return LightGBM on hotel bookings of which each label could have come: 200 days are left out before the holdout, and at the end."""
    frame, horizon = sets.hotel_bookings(), np.timedelta64(200, "D")
    mature = frame.times + horizon <= frame.times.max()
    start = np.quantile(frame.times[mature].astype(np.int64), 0.8).astype(frame.times.dtype)
    known = {column: feature for column, feature in frame.features.items() if not column.startswith("reservation_status")}
    settled = replace(frame, features=known, fit=frame.times + horizon <= start, holdout=mature & (frame.times >= start))
    return subject_of(settled, training={"parameters": {"num_iterations": 150}})


def asked(subject: Subject, **said: object) -> Subject:
    """Return the subject with a spec that says this of evaluation, acted on where its costs alone say."""
    evaluation = subject.spec.evaluation.model_validate(said)
    threshold = indifference(evaluation.costs) if evaluation.costs else None
    return replace(subject, spec=subject.spec.model_copy(update={"evaluation": evaluation}), decision=Decision(threshold=threshold))


def test_cancelled_bookings_are_acted_on_by_what_they_cost() -> None:
    """
    Hotels, of bookings whose 200 days have passed: a call costs 5, an empty room 100: acting from one in twenty-one on is surely cheaper
    than to call everybody, nobody, or from one half on, and no threshold learnt on the held-out bookings is surely better.
    """
    found = Threshold().look(asked(bookings(), costs=COSTS))
    figures = found.figures

    assert found.verdicts[0].outcome == "pass"
    assert figures["ways"]["threshold"]["cost"] < figures["ways"]["act on none"]["cost"] / 10
    assert figures["others"]["one half"]["more_from_to"][0] > 5
    assert (figures["learnt_here"], figures["warning"]) == (None, "")


def test_labels_that_came_early_are_told_by_the_threshold() -> None:
    """
    Hotels, where bookings are fitted as soon as their label is known: of those that arrive after the holdout begins only the cancelled are
    there, so that the model calls nearly every later booking cancelled; then one half is surely cheaper than what the costs say, and
    that is said first.
    """
    subject = asked(fitted("hotel_bookings"), costs=COSTS)
    found = Threshold().look(subject)

    assert subject.answers.mean() > 0.9 > 2 * subject.truth.mean()
    assert found.words[0].startswith("Warning")
    assert found.figures["others"]["one half"]["more_from_to"][1] < 0
    assert found.verdicts[0].noted


def test_defaults_on_credit_are_mended_where_they_are_made_too_sure() -> None:
    """
    Taiwan: what the model says is nearly calibrated; made twice as sure it is told, and a sigmoid learnt on half the rows mends the rest.
    """
    subject = fitted("taiwan_credit")
    said, truth, times = subject.answers, subject.truth, subject.times
    odds = np.log(said) - np.log1p(-said)
    sure = 1 / (1 + np.exp(-2 * odds))
    first = np.arange(len(truth)) % 2 == 0
    mended = learnt("sigmoid", truth[first], sure[first]).apply(sure[~first])

    assert 0.8 < reliability(truth, said, times).slope < 1.2
    assert "too sure of themselves" in Calibration().look(replace(subject, answers=sure)).words[0]
    assert mean_loss("brier", truth[~first], mended) < mean_loss("brier", truth[~first], sure[~first])


def test_an_ordered_split_shows_that_probabilities_went_stale() -> None:
    """
    Bank marketing in its order: many more say yes at its end, so that answers are surely too low, and a rank is still worth something.
    """
    subject = asked(fitted("bank_marketing"), capacity=0.1)
    metrics = Metrics().look(subject).figures

    assert "too low on the whole" in Calibration().look(subject).words[0]
    assert metrics["auc"]["low"] > 0.5
    assert metrics["lift_at_capacity"]["low"] > 1


def test_parts_on_which_incomes_are_hard_to_tell_are_found() -> None:
    """
    Adult: the married, of whom half earn much, are harder than the rest; that is found without being named.
    """
    found = Slices().look(fitted("adult"))

    assert any("marital_status" in part or "relationship" in part for part in found.figures["discovered"])
