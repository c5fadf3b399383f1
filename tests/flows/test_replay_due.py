"""Nobody needs to remember a replay: the loop does it once for each day, and tells who should know."""

from datetime import timedelta
from pathlib import Path

import pytest

from shipworthy.clock import utc
from shipworthy.flows.progress import silent
from shipworthy.flows.replay import replay
from shipworthy.flows.replay_due import alarm, due
from shipworthy.flows.tick import plan, replay_step
from shipworthy.logbook import read, write
from shipworthy.records import Verdict, Window

from ..kitchen import HOUR, MODEL, NOON, SPEC, Kitchen, at, opened
from ..serving.answering import served

DAY = timedelta(days=1)
MIDNIGHT = NOON - 12 * HOUR


@pytest.fixture
def made(tmp_path: Path) -> Kitchen:
    return opened(tmp_path)


def answered(made: Kitchen, monkeypatch: pytest.MonkeyPatch, name: str, *, stale: bool, day: int = 0) -> None:
    """Answer an order a minute after noon's build; half an hour after it where it is to be stale: the queue moved in between."""
    moment = NOON + day * DAY
    made.queued("dragon", moment - HOUR / 2, 1.0)
    made.build(moment)
    row = made.ordered(name, moment + timedelta(minutes=30 if stale else 1))
    at(monkeypatch, made.project.root, moment + 30 * timedelta(minutes=1))
    with served(made.project) as service:
        service.predict(row, model=MODEL).raise_for_status()
    if stale:
        made.queued("dragon", moment + HOUR / 4, 99.0)
    made.build(moment + 12 * HOUR)


def test_yesterday_is_due_once(made: Kitchen) -> None:
    """
    The first replay is of yesterday; after it nothing is due until another day is over, and then all days that were missed.
    """
    assert due(made.book, MODEL, NOON + DAY) == Window(MIDNIGHT, MIDNIGHT + DAY)
    replay(made.project, made.book, MODEL, Window(MIDNIGHT, MIDNIGHT + DAY), NOON + DAY)

    assert due(made.book, MODEL, NOON + DAY) is None
    assert due(made.book, MODEL, MIDNIGHT + 2 * DAY - HOUR) is None
    assert due(made.book, MODEL, NOON + 4 * DAY) == Window(MIDNIGHT + DAY, MIDNIGHT + 4 * DAY)


def test_a_step_says_what_it_came_to(made: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Nothing served is sound and said; a difference is not sound and alarms; done once it is not due again.
    """
    folder = str(made.project.root)
    idle = replay_step(folder, MODEL, NOON, silent)
    assert (idle["words"], idle["sound"]) == ("nothing was served", True)

    answered(made, monkeypatch, "o1", stale=True)
    step = replay_step(folder, MODEL, NOON + DAY, silent)
    assert (step["sound"], step["detail"]["firing"]) == (False, ["minutes/replay/minutes"])
    assert "stale 1" in step["words"]
    assert replay_step(folder, MODEL, NOON + DAY, silent)["words"] == "nothing was due"


def test_an_alert_fires_at_once_and_ends_with_a_sound_day(made: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One bad day fires a warning with the cause and its counter-example; the first good one ends it; a day without answers does neither.
    """
    folder = str(made.project.root)
    answered(made, monkeypatch, "o1", stale=True)
    replay_step(folder, MODEL, NOON + DAY, silent)
    (alert,) = read.alerts(made.book, MODEL)
    assert (alert.state, alert.severity) == ("firing", "warning")
    assert "o1 decided" in alert.words

    replay_step(folder, MODEL, NOON + 2 * DAY, silent)
    assert [one.state for one in read.alerts(made.book, MODEL)] == ["firing"]

    answered(made, monkeypatch, "o2", stale=False, day=2)
    replay_step(folder, MODEL, NOON + 3 * DAY, silent)
    assert [one.state for one in read.alerts(made.book, MODEL)] == ["recovered"]


def test_alarming_again_changes_nothing(made: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A tick that is repeated tells nobody twice.
    """
    answered(made, monkeypatch, "o1", stale=True)
    replayed = replay(made.project, made.book, MODEL, Window(MIDNIGHT, MIDNIGHT + DAY), NOON + DAY)

    assert len(alarm(made.project, made.book, replayed, NOON + DAY)) == 1
    assert alarm(made.project, made.book, replayed, NOON + DAY) == []


def test_other_verdicts_on_the_model_are_no_replay(made: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What a monitor says of the model neither begins nor ends the alert of a replay.
    """
    answered(made, monkeypatch, "o1", stale=False)
    replayed = replay(made.project, made.book, MODEL, Window(MIDNIGHT, MIDNIGHT + DAY), NOON + DAY)
    write.verdicts(made.book, "monitor", utc(NOON), [Verdict("volume", MODEL, "fail", "few rows")])

    assert alarm(made.project, made.book, replayed, NOON + DAY) == []


def test_a_model_that_only_scores_tables_is_not_replayed(made: Kitchen) -> None:
    """
    What answers no request served nothing.
    """
    assert f"replay {MODEL}" in [name for name, *_ in plan(made.project)]
    (made.project.root / "ml" / MODEL / "model.yml").write_text(SPEC + "deployment: {mode: batch}\n")
    assert f"replay {MODEL}" not in [name for name, *_ in plan(made.project)]
