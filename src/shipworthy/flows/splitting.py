"""Splits a training set as its spec says; where it says nothing, as the data ask for it."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from shipworthy.data.beside import decided_columns
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.part import SplitBy
from shipworthy.spec.project import Project
from shipworthy.training.both_split import both_split
from shipworthy.training.drawn_split import ALONE, connected, group_split, random_split
from shipworthy.training.split import Codes, Split, Times, time_split


def split_of(project: Project, spec: ModelSpec, made: TrainingSet, rows: pa.Table) -> Split:
    """Return the split of the training set's `rows`; a split by group, or by both, keeps the rows of an entity together too.

    Raises:
        UnknownName: a column of `evaluation.groups` is neither a feature nor a column of the decisions.
        BadData: a side has too few rows.
    """
    said, where = spec.evaluation, f"training set of {spec.model}"
    times = rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()
    by = said.split or split_for(times, said.groups)
    if by == "time":
        return time_split(times, said.holdout, said.gap or spec.label.horizon, as_of=made.as_of, where=where)
    if by == "random":
        return random_split(times, said.holdout_share, seed=spec.training.seed, as_of=made.as_of, where=where)
    groups = _with_entity(project, spec, made, rows)
    if by == "both":
        gap = said.gap or spec.label.horizon
        return both_split(times, groups, said.holdout, said.holdout_share, gap, seed=spec.training.seed, as_of=made.as_of, where=where)
    return group_split(times, groups, said.holdout_share, seed=spec.training.seed, as_of=made.as_of, where=where)


def _with_entity(project: Project, spec: ModelSpec, made: TrainingSet, rows: pa.Table) -> list[Codes]:
    """Return the codes of the entity and of each declared group, for each of `rows`."""
    return [codes(column) for column in (rows.column("entity"), *group_columns(project, spec, made, rows).columns)]


def split_for(times: Times, groups: Sequence[str]) -> SplitBy:
    """Return what to split by where the spec does not say: time where decisions are spread over it, else groups if there are any.

    >>> split_for(np.array(["2026-01-01", "2026-01-02"], "datetime64[us]"), ["ticket"])
    'time'
    """
    if len(times) and times.min() < times.max():
        return "time"
    return "group" if groups else "random"


def group_columns(project: Project, spec: ModelSpec, made: TrainingSet, rows: pa.Table) -> pa.Table:
    """Return the columns that `evaluation.groups` names, for each of `rows` in their order: features, or columns of the decisions.

    Raises:
        UnknownName: there is no such column; with the nearest.
    """
    return named_columns(project, spec, made, rows, spec.evaluation.groups, f"ml/{spec.model}/model.yml: evaluation.groups")


def named_columns(
    project: Project, spec: ModelSpec, made: TrainingSet, rows: pa.Table, names: Sequence[str], where: str
) -> pa.Table:  # fmt: skip
    """Return the columns `names`, for each of `rows` in their order: features, or columns of the decisions.

    Raises:
        UnknownName: there is no such column; with the nearest, and with `where` it was asked for.
    """
    own = {spec.decisions.entity: "entity"}
    held = {name: rows.column(own.get(name, name)) for name in names if name in own or name in made.features}
    other = [name for name in names if name not in held]
    if other:
        relations = catalogs.relations(catalogs.load(project), spec)
        decided = relations[spec.decisions.relation]
        for name in other:
            if name not in decided.columns:
                raise UnknownName.of("column", name, known=[*made.features, *decided.columns], where=where)
        held |= dict(zip(other, decided_columns(project.lake, spec, relations, made, rows, other).columns, strict=True))
    return pa.table({name: held[name] for name in names})


def groups_of(project: Project, spec: ModelSpec, made: TrainingSet, rows: pa.Table, split: Split) -> Codes | None:
    """Return one code for each row: rows that `evaluation.groups` gives something in common have the same.

    None where the spec names no groups, or the split keeps them together by itself. A split by both has the entity among its groups, in
    its folds too.
    """
    if split.by == "both":
        return connected(_with_entity(project, spec, made, rows), rows.num_rows)
    if not spec.evaluation.groups or split.together is not None:
        return None
    return connected([codes(column) for column in group_columns(project, spec, made, rows).columns], rows.num_rows)


def codes(column: pa.ChunkedArray) -> Codes:
    """Return a number for each value of `column`; `ALONE` for a null, which has nothing in common with others.

    >>> codes(pa.chunked_array([["a", None, "a", "b"]])).tolist()
    [0, -1, 0, 1]
    """
    found: Codes = column.combine_chunks().dictionary_encode().indices.fill_null(ALONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return found
