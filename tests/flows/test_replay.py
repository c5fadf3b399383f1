"""What was served is what the lake gives, or the cause of the difference is told: each cause planted, and none where there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shipworthy.errors import UnknownName
from shipworthy.flows.replay import EQUAL, Replayed, replay, yesterday
from shipworthy.gateways.online.entry import key
from shipworthy.gateways.online.store import open_store
from shipworthy.logbook import read
from shipworthy.records import Window

from ..kitchen import HOUR, MODEL, NOON, Kitchen, at, opened
from ..serving.answering import served

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TODAY = Window(NOON - NOON.hour * HOUR, NOON - NOON.hour * HOUR + DAY)
ALL = 5  # features of an answer
Ask = Callable[..., None]


@dataclass(frozen=True)
class Day:
    """A kitchen with a service, asked now and then."""

    kitchen: Kitchen
    ask: Ask

    def replayed(self, as_of: Any = NOON + DAY) -> Replayed:
        return replay(self.kitchen.project, self.kitchen.book, MODEL, TODAY, as_of)

    def causes(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Build what is known a day later, and return the cells and features of each cause."""
        self.kitchen.build(NOON + DAY)
        return {one.cause: (one.cells, one.features) for one in self.replayed().differences}


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    made = opened(tmp_path)

    def ask(*rows: dict[str, Any], moment: Any = NOON + 30 * MINUTE) -> None:
        at(monkeypatch, tmp_path, moment)
        with served(made.project) as service:
            service.predict(*rows, model=MODEL).raise_for_status()

    return Day(made, ask)


def test_a_day_without_a_difference_passes(day: Day) -> None:
    """
    Orders of several shops and moments, one of them unknown, one too old to count: each cell is what the lake gives.
    """
    made = day.kitchen
    made.queued("lotus", NOON + 2 * HOUR, 1.0, known=NOON + 3 * HOUR)
    day.ask(made.ordered("o1", NOON + MINUTE), made.ordered("o2", NOON + MINUTE, shop="lotus"), made.ordered("o3", NOON, shop="nowhere"))
    made.build(NOON + HOUR)
    day.ask(made.ordered("o4", NOON + HOUR), made.ordered("o5", NOON + 80 * MINUTE, distance=7.0), moment=NOON + 90 * MINUTE)
    day.ask(made.ordered("o6", NOON + 5 * HOUR), moment=NOON + 5 * HOUR)

    assert day.causes() == {}
    replayed = day.replayed()
    assert (replayed.outcome, replayed.share, replayed.rows, replayed.unplaced) == ("pass", 1.0, 6, 0)
    assert replayed.verdict.words == f"1.0000 of {6 * ALL} served cells are what the lake gives, at least 0.999 asked"


def test_a_row_that_became_known_after_the_build_makes_the_store_stale(day: Day) -> None:
    """
    The queue of noon is known at two past, the store is of noon: a decision at half past was served eleven o'clock's.
    """
    day.ask(day.kitchen.ordered("o1", NOON + 30 * MINUTE))

    assert day.causes() == {"stale": (1, ("waiting",))}
    (difference,) = day.replayed().differences
    assert "served waiting = 6.0 from queue version 0, as known at 2026-05-01 12:00: the row of 2026-05-01 11:00" in difference.words
    assert "the lake gives 8.0" in difference.words
    assert (difference.example["served"], difference.example["lake"]) == (6.0, 8.0)


def test_a_row_that_waits_in_the_store_is_not_stale(day: Day) -> None:
    """
    The same decision, where the relation said beforehand that noon's queue will be known at two past: it was in the store, waiting.
    """
    day.kitchen.build(NOON, everything=True)
    day.ask(day.kitchen.ordered("o1", NOON + MINUTE), day.kitchen.ordered("o2", NOON + 2 * MINUTE))

    assert day.causes() == {}


