"""The catalog for people: found by words, with all that is known."""

import json
from collections.abc import Callable

import pytest

from shipworthy.flows.search import Entry, duplicates, entries, search

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]


def names(found: list[Entry]) -> list[str]:
    return [entry.name for entry in found]


def test_a_column_has_all_that_is_known_of_it(promoted: Shop) -> None:
    """
    Words, type, unit, statistics of the last build, where it comes from, who uses it, and how much the model makes of it.
    """
    entry = next(one for one in entries(promoted.project, promoted.book) if one.name == "orders.distance")

    assert (entry.kind, entry.description, entry.type, entry.unit) == ("column", "How far it has to go.", "number", "km")
    assert (entry.null_share, entry.comes_from) == (0.0, ("landed.orders.distance",))
    assert entry.distinct is not None
    assert entry.distinct > 500
    assert {f"{MODEL}.distance", f"predictions_{MODEL}"} <= set(entry.used_by)
    assert entry.importance is not None
    assert 0 < entry.importance < 1


def test_a_relation_has_its_rows_and_a_column_its_tests(built: Shop) -> None:
    """
    What dbt tests stands with what it tests; a relation says how its rows become known, and how old the newest is.
    """
    found = {one.name: one for one in entries(built.project, built.book)}

    assert set(found["orders.order_id"].tests) == {"not_null", "unique"}
    assert (found["shop_queue"].known_by, found["orders"].of) == ("known_at", "model")
    assert found["orders"].rows == 2745
    assert found["orders"].age_days is not None
    assert found[f"{MODEL}.waiting"].kind == "feature"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("waiting", "shop_queue.waiting"),
        ("waitng", "shop_queue.waiting"),
        ("mean min", "recent_minutes.mean_minutes"),
        ("late share", "kpi_daily.late_share"),
    ],
)
def test_it_is_found_by_name_also_misspelt_or_begun(words: str, first: str, built: Shop) -> None:
    """
    The best is among the first two: a column and the feature that it becomes are alike.
    """
    assert first in names(search(built.project, built.book, words))[:2]


def test_all_words_must_be_met(built: Shop) -> None:
    """
    In name, description or what lies around; a word that is nowhere finds nothing.
    """
    assert "deliveries.minutes" in names(search(built.project, built.book, "order hand over"))
    assert search(built.project, built.book, "waiting zebra") == []


def test_without_words_what_is_used_most_comes_first(built: Shop) -> None:
    """
    Everything is there.
    """
    found = search(built.project, built.book)

    assert len(found) == len(entries(built.project, built.book))
    assert len(found[0].used_by) == max(len(entry.used_by) for entry in found)


def test_the_command_shows_what_is_known(built: Shop, command: Command) -> None:
    """
    As text and as JSON; how many there are.
    """
    text = command("catalog", "--project", built.root, "waiting", "--most", 1)
    data = json.loads(command("catalog", "--project", built.root, "waiting", "--json").out)

    assert "Orders not yet cooked." in text.out
    assert f"{len(data)} found, the first 1 are shown" in text.out
    assert {"shop_queue.waiting", f"{MODEL}.waiting"} <= {entry["name"] for entry in data}


def test_a_sound_project_computes_nothing_twice(built: Shop, command: Command) -> None:
    """
    No false alarm where there is nothing.
    """
    assert duplicates(built.project) == []
    assert "nothing is computed twice" in command("catalog", "--project", built.root, "--duplicates").out


def test_what_is_computed_twice_is_shown_with_both_places(built: Shop, command: Command) -> None:
    """
    By the command, and in the check of the model, where it is noted and no reason to refuse.
    """
    file = built.project.state / "dbt" / "manifest.json"
    said = json.loads(file.read_text())
    mean = said["nodes"]["model.shop.recent_minutes"]
    said["nodes"]["model.shop.again"] = mean | {"unique_id": "model.shop.again", "name": "again", "original_file_path": "models/again.sql"}
    file.write_text(json.dumps(said))

    shown = command("catalog", "--project", built.root, "--duplicates")
    checked = command("check", "--project", built.root, "--as-of", "2026-05-01")

    assert "recent_minutes.mean_minutes (models/recent_minutes.sql:4)" in shown.out
    assert "again.mean_minutes (models/again.sql:4)" in shown.out
    assert "1 expressions that it is made from are computed more than once" in checked.out
    assert checked.code == 0
