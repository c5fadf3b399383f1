"""From what a model says to what is done about it: the calibration of its answers, and the threshold of the decision."""

from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact

Numbers = npt.NDArray[np.float64]
AGAIN = "package the model again"


@dataclass(frozen=True)
class Decision:
    """`said` and `means` are the knots of the calibration: an answer of said[i] means means[i], between them it is a straight line.

    Beyond the first and last knot their meaning holds. No knots: answers are taken as they are. A calibrated answer of at
    least `threshold` is acted on; None where nobody has stated what a mistake costs. `rule` says what it means where the rule names a
    class: a line for each, with the probability of each, in the order of the schema; empty for another task.
    """

    said: tuple[float, ...] = ()
    means: tuple[float, ...] = ()
    threshold: float | None = None
    rule: tuple[tuple[float, ...], ...] = ()

    @cached_property
    def _knots(self) -> tuple[Numbers, Numbers]:
        return np.asarray(self.said), np.asarray(self.means)

    def meaning(self, answers: Numbers) -> Numbers:
        """Return what `answers`, shape (n,), mean; NaN stays NaN. Those of classes, shape (n, c), are taken as they are.

        >>> Decision((0.0, 0.5, 1.0), (0.0, 0.2, 1.0)).meaning(np.array([0.25, 0.75, 2.0]))
        array([0.1, 0.6, 1. ])
        """
        return np.interp(answers, *self._knots) if self.said else answers

    def to_json(self) -> bytes:
        """Return the decision as JSON."""
        said = {"said": self.said, "means": self.means, "threshold": self.threshold} | ({"rule": self.rule} if self.rule else {})
        return msgspec.json.format(msgspec.json.encode(said), indent=1)

    @classmethod
    def from_json(cls, content: bytes, *, where: str) -> "Decision":
        """Return the decision that `to_json` wrote.

        Raises:
            BadArtifact: it is none, or an answer could have two meanings, or a higher one mean less.
        """
        try:
            decision = msgspec.json.decode(content, type=cls)
        except msgspec.DecodeError as error:
            raise BadArtifact(where=where, what=f"is no decision: {error}", fix=AGAIN) from None
        if len(decision.said) != len(decision.means) or np.any(np.diff(decision.said) <= 0) or np.any(np.diff(decision.means) < 0):
            raise BadArtifact(where=where, what="its knots do not rise together", fix=AGAIN)
        return decision


AS_IT_IS = Decision()
