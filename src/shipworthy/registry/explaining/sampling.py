"""Any model explained by asking it: rows between a row and the rows it is compared with."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from shipworthy.registry.explaining.explained import Explained, Numbers, Scale, on_scale

Answer = Callable[[Numbers], Numbers]
MOST_BACKGROUND = 50
SEED = 7
EXACT = 1e-9  # by which a model may miss a sum of terms of one feature each, and still be one


class Asked:
    """Explains any model by its answers alone, against up to 50 rows that it learnt from.

    A model that is a sum of terms of one feature each, as a linear one is on its scale, is explained exactly, by one question for each
    feature. Any other is asked along paths: from a row of the background to the row that is explained the
    features change over one after the other, in an order drawn at random, and in that order backwards. What each step
    changes is the feature's; the mean over all paths estimates its Shapley value, and adds up exactly.

    Source:
        Lundberg and Lee (2017), A unified approach to interpreting model predictions (values, and the linear case); Castro, Gómez and
        Tejada (2009), Polynomial calculation of the Shapley value based on sampling; Mitchell, Cooper, Frank and Holmes (2022), Sampling
        permutations for Shapley value estimation (orders in pairs, one the reverse of the other).
    """

    def __init__(self, answer: Answer, background: Numbers, scale: Scale) -> None:
        if not len(background):
            raise ValueError("no background to compare with")
        self.scale: Scale = scale
        self._answer, self._background = answer, background[:MOST_BACKGROUND]
        told = self._ask(self._background)
        self._base, self._start = float(told.mean()), float(told[0])
        self._usual = self._terms(self._background).mean(axis=0)
        self._rank = _orders(*self._background.shape)
        self.additive = self._sum_of_terms(self._background, told)

    def explain(self, matrix: Numbers) -> Explained:
        """Return the answers to `matrix`, shape (n, k), taken apart."""
        answers = self._ask(matrix)
        parts = self._terms(matrix) - self._usual if self.additive else np.empty(matrix.shape)
        off = np.abs(self._base + parts.sum(axis=1) - answers) > EXACT * np.maximum(1.0, np.abs(answers))
        for place in np.flatnonzero(off) if self.additive else range(len(matrix)):
            parts[place] = self._along_paths(matrix[place])
        return Explained(self.scale, self._base, parts, answers)

    def _ask(self, matrix: Numbers) -> Numbers:
        return on_scale(self._answer(matrix), self.scale) if len(matrix) else np.empty(0)

    def _terms(self, matrix: Numbers) -> Numbers:
        """Return what each feature of a row, put into the first row of the background, changes there, shape (n, k)."""
        rows, width = matrix.shape
        mixed = np.tile(self._background[0], (rows, width, 1))
        place = np.arange(width)
        mixed[:, place, place] = matrix
        return self._ask(mixed.reshape(rows * width, width)).reshape(rows, width) - self._start

    def _sum_of_terms(self, matrix: Numbers, told: Numbers) -> bool:
        summed = self._start + self._terms(matrix).sum(axis=1)
        return bool((np.abs(summed - told) <= EXACT * np.maximum(1.0, np.abs(told))).all())

    def _along_paths(self, row: Numbers) -> Numbers:
        rows, width = self._background.shape
        steps = np.arange(width + 1)[None, :, None]
        total = np.zeros(width)
        for rank in (self._rank, width - 1 - self._rank):
            points = np.where(rank[:, None, :] < steps, row, self._background[:, None, :])
            told = self._ask(points.reshape(rows * (width + 1), width)).reshape(rows, width + 1)
            total += np.take_along_axis(np.diff(told, axis=1), rank, axis=1).mean(axis=0)
        return total / 2


def _orders(rows: int, width: int) -> npt.NDArray[np.int64]:
    """Return the step at which each feature changes over on the way from each row of the background, shape (rows, width)."""
    drawn = np.random.default_rng(SEED).random((rows, width))
    return drawn.argsort(axis=1).argsort(axis=1)
