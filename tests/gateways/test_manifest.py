"""What is read of a manifest, whichever dbt wrote it."""

import json
from pathlib import Path

import pytest

from shipworthy.errors import StepFailed
from shipworthy.gateways.manifest import Node, read_manifest

OF_DBT_2 = {
    "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v20.json", "adapter_type": "duckdb"},
    "nodes": {
        "model.shop.daily": {
            "unique_id": "model.shop.daily", "resource_type": "model", "name": "daily", "compiled_code": "select 1 as day",
            "depends_on": {"nodes": ["source.shop.crm.orders"]}, "columns": None, "description": None,
            "config": {"materialized": "table", "meta": {"owner": "ana@example.org", "shipworthy": {"entity": ["day"]}}},
        },
    },
    "sources": {
        "source.shop.crm.orders": {
            "unique_id": "source.shop.crm.orders", "resource_type": "source", "name": "orders", "source_name": "crm", "schema": "crm",
            "config": {"meta": {"external_location": "data/{name}.parquet"}}, "columns": {"id": {"data_type": "text"}},
        },
    },
}  # fmt: skip


def nodes(folder: Path, said: object) -> dict[str, Node]:
    (folder / "manifest.json").write_text(json.dumps(said))
    return dict(read_manifest(folder / "manifest.json").nodes)


def test_a_manifest_of_dbt_2_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """
    No exposures, checksums, groups or macros need be there; null is nothing.
    """
    found = nodes(tmp_path, OF_DBT_2)
    daily, orders = found["model.shop.daily"], found["source.shop.crm.orders"]

    assert (daily.code, daily.owner, dict(daily.meta), dict(daily.columns)) == (
        "select 1 as day",
        "ana@example.org",
        {"entity": ["day"]},
        {},
    )
    assert dict(daily.config) == {"materialized": "table"}
    assert (orders.source, orders.location, orders.columns["id"]["type"]) == ("crm", "'data/orders.parquet'", "text")


@pytest.mark.parametrize("said", [{}, [], {"nodes": {}, "sources": {}}, {"nodes": {"a": {}}, "sources": {}, "metadata": {}}])
def test_what_is_no_manifest_is_said(said: object, tmp_path: Path) -> None:
    """
    JSON that is not what dbt writes names the file.
    """
    with pytest.raises(StepFailed, match="is no manifest of dbt"):
        nodes(tmp_path, said)
