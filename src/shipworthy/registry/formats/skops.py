"""An estimator of scikit-learn, or one that speaks as they do, in the format of skops."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact
from shipworthy.gateways import estimators
from shipworthy.gateways.trust import Trust
from shipworthy.registry.formats.base import Format, Matrix, Predictor
from shipworthy.registry.schema import Schema


class Skops(Format):
    """A fitted pipeline, preprocessing included; it takes a data frame with a column for each feature of the schema."""

    file = "model.skops"
    tolerance = 1e-6  # networks count in single precision

    def predictor(self, content: bytes, schema: Schema, *, trust: Trust, where: str) -> Predictor:
        """Return what answers with the estimator."""
        estimator = estimators.read(content, trust=trust, where=where)
        wanted = "predict" if schema.task == "regression" else "predict_proba"
        if not hasattr(estimator, wanted):
            raise BadArtifact(where=where, what=f"cannot '{wanted}', which a {schema.task} model must", fix="package another estimator")
        return _Estimator(estimator, schema)


class _Estimator:
    def __init__(self, estimator: Any, schema: Schema) -> None:
        self._estimator, self._schema = estimator, schema
        self._levels = {place: schema.columns[place].categories for place in schema.categorical}

    def answers(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Return the answer for each row: a number, the probability of a 1, or that of each class."""
        rows = estimators.frame(matrix, self._schema.names, self._levels)
        return estimators.answers(self._estimator, rows, self._schema.task, len(self._schema.classes))
