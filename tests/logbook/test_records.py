"""Records in, records out: the same, once, and in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

from shipworthy.logbook import read, write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Alert, Deployment, Interval, Measurement, ModelVersion, Promise, Step, Verdict, Window

NOON = datetime(2013, 5, 1, 12, 0, 0, 250, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Window(NOON - 7 * DAY, NOON)
PROMISE = Promise("delay", 1, "offline", "mae", WEEK, 1000, 11.9, Interval(11.4, 12.4), 13.8, Interval(-2.3, -1.5), NOON)
ALERT = Alert("decay delay", "delay", "warning", "pending", "MAE is 14", "retrain", NOON, NOON)
VERSION = ModelVersion("delay", 1, NOON - DAY, NOON, "run 1", "hash", "models/delay/1", sound=True, note="first")
STEP = Step("run 1", "train", "running", NOON)
MESSAGE = {"route": "TEAM", "title": "late", "body": "MAE is 14", "severity": "warning", "queued_at": NOON, "next_at": NOON}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    book = open_logbook(f"sqlite:///{tmp_path}/logbook.db")
    yield book
    book.dispose()


class TestRoundTrips:
    def test_a_step_keeps_its_last_word(self, book: Engine) -> None:
        """
        It runs, then it is done: one line, with what it read and wrote.
        """
        done = replace(STEP, status="done", ended_at=NOON + DAY, words="fitted", detail={"pins": {"flights": 3}})
        write.step(book, STEP)
        write.step(book, done)
        write.step(book, replace(STEP, run="run 2", started_at=NOON - DAY))

        assert read.steps(book, "run 1") == [done]
        assert [step.run for step in read.steps(book)] == ["run 2", "run 1"]

    def test_versions_are_counted_for_each_model(self, book: Engine) -> None:
        """
        The first is 1, the next is one above the last, and another model counts for itself.
        """
        assert write.next_version(book, "delay") == 1
        write.version(book, VERSION)
        write.version(book, replace(VERSION, version=2, sound=False))

        assert (write.next_version(book, "delay"), write.next_version(book, "churn")) == (3, 1)
        assert read.versions(book, "delay") == [VERSION, replace(VERSION, version=2, sound=False)]
        assert (read.version(book, "delay", 1), read.version(book, "delay", 9)) == (VERSION, None)

    def test_promises_come_back_with_their_intervals(self, book: Engine) -> None:
        """
        What could not be measured is None, not 0; the same window measured again replaces its line.
        """
        unknown = replace(PROMISE, stage="realized", value=None, interval=None, rule=None, difference=None, rows=0)
        write.promises(book, [PROMISE, unknown])
        write.promises(book, [replace(PROMISE, value=12.0)])

        assert read.promises(book, "delay") == [replace(PROMISE, value=12.0), unknown]

    def test_measurements_are_found_by_name_subject_and_pattern(self, book: Engine) -> None:
        """
        Oldest first; a number that is not known is None.
        """
        first = Measurement("null_share", "delay.wind", 0.1, NOON, 100, Interval(0.05, 0.15), WEEK)
        second = Measurement("null_share", "delay.carrier", None, NOON + DAY)
        third = Measurement("volume", "delay", 7.0, NOON + 2 * DAY, 7)
        write.measurements(book, [third, second, first, first])

        assert read.measurements(book) == [first, second, third]
        assert read.measurements(book, name="volume") == [third]
        assert read.measurements(book, like="delay.%") == [first, second]
        assert read.measurements(book, name="null_share", subject="delay.wind") == [first]

    def test_verdicts_of_a_run_are_kept_with_their_evidence(self, book: Engine) -> None:
        """
        Newest first, of a run or of a subject; who waived one is kept.
        """
        refused = Verdict("beats_rule", "delay@1", "fail", "Refused.", "keep the rule", {"model": 14.0}, "ana until 2013-06-01")
        write.verdicts(book, "run 1", NOON, [refused])
        write.verdicts(book, "run 2", NOON + DAY, [replace(refused, outcome="pass", evidence={}, waived_by=None)])

        assert read.verdicts(book, run="run 1") == [(NOON, refused)]
        assert [at for at, _ in read.verdicts(book, subject="delay@1")] == [NOON + DAY, NOON]

    def test_alerts_that_recovered_are_not_open(self, book: Engine) -> None:
        """
        One condition that began twice is two alerts; each keeps its last word.
        """
        again = replace(ALERT, first_seen=NOON + DAY, last_seen=NOON + DAY)
        recovered = replace(ALERT, state="recovered", fired_at=NOON, recovered_at=NOON + timedelta(hours=1))
        write.alerts(book, [ALERT, again])
        write.alerts(book, [recovered])

        assert read.alerts(book, "delay") == [again, recovered]
        assert read.alerts(book, open_only=True) == [again]


class TestTimes:
    def test_a_moment_of_any_zone_comes_back_in_utc(self, book: Engine) -> None:
        """
        To the microsecond, and aware.
        """
        eastern = NOON.astimezone(timezone(timedelta(hours=-4)))
        write.step(book, replace(STEP, started_at=eastern))
        found = read.steps(book)[0].started_at

        assert (found, found.tzinfo) == (NOON, UTC)

    def test_a_moment_without_a_zone_is_refused(self, book: Engine) -> None:
        """
        Nobody could tell what it means, and nothing is written.
        """
        with pytest.raises(StatementError, match="has no time zone"):
            write.step(book, replace(STEP, started_at=NOON.replace(tzinfo=None)))
        assert read.steps(book) == []


def test_records_that_belong_together_are_written_all_or_none(book: Engine) -> None:
    """
    One that cannot be written takes the others with it.
    """
    good = Measurement("rows", "delay", 1.0, NOON)

    with pytest.raises(StatementError):
        write.measurements(book, [good, replace(good, name="other", at=NOON.replace(tzinfo=None))])
    assert read.measurements(book) == []


class TestDeployments:
    def test_the_champion_is_the_last_word_at_a_moment(self, book: Engine) -> None:
        """
        Today, and as it was; before the first promotion nothing answers.
        """
        for number, version in enumerate((1, 2, 1)):
            action = "rollback" if number == 2 else "promote"
            write.deployment(book, Deployment("delay", version, NOON + number * DAY, action, "ana", "why"))

        assert read.champion(book, "delay") == 1
        assert [read.champion(book, "delay", NOON + hours * DAY / 24) for hours in (-1, 0, 25, 49)] == [None, 1, 2, 1]
        assert read.champion(book, "churn") is None

    def test_a_repeat_of_the_newest_line_is_not_appended(self, book: Engine) -> None:
        """
        A promotion that is run again after a kill is one promotion; the same version later is another.
        """
        line = Deployment("delay", 1, NOON, "promote", "ana", "why")
        for shown in (line, line, replace(line, at=NOON + DAY)):
            write.deployment(book, shown)

        assert read.deployments(book, "delay") == [line, replace(line, at=NOON + DAY)]


class TestLeases:
    def test_one_holds_it_at_a_time(self, book: Engine) -> None:
        """
        Who comes second is told no; who holds it may take it again; let go of, it is free.
        """
        assert write.take_lease(book, "run", "a", NOON, DAY)
        assert not write.take_lease(book, "run", "b", NOON, DAY)
        assert write.take_lease(book, "run", "a", NOON, DAY)
        assert write.take_lease(book, "other", "b", NOON, DAY)
        write.release_lease(book, "run", "a")

        assert write.take_lease(book, "run", "b", NOON, DAY)
        assert read.lease_holder(book, "run", NOON) == "b"

    def test_a_lapsed_one_is_free(self, book: Engine) -> None:
        """
        The holder was killed: until its time is over it holds, after that another may.
        """
        write.take_lease(book, "run", "a", NOON, DAY)

        assert not write.take_lease(book, "run", "b", NOON + DAY, DAY)
        assert read.lease_holder(book, "run", NOON + DAY + timedelta(seconds=1)) is None
        assert write.take_lease(book, "run", "b", NOON + DAY + timedelta(seconds=1), DAY)

    def test_only_the_holder_lets_go(self, book: Engine) -> None:
        """
        A process that lost its lease does not take it from the one that has it now.
        """
        write.take_lease(book, "run", "a", NOON, DAY)
        write.release_lease(book, "run", "b")

        assert read.lease_holder(book, "run", NOON) == "a"


class TestOutbox:
    def test_a_message_is_queued_once(self, book: Engine) -> None:
        """
        The same condition told again makes no second message.
        """
        for once in ("a", "a", "b"):
            write.queue(book, once, MESSAGE)

        assert [message.once for message in read.messages(book)] == ["a", "b"]

    def test_what_is_sent_is_not_due_and_what_failed_waits(self, book: Engine) -> None:
        """
        A message is due from its time on until it was delivered; the trouble it had is kept.
        """
        for once in ("sent", "failed"):
            write.queue(book, once, MESSAGE)
        sent, failed = [message.id for message in read.undelivered(book, NOON)]
        write.tried(book, sent, attempts=1, next_at=NOON, sent_at=NOON, trouble="")
        write.tried(book, failed, attempts=1, next_at=NOON + DAY, sent_at=None, trouble="answered 503")

        assert read.undelivered(book, NOON) == []
        assert [(message.once, message.trouble) for message in read.undelivered(book, NOON + DAY)] == [("failed", "answered 503")]
