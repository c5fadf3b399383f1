"""What a format is: the file that it is kept in, and how it answers."""

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from shipworthy.gateways.trust import Trust
from shipworthy.registry.schema import Schema

Matrix = npt.NDArray[np.float64]


class Predictor(Protocol):
    """Answers for rows of numbers; safe to call from several threads at once."""

    def answers(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Return one answer per row of `matrix`, shape (n, k) in, (n,) out; (n, c) out for c classes; NaN in is missing."""
        ...


class Format(ABC):
    """One way in which a model lies in its package. `file` is the name of its file there.

    `tolerance` is how far the answer to one row may lie from that to the same row of a table, as a share of the largest answer (or of 1):
    0 where the library adds in the same order, more where sums of floats depend on how many rows are asked at once.
    """

    file: ClassVar[str]
    tolerance: ClassVar[float] = 0.0

    @abstractmethod
    def predictor(self, content: bytes, schema: Schema, *, trust: Trust, where: str) -> Predictor:
        """Return what answers for the model `content`; nothing that it brings is executed.

        Raises:
            BadArtifact: it is no model of this format, does not fit its schema, or is made of what nobody was told to trust.
        """
