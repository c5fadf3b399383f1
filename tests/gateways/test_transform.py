"""dbt, the real one: what a build came to, what the manifest says, and errors that a person can use."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from shipworthy.errors import StepFailed
from shipworthy.gateways import engine, transform
from shipworthy.gateways.pins import PLUGIN
from shipworthy.gateways.transform import Built, Node

FILES = {
    "dbt_project.yml": "{name: tiny, version: '1.0.0', profile: tiny, models: {+materialized: table}}",
    "profiles.yml": f"""
tiny:
  target: dev
  outputs:
    dev: {{type: duckdb, path: "{{{{ env_var('SHIPWORTHY_WAREHOUSE') }}}}", plugins: [{{module: {PLUGIN}}}]}}
""",
    "models/orders.sql": "select 1 as id, timestamptz '2026-01-01' as placed union all select 1, getvariable('sw_as_of')",
    "models/daily.sql": "select placed::date as day, count(*) as orders from {{ ref('orders') }} group by 1",
    "models/broken.sql": "select no_such_column",
    "models/after_broken.sql": "select * from {{ ref('broken') }}",
    "models/schema.yml": """
models:
  - name: orders
    description: One row for each order.
    config: {meta: {shipworthy: {entity: [id], known_time: placed}}}
    columns:
      - {name: id, description: The order., data_tests: [unique, not_null], config: {meta: {shipworthy: {role: identifier}}}}
  - {name: daily, description: Orders by day., meta: {shipworthy: {static: true}}}
