"""The sensitive columns of a model's decisions: those that its spec names, and those that dbt's YAML calls so, features or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.data.beside import decided_columns
from shipworthy.data.relation import Relation
from shipworthy.errors import UnknownName
from shipworthy.evaluation.fairness.groups import Groups, grouped
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.material import Material
from shipworthy.records import Verdict
from shipworthy.spec.fairness import Fairness
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

ROLE = "sensitive"
HOW_TO_SAY = "write 'fairness: {sensitive: [...], policy: ...}' or 'fairness: {not_applicable: why}' into the spec"
LAST_INCLUDED = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sensitive column is; `name` is the one that it has, or would have, in the training set."""

    name: str
    relation: str
    column: str


def sensitive_places(catalog: catalogs.Catalog, spec: ModelSpec) -> list[Place]:
    """Return the sensitive columns of `spec`, each once: first those that it names, then those of role `sensitive` in what it reads.

    Raises:
        UnknownName: it names a column that is neither a feature nor a column of the decisions or of a feature relation.
    """
    relations = catalogs.relations(catalog, spec)
    every = every_column(spec, relations)
    said = spec.fairness or Fairness()
    where = f"ml/{spec.model}/model.yml: fairness"
    for name in said.sensitive:
        if name not in every:
            raise UnknownName.of("column", name, known=every, where=f"{where}.sensitive")
    roles = [name for name, place in every.items() if relations[place.relation].roles.get(place.column) == ROLE]
    names = list(dict.fromkeys([*said.sensitive, *roles]))
    for part, given in (("reference", said.reference), ("cuts", said.cuts)):
        for name in given:
            if name not in names:
                raise UnknownName.of("sensitive column", name, known=names, where=f"{where}.{part}")
    return [every[name] for name in names]


def stated(spec: ModelSpec, sensitive: Sequence[str]) -> Verdict:
    """Return whether `spec` says all that fairness can be judged by: columns and a policy, or why nobody can be treated unfairly.

    Args:
        spec: what is said.
        sensitive: the names of its sensitive columns, those called so in dbt's YAML among them.
    """
    said = spec.fairness
    if said is not None and said.not_applicable:
        if not sensitive:
            return Verdict(
                "fairness", spec.model, "pass", f"nobody can be treated unfairly, says the spec: {said.not_applicable.rstrip('.')}"
            )
        words = f"the spec says that fairness does not apply, and {', '.join(sensitive)} of what it reads is called sensitive"
        return Verdict("fairness", spec.model, "fail", words, HOW_TO_SAY, {"sensitive": list(sensitive)})
    if not sensitive:
        unsaid = "the spec says neither whose fair treatment is owed, nor why nobody's is"
        words = unsaid if said is None else "no column says who belongs to which group"
        return Verdict("fairness", spec.model, "unknown", f"not assessed: {words}", HOW_TO_SAY)
    if said is None or said.policy is None:
        words = f"not assessed: {', '.join(sensitive)} is called sensitive, and no policy says what must be alike"
        return Verdict("fairness", spec.model, "unknown", words, HOW_TO_SAY)
    return Verdict("fairness", spec.model, "pass", f"groups by {', '.join(sensitive)} are compared by the policy {said.policy}")


def groups_of(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, material: Material) -> list[Groups]:
    """Return the groups of each sensitive column, for all rows of `material` in their order.

    Raises:
        UnknownName: the spec names a column, or a group of reference, that is not there.
    """
    said = spec.fairness or Fairness()
    found = []
    for place in sensitive_places(catalog, spec):
        groups = grouped(place.name, _values(project, spec, catalog, material, place), said.cuts.get(place.name, ()))
        asked = said.reference.get(place.name)
        if asked is not None and asked not in groups.names:
            raise UnknownName.of("group", asked, known=groups.names, where=f"ml/{spec.model}/model.yml: fairness.reference.{place.name}")
        found.append(groups)
    return found


def every_column(spec: ModelSpec, relations: Mapping[str, Relation]) -> dict[str, Place]:
    """Return every column that a model can be asked about, by the name that it has, or would have, as a feature."""
    found = {name: Place(name, spec.decisions.relation, name) for name in relations[spec.decisions.relation].columns}
    for part in spec.features:
        for column in relations[part.relation].columns:
            found.setdefault(f"{part.prefix}{column}", Place(f"{part.prefix}{column}", part.relation, column))
    return found


def _values(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, material: Material, place: Place) -> pa.ChunkedArray:
    if place.name in material.features.column_names:
        return material.features.column(place.name)
    relations = catalogs.relations(catalog, spec)
    if place.relation == spec.decisions.relation:
        return decided_columns(project.lake, spec, relations, material.made, material.rows, [place.column]).column(place.column)
    return _joined(project, spec, relations, material, place)


def _joined(project: Project, spec: ModelSpec, relations: Mapping[str, Relation], material: Material, place: Place) -> pa.ChunkedArray:
    """Return a column of a feature relation that is no feature, as it was known at each decision: by the join of training sets."""
    own = next(part for part in spec.features if part.relation == place.relation and f"{part.prefix}{place.column}" == place.name)
    asked = spec.model_copy(
        update={
            "decisions": spec.decisions.model_copy(update={"features": []}),
            "features": [own.model_copy(update={"columns": [place.column]})],
        }
    )
    made, times = material.made, material.times
    start, end = (np.datetime64(moment, "us").item().replace(tzinfo=made.as_of.tzinfo) for moment in (times.min(), times.max()))
    rows = training_set.features(project.lake, asked, relations, made.as_of, start, end + LAST_INCLUDED, pins=made.pins)
    keys = ["entity", "decided_at"]
    numbered = material.rows.select(keys).append_column("sw_row", pa.array(np.arange(made.rows)))
    found = numbered.join(rows.select([*keys, place.name]), keys=keys, join_type="left outer").sort_by("sw_row")
    assert found.num_rows == made.rows, f"{found.num_rows} rows beside {made.rows}"
    return found.column(place.name)
