"""A model that always says the same."""

import msgspec
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact
from shipworthy.gateways.trust import Trust
from shipworthy.registry.formats.base import Format, Matrix, Predictor
from shipworthy.registry.schema import Schema


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: str | list[str]


class Constant(Format):
    """JSON with one number, in full as hexadecimal: `{"value": "0x1.8p+1"}`; with a list of them, one for each class."""

    file = "model.json"

    def predictor(self, content: bytes, schema: Schema, *, trust: Trust, where: str) -> Predictor:
        """Return what answers with the number, or with the probabilities of the classes."""
        try:
            said = msgspec.json.decode(content, type=_Said).value
            value = np.array([float.fromhex(one) for one in said]) if isinstance(said, list) else np.array(float.fromhex(said))
        except (msgspec.DecodeError, ValueError, OverflowError) as error:
            raise BadArtifact(where=where, what=f"is no constant: {error}", fix="package the model again") from None
        probabilities = bool(((value >= 0) & (value <= 1)).all())
        fits = value.shape == ((len(schema.classes),) if schema.task == "multiclass" else ())
        if not fits or not np.isfinite(value).all() or (schema.task != "regression" and not probabilities):
            shown = ", ".join(f"{one:g}" for one in np.atleast_1d(value)[:5])
            raise BadArtifact(where=where, what=f"answers {shown}, no {schema.task} answer", fix="package the model again")
        return _Always(value)


class _Always:
    def __init__(self, value: npt.NDArray[np.float64]) -> None:
        self._value = value

    def answers(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Return the answer once for each row."""
        return np.tile(self._value, (len(matrix), *([1] * self._value.ndim)))