""",
}


@dataclass(frozen=True, slots=True)
class Once:
    """A project that was built once, with a failing test and a model that cannot be."""

    root: Path
    warehouse: Path
    built: Built
    told: list[tuple[str, int, int]]
    nodes: dict[str, Node]


def laid_out(root: Path, **other: str) -> Path:
    for name, text in (FILES | other).items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    root = laid_out(tmp_path_factory.mktemp("tiny"))
    warehouse, target, pins, told = root / "state.duckdb", root / "target", root / "pins.json", []
    pins.write_text(json.dumps({"as_of": "2026-02-01T00:00:00+00:00", "sources": {}}))
    built = transform.build(
        root,
        warehouse=warehouse,
        target=target,
        log=root / "logs" / "build.log",
        pins=pins,
        progress=lambda *step: told.append(step),
    )
    return Once(root, warehouse, built, told, transform.manifest(target))


@pytest.mark.journey
class TestBuild:
    def test_what_did_not_succeed_is_told_with_its_message(self, once: Once) -> None:
        """
        A test that fails, a model that cannot be, and what was skipped for it; all else was built.
        """
        found = {name.split(".")[2]: words.partition(":")[0] for name, words in once.built.failed.items()}

        assert found == {"unique_orders_id": "fail", "broken": "error", "daily": "skipped", "after_broken": "skipped"}
        assert once.built.nodes == 6
        assert once.built.seconds > 0

    def test_progress_counts_every_node(self, once: Once) -> None:
        """
        Each node is told once it is through, out of how many.
        """
        assert {of for _, _, of in once.told} == {6}
        assert {number for _, number, _ in once.told} == set(range(1, 7))
        assert "orders" in {name for name, _, _ in once.told}

    def test_the_warehouse_is_let_go_of_and_was_built_as_of_the_pins(self, once: Once) -> None:
        """
        The file can be read at once, and the SQL saw the moment that was pinned, in UTC.
        """
        with engine.warehouse(once.warehouse) as connection:
            assert connection.execute("select max(placed)::varchar from orders").fetchall() == [("2026-02-01 00:00:00+00",)]

    def test_the_manifest_says_what_was_written_once(self, once: Once) -> None:
        """
        Descriptions, facts in either place where dbt keeps them, and parents.
        """
        orders, daily = once.nodes["model.tiny.orders"], once.nodes["model.tiny.daily"]

        assert (orders.kind, orders.description, dict(orders.meta)) == (
            "model",
            "One row for each order.",
            {"entity": ["id"], "known_time": "placed"},
        )
        assert dict(orders.columns["id"]) == {"description": "The order.", "type": None, "role": "identifier"}
        assert (dict(daily.meta), daily.parents) == ({"static": True}, ("model.tiny.orders",))

    def test_ancestors_are_all_that_a_node_is_built_from(self, once: Once) -> None:
        """
        To the root, itself included, and nothing that comes after it.
        """
        assert transform.ancestors(once.nodes, "model.tiny.daily") == {"model.tiny.orders", "model.tiny.daily"}
        assert transform.ancestors(once.nodes, "model.tiny.after_broken") == {"model.tiny.broken", "model.tiny.after_broken"}

    def test_a_project_that_dbt_cannot_read_is_an_error_with_its_words(self, tmp_path: Path) -> None:
        """
        Nothing was built, so there is no result: the error says what dbt said, and where all of it is.
        """
        root = laid_out(tmp_path, **{"models/daily.sql": "select * from {{ ref('oders') }}"})
        log = root / "logs" / "build.log"

        with pytest.raises(StepFailed, match="oders") as error:
            transform.build(root, warehouse=root / "state.duckdb", target=root / "target", log=log)
        assert str(log) in error.value.fix
        assert not (root / "target" / "run_results.json").exists()


def test_before_the_first_build_there_is_no_manifest(tmp_path: Path) -> None:
    """
    The error names the file that is missing and the command that makes it.
    """
    with pytest.raises(StepFailed, match=r"manifest\.json") as error:
        transform.manifest(tmp_path)
    assert "shipworthy build" in error.value.fix


def test_ancestors_end_where_the_manifest_does() -> None:
    """
    A node that the manifest does not have, and a circle that dbt would refuse, are walked once.
    """
    node = Node("a", "model", "a", "", {}, {}, ("b", "gone"), "", None)

    assert transform.ancestors({"a": node, "b": Node("b", "model", "b", "", {}, {}, ("a",), "", None)}, "a") == {"a", "b", "gone"}


def test_a_definition_is_the_sql_of_all_that_a_relation_is_built_from(tmp_path: Path) -> None:
    """
    It changes with the SQL of the relation, of what it reads, and of the project's macros that these call; not with space between
    words, nor with what is beside it.
    """

    def definition(**texts: str) -> str:
        written = {"orders": "select 1", "queue": "select * from orders", "beside": "select 3", "mean": "avg(x)", "inner": "y"} | texts
        nodes = {
            name: {
                "resource_type": "model", "name": name, "raw_code": written[name],
                "depends_on": {"nodes": ["orders"] if name == "queue" else [], "macros": ["macro.shop.mean", "macro.dbt.ref"]},
            }
            for name in ("orders", "queue", "beside")
        }  # fmt: skip
        macros = {
            "macro.shop.mean": {"macro_sql": written["mean"], "depends_on": {"macros": ["macro.shop.inner"]}},
            "macro.shop.inner": {"macro_sql": written["inner"], "depends_on": {"macros": ["macro.shop.mean"]}},
            "macro.dbt.ref": {"macro_sql": texts.get("dbt", "")},
        }
        said = {"metadata": {}, "nodes": nodes, "sources": {}, "macros": macros}
        (tmp_path / "manifest.json").write_text(json.dumps(said))
        return transform.definition(transform.manifest(tmp_path), "queue")

    first = definition()
    same = [definition(queue="select *\n  from orders"), definition(beside="select 4"), definition(dbt="other")]
    changed = [definition(queue="select 2"), definition(orders="select 2"), definition(mean="sum(x)"), definition(inner="z")]

    assert same == [first] * 3
    assert len({first, *changed}) == 5


def test_dbt_is_imported_by_nobody_who_only_calls_it() -> None:
    """
    Calling dbt costs no import of dbt: it lives in a process of its own.
    """
    command = [sys.executable, "-c", "import sys, shipworthy.gateways.transform; print('dbt' in sys.modules, 'duckdb' in sys.modules)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))

    assert said.stdout.split() == ["False", "False"]
