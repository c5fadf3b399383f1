"""What a change touches, and what it does not."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from shipworthy.gateways.manifest import read_manifest
from shipworthy.lineage.build import build
from shipworthy.lineage.change import Side
from shipworthy.lineage.impact import Impact, impact
from shipworthy.lineage.statements import read
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.source import SourceSpec

from .manifests import columns, node, written

CONTRACT = {
    "source": "orders",
    "path": "orders.csv",
    "columns": {
        "id": {"type": "text"},
        "customer": {"type": "text"},
        "at": {"type": "timestamp"},
        "amount": {"type": "number"},
        "note": {"type": "text"},
    },
}
SPEC: dict[str, Any] = {
    "model": "churn",
    "brief": {"owner": "ana@example.org", "business_metric": {"relation": "board", "column": "spent", "better": "higher"}},
    "decisions": {"relation": "renewals", "entity": "customer", "time": "at"},
    "label": {"relation": "renewals", "column": "renewed", "known_at": "at", "horizon": "1 day"},
    "features": [{"relation": "weekly", "on": "customer"}],
}
FACTS = {"entity": "customer", "event_time": "week", "known_time": "week"}
WEEKLY = (
    "select customer, date_trunc('week', at) as week, sum(amount) as spent, count(*) as orders "
    'from "shop"."main"."stg" where amount > 0 group by all'
)
CODE = {
    "stg": 'select id, customer, at, amount, note from "shop"."main"."orders"',
    "weekly": WEEKLY,
    "renewals": 'select customer, at, amount > 5 as renewed from "shop"."main"."stg"',
    "board": 'select sum(amount) as spent, max(note) as last_note from "shop"."main"."stg"',
    "unread": 'select note from "shop"."main"."stg"',
}
PARENTS = {"stg": ("source.shop.landed.orders",)}

Sides = Callable[..., Impact]


def plain(name: str, facts: Mapping[str, object]) -> dict[str, Any]:
    return {"config": {"materialized": "table"} | ({"meta": {"shipworthy": dict(facts)}} if name == "weekly" else {})}


def nodes(
    code: Mapping[str, str], facts: Mapping[str, object], tests: tuple[str, ...], **more: dict[str, object]
) -> list[dict[str, object]]:
    models = [
        node("model", name, text, PARENTS.get(name, ("model.shop.stg",)), raw_code=text, **plain(name, facts) | more.get(name, {}))
        for name, text in code.items()
    ]
    guards = [
        node("test", f"{test}_weekly", parents=("model.shop.weekly",), test_metadata={"name": test, "kwargs": {"column_name": "week"}})
        for test in tests
    ]
    wall = node("exposure", "wall", parents=("model.shop.board",), type="dashboard", owner={"name": "Sales"})
    return [node("source", "orders", group="landed", columns=columns(*CONTRACT["columns"])), *models, *guards, wall]  # type: ignore[call-overload]


@pytest.fixture
def compared(tmp_path: Path) -> Sides:
    """What differs between the project as it is and a change of it."""

    def side(name: str, change: Mapping[str, Any]) -> Side:
        code = {model: text for model, text in (CODE | change.get("code", {})).items() if text}
        found = nodes(code, change.get("facts", FACTS), change.get("tests", ("not_null",)), **change.get("more", {}))
        manifest = read_manifest(written(tmp_path / f"{name}.json", found, macros={"macro.shop.one": change.get("macro", "1")}))
        reading, spec = read(manifest), ModelSpec.model_validate(SPEC | change.get("spec", {}))
        contract = SourceSpec.model_validate(CONTRACT | change.get("contract", {}))
        return Side(name, manifest, reading, build(manifest, reading, [spec], ["orders"]), {"churn": spec}, {"orders": contract})

    def compare(live: Mapping[str, int] | None = None, **change: Any) -> Impact:
        return impact(side("before", {}), side("after", change), live or {})

    return compare


def whats(found: Impact) -> list[tuple[str, str]]:
    return sorted((change.what, change.name) for change in found.changes)


def touched(found: Impact) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in found.touched]


EVERYTHING = [("model", "churn"), ("feature", "churn.orders"), ("feature", "churn.spent"), ("predictions", "predictions_churn")]
SQL = {
    "a filter": (
        {"weekly": WEEKLY.replace("amount > 0", "amount > 1")},
        [("computed", "weekly.orders"), ("computed", "weekly.spent"), ("rows", "weekly")],
        EVERYTHING,
    ),
    "one expression": (
        {"weekly": WEEKLY.replace("sum(amount)", "avg(amount)")},
        [("computed", "weekly.spent")],
        [EVERYTHING[0], EVERYTHING[2], EVERYTHING[3]],
    ),
    "a cast": (
        {"weekly": WEEKLY.replace("count(*)", "count(*)::integer")},
        [("retyped", "weekly.orders")],
        [EVERYTHING[0], EVERYTHING[1], EVERYTHING[3]],
    ),
    "comments and spaces": ({"weekly": WEEKLY.replace("sum(amount)", "sum( amount ) /* money */")}, [("formatting", "weekly")], []),
    "an alias and a CTE": (
        {"weekly": f"with s as ({WEEKLY.replace('spent', 'worth')}) select customer, week, worth as spent, orders from s"},
        [("formatting", "weekly")],
        [],
    ),
    "a new feature": (
        {"weekly": WEEKLY.replace("count(*) as orders", "count(*) as orders, max(amount) as most")},
        [("added", "churn.most"), ("added", "weekly.most")],
        [("model", "churn"), ("feature", "churn.most"), ("predictions", "predictions_churn")],
    ),
    "a column that nobody reads": ({"unread": 'select upper(note) as note from "shop"."main"."stg"'}, [("computed", "unread.note")], []),
    "a source column that only a dashboard reads": (
        {"stg": CODE["stg"].replace(" note", " lower(note) as note")},
        [("computed", "stg.note")],
        [("exposure", "wall")],
    ),
    "a new model": ({"new": 'select id from "shop"."main"."stg"'}, [("added", "new")], []),
    "a model that nobody reads is gone": ({"unread": ""}, [("removed", "unread")], []),
}


@pytest.mark.parametrize(("code", "changes", "reached"), SQL.values(), ids=SQL)
def test_a_change_of_sql_touches_what_is_made_from_it(
    code: dict[str, str], changes: list[tuple[str, str]], reached: list[tuple[str, str]], compared: Sides
) -> None:
    """
    What differs is told by meaning, not by text, and reaches what reads it and nothing else.
    """
    found = compared(code=code)

    assert whats(found) == changes
    assert touched(found) == reached


def test_the_worst_comes_first_and_the_metric_is_named(compared: Sides) -> None:
    """
    A version that answers, before models, label and features; then the number that the model is to move, and who looks at it.
    """
    found = compared({"churn": 3}, code={"stg": CODE["stg"].replace(" amount", " amount * 2 as amount")})

    assert touched(found) == [
        ("service", "churn@3"), ("model", "churn"), ("label", "churn.label"), ("feature", "churn.orders"), ("feature", "churn.spent"),
        ("metric", "board.spent"), ("predictions", "predictions_churn"), ("exposure", "wall"),
    ]  # fmt: skip
    assert next(one.path for one in found.touched if one.kind == "metric") == ("stg.amount", "board.spent")
    assert {one.owner for one in found.touched if one.kind in ("service", "model")} == {"ana@example.org"}


def test_a_column_that_is_gone_breaks_who_asks_for_it(compared: Sides) -> None:
    """
    Named with its reader, before everything else; a rename is told as one.
    """
    found = compared(code={"stg": CODE["stg"].replace(" amount", " amount as worth")})

    assert ("renamed", "stg.amount") in whats(found)
    assert {name for kind, name in touched(found) if kind == "broken"} == {"board", "renewals", "weekly"}
    assert found.touched[0].words == "asks for stg.amount, which is not there"
    assert [change.name for change in found.touched[0].because] == ["stg.amount"]


def test_a_feature_that_a_spec_names_and_is_gone_breaks_the_model(compared: Sides) -> None:
    """
    The model itself asks for it.
    """
    named = {"features": [{"relation": "weekly", "on": "customer", "columns": ["spent", "most"]}]}
    found = compared(spec=named)

    assert ("broken", "churn") in touched(found)


SAID = {
    "a known time": ({"facts": FACTS | {"known_time": "customer"}}, ("facts", "weekly"), "known_time: week, now customer", True),
    "a spec": ({"spec": {"label": SPEC["label"] | {"horizon": "2 days"}}}, ("spec", "churn"), "label.horizon: 1 day, now 2 days", True),
    "who is told": ({"spec": {"monitoring": {"hold": 1}}}, ("spec", "churn"), "monitoring.hold: 2, now 1", False),
    "a test that is gone": ({"tests": ()}, ("test", "not_null_weekly"), "the test is gone; it guards churn", False),
    "a test that is new": ({"tests": ("not_null", "unique")}, ("test", "unique_weekly"), "the test is new; it guards churn", False),
    "a contract": (
        {"contract": {"columns": CONTRACT["columns"] | {"amount": {"type": "integer"}}}},
        ("contract", "landed.orders.amount"),
        "type: number, now integer",
        True,
    ),
    "how missing values are written": (
        {"contract": {"null_text": ["?"]}},
        ("contract", "landed.orders"),
        "null_text: ['', 'NA'], now ['?']",
        True,
    ),
    "a macro": ({"macro": "2"}, ("macro", "shop.one"), "is another text; the models that it makes are told where their SQL changed", False),
    "how it is stored": (
        {"more": {"stg": {"config": {"materialized": "view"}}}},
        ("configuration", "stg"),
        "materialized: table, now view",
        False,
    ),
    "that it grows": (
        {"more": {"stg": {"config": {"materialized": "incremental"}}}},
        ("configuration", "stg"),
        "materialized: table, now incremental",
        True,
    ),
    "a reader": ({"more": {"weekly": {"description": "New words"}}}, ("described", "weekly"), "is described otherwise", False),
}


@pytest.mark.parametrize(("change", "name", "words", "reaches"), SAID.values(), ids=SAID)
def test_a_change_of_what_is_said(change: dict[str, Any], name: tuple[str, str], words: str, reaches: bool, compared: Sides) -> None:
    """
    Facts, specs, contracts and settings reach models; tests, words, and how a model is watched are told and touch nothing.
    """
    found = compared(**change)

    assert name in whats(found)
    assert words in [one.words for one in found.changes if (one.what, one.name) == name]
    assert bool(found.touched) is reaches


def test_nothing_changed_touches_nothing(compared: Sides) -> None:
    """
    Two sides that are the same have no changes.
    """
    found = compared()

    assert (found.changes, found.touched) == ((), ())


def test_a_change_above_a_model_in_python_reaches_all_of_it(compared: Sides) -> None:
    """
    What cannot be told is not taken for untouched, and is named.
    """
    python = {"more": {"weekly": {"language": "python", "columns": columns("customer", "week", "spent")}}}
    found = compared(code={"stg": CODE["stg"].replace(" note", " lower(note) as note")}, **python)

    assert ("feature", "churn.spent") in touched(found)
    assert found.untold["weekly"] == "is written in python"
