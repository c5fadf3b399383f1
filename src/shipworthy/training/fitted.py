"""What a learner has come to: the model as data, how it answers, and how it came about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from shipworthy.training.parameters import Value

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a model can learn from: n rows of k features.

    `matrix` has shape (n, k); NaN is a missing value; a column in `categorical` (positions) holds the codes of its levels,
    from 0. `target` has shape (n,) and no NaN; for a binary task it is 0 or 1, for a multiclass one the code of a class, from 0. `levels`
    has the levels of a category by its position, in the order of their codes, for learners that want to know what a code stands for.
    """

    matrix: Numbers
    target: Numbers
    features: Sequence[str]
    categorical: Sequence[int] = ()
    levels: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model.

    `learner` is who fitted it, `content` the model in the file format `format` of the registry (no pickle), `answers` what it says to a
    matrix of shape (n, k): shape (n,), values or probabilities of 1; shape (n, c), the probability of each class, for a multiclass task.
    `curves` has the metric after each step of the search, on the rows it learnt from ("learn") and on the tail ("tail"), and `iterations`
    where the tail was lowest; both are empty or None where a learner takes no steps. `importance` is what the learner itself says of each
    feature, empty where it says nothing. `notes` are sentences about the fit that somebody should know, such as a solver that had not
    come to its end.
    """

    learner: str
    format: str
    content: bytes
    answers: Callable[[Numbers], Numbers]
    parameters: Mapping[str, Value]
    iterations: int | None = None
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    importance: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()


def always(value: Numbers | float, matrix: Numbers) -> Numbers:
    """Return `value` for each row of `matrix`: shape (n,) for one number, (n, c) for c of them.

    >>> always(np.array([0.25, 0.75]), np.zeros((2, 5))).tolist(), always(1.5, np.zeros((2, 5))).tolist()
    ([[0.25, 0.75], [0.25, 0.75]], [1.5, 1.5])
    """
    said = np.asarray(value, dtype=np.float64)
    return np.tile(said, (len(matrix), *([1] * said.ndim)))
