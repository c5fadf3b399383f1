"""A model that always says the same."""

import msgspec
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact
from shipworthy.gateways.trust import Trust
from shipworthy.registry.formats.base import Format, Matrix, Predictor
from shipworthy.registry.schema import Schema


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: str


class Constant(Format):
    """JSON with one number, in full as hexadecimal: `{"value": "0x1.8p+1"}`."""

    file = "model.json"

    def predictor(self, content: bytes, schema: Schema, *, trust: Trust, where: str) -> Predictor:
        """Return what answers with the number."""
        try:
            value = float.fromhex(msgspec.json.decode(content, type=_Said).value)
        except (msgspec.DecodeError, ValueError, OverflowError) as error:
            raise BadArtifact(where=where, what=f"is no constant: {error}", fix="package the model again") from None
        if not np.isfinite(value) or (schema.task == "binary" and not 0 <= value <= 1):
            raise BadArtifact(where=where, what=f"answers {value:g}, no {schema.task} answer", fix="package the model again")
        return _Always(value)


class _Always:
    def __init__(self, value: float) -> None:
        self._value = value

    def answers(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Return the number once for each row."""
        return np.full(len(matrix), self._value)
