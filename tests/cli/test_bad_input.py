"""Bad input, through the command line: a clear error, and nothing lost."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shipworthy.errors import UnknownName
from shipworthy.flows.landing import land_one
from shipworthy.flows.quarantine import held
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.registry import pointer
from shipworthy.spec.project import source

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]
SPEC = f"ml/{MODEL}/model.yml"
LATER = "2026-07-04"
LATEST = datetime(2026, 7, 4, tzinfo=UTC)
Rows = list[dict[str, str]]


@pytest.fixture
def standing(promoted: Shop) -> Callable[[], tuple[object, ...]]:
    """What must not be lost: published and landed versions, the champion, its pointer, the number of versions."""

    def look() -> tuple[object, ...]:
        tables = {table: lake.pin(promoted.project.lake, table).version for table in lake.tables(promoted.project.lake)}
        found = pointer.read(promoted.project.live, MODEL)
        return tables, read.champion(promoted.book, MODEL), found, len(read.versions(promoted.book, MODEL))

    return look


def rewrite(file: Path, change: Callable[[Rows], Rows]) -> None:
    """Write `file` again with its rows changed."""
    with file.open(newline="") as stream:
        rows = change(list(csv.DictReader(stream)))
        names = list(rows[0]) if rows else ["order_id", "shop", "distance", "items", "ordered_at"]
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)


def with_first(rows: Rows, **values: str) -> Rows:
    return [rows[0] | values, *rows[1:]]


def without(row: dict[str, str], gone: str) -> dict[str, str]:
    return {name: value for name, value in row.items() if name != gone}


REFUSED: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "an empty table": (lambda _: [], "'data/orders.csv' has no rows"),
    "a column gone": (lambda rows: [without(row, "distance") for row in rows], "no column 'distance'"),
    "a type changed": (
        lambda rows: [row | {"distance": "far"} for row in rows],
        "3,000 of 3,000 new records (100.0%) break the contract, at most 5.0% may: 3,000 by distance, for example 'far' is not a number",
    ),
    "months before days": (
        lambda rows: [row | {"ordered_at": "25/04/2026 12:00"} for row in rows],
        "'25/04/2026 12:00' is not a timestamp: it reads day first, write the column's format (data/orders.csv, record 1)",
    ),
}


@pytest.mark.parametrize("breach", REFUSED)
def test_a_source_that_is_not_what_was_agreed_is_refused(
    breach: str, promoted: Shop, command: Command, standing: Callable[[], tuple[object, ...]]
) -> None:
    """
    A file of another shape, or with more broken records than the contract bears, is not landed: exit code 2, the counter-example
    on stderr, all that stood still stands.
    """
    change, words = REFUSED[breach]
    before = standing()
    rewrite(promoted.root / "data" / "orders.csv", change)

    said = command("build", "--project", promoted.root, "--as-of", LATER)

    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert "fix:" in said.err
    assert standing() == before


BROKEN: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "another type": (lambda rows: with_first(rows, distance="far"), "'far' is not a number"),
    "a value missing": (lambda rows: with_first(rows, shop=""), "is missing"),
    "a date with a typo": (lambda rows: with_first(rows, ordered_at="2026-13-01 12:00"), "'2026-13-01 12:00' is not a timestamp"),
    "a key with two contents": (lambda rows: [rows[0] | {"items": "7"}, *rows], "the same order_id, ordered_at comes with other content"),
}


@pytest.mark.parametrize("breach", BROKEN)
def test_a_record_that_breaks_its_contract_is_in_quarantine(breach: str, promoted: Shop, command: Command) -> None:
    """
    The others are landed; the record is listed with what is wrong until a person has corrected it, and it is landed then.
    """
    change, words = BROKEN[breach]
    before = landed_orders(promoted)
    rewrite(promoted.root / "data" / "orders.csv", change)
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        held(promoted.project, "order")
    land_one(promoted.project, promoted.book, source(promoted.project, "orders"), LATEST)
    listed = command("quarantine", "list", "orders", "--project", promoted.root)
    (first, *_) = json.loads(command("quarantine", "--json", "--project", promoted.root).out)[1]["reasons"][0]["examples"]
    values = before[0] | {"ordered_at": before[0]["ordered_at"].isoformat(sep=" ")}
    wanted = [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
    chosen = ["--record", first["id"]]
    told = command("quarantine", "fix", "orders", "--project", promoted.root, *chosen, *wanted, "--why", "asked the kitchen")

    assert (listed.code, words in listed.out) == (1, True)
    assert (told.code, "1 of 1 records keep the contract now" in told.out) == (0, True)
    assert landed_orders(promoted) == before


def landed_orders(shop: Shop) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake.read(shop.project.lake, "sources/orders").drop_columns(["_delivery", "_record"]).to_pylist()
    return sorted(rows, key=lambda row: str(row["order_id"]))


FIXES: dict[str, tuple[list[str], str]] = {
    "no reason": (["--kind", "type", "--set", "distance=1"], "fix needs the SOURCE, and --why"),
    "no value": (["--kind", "type", "--why", "x"], "no corrected value is given"),
    "no record": (["--set", "distance=1", "--why", "x"], "no record is chosen"),
    "an unknown record": (["--record", "abc", "--set", "distance=1", "--why", "x"], "no open record 'abc'"),
    "an unknown column": (["--kind", "type", "--set", "distanse=1", "--why", "x"], "did you mean 'distance'?"),
    "a value without a column": (["--kind", "type", "--set", "1", "--why", "x"], "'1' is not COLUMN=VALUE"),
    "nothing like it": (["--where", "distance=near", "--set", "distance=1", "--why", "x"], "none of 0 open records is like that"),
}


@pytest.mark.parametrize("mistake", FIXES)
def test_a_mistake_in_a_correction_is_answered(mistake: str, built: Shop, command: Command) -> None:
    """
    Exit code 2, what is missing or the nearest name; nothing is changed.
    """
    options, words = FIXES[mistake]
    said = command("quarantine", "fix", "orders", "--project", built.root, *options)

    assert said.code == 2
    assert words in said.err


def test_a_reason_is_corrected_for_all_its_records_at_once(built: Shop, command: Command) -> None:
    """
    All open records in which a column has this value get another, and are landed.
    """
    change: Callable[[Rows], Rows] = lambda rows: [row | {"distance": "?"} if place < 9 else row for place, row in enumerate(rows)]  # noqa: E731
    rewrite(built.root / "data" / "orders.csv", change)
    land_one(built.project, built.book, source(built.project, "orders"), LATEST)
    options = ["--where", "distance=?", "--set", "distance=2.5", "--why", "the mean of the shop", "--json"]
    said = command("quarantine", "fix", "orders", "--project", built.root, *options)
    again = command("quarantine", "replay", "orders", "--project", built.root)

    assert said.code == 0
    assert [(one["tried"], one["landed"]) for one in json.loads(said.out)] == [(9, 9)]
    assert (again.code, "0 of 0 records" in again.out) == (0, True)


MISTAKES: dict[str, tuple[str, str, str]] = {
    "a key with a typo": ("baseline:", "baselin:", "model.yml:13: no key 'baselin'\n  fix: did you mean 'baseline'?"),
    "a value of another type": ("horizon: 2 days", "horizon: soon", "'label.horizon' is 'soon'"),
    "an unanswered question": ("horizon: 2 days", "horizon: '???'", "'label.horizon' is '???'"),
    "no YAML": ("brief:", "brief: [", "not YAML"),
    "a relation with a typo": ("relation: shop_queue", "relation: shop_queu", "did you mean 'shop_queue'?"),
    "a column with a typo": ("[shop, distance, items]", "[shop, distanse, items]", "did you mean 'distance'?"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_spec_is_answered_with_its_place(
    mistake: str, promoted: Shop, command: Command, standing: Callable[[], tuple[object, ...]]
) -> None:
    """
    A spec that cannot be so is exit code 2 with file and line, or the nearest name; nothing is trained.
    """
    old, new, words = MISTAKES[mistake]
    before = standing()
    promoted.rewrite(SPEC, old, new)

    said = command("train", MODEL, "--project", promoted.root, "--as-of", "2026-05-01")

    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert standing() == before


def test_a_label_that_never_matures_is_counted(promoted: Shop, command: Command, standing: Callable[[], tuple[object, ...]]) -> None:
    """
    Where no label is mature the error says what became of every decision, and the champion goes on.
    """
    before = standing()
    promoted.rewrite(SPEC, "horizon: 2 days", "horizon: 400 days")

    said = command("train", MODEL, "--project", promoted.root, "--as-of", "2026-05-01")

    assert said.code == 2
    assert "has a mature label" in said.err
    assert "immature" in said.err
    assert standing() == before


@pytest.mark.journey
def test_a_timestamp_from_the_future_is_held_back(promoted: Shop, command: Command) -> None:
    """
    A report about an hour that has not come is named by its check, and the last published version stays.
    """
    before = lake.read(promoted.project.lake, "published/shop_queue")
    rewrite(promoted.root / "data" / "queue.csv", lambda rows: with_first(rows, hour_end="2030-01-01 10:00:00+00:00"))

    said = command("build", "--project", promoted.root, "--as-of", LATER)

    assert said.code == 1
    assert "future" in said.out
    assert "2030" in said.out
    assert lake.read(promoted.project.lake, "published/shop_queue").equals(before)
    assert read.champion(promoted.book, MODEL) == 2
