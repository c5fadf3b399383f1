"""What the last build knows of each relation: facts from dbt's YAML, the published version, whether it is sound.

Written by `build` to `<state>/catalog.json`, read by every later flow and by the console.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shipworthy.data.relation import Relation
from shipworthy.errors import StepFailed, UnknownName
from shipworthy.gateways import lake
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Catalog:
    """`relations` by name, each with description, columns, times, pinned version and soundness."""

    as_of: datetime
    key: str
    relations: Mapping[str, Mapping[str, Any]]


def file_of(project: Project) -> Path:
    """Return where the catalog is kept."""
    return project.state / "catalog.json"


def save(project: Project, catalog: Catalog) -> None:
    """Keep `catalog` in place of the last one."""
    text = json.dumps({"as_of": catalog.as_of.isoformat(), "key": catalog.key, "relations": catalog.relations}, indent=1, default=str)
    beside = file_of(project).with_suffix(f".{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file_of(project))


def load(project: Project) -> Catalog:
    """Return the catalog of the last build.

    Raises:
        StepFailed: nothing has been built.
    """
    found = last(project)
    if found is None:
        raise StepFailed(where=str(project.root), what="nothing has been built yet", fix="run 'shipworthy build'")
    return found


def last(project: Project) -> Catalog | None:
    """Return the catalog of the last build, None before the first."""
    if not file_of(project).is_file():
        return None
    said = json.loads(file_of(project).read_text(encoding="utf-8"))
    return Catalog(datetime.fromisoformat(said["as_of"]), said["key"], said["relations"])


def relations(catalog: Catalog, spec: ModelSpec) -> dict[str, Relation]:
    """Return the facts of each relation that `spec` reads, refusing one that is not sound.

    Raises:
        UnknownName: a relation of the spec was not published.
        StepFailed: a relation of the spec failed its dbt tests or checks: its last sound version is not used in silence.
    """
    where = f"ml/{spec.model}/model.yml"
    published = {name: facts for name, facts in catalog.relations.items() if facts["role"] == "published"}
    for name in spec.relations:
        if name not in published:
            raise UnknownName.of("published relation", name, known=published, where=where)
        if not published[name]["sound"]:
            raise StepFailed(
                where=f"{where}: {name}",
                what=f"not fit to learn from: {published[name]['trouble']}",
                fix="mend it and run 'shipworthy build'",
            )
    return {name: relation(name, published[name]) for name in spec.relations}


def relation(name: str, facts: Mapping[str, Any]) -> Relation:
    """Return the facts of one relation that point-in-time frames need.

    Raises:
        BadSpec: its meta contradicts itself.
    """
    columns: Mapping[str, Mapping[str, Any]] = facts["columns"]
    roles = {column: about["role"] for column, about in columns.items() if about.get("role")}
    known = {column: about["known_time"] for column, about in columns.items() if about.get("known_time")}
    return Relation.of(name, facts["meta"], {column: about["sql_type"].upper() for column, about in columns.items()}, roles, known)


def pins(catalog: Catalog, spec: ModelSpec) -> dict[str, lake.Pin]:
    """Return the pinned version of each relation that `spec` reads."""
    return {name: lake.Pin(f"published/{name}", catalog.relations[name]["version"]) for name in spec.relations}


def descriptions(catalog: Catalog, spec: ModelSpec) -> dict[str, str]:
    """Return the description of each feature of `spec` by its name in the training set; "" where there is none."""
    return {feature: facts.get("description") or "" for feature, facts in _features(catalog, spec).items()}


def foundations(catalog: Catalog, spec: ModelSpec) -> dict[str, str]:
    """Return the description of what `spec` stands on besides its features; "" where there is none.

    That is each relation that it reads, the label and when it is known, and the columns of decisions that name a row, say when,
    or find a feature.
    """
    decisions, label = spec.decisions, spec.label
    found = {name: catalog.relations[name].get("description") or "" for name in spec.relations if name in catalog.relations}
    keys = [
        (decisions.relation, name) for name in (decisions.entity, decisions.time, *(key for part in spec.features for key in part.keys))
    ]
    for relation, name in [*keys, (label.relation, label.column), (label.relation, label.known_at)]:
        found[f"{relation}.{name}"] = catalog.relations[relation]["columns"].get(name, {}).get("description") or ""
    return found


def allowed(catalog: Catalog, spec: ModelSpec) -> dict[str, list[Any]]:
    """Return the values that each feature of `spec` may have, where a test of dbt says so."""
    return {feature: facts["allowed"] for feature, facts in _features(catalog, spec).items() if facts.get("allowed")}


def units(catalog: Catalog, spec: ModelSpec) -> dict[str, str]:
    """Return the unit of each feature of `spec` that has one."""
    return {feature: facts["unit"] for feature, facts in _features(catalog, spec).items() if facts.get("unit")}


def said_of_features(catalog: Catalog, spec: ModelSpec, key: str) -> dict[str, Any]:
    """Return what dbt's YAML says under `key` (such as `role` or `monotone`) of each feature of `spec` of which it says so."""
    return {feature: facts[key] for feature, facts in _features(catalog, spec).items() if facts.get(key)}


def _features(catalog: Catalog, spec: ModelSpec) -> dict[str, Mapping[str, Any]]:
    own = catalog.relations[spec.decisions.relation]["columns"]
    found = {name: own.get(name, {}) for name in spec.decisions.features}
    for part in spec.features:
        facts = catalog.relations[part.relation]
        columns = facts["columns"]
        found |= {part.prefix + name: columns[name] for name in part.columns or _usual(facts) if name in columns}
    return found


def _usual(facts: Mapping[str, Any]) -> list[str]:
    """Return the columns that are features of a relation where the spec names none: all but its entity, its times and those with a role."""
    other = {*facts.get("entity", ()), *facts.get("times", ())}
    return [name for name, about in facts["columns"].items() if name not in other and not about.get("role")]
