"""Boosted trees explained by LightGBM itself: exact, and as cheap as some hundred predictions."""

import lightgbm
import numpy as np

from shipworthy.registry.explaining.explained import Explained, Numbers, Scale

THREADS = 1
LINKS: dict[str, Scale] = {
    "binary": "log-odds", "cross_entropy": "log-odds", "poisson": "log", "gamma": "log", "tweedie": "log",
    "multiclass": "score", "multiclassova": "score",
}  # fmt: skip


class Trees:
    """Explains a booster by the Shapley values of its trees.

    What is not known of a row follows the share of training rows on each side of a split, so no other rows are needed.

    Source:
        Lundberg, Erion and Lee (2018), Consistent individualized feature attribution for tree ensembles: the path-dependent TreeSHAP.
    """

    def __init__(self, booster: lightgbm.Booster) -> None:
        self._booster = booster
        text = booster.model_to_string(num_iteration=1)
        objective = next((line.removeprefix("objective=") for line in text.splitlines() if line.startswith("objective=")), "regression")
        self.scale: Scale = LINKS.get(objective.split(maxsplit=1)[0], "label")

    @classmethod
    def of_text(cls, text: str) -> "Trees":
        """Return what explains the model that LightGBM wrote as `text`."""
        return cls(lightgbm.Booster(model_str=text))

    def explain(self, matrix: Numbers) -> Explained:
        """Return the answers to `matrix`, shape (n, k), taken apart; of several classes the score of each row's most probable one."""
        if not len(matrix):
            return Explained(self.scale, 0.0, np.empty(matrix.shape), np.empty(0))
        classes = self._booster.num_model_per_iteration()
        parts = np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=THREADS), dtype=np.float64)
        raw = np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=THREADS), dtype=np.float64)
        if classes == 1:
            return Explained(self.scale, float(parts[0, -1]), parts[:, :-1], raw)
        codes, rows = raw.argmax(axis=1), np.arange(len(matrix))
        own = parts.reshape(len(matrix), classes, -1)[rows, codes]
        return Explained(self.scale, own[:, -1], own[:, :-1], raw[rows, codes], codes)
