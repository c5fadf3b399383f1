"""Whether two rankings of the same rows differ: the areas under their ROC curves, compared exactly."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.evaluation.resampling import Codes, Times, blocks_of
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Two areas under ROC curves on the same rows: `difference` is the first minus the second; None is not known.

    `p_value` is that of DeLong's test, in which every row is a witness of its own; `interval` takes rows of one day, or group, together.
    """

    first: float | None
    second: float | None
    difference: float | None
    p_value: float | None
    interval: Interval | None


def delong(truth: Numbers, first: Numbers, second: Numbers, times: Times, *, together: Codes | None = None, level: float = 0.95) -> Ranked:
    """Return how much better `first` ranks the rows than `second` does.

    Where nothing or everything came true, or something is missing, nothing is known. Two rankings that are the same differ by 0 for sure.

    Args:
        truth: what came true, 0 or 1, shape (n,).
        first: answers, shape (n,); only their order counts.
        second: other answers to the same rows, shape (n,).
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        level: the share of such intervals that hold the truth.

    Source:
        DeLong, DeLong and Clarke-Pearson (1988); by mid-ranks: Sun and Xu (2014). Rows that depend on each other: their placement values
        summed up by day or group, Obuchowski (1997).
    """
    came = truth > 0
    known = len(truth) and bool(np.isfinite(truth).all() and np.isfinite(first).all() and np.isfinite(second).all())
    if not known or came.all() or not came.any():
        return Ranked(None, None, None, None, None)
    areas, placed = zip(*(_placements(came, answers) for answers in (first, second)), strict=True)
    apart = areas[0] - areas[1]
    moved = placed[0] - placed[1]
    error = math.sqrt(sum(float(moved[side].var(ddof=1)) / int(side.sum()) for side in (came, ~came) if side.sum() > 1))
    p_value = float(2 * stats.norm.sf(abs(apart) / error)) if error > 0 else float(apart == 0)
    return Ranked(areas[0], areas[1], apart, p_value, _interval(apart, moved, came, times, together, level))


def _placements(came: npt.NDArray[np.bool_], answers: Numbers) -> tuple[float, Numbers]:
    """Return the area, and of each row the share of the rows of the other outcome that it is ranked rightly beside."""
    whole = stats.rankdata(answers)
    positives, negatives = int(came.sum()), int((~came).sum())
    placed = np.empty(len(answers))
    placed[came] = (whole[came] - stats.rankdata(answers[came])) / negatives
    placed[~came] = 1 - (whole[~came] - stats.rankdata(answers[~came])) / positives
    return float(placed[came].mean()), placed


def _interval(
    apart: float, moved: Numbers, came: npt.NDArray[np.bool_], times: Times, together: Codes | None, level: float
) -> Interval | None:
    """Return the interval of a difference that each row moves by so much, rows of a day or group taken together."""
    blocks = blocks_of(times, together)
    if not blocks.enough:
        return None
    each = np.where(came, (moved - moved[came].mean()) / came.sum(), (moved - moved[~came].mean()) / (~came).sum())
    runs = np.bincount(blocks.of // blocks.length, weights=each)
    reach = blocks.reach(level) * math.sqrt(float((runs**2).sum()) * len(runs) / max(1, len(runs) - 1))
    return Interval(apart - reach, apart + reach, level)
