"""Days on which something was wrong, and days on which nothing was."""

from datetime import timedelta

from shipworthy.checks.training_set.bad_periods import BadPeriods
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.checks.training_set.base.judge import Judged, ask
from shipworthy.flows.learner import learner

A_DAY = 48


def month(**empty: range) -> Frame:
    """Return forty days of half-hourly decisions, the named features null on some days."""
    drawn = sound(40 * A_DAY)
    columns = {
        name: [None if number // A_DAY in empty.get(name, ()) else value for number, value in enumerate(values)]
        for name, values in drawn["columns"].items()
    }
    return shown(columns, drawn["label"], every=timedelta(minutes=30))


def found(frame: Frame) -> list[Judged]:
    return ask(BadPeriods(), frame, learner)


def test_the_days_and_the_exclusion_are_named() -> None:
    """
    A feature that is gone for two days is refused, with the days, what is usual, and the exclusion to paste (B7).
    """
    (one,) = found(month(amount=range(20, 22)))

    assert one.verdict.outcome == "fail"
    assert "on 2026-01-21 100% are null, 0% are usual" in one.verdict.words
    assert one.verdict.evidence["exclude"] == ["{from: 2026-01-21, to: 2026-01-22, reason: nulls of amount unlike the days around}"]
    assert one.blamed == ()


def test_features_that_broke_together_are_told_together() -> None:
    """
    Two features that are gone on the same days are one finding that names both: one cause, one line.
    """
    (one,) = found(month(amount=range(20, 22), visits=range(20, 22)))

    assert one.verdict.words.endswith("So have visits")
    assert one.verdict.evidence["features"] == ["amount", "visits"]


def test_the_beginning_of_history_is_no_bad_period() -> None:
    """
    A feature over the last weeks is empty where history begins: nothing broke there, and nothing is said.
    """
    assert [one.verdict.outcome for one in found(month(amount=range(3)))] == ["pass"]
    assert not found(month(amount=range(3)))[0].verdict.noted


def test_the_last_day_is_looked_at() -> None:
    """
    A feature that is gone since yesterday is found yesterday, not when the next days are there to compare with (C5).
    """
    assert found(month(amount=range(39, 40)))[0].verdict.outcome == "fail"