def test_an_entity_that_came_after_the_build_makes_the_store_stale(day: Day) -> None:
    """
    A shop that opened between build and decision was not in the store yet.
    """
    day.kitchen.queued("panda", NOON, 5.0)
    day.ask(day.kitchen.ordered("o1", NOON + 30 * MINUTE, shop="panda"))

    assert day.causes() == {"stale": (2, ("waiting", "mood"))}


def test_a_row_that_arrived_after_its_known_time_is_late(day: Day) -> None:
    """
    A backfill whose rows say that they were known before noon, and were not in what was published at noon.
    """
    day.ask(day.kitchen.ordered("o1", NOON + MINUTE))
    day.kitchen.queued("dragon", NOON - 30 * MINUTE, 17.0, known=NOON - 20 * MINUTE)

    assert day.causes() == {"late": (1, ("waiting",))}
    assert "known_time" in day.replayed().verdict.fix


def test_a_row_that_was_rewritten_in_place_is_late(day: Day) -> None:
    """
    The value was changed after it had been served, and no known time tells of it; a static fact that changed is the same.
    """
    day.ask(day.kitchen.ordered("o1", NOON + MINUTE))
    day.kitchen.rows["queue"][1]["waiting"] = 60.0
    day.kitchen.rows["tables"][0]["seats"] = 25

    assert day.causes() == {"late": (2, ("waiting", "seats"))}


def test_a_change_of_sql_is_another_definition(day: Day) -> None:
    """
    The same row has another value because the SQL behind it changed between serving and replay.
    """
    day.ask(day.kitchen.ordered("o1", NOON + MINUTE))
    for row in day.kitchen.rows["queue"]:
        row["waiting"] *= 2
    day.kitchen.definitions["queue"] = "second"

    assert day.causes() == {"definition": (1, ("waiting",))}


def test_a_value_that_the_request_sent_is_another_definition(day: Day) -> None:
    """
    A feature that the caller computed by itself: allowed beside a lookup, or a row with every feature.
    """
    made = day.kitchen
    whole = {"distance": 2.0, "waiting": 6.0, "mood": "wild", "mean_price": 10.0, "seats": 20}
    day.ask(
        {**made.ordered("o1", NOON), "inputs": {"mean_price": 99.0}},
        {"entity": "o2", "decided_at": made.ordered("o2", NOON)["decided_at"], "inputs": whole},
        {**made.ordered("o3", NOON + MINUTE), "decision": {"distance": 3.0, "shop": "dragon", "dish": 7}},
    )

    assert day.causes() == {"definition": (3, ("distance", "mood", "mean_price"))}
    assert {one.example["from"] for one in day.replayed().differences} == {"the request"}


def test_an_entity_that_the_store_lost_is_missing(day: Day) -> None:
    """
    The published version has the shop, the store had not: its features were null.
    """
    made = day.kitchen
    store = open_store(made.project)
    publication = store.publications()["tables"]
    _, packed = store.fetch({"tables": [key(["lotus"])]})["tables"]
    store.publish([(publication, packed.items())])
    store.close()
    day.ask(made.ordered("o1", NOON), made.ordered("o2", NOON, shop="lotus"))

    assert day.causes() == {"missing": (1, ("seats",))}


def test_an_entity_that_is_gone_from_the_lake_is_missing(day: Day) -> None:
    """
    The reverse: it was served, and the relation no longer has it.
    """
    day.ask(day.kitchen.ordered("o1", NOON))
    del day.kitchen.rows["tables"][0]

    assert day.causes() == {"missing": (1, ("seats",))}


def test_what_was_served_is_told_apart_from_what_was_never_sent(day: Day) -> None:
    """
    No answers are unknown; answers whose decisions are in no relation cannot be compared, and are unknown too.
    """
    nothing = day.replayed()
    assert (nothing.outcome, nothing.verdict.words, nothing.share) == ("unknown", "nothing was served", None)

    whole = {"distance": 2.0, "waiting": 6.0, "mood": "calm", "mean_price": 10.0, "seats": 20}
    day.ask({"entity": "elsewhere", "decided_at": NOON.isoformat(), "inputs": whole})
    unplaced = day.replayed()
    assert (unplaced.outcome, unplaced.rows, unplaced.unplaced) == ("unknown", 1, 1)
    assert "their decisions are not in the lake" in unplaced.verdict.words


