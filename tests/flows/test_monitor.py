"""A model that is watched: windows once they are over, alarms once, the same moment again the same."""

from datetime import UTC, datetime, timedelta
from json import loads
from typing import Any

import pyarrow.compute as pc
import pytest

from shipworthy.flows.absorb import ABSORBED, absorb
from shipworthy.flows.monitor import Watch, _due, _judge, monitor
from shipworthy.flows.served import served
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.logbook.segments import Outcome, Prediction, Writer
from shipworthy.records import Promise
from shipworthy.registry.package import load
from shipworthy.spec.project import model

from ..conftest import MODEL, TRAINED, Shop

BEFORE = datetime(2026, 5, 14, tzinfo=UTC)
AFTER = datetime(2026, 6, 12, tzinfo=UTC)
LABELS = lake.Pin("published/deliveries", 0)


def look(shop: Shop, at: datetime) -> list[str]:
    return [f"{alert.key.split('/')[1]} {alert.state}" for alert in monitor(shop.project, shop.book, MODEL, at).changed]


def standing(shop: Shop) -> tuple[object, ...]:
    return (
        read.alerts(shop.book),
        read.measurements(shop.book),
        realized_lines(shop),
        [message.once for message in read.messages(shop.book)],
    )


def realized_lines(shop: Shop) -> list[Promise]:
    return [line for line in read.promises(shop.book, MODEL) if line.stage == "realized"]


class TestMonitor:
    @pytest.fixture
    def live(self, promoted: Shop) -> Shop:
        """The shop whose answers are written down one by one, as the service does: each was given when it was decided."""
        rows = lake.read(promoted.project.lake, f"scores/{MODEL}").to_pylist()
        writer = Writer(promoted.project.segments / MODEL)
        writer.write([_answer(row) for row in rows])
        writer.close()
        return promoted

    def test_a_closed_bridge_raises_the_alarm_once(self, live: Shop) -> None:
        """
        Decay that lasts fires one alarm, with the promise and what came true in its words; the same tick again says nothing new.
        """
        assert "realized_decay firing" not in look(live, BEFORE)
        assert "realized_decay firing" in look(live, AFTER)

        (alert,) = [alert for alert in read.alerts(live.book, MODEL) if "/realized_decay/" in alert.key]
        before = standing(live)
        assert look(live, AFTER) == []
        assert standing(live) == before
        assert (alert.state, alert.fired_at) == ("firing", AFTER)
        assert "minutes" in alert.words or "mae" in alert.words

    def test_missed_ticks_are_caught_up_with(self, live: Shop) -> None:
        """
        One look after a month measures the same windows as a look each week.
        """
        monitor(live.project, live.book, MODEL, AFTER)

        windows = [line.window for line in realized_lines(live)]

        assert [window.start.day for window in windows] == [4, 11, 18, 25, 1]
        assert len({measured.at for measured in read.measurements(live.book, name="volume", subject=MODEL)}) == 5

    def test_what_a_crash_cut_off_before_its_alarms_is_judged_again(self, live: Shop) -> None:
        """
        Killed between judging and alarming, the windows are not taken for done: the next look raises what the first would have.
        """
        live.rewrite(f"ml/{MODEL}/model.yml", "window: 7 days, minimum_rows: 50", "window: 2 days, minimum_rows: 20")
        watch = _watch(live, AFTER)
        _judge(watch, _due(watch))

        assert "drift firing" in look(live, AFTER)
        assert min(alert.first_seen for alert in read.alerts(live.book)) < datetime(2026, 5, 26, tzinfo=UTC)

    def test_a_window_is_realized_when_its_labels_are_mature(self, live: Shop) -> None:
        """
        A window that is over is counted at once, and gets its realized line when the label's horizon has passed.
        """
        sunday = datetime(2026, 5, 11, tzinfo=UTC)

        first = monitor(live.project, live.book, MODEL, sunday)
        assert (len(first.windows), realized_lines(live)) == (1, [])

        monitor(live.project, live.book, MODEL, sunday + timedelta(days=2))
        assert len(realized_lines(live)) == 1

    def test_the_log_is_taken_in_once(self, live: Shop) -> None:
        """
        What the service wrote down is in the lake after the first look, and its segment is moved aside.
        """
        first = monitor(live.project, live.book, MODEL, BEFORE)
        again = monitor(live.project, live.book, MODEL, BEFORE)

        assert first.absorbed == lake.read(live.project.lake, f"predictions/{MODEL}").num_rows > 0
        assert again.absorbed == 0
        assert len(list((live.project.segments / MODEL / ABSORBED).iterdir())) == 1

    def test_a_row_that_the_rule_cannot_answer_does_not_blind_the_monitor(self, live: Shop) -> None:
        """
        One request without the rule's column leaves the rule unknown in its window, and the model's own metric known in all.
        """
        score = lake.read(live.project.lake, f"scores/{MODEL}").filter(pc.field("decided_at") > BEFORE).to_pylist()[0]
        told = _answer(score | {"decided_at": TRAINED + timedelta(days=5)})
        _put(live, [Prediction(**{name: getattr(told, name) for name in told.__struct_fields__} | {"inputs": {"distance": None}})])

        monitor(live.project, live.book, MODEL, AFTER)

        lines = realized_lines(live)
        assert [line.rule is None for line in lines] == [True, False, False, False, False]
        assert all(line.value is not None for line in lines)

    def test_what_was_seen_lands_where_sql_finds_it(self, live: Shop) -> None:
        """
        Measurements and alerts are tables of the lake, as many rows as the logbook has.
        """
        monitor(live.project, live.book, MODEL, AFTER)

        assert lake.read(live.project.lake, "measurements").num_rows == len(read.measurements(live.book))
        assert lake.read(live.project.lake, "alerts").num_rows == len(read.alerts(live.book))


