"""From which probability on to act, where somebody said what mistakes cost."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.resampling import Blocks, Codes, Times, blocks_of
from shipworthy.records import Interval
from shipworthy.spec.acting import Costs

Numbers = npt.NDArray[np.float64]
Acted = npt.NDArray[np.bool_]

MOST = 200
FOLDS = 5
MATTERS = 0.01  # share of the cost that another threshold must surely save to be taken
HALF, HINDSIGHT = "one half", "the best in hindsight"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one way to act costs: `cost` of a row on average, `more` how much more than the threshold costs on the same rows.

    `acted` is the share of rows acted on. None is not known.
    """

    name: str
    acted: float
    cost: float
    interval: Interval | None
    more: Interval | None


def row_costs(costs: Costs, truth: Numbers, acted: Acted) -> Numbers:
    """Return what each row costs, shape (n,), in the currency of `costs`."""
    came = truth > 0
    when_acted = np.where(came, costs.true_positive, costs.false_positive)
    paid: Numbers = np.where(acted, when_acted, np.where(came, costs.false_negative, costs.true_negative)).astype(np.float64)
    return paid


def indifference(costs: Costs) -> float:
    """Return the probability at which acting costs as much as letting be, for probabilities that mean what they say.

    Source: Elkan (2001), The foundations of cost-sensitive learning, equation 2.

    >>> indifference(Costs(false_positive=5, false_negative=95))
    0.05
    """
    in_vain = costs.false_positive - costs.true_negative
    return in_vain / (in_vain + costs.false_negative - costs.true_positive)


def threshold_of(
    costs: Costs, truth: Numbers, answers: Numbers, times: Times, *, together: Codes | None = None, capacity: float | None = None
) -> float | None:
    """Return from which answer on to act; None without rows, or where nothing or everything came true.

    It is `indifference`, which is right for probabilities that mean what they say, unless one that is `cheaper` by a hundredth or more
    shows that these do not.
    With a `capacity` no more than that share is acted on.

    Args:
        costs: of one row.
        truth: what came true, 0 or 1, shape (n,).
        answers: calibrated probabilities of rows that the model has not learnt from, shape (n,).
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        capacity: the share of rows that can be acted on; all if None.
    """
    if not len(truth) or truth.min() == truth.max():
        return None
    tried = _tried(answers, capacity, indifference(costs))
    fair = float(tried[tried >= indifference(costs)].min())
    other = cheaper(costs, truth, answers, fair, times, together=together, capacity=capacity, by=MATTERS)
    return fair if other is None else other


def cheaper(
    costs: Costs, truth: Numbers, answers: Numbers, than: float, times: Times, *,
    together: Codes | None = None, capacity: float | None = None, level: float = 0.95, by: float = 0.0,
) -> float | None:  # fmt: skip
    """Return the threshold that these rows teach; None if it is not surely cheaper than the threshold `than`, or that is not known.

    Surely: thresholds learnt from four fifths of the rows cost less on the fifth that they have not seen, with the whole paired interval,
    by more than the share `by` of what `than` costs.
    A fifth is a stretch of days, or groups. What is learnt is, of the thresholds whose cost is within one standard error of the
    lowest, the one nearest to `indifference`.

    Args as in `threshold_of`; `level` is how sure "surely" is.

    Source: the rule of one standard error: Breiman, Friedman, Olshen and Stone (1984), section 3.4.3; folds: Stone (1974).
    """
    blocks = blocks_of(times, together)
    if not blocks.enough or truth.min() == truth.max():
        return None
    fold, acted = blocks.folds(FOLDS), np.zeros(len(truth), np.bool_)
    for number in np.unique(fold):
        inside = fold == number
        acted[inside] = answers[inside] >= _learnt(costs, truth[~inside], answers[~inside], _among(blocks, ~inside), capacity)
    paid = row_costs(costs, truth, answers >= than)
    apart = mean_interval(row_costs(costs, truth, acted) - paid, times, together=together, level=level)
    surely = apart is not None and apart.high < -by * abs(float(paid.mean()))
    return _learnt(costs, truth, answers, blocks, capacity) if surely else None


def policies(
    costs: Costs, truth: Numbers, answers: Numbers, threshold: float, times: Times, rule: Numbers | None = None,
    *, together: Codes | None = None, level: float = 0.95,
) -> list[Policy]:  # fmt: skip
    """Return what it costs to act from `threshold` on, and beside it: to act on every row, on none, as the rule says.

    The rule acts where its answer is at least the `indifference` of the costs: a rule of 0 and 1 acts on its ones.
    """
    ways = {
        "threshold": answers >= threshold,
        "act on every row": np.ones(len(truth), np.bool_),
        "act on none": np.zeros(len(truth), np.bool_),
    }
    if rule is not None:
        ways["the rule"] = rule >= indifference(costs)
    paid = {name: row_costs(costs, truth, acted) for name, acted in ways.items()}
    kept = paid["threshold"]
    return [_policy(name, acted, paid[name], None if name == "threshold" else kept, times, together, level) for name, acted in ways.items()]


