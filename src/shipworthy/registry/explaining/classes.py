"""Models of several classes explained: of each row the class that is answered, by what explains the probability of one class."""

from collections.abc import Callable

import numpy as np

from shipworthy.registry.explaining.explained import Explained, Numbers, Scale
from shipworthy.registry.explaining.sampling import Answer, Asked


class AskedOfClasses:
    """Explains why a row gets the class that it gets: its probability taken apart as that of a yes-or-no model, in log-odds."""

    def __init__(self, answer: Answer, background: Numbers) -> None:
        self.scale: Scale = "log-odds"
        self._answer, self._background = answer, background
        self._known: dict[int, Asked] = {}

    def explain(self, matrix: Numbers) -> Explained:
        """Return the answers to `matrix`, shape (n, k), taken apart: each row's most probable class."""
        codes = self._answer(matrix).argmax(axis=1) if len(matrix) else np.empty(0, np.int64)
        base, parts, answers = np.zeros(len(matrix)), np.zeros(matrix.shape), np.zeros(len(matrix))
        for code in np.unique(codes):
            rows = codes == code
            found = self._of(int(code)).explain(matrix[rows])
            base[rows], parts[rows], answers[rows] = found.base, found.contributions, found.answers
        return Explained(self.scale, base, parts, answers, codes)

    def _of(self, code: int) -> Asked:
        if code not in self._known:
            self._known[code] = Asked(probability_of(self._answer, code), self._background, self.scale)
        return self._known[code]


def probability_of(answer: Answer, code: int) -> Callable[[Numbers], Numbers]:
    """Return what answers with the probability of one class alone, shape (n,)."""

    def told(matrix: Numbers) -> Numbers:
        return answer(matrix)[:, code]

    return told
