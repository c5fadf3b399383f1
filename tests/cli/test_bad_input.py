"""Bad input, through the command line: a clear error, and nothing lost."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.registry import pointer

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]
SPEC = f"ml/{MODEL}/model.yml"
LATER = "2026-07-04"
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


BREACHES: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "an empty table": (lambda _: [], "'orders' has no rows"),
    "a column gone": (
        lambda rows: [{name: value for name, value in row.items() if name != "distance"} for row in rows],
        "no column 'distance'",
    ),
    "a type changed": (lambda rows: with_first(rows, distance="far"), "values is not a number, for example o00000: 'far'"),
    "a value missing": (lambda rows: with_first(rows, shop=""), "orders.shop: 1 of 3,000 values is missing"),
    "a key repeated": (lambda rows: [rows[0], *rows], "order_id=o00000 in 2 rows"),
    "a date with a typo": (lambda rows: with_first(rows, ordered_at="2026-13-01 12:00"), "is not a timestamp"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_source_that_breaks_its_contract_is_refused(
    breach: str, promoted: Shop, command: Command, standing: Callable[[], tuple[object, ...]]
) -> None:
    """
    A file that is not what was agreed is not landed: exit code 2, the counter-example on stderr, all that stood still stands.
    """
    change, words = BREACHES[breach]
    before = standing()
    rewrite(promoted.root / "data" / "orders.csv", change)

    said = command("build", "--project", promoted.root, "--as-of", LATER)

    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert "fix:" in said.err
    assert standing() == before


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
