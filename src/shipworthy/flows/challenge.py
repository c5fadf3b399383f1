"""The candidate beside the champion, on recent rows that neither has learnt from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.evaluation.compare import compare
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read
from shipworthy.registry.gates.base import AgainstChampion
from shipworthy.registry.package import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project
from shipworthy.training.classes import aligned

if TYPE_CHECKING:
    from shipworthy.flows.material import Material


@dataclass(frozen=True, slots=True)
class ChampionAnswers:
    """What the champion says: `after` are the rows of the holdout, shape (h,), decided since it was trained, `answers` those to them."""

    version: int
    after: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.float64]


def against_champion(
    project: Project,
    book: Engine,
    spec: ModelSpec,
    material: "Material",
    answers: npt.NDArray[np.float64],
    *,
    level: float = 0.95,
) -> AgainstChampion | None:
    """Return the comparison on the rows of the holdout that were decided after the champion was trained; None without a champion.

    A champion that takes a feature which is gone from the training set cannot be compared: the difference is unknown.
    """
    theirs = champion_answers(project, book, spec, material)
    if theirs is None:
        return None
    held, after = material.split.holdout, theirs.after
    found = compare(
        material.metric,
        times=material.times[held][after],
        truth=material.target[held][after],
        challenger=answers[after],
        champion=theirs.answers,
        quantile=spec.evaluation.quantile,
        level=level,
    )
    window, rows = material.split.holdout_window, len(theirs.answers)
    return AgainstChampion(material.metric, window, rows, found.challenger, found.champion, found.interval)


def champion_answers(project: Project, book: Engine, spec: ModelSpec, material: "Material") -> ChampionAnswers | None:
    """Return what the champion says to the rows of the holdout that it has not learnt from; None without a champion."""
    champion = read.champion(book, spec.model)
    version = read.version(book, spec.model, champion) if champion is not None else None
    if version is None:
        return None
    held = material.split.holdout
    after = material.times[held] >= np.datetime64(version.as_of.replace(tzinfo=None), "us")
    package = load(project.state / version.artifact, trust=trust_of(project))
    rows = material.features.filter(pa.array(held)).filter(pa.array(after))
    gone = set(package.schema.names) - set(rows.column_names)
    if gone:
        width = (len(material.classes),) if material.classes else ()
        return ChampionAnswers(version.version, after, np.full((rows.num_rows, *width), np.nan))
    return ChampionAnswers(version.version, after, aligned(package.predict_table(rows), package.schema.classes, material.classes))