def test_the_last_digits_do_not_count_and_more_does(day: Day) -> None:
    """
    A number that differs by a billionth of itself is the same; by a millionth it is not.
    """
    day.ask(day.kitchen.ordered("o1", NOON))
    day.kitchen.rows["queue"][1]["waiting"] = 6.0 * (1 + 1e-10)
    assert day.causes() == {}

    day.kitchen.rows["queue"][1]["waiting"] = 6.0 * (1 + 1e-6)
    assert day.causes() == {"late": (1, ("waiting",))}


def test_the_shares_are_in_the_logbook_by_feature(day: Day) -> None:
    """
    Each replay leaves the share of equal cells of the model and of each feature, and its verdict; the same again replaces it.
    """
    day.ask(day.kitchen.ordered("o1", NOON), day.kitchen.ordered("o2", NOON + 30 * MINUTE))
    day.causes()
    day.replayed()

    measured = {one.subject: (one.value, one.rows) for one in read.measurements(day.kitchen.book, name=EQUAL)}
    assert measured == {
        "minutes": (0.9, 10), "minutes.distance": (1.0, 2), "minutes.mean_price": (1.0, 2), "minutes.mood": (1.0, 2),
        "minutes.seats": (1.0, 2), "minutes.waiting": (0.5, 2),
    }  # fmt: skip
    ((moment, verdict),) = read.verdicts(day.kitchen.book, subject=MODEL)
    assert (moment, verdict.name, verdict.outcome) == (TODAY.end, "replay", "fail")
    assert verdict.evidence["stale"]["example"]["entity"] == "o2"


def test_the_bound_is_the_specs(day: Day) -> None:
    """
    A team that builds once a day may ask for less; what differs is told all the same.
    """
    file = day.kitchen.project.root / "ml" / MODEL / "model.yml"
    file.write_text(file.read_text() + "monitoring: {parity: 0.5}\n")
    day.ask(day.kitchen.ordered("o1", NOON + 30 * MINUTE))

    assert day.causes() == {"stale": (1, ("waiting",))}
    assert day.replayed().outcome == "pass"


def test_only_the_span_is_looked_at(day: Day) -> None:
    """
    An answer belongs to the moment at which it was given: the first is in, the last is not.
    """
    for moment in (TODAY.start, TODAY.end):
        day.ask(day.kitchen.ordered(f"o{moment.day}", moment - MINUTE), moment=moment)

    assert day.replayed(NOON + 2 * DAY).rows == 1
    assert yesterday(NOON + DAY) == TODAY


def test_an_unknown_model_is_told_by_its_nearest_name(day: Day) -> None:
    """
    A slip of the pen is answered with what is there.
    """
    with pytest.raises(UnknownName, match="did you mean 'minutes'"):
        replay(day.kitchen.project, day.kitchen.book, "minute", TODAY, NOON + DAY)


def test_a_price_that_was_corrected_the_same_day_waits_for_its_latency(day: Day) -> None:
    """
    A day's price counts when the day is over: before and after midnight the store gives what the lake gives.
    """
    made = day.kitchen
    made.rows["prices"].append({"shop": "dragon", "dish": 7, "day": date(2026, 5, 2), "price": 12.0})
    made.build(NOON, everything=True)
    day.ask(made.ordered("o1", TODAY.end - MINUTE), moment=TODAY.end - MINUTE)
    day.ask(made.ordered("o2", TODAY.end), moment=TODAY.end)

    made.build(NOON + DAY)
    both = replay(made.project, made.book, MODEL, Window(TODAY.start, TODAY.end + HOUR), NOON + DAY)
    assert both.differences == ()
