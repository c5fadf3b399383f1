"""What is written into a dbt project: the same for the same project, and true to its contracts and specs."""

from typing import Any

import yaml

from shipworthy.data.generated import HEAD, WrittenTable, exposures_yaml, lake_yaml, landed_yaml
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.source import SourceSpec

ORDERS = SourceSpec.model_validate(
    {
        "source": "orders",
        "path": "data/orders.csv",
        "description": "One row for each order: 'quoted', {braced}.",
        "known_time": "seen at",
        "columns": {
            "id": {"type": "integer"},
            "weight": {"type": "number", "description": "Heavy", "unit": "kg"},
            "seen at": {"type": "timestamp"},
        },
    }
)
CITIES = SourceSpec.model_validate({"source": "cities", "path": "data/cities.csv", "columns": {"city": {"type": "text"}}})
SPEC = ModelSpec.model_validate(
    {
        "model": "delivery",
        "brief": {
            "goal": "Tell when it comes",
            "owner": "ana@example.org",
            "business_metric": {"relation": "kpi", "column": "calls", "better": "lower"},
        },
        "decisions": {"relation": "orders", "entity": "id", "time": "ordered_at", "features": ["weight"]},
        "label": {"relation": "deliveries", "column": "minutes", "known_at": "delivered_at", "horizon": "1 day"},
        "features": [{"relation": "traffic", "on": "city", "columns": ["speed"]}, {"relation": "weather", "on": "city"}],
    }
)


def read(text: str) -> dict[str, Any]:
    """Return what a generated file says; it begins by saying that it is one."""
    assert text.startswith(HEAD)
    said: dict[str, Any] = yaml.safe_load(text)
    return said


class TestLanded:
    def test_a_source_is_cut_at_the_moment_of_the_build(self) -> None:
        """
        Rows that became known later are not there for dbt; a source without a known time is there whole. Where a row came from is
        not of the contract, and stays out.
        """
        orders, cities = read(landed_yaml([ORDERS, CITIES]))["sources"][0]["tables"]

        assert orders["config"]["meta"]["external_location"] == (
            """(select "id", "weight", "seen at" from read_parquet(getvariable('sw_orders'), union_by_name=true) """
            """where "seen at" <= getvariable('sw_as_of'))"""
        )
        assert cities["config"]["meta"]["external_location"] == (
            """(select "city" from read_parquet(getvariable('sw_cities'), union_by_name=true))"""
        )
        assert [table["config"]["meta"]["shipworthy"] for table in (orders, cities)] == [{"known_time": "seen at"}, {"static": True}]

    def test_words_and_units_are_those_of_the_contract(self) -> None:
        """
        What a person wrote once is what dbt's documentation shows, whatever characters it has.
        """
        table = read(landed_yaml([ORDERS]))["sources"][0]["tables"][0]

        assert table["description"] == ORDERS.description
        assert table["columns"][1] == {"name": "weight", "description": "Heavy", "config": {"meta": {"shipworthy": {"unit": "kg"}}}}


class TestLake:
    def test_each_table_of_ours_is_a_source_with_described_columns(self) -> None:
        """
        By name, in alphabetical order, each with the columns of its kind; what is never null is tested, and names are quoted.
        """
        scores = WrittenTable("Answers.", {"entity": "What was scored.", "note": "Why."}, required=("entity",), loaded_at="scored at")
        tables = read(lake_yaml({"scores_b": "scores", "scores_a": "scores"}, {"scores": scores}))["sources"][0]["tables"]

        assert [table["name"] for table in tables] == ["scores_a", "scores_b"]
        assert tables[0]["columns"] == [
            {"name": "entity", "description": "What was scored.", "quote": True, "data_tests": ["not_null"]},
            {"name": "note", "description": "Why.", "quote": True},
        ]
        assert tables[0]["config"]["loaded_at_field"] == '"scored at"'
        assert "sw_scores_a" in tables[0]["config"]["meta"]["external_location"]

    def test_without_tables_there_is_no_source(self) -> None:
        """
        Before anything was written, the file is one that dbt reads without complaint.
        """
        assert read(lake_yaml({}, {})) == {"version": 2}


class TestExposures:
    def test_a_model_hangs_on_all_that_it_reads_and_moves(self) -> None:
        """
        Decisions, label, features and the business metric, each once, so that dbt shows the whole chain.
        """
        exposure = read(exposures_yaml([SPEC], {}))["exposures"][0]

        assert exposure["depends_on"] == [f"ref('{name}')" for name in ("orders", "deliveries", "traffic", "weather", "kpi")]
        assert (exposure["type"], exposure["owner"]["email"]) == ("ml", "ana@example.org")
        assert exposure["config"]["meta"]["shipworthy"] == {
            "features": {"traffic": ["speed"], "weather": "all", "orders": ["weight"]},
            "outputs": ["predictions_delivery"],
        }

    def test_what_became_of_its_gates_is_shown(self) -> None:
        """
        The status of a model stands beside what it is built from; a model without one has none.
        """
        meta = read(exposures_yaml([SPEC], {"delivery": {"champion": 3}}))["exposures"][0]["config"]["meta"]["shipworthy"]

        assert meta["champion"] == 3


def test_the_same_project_gives_the_same_text() -> None:
    """
    Git shows a change only where something changed.
    """
    assert landed_yaml([ORDERS, CITIES]) == landed_yaml([ORDERS, CITIES])
    assert exposures_yaml([SPEC], {}) == exposures_yaml([SPEC], {})
