"""What a finding costs: how well a quick model does with the features that it blames, and without them."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask
from shipworthy.checks.training_set.base.scores import score, score_name

MOST_ROWS = 20_000  # of each side: a cost is told quickly, or nobody looks
LEARNT_SHARE = 0.75


class Cost:
    """The scores of quick models on one training set, each fitted once: on its holdout, or on its last quarter without one."""

    def __init__(self, frame: Frame, learner: Learner) -> None:
        self._frame, self._learner = frame, learner
        self._known: dict[tuple[str, ...], float | None] = {}

    def of(self, blamed: Sequence[str]) -> Mapping[str, object]:
        """Return the score with all features and the one without `blamed`; nothing where one of them cannot be told."""
        kept = [name for name in self._frame.features if name not in blamed]
        if not blamed or not kept or len(kept) == len(self._frame.features):
            return {}
        whole, without = self._score(list(self._frame.features)), self._score(kept)
        if whole is None or without is None:
            return {}
        return {"metric": score_name(self._frame.task), "with": whole, "without": without, "rows": int(self._asked.sum())}

    def _score(self, features: Sequence[str]) -> float | None:
        key = tuple(features)
        if key not in self._known:
            answers = self._learner(self._frame, self._fit, self._asked, features)
            self._known[key] = score(self._frame.task, self._frame.label[self._asked], answers)
        return self._known[key]

    @cached_property
    def _fit(self) -> Mask:
        return self._some(self._frame.fit if self._frame.fit is not None else ~self._last)

    @cached_property
    def _asked(self) -> Mask:
        return self._some(self._frame.holdout if self._frame.holdout is not None else self._last)

    @cached_property
    def _last(self) -> Mask:
        rows = self._frame.rows.num_rows
        last: Mask = np.arange(rows) >= rows * LEARNT_SHARE
        return last

    def _some(self, mask: Mask) -> Mask:
        """Return `mask`, thinned out evenly to what can be told quickly."""
        places = np.flatnonzero(mask)
        step = -(-len(places) // MOST_ROWS) or 1
        chosen = np.zeros(len(mask), dtype=np.bool_)
        chosen[places[::step]] = True
        return chosen


def in_words(cost: Mapping[str, object]) -> str:
    """Return a cost as a sentence, nothing for none.

    >>> in_words({"metric": "AUC", "with": 0.861, "without": 0.742, "rows": 5000})
    'Without it a quick model has AUC 0.742, not 0.861.'
    """
    return f"Without it a quick model has {cost['metric']} {cost['without']:.3g}, not {cost['with']:.3g}." if cost else ""
