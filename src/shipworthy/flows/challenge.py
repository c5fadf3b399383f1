"""The candidate beside the champion, on recent rows that neither has learnt from."""

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

if TYPE_CHECKING:
    from shipworthy.flows.material import Material


def against_champion(
    project: Project, book: Engine, spec: ModelSpec, material: "Material", answers: npt.NDArray[np.float64]
) -> AgainstChampion | None:
    """Return the comparison on the rows of the holdout that were decided after the champion was trained; None without a champion.

    A champion that takes a feature which is gone from the training set cannot be compared: the difference is unknown.
    """
    champion = read.champion(book, spec.model)
    version = read.version(book, spec.model, champion) if champion is not None else None
    if version is None:
        return None
    held = material.split.holdout
    after = material.times[held] >= np.datetime64(version.as_of.replace(tzinfo=None), "us")
    package = load(project.state / version.artifact, trust=trust_of(project))
    rows = material.features.filter(pa.array(held)).filter(pa.array(after))
    gone = set(package.schema.names) - set(rows.column_names)
    theirs = np.full(rows.num_rows, np.nan) if gone else package.predict_table(rows)
    found = compare(
        material.metric,
        times=material.times[held][after],
        truth=material.target[held][after],
        challenger=answers[after],
        champion=theirs,
        quantile=spec.evaluation.quantile,
    )
    return AgainstChampion(material.metric, material.split.holdout_window, rows.num_rows, found.challenger, found.champion, found.interval)
