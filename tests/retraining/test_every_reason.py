"""Every reason to train again, by the histories that it shows."""

from dataclasses import replace

import pytest

from shipworthy.retraining.due import REASONS, due


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
class TestEveryReason:
    def test_it_triggers(self, reason):
        """
        The history that it shows as a trigger gives a reason of its name, in words.
        """
        found = reason.holds(reason.triggers)

        assert (found.name, bool(found.words)) == (reason.name, True)
        assert found in due(reason.triggers)

    def test_it_does_not_trigger_where_it_says(self, reason):
        """
        The history that it shows as none gives none.
        """
        assert reason.holds(reason.does_not) is None

    def test_an_unknown_history_is_no_reason(self, reason):
        """
        What is not known never trains a model.
        """
        silent = replace(reason.triggers, champion=None, rows=None, new_labels=None, firing=(), last_training=None)

        assert reason.holds(silent) is None

    def test_it_waits_for_the_cool_down(self, reason):
        """
        A training just done, whatever became of it, holds every reason back until the cool-down is over.
        """
        history, wait = reason.triggers, reason.triggers.spec.cool_down

        assert due(replace(history, last_training=history.as_of - wait / 2)) == []
        assert due(replace(history, last_training=history.as_of - wait)) != []

    def test_it_says_when_it_fires_and_what_it_does_not_see(self, reason):
        """
        A reason names its condition and its blind spots.
        """
        assert "Fires when" in (type(reason).__doc__ or "")
        assert "Blind to" in (type(reason).__doc__ or "")
