"""When a model is trained again."""

from dataclasses import replace
from datetime import timedelta

from shipworthy.retraining.due import REASONS, due
from shipworthy.spec.model import Retraining


def test_all_reasons_that_hold_are_named():
    """
    Two reasons at once are both told.
    """
    both = replace(REASONS["decay"].triggers, spec=Retraining(every=timedelta(days=7)))

    assert [reason.name for reason in due(both)] == ["decay", "schedule"]


def test_a_model_without_a_champion_is_not_retrained():
    """
    The first training is a person's decision.
    """
    assert due(replace(REASONS["schedule"].triggers, champion=None)) == []


def test_the_predecessors_decay_is_no_reason():
    """
    An alert about windows before the champion's knowledge speaks of the version before it.
    """
    history = REASONS["decay"].triggers
    newer = replace(history.champion, version=2, as_of=history.firing[0].last_seen)

    assert due(replace(history, champion=newer)) == []


def test_pending_and_recovered_alerts_are_no_reason():
    """
    Only an alert that fires trains a model.
    """
    history = REASONS["decay"].triggers

    for state in ("pending", "recovered"):
        assert due(replace(history, firing=(replace(history.firing[0], state=state),))) == []


def test_drift_alone_does_not_retrain():
    """
    Drift explains; it trains nothing.
    """
    history = REASONS["decay"].triggers

    assert due(replace(history, firing=(replace(history.firing[0], key="demand/drift/demand.price"),))) == []