def thresholds(
    costs: Costs, truth: Numbers, answers: Numbers, threshold: float, times: Times, *,
    together: Codes | None = None, capacity: float | None = None, level: float = 0.95,
) -> dict[str, tuple[float, Policy]]:  # fmt: skip
    """Return other thresholds than the one kept, by name, each with its level and what it costs on the same rows.

    One half; what the costs alone say; and the best in hindsight, which is found on these very rows: nobody could have known it, and its
    interval is as if it had been known. One that is the kept one, or lies beyond the capacity, is not among them.
    """
    tried = _tried(answers, capacity, indifference(costs))
    best = tried[int(_paid(costs, truth, answers, tried, blocks_of(times, together)).sum(axis=0).argmin())]
    levels = {HALF: 0.5, "what the costs alone say": indifference(costs), HINDSIGHT: float(best)}
    allowed = {name: one for name, one in levels.items() if one != threshold and (capacity is None or (answers >= one).mean() <= capacity)}
    kept = row_costs(costs, truth, answers >= threshold)
    return {
        name: (one, _policy(name, answers >= one, row_costs(costs, truth, answers >= one), kept, times, together, level))
        for name, one in allowed.items()
    }


def curve(costs: Costs, truth: Numbers, answers: Numbers) -> list[tuple[float, float, float]]:
    """Return at most 200 thresholds, each with the mean cost of a row and the share acted on."""
    tried = _tried(answers, None, indifference(costs))
    acts = [answers >= level for level in tried]
    return [
        (float(level), float(row_costs(costs, truth, acted).mean()), float(acted.mean())) for level, acted in zip(tried, acts, strict=True)
    ]


def _policy(
    name: str, acted: Acted, paid: Numbers, kept: Numbers | None, times: Times, together: Codes | None, level: float
) -> Policy:  # fmt: skip
    own = mean_interval(paid, times, together=together, level=level)
    more = None if kept is None else mean_interval(paid - kept, times, together=together, level=level)
    return Policy(name, float(acted.mean()), float(paid.mean()), own, more)


def _learnt(costs: Costs, truth: Numbers, answers: Numbers, blocks: Blocks, capacity: float | None) -> float:
    """Return, of the thresholds whose cost is within one standard error of the lowest, the one nearest to `indifference`."""
    tried = _tried(answers, capacity, indifference(costs))
    paid, rows = _paid(costs, truth, answers, tried, blocks), len(truth)
    more = paid - paid[:, [int(paid.sum(axis=0).argmin())]]
    mean = more.sum(axis=0) / rows
    apart = more - np.bincount(blocks.of, minlength=blocks.count)[:, None] * mean
    near = tried[mean <= np.sqrt((apart**2).sum(axis=0)) / rows]
    return float(near[np.abs(near - indifference(costs)).argmin()])


def _paid(costs: Costs, truth: Numbers, answers: Numbers, tried: Numbers, blocks: Blocks) -> Numbers:
    """Return what the rows of each block cost at each threshold of `tried`, which rises: shape (blocks, thresholds)."""
    everyone = np.ones(len(truth), np.bool_)
    let_be = row_costs(costs, truth, ~everyone)
    more, reached = row_costs(costs, truth, everyone) - let_be, np.searchsorted(tried, answers, side="right")
    width = len(tried) + 1
    cell = np.bincount(blocks.of * width + reached, weights=more, minlength=blocks.count * width).reshape(blocks.count, width)
    acted = cell[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    found: Numbers = np.bincount(blocks.of, weights=let_be, minlength=blocks.count)[:, None] + acted
    return found


def _among(blocks: Blocks, rows: Acted) -> Blocks:
    found, of = np.unique(blocks.of[rows], return_inverse=True)
    return Blocks(of.astype(np.int64), len(found), blocks.length)


def _tried(answers: Numbers, capacity: float | None, fair: float) -> Numbers:
    """Return the thresholds to try, each a different set of rows to act on: from every row to none, within the capacity."""
    above_all = np.nextafter(answers.max(), np.inf)
    tried = np.unique(np.concatenate([np.quantile(answers, np.linspace(0, 1, MOST), method="higher"), [fair, above_all]]))
    if capacity is not None:
        share = 1 - np.searchsorted(np.sort(answers), tried, side="left") / len(answers)
        tried = tried[share <= capacity]
    return tried
