"""What is written into a dbt project for it to see the whole chain: sources of ours, an exposure for each model.

Pure functions from specs to text; the file says that it is generated, and is the same for the same project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from shipworthy.gateways.engine import quoted
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.source import SourceSpec

HEAD = "# Written by `shipworthy build`; changes made here are lost.\n"


def landed_yaml(contracts: Iterable[SourceSpec]) -> str:
    """Return the dbt source `landed`: each landed table, cut at the moment that the build is for."""
    return _yaml(
        {
            "version": 2,
            "sources": [
                {"name": "landed", "description": "Landed as its contract in sources/ says.", "tables": [_landed(c) for c in contracts]}
            ],
        }
    )


def _landed(contract: SourceSpec) -> dict[str, Any]:
    seen = f"read_parquet(getvariable('sw_{contract.source}'), union_by_name=true)"
    known = contract.known_time
    rows = f"select {', '.join(map(quoted, contract.columns))} from {seen}"
    cut = f"({rows} where {quoted(known)} <= getvariable('sw_as_of'))" if known else f"({rows})"
    times: dict[str, Any] = {"known_time": known} if known else {"static": True}
    columns = [_column(name, column.description, column.unit) for name, column in contract.columns.items()]
    return {
        "name": contract.source,
        "description": contract.description,
        "config": {"meta": {"external_location": cut, "shipworthy": times}},
        "columns": columns,
    }


def _column(name: str, description: str, unit: str | None) -> dict[str, Any]:
    meta = {"config": {"meta": {"shipworthy": {"unit": unit}}}} if unit else {}
    return {"name": name, "description": description, **meta}


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A kind of table that we write: its columns with their meaning, which are never null, and when a row was written."""

    description: str
    columns: Mapping[str, str]
    required: tuple[str, ...]
    loaded_at: str


def lake_yaml(tables: Mapping[str, str], written: Mapping[str, WrittenTable]) -> str:
    """Return the dbt source `shipworthy`: the tables that we write, by name and kind, with freshness and tests."""
    found = [_written(name, kind, written[kind]) for name, kind in sorted(tables.items())]
    sources = [{"name": "shipworthy", "description": "Written by Shipworthy.", "tables": found}]
    return _yaml({"version": 2, "sources": sources} if found else {"version": 2})


def _written(name: str, kind: str, table: WrittenTable) -> dict[str, Any]:
    location = f"read_parquet(getvariable('sw_{name}'), union_by_name=true)"
    tests = {column: {"quote": True} | ({"data_tests": ["not_null"]} if column in table.required else {}) for column in table.columns}
    return {
        "name": name,
        "description": table.description,
        "config": {
            "meta": {"external_location": location, "shipworthy": {"table": kind}},
            "loaded_at_field": f'"{table.loaded_at}"',
            "freshness": {"warn_after": {"count": 2, "period": "day"}},
        },
        "columns": [_column(column, words, None) | tests[column] for column, words in table.columns.items()],
    }


def exposures_yaml(specs: Iterable[ModelSpec], status: Mapping[str, Mapping[str, Any]]) -> str:
    """Return an exposure of type ml for each model: its owner, what it is built from, what became of its gates."""
    return _yaml({"version": 2, "exposures": [_exposure(spec, status.get(spec.model, {})) for spec in specs]})


def _exposure(spec: ModelSpec, status: Mapping[str, Any]) -> dict[str, Any]:
    metric = spec.brief.business_metric
    relations = [*spec.relations, *([metric.relation] if metric and metric.relation not in spec.relations else [])]
    features = {part.relation: part.columns or "all" for part in spec.features} | {spec.decisions.relation: spec.decisions.features}
    return {
        "name": spec.model,
        "type": "ml",
        "description": spec.brief.goal or "",
        "owner": {"name": spec.brief.owner or "nobody yet", "email": spec.brief.owner or "nobody@example.org"},
        "depends_on": [f"ref('{relation}')" for relation in relations],
        "config": {"meta": {"shipworthy": {"features": features, "outputs": [f"predictions_{spec.model}"], **status}}},
    }


def _yaml(content: Mapping[str, Any]) -> str:
    return HEAD + yaml.safe_dump(dict(content), sort_keys=False, width=140, allow_unicode=True)
