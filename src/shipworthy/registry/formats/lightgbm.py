"""LightGBM's own text format, which is data and never code."""

import lightgbm
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact
from shipworthy.gateways.trust import Trust
from shipworthy.registry.formats.base import Format, Matrix, Predictor
from shipworthy.registry.schema import Schema


class LightGBMText(Format):
    """The text that LightGBM writes and reads."""

    file = "model.txt"

    def predictor(self, content: bytes, schema: Schema, *, trust: Trust, where: str) -> Predictor:
        """Return what answers with the trees of the text."""
        text = content.decode(errors="replace")
        try:
            booster = lightgbm.Booster(model_str=text)
        except lightgbm.basic.LightGBMError as error:
            raise BadArtifact(where=where, what=f"LightGBM cannot read it: {error}", fix="package the model again") from None
        _agree(text, booster, schema, where)
        return Boosted(booster)


class Boosted:
    """Trees of LightGBM that answer; the number of threads goes with each call: a model read from text ignores its parameters."""

    def __init__(self, booster: lightgbm.Booster) -> None:
        self._booster, self._classes = booster, booster.num_model_per_iteration()

    @property
    def booster(self) -> lightgbm.Booster:
        """The model as LightGBM has read it."""
        return self._booster

    def answers(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Return the answer for each row, on one thread: a number, the probability of a 1, or that of each class."""
        if not len(matrix):
            return np.empty((0, self._classes) if self._classes > 1 else 0)
        return np.asarray(self._booster.predict(matrix, num_threads=1), dtype=np.float64)


def _agree(text: str, booster: lightgbm.Booster, schema: Schema, where: str) -> None:
    """Refuse a model that takes other columns than its schema, or answers something else."""
    taken, known = booster.feature_name(), [name.replace(" ", "_") for name in schema.names]
    if taken != known and taken != [f"Column_{position}" for position in range(len(known))]:
        first = next((pair for pair in zip(taken, known, strict=False) if pair[0] != pair[1]), (len(taken), len(known)))
        raise BadArtifact(
            where=where,
            what=f"the model takes {len(taken)} columns, its schema has {len(known)}; they part at {first[0]!r} and {first[1]!r}",
            fix="package the model with the schema that it was fitted with",
        )
    objective = next((line.removeprefix("objective=") for line in text.splitlines() if line.startswith("objective=")), "none")
    fits = {"binary": "binary", "cross_entropy": "binary", "multiclass": "multiclass"}
    if schema.task != next((task for start, task in fits.items() if objective.startswith(start)), "regression"):
        raise BadArtifact(
            where=where, what=f"the model's objective is {objective}, its task {schema.task}", fix="fit it for the task of its schema"
        )
    if schema.task == "multiclass" and booster.num_model_per_iteration() != len(schema.classes):
        what = f"the model tells {booster.num_model_per_iteration()} classes apart, its schema {len(schema.classes)}"
        raise BadArtifact(where=where, what=what, fix="package the model with the schema that it was fitted with")
