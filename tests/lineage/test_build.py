"""The graph of a project, from what dbt knows, its SQL and the specs."""

from pathlib import Path

import pytest

from shipworthy.gateways.transform import Manifest, read_manifest
from shipworthy.lineage.build import build
from shipworthy.lineage.graph import Edge, Graph, Place, origin, reached
from shipworthy.lineage.statements import Memory, read
from shipworthy.spec.model import ModelSpec

from .manifests import columns, node, written

FILES = "(select * from read_parquet(getvariable('sw_orders')))"
SPEC = ModelSpec.model_validate(
    {
        "model": "churn",
        "brief": {
            "goal": "Fewer lost",
            "owner": "ana@example.org",
            "business_metric": {"relation": "board", "column": "lost", "better": "lower"},
        },
        "decisions": {"relation": "renewals", "entity": "id", "time": "at", "features": ["plan"]},
        "label": {"relation": "renewals", "column": "renewed", "known_at": "closed", "horizon": "1 day"},
        "features": [{"relation": "weekly", "on": "customer", "prefix": "w_"}],
    }
)


NODES = [
    node("source", "orders", group="landed", columns=columns("id", "customer", "at", "amount"),
         config={"meta": {"external_location": FILES}}),
    node("source", "crm", group="other", columns=columns("id")),
    node("seed", "plans", original_file_path="seeds/plans.csv"),
    node("model", "stg_crm", 'select * from "shop"."main"."crm"', ("source.shop.other.crm",)),
    node("model", "bare", "with __dbt__cte__eph as (select 1) select id from __dbt__cte__eph", ("model.shop.eph",)),
    node("model", "eph", f"select id, amount from {FILES}", ("source.shop.landed.orders",), relation_name=None),
    node("model", "weekly", f"select customer, date_trunc('week', at) as week, sum(amount) as spent from {FILES} as o group by all",
         ("source.shop.landed.orders",), columns=columns("customer", "week", "spent"),
         config={"meta": {"shipworthy": {"entity": "customer", "event_time": "week", "known_time": "week"}}}),
    node("model", "renewals", 'select c.id, c.customer, c.plan, c.at, c.renewed, c.closed from "shop"."main"."stg_crm" as c '
         'join "shop"."main"."plans" using (plan)',
         ("model.shop.stg_crm", "seed.shop.plans")),
    node("model", "scored", None, ("model.shop.renewals",), language="python", columns=columns("score")),
    node("model", "board", 'select count(*) filter (answer > 0.5) as lost from "shop"."main"."predictions_churn"',
         ("source.shop.shipworthy.predictions_churn",)),
    node("source", "predictions_churn", group="shipworthy", columns=columns("entity", "answer")),
    node("snapshot", "kept", 'select id, at from "shop"."main"."stg_crm"', ("model.shop.stg_crm",), config={"updated_at": "at"}),
    node("exposure", "wall", parents=("model.shop.board",), owner={"email": "ceo@example.org"}, type="dashboard"),
    node("exposure", "churn", parents=("model.shop.weekly",), config={"type": "ml"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder with a seed and a manifest."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "plans.csv").write_text("plan,price\nsmall,3\n")
    written(folder / "manifest.json", NODES)
    return folder


@pytest.fixture(scope="module")
def manifest(root: Path) -> Manifest:
    return read_manifest(root / "manifest.json")


@pytest.fixture(scope="module")
def graph(root: Path, manifest: Manifest) -> Graph:
    return build(manifest, read(manifest, root), [SPEC], ["orders"])


def test_a_feature_comes_from_the_source_by_the_relation(graph: Graph) -> None:
    """
    Keys and times are no features; the prefix is the spec's; files stand for their source, which its contract describes.
    """
    assert graph.nodes["ml.churn"].columns == ("plan", "label", "w_spent")
    assert [found.place for found in origin(graph, "ml.churn", "w_spent")] == [Place("source.shop.landed.orders", "amount")]
    assert graph.nodes["source.shop.landed.orders"].file == "sources/orders.yml"


def test_a_star_of_a_source_that_nobody_described_hands_on_what_is_asked_for(graph: Graph) -> None:
    """
    The label comes from a column that only its reader names.
    """
    assert [found.place for found in origin(graph, "ml.churn", "label")] == [Place("source.shop.other.crm", "renewed")]


def test_keys_and_times_decide_the_rows_of_a_model_and_find_its_features(graph: Graph) -> None:
    """
    Entity and moments of decisions and label; for a feature, the columns that its row is found by.
    """

    def rows(target: Place) -> set[Place]:
        return {edge.source for edge in graph.edges if edge.target == target and edge.how == "rows"}

    assert rows(Place("ml.churn")) == {Place("model.shop.renewals", name) for name in (None, "id", "at", "closed")}
    assert rows(Place("ml.churn", "w_spent")) == {
        Place("model.shop.renewals", "customer"), Place("model.shop.weekly", "customer"), Place("model.shop.weekly", "week"),
    }  # fmt: skip


def test_predictions_reach_marts_and_dashboards(graph: Graph) -> None:
    """
    From a source column through feature, model and predictions to who looks at it; the model's own exposure is not drawn twice.
    """
    found = reached(graph, [Place("source.shop.landed.orders", "amount")])

    assert {
        Place("source.shop.shipworthy.predictions_churn", "answer"),
        Place("model.shop.board", "lost"),
        Place("exposure.shop.wall"),
    } <= found.keys()
    assert graph.nodes["source.shop.shipworthy.predictions_churn"].kind == "predictions"
    assert graph.nodes["exposure.shop.wall"].owner == "ceo@example.org"
    assert "exposure.shop.churn" not in graph.nodes


def test_the_metric_is_what_the_model_is_meant_to_move(graph: Graph) -> None:
    """
    An edge of its own kind.
    """
    assert Edge(Place("ml.churn"), Place("model.shop.board", "lost"), "meant") in graph.edges


def test_a_python_model_falls_back_to_tables_and_is_named(graph: Graph) -> None:
    """
    It reads all of its parents, and the graph says why no more is known.
    """
    assert graph.unread["model.shop.scored"] == "is written in python"
    assert Edge(Place("model.shop.renewals"), Place("model.shop.scored"), "whole") in graph.edges


def test_a_seed_has_the_columns_of_its_file_and_a_snapshot_its_own(graph: Graph) -> None:
    """
    Read from the first line; the four that dbt adds come from the time of update.
    """
    assert graph.nodes["seed.shop.plans"].columns == ("plan", "price")
    assert [found.place for found in origin(graph, "kept", "dbt_valid_from")] == [Place("source.shop.other.crm", "at")]


def test_an_ephemeral_model_is_a_step_of_its_own(graph: Graph) -> None:
    """
    Not skipped because dbt put its SQL into its reader's.
    """
    (found,) = origin(graph, "bare", "id")

    assert [step.node for step in found.path] == ["model.shop.bare", "model.shop.eph", "source.shop.landed.orders"]


def test_a_relation_that_dbt_does_not_have_is_said(manifest: Manifest) -> None:
    """
    A spec that names one is unread, not half a graph in silence.
    """
    label = SPEC.label.model_copy(update={"relation": "gone"})
    graph = build(manifest, read(manifest), [SPEC.model_copy(update={"label": label})])

    assert graph.unread["ml.churn"] == "the dbt project has no relation gone"


def test_before_any_prediction_there_is_a_place_for_them(manifest: Manifest) -> None:
    """
    A model that nobody has asked yet has its predictions in the graph all the same.
    """
    nodes = {name: one for name, one in manifest.nodes.items() if "predictions" not in name}
    bare = Manifest(manifest.adapter, manifest.project, nodes)
    graph = build(bare, read(bare), [SPEC])

    assert Place("predictions.churn", "answer") in reached(graph, [Place("ml.churn")])


def test_what_was_read_once_is_not_read_again(root: Path, manifest: Manifest) -> None:
    """
    The memory gives the same graph, keeps nothing of what is gone, and is written only where something is new.
    """
    file = root / "lineage.json"
    first = Memory()
    before = read(manifest, root, first)
    first.keep(file)
    again = Memory.of(file)

    assert read(manifest, root, again) == before
    assert again.used == again.known
    written = file.stat().st_mtime_ns
    again.keep(file)
    assert file.stat().st_mtime_ns == written


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_a_memory_that_cannot_be_read_is_empty(text: str, tmp_path: Path) -> None:
    """
    It is only a memory: another release, or a torn file, costs a reading.
    """
    (tmp_path / "lineage.json").write_text(text)

    assert Memory.of(tmp_path / "lineage.json").known == {}


def test_where_nothing_may_be_written_nothing_is_kept(root: Path, manifest: Manifest) -> None:
    """
    A folder that is not there is not made: whoever only looks leaves no trace.
    """
    memory = Memory()
    read(manifest, root, memory)
    memory.keep(root / "gone" / "lineage.json")

    assert not (root / "gone").exists()