def _watch(shop: Shop, at: datetime) -> Watch:
    absorb(shop.project, MODEL)
    version = read.version(shop.book, MODEL, 2)
    assert version is not None
    package = load(shop.project.state / version.artifact)
    return Watch(shop.project, shop.book, model(shop.project, MODEL), version, package, at)


def _answer(row: dict[str, Any]) -> Prediction:
    at, entity = row["decided_at"], str(row["entity"])
    inputs = loads(row["inputs"])
    return Prediction(entity, at, MODEL, 2, entity, at, inputs, row["answer"], fallback=False, latency_seconds=0.001, caller=None)


def test_without_a_champion_there_is_nothing_to_watch(trained: Shop) -> None:
    """
    A model that was never promoted is not well: it is unknown, and the words say why.
    """
    watched = monitor(trained.project, trained.book, MODEL, AFTER)

    assert (watched.outcome, watched.words) == ("unknown", "nothing is promoted: nothing to watch")


def test_before_a_window_is_over_nothing_is_judged(promoted: Shop) -> None:
    """
    Too early is unknown, not well.
    """
    watched = monitor(promoted.project, promoted.book, MODEL, TRAINED + timedelta(days=5))

    assert (watched.outcome, watched.windows) == ("unknown", ())


class TestServed:
    def test_a_label_counts_when_it_is_mature(self, promoted: Shop) -> None:
        """
        The truth of a decision whose horizon has not passed is not known, though its label may have come already.
        """
        rows = served(promoted.project, model(promoted.project, MODEL), LABELS, AFTER, since=TRAINED).to_pylist()

        edge = AFTER - timedelta(days=2)
        assert {row["mature"] for row in rows if row["decided_at"] > edge} == {False}
        assert all(row["truth"] is None for row in rows if row["decided_at"] > edge)
        assert sum(row["truth"] is not None for row in rows if row["decided_at"] <= edge) > 500

    def test_the_past_is_seen_as_it_was(self, promoted: Shop) -> None:
        """
        What was scored later than the moment was not answered yet.
        """
        rows = served(promoted.project, model(promoted.project, MODEL), LABELS, AFTER - timedelta(seconds=1), since=TRAINED)

        assert rows.num_rows == 0

    def test_the_first_answer_counts(self, promoted: Shop) -> None:
        """
        A decision that the service answered and that was scored later counts once, with what the service said.
        """
        score = lake.read(promoted.project.lake, f"scores/{MODEL}").to_pylist()[0]
        told = replace_answer(_answer(score), 99.0)
        _write(promoted, [told])

        rows = served(promoted.project, model(promoted.project, MODEL), LABELS, AFTER, since=TRAINED).to_pylist()

        assert [row["answer"] for row in rows if row["entity"] == score["entity"]] == [99.0]

    def test_the_teams_label_counts_before_a_reported_one(self, promoted: Shop) -> None:
        """
        An outcome that was reported to the service stands in only where the team's own table has none.
        """
        scores = lake.read(promoted.project.lake, f"scores/{MODEL}").to_pylist()
        known = set(lake.read(promoted.project.lake, LABELS)["order_id"].to_pylist())
        labelled = next(row["entity"] for row in scores if row["entity"] in known)
        lost = next(row["entity"] for row in scores if row["entity"] not in known)
        _write(promoted, [Outcome(TRAINED, MODEL, entity, None, 1234.0, TRAINED) for entity in (labelled, lost)])

        rows = served(promoted.project, model(promoted.project, MODEL), LABELS, AFTER, since=TRAINED).to_pylist()

        truth = {row["entity"]: row["truth"] for row in rows}
        assert truth[lost] == 1234.0
        assert truth[labelled] != 1234.0


def _put(shop: Shop, records: list[Prediction | Outcome]) -> None:
    writer = Writer(shop.project.segments / MODEL)
    writer.write(records)
    writer.close()


def _write(shop: Shop, records: list[Prediction | Outcome]) -> None:
    _put(shop, records)
    monitor(shop.project, shop.book, MODEL, TRAINED)


def replace_answer(told: Prediction, answer: float) -> Prediction:
    return Prediction(**{name: getattr(told, name) for name in told.__struct_fields__} | {"answer": answer})
