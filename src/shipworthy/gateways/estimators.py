"""The only door to skops: fitted estimators of scikit-learn as files that run nothing when they are read.

A file names the types that it is made of. Those of scikit-learn, numpy and the like are trusted; any other must be on the list
`trust` of `shipworthy.yml`, or the file is refused before a single object is made.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from pathlib import PurePath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from shipworthy.errors import BadArtifact
from shipworthy.gateways.kept_out import kept_out
from shipworthy.gateways.own_code import importable
from shipworthy.gateways.trust import Trust
from shipworthy.records import Task

with kept_out("cupy", "dask", "torch"):  # skops walks through all of scikit-learn, which would load them: seconds, for nothing
    from skops import io
    from skops.io.exceptions import UntrustedTypesFoundException

# Beyond what skops itself trusts: what the estimators of scikit-learn turn out to be made of when all of them are fitted and written.
KNOWN = frozenset(
    {
        "numpy.dtype", "numpy.mean", "scipy._lib.array_api_compat.numpy._aliases.asarray", "scipy.interpolate._bsplines.BSpline",
        "sklearn._loss.loss.HalfTweedieLossIdentity", "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration", "sklearn.compose._column_transformer._RemainderColsList",
        "sklearn.compose._column_transformer.make_column_selector", "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.feature_selection._univariate_selection.f_classif", "sklearn.feature_selection._univariate_selection.f_regression",
        "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace", "sklearn.gaussian_process.kernels.ConstantKernel",
        "sklearn.gaussian_process.kernels.Product", "sklearn.gaussian_process.kernels.RBF",
        "sklearn.metrics._dist_metrics.EuclideanDistance64", "sklearn.neighbors._kd_tree.KDTree",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer", "sklearn.tree._tree.Tree",
    }
)  # fmt: skip
NO_TRUST = Trust()
SCHEMA = "schema.json"


def frame(matrix: npt.NDArray[np.float64], names: Sequence[str], levels: Mapping[int, Sequence[str]]) -> pd.DataFrame:
    """Return the rows of `matrix`, shape (n, k), as an estimator takes them: a column for each of `names`.

    Numbers are floats, NaN where missing or infinite: a sum has no place for infinity. A category, a position of `levels`, is the
    text of its level; None where it is missing or has a code without a level.

    >>> frame(np.array([[1.0, 0.0], [2.0, np.nan]]), ["size", "kind"], {1: ["a"]}).to_dict("list")
    {'size': [1.0, 2.0], 'kind': ['a', None]}
    """
    finite = np.where(np.isfinite(matrix), matrix, np.nan)
    columns = {name: _texts(matrix[:, place], levels[place]) if place in levels else finite[:, place] for place, name in enumerate(names)}
    return pd.DataFrame(columns, copy=False)


def _texts(codes: npt.NDArray[np.float64], levels: Sequence[str]) -> pd.Series:
    known = np.isfinite(codes) & (codes >= 0) & (codes < len(levels))
    texts = np.array([*levels, None], dtype=object)[np.where(known, codes, len(levels)).astype(np.int64)]
    return pd.Series(texts, dtype=object)


def answers(estimator: Any, rows: pd.DataFrame, task: Task, classes: int = 0) -> npt.NDArray[np.float64]:
    """Return what a fitted estimator says to `rows`, shape (n,): values, or for a binary task the probabilities of 1.

    For a multiclass task of so many `classes`: shape (n, classes), the probability of each, 0 for one that it has not learnt from.
    """
    if task == "regression":
        return np.asarray(estimator.predict(rows), dtype=np.float64).reshape(len(rows)) if len(rows) else np.zeros(0)
    codes = [int(kind) for kind in estimator.classes_]
    told = np.zeros((len(rows), max(classes, 2)))
    if len(rows):
        told[:, codes] = estimator.predict_proba(rows)
    return told if task == "multiclass" else told[:, 1]


def written(estimator: object, *, where: str) -> bytes:
    """Return `estimator` as a file; the same estimator gives the same bytes.

    Raises:
        BadArtifact: it holds something that cannot be written as data.
    """
    try:
        return _steady(bytes(io.dumps(estimator)))
    except Exception as error:  # noqa: BLE001 - what skops raises is any library's
        what = f"cannot be written as data: {error}"[:300]
        raise BadArtifact(where=where, what=what, fix="let it hold arrays and plain values") from None


def _steady(content: bytes) -> bytes:
    """Return the file `content` without what differs from one writing to the next: places in memory, names made of them, the hour."""
    with ZipFile(BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    said = parts.pop(SCHEMA).decode()
    for number, place in enumerate(dict.fromkeys(re.findall(r'"__id__": (\d+)', said))):
        said = re.sub(rf'"__id__": {place}\b', f'"__id__": {number}', said)
    renamed = {}
    for number, name in enumerate(sorted(parts, key=said.index)):
        renamed[f"{number}{PurePath(name).suffix}"] = parts[name]
        said = said.replace(f'"{name}"', f'"{number}{PurePath(name).suffix}"')
    steady = BytesIO()
    with ZipFile(steady, "w") as file:
        for name, held in [*renamed.items(), (SCHEMA, said.encode())]:
            file.writestr(ZipInfo(name), held)
    return steady.getvalue()


def read(content: bytes, *, trust: Trust = NO_TRUST, where: str) -> Any:
    """Return the estimator that `written` wrote.

    Raises:
        BadArtifact: it is none, or it is made of a type that is not trusted; names each.
    """
    try:
        made_of = _strange(content)
        _refuse(made_of - trust.types, where)
        with importable(trust.home):
            return io.loads(content, trusted=sorted(made_of | KNOWN))
    except (UntrustedTypesFoundException, BadZipFile, ValueError, KeyError, TypeError, OSError, ImportError, AttributeError) as error:
        raise BadArtifact(where=where, what=f"is no estimator: {error}"[:300], fix="package the model again") from None


def refuse_strange(content: bytes, *, trust: Trust, where: str) -> None:
    """Do nothing if `content` is made of trusted types alone; no object is made.

    Raises:
        BadArtifact: names each type that nobody was told to trust.
    """
    _refuse(_strange(content) - trust.types, where)


def _strange(content: bytes) -> frozenset[str]:
    return frozenset(io.get_untrusted_types(data=content)) - KNOWN


def _refuse(strange: Collection[str], where: str) -> None:
    if strange:
        raise BadArtifact(
            where=where,
            what=f"is made of {', '.join(sorted(strange)[:5])}, which nobody was told to trust",
            fix=f"look at what it is, then write it into shipworthy.yml: trust: [{', '.join(sorted(strange))}]",
        )
