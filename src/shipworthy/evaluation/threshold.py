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

    Of the thresholds whose cost on these rows is within one standard error of the lowest, the one nearest to `indifference`:
    that is right for probabilities that mean what they say, and chance moves the lowest about. With a `capacity` no more
    than that share is acted on.

    Args:
        costs: of one row.
        truth: what came true, 0 or 1, shape (n,).
        answers: calibrated probabilities of rows that the model has not learnt from, shape (n,).
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        capacity: the share of rows that can be acted on; all if None.

    Source: the rule of one standard error: Breiman, Friedman, Olshen and Stone (1984), section 3.4.3.
    """
    if not len(truth) or truth.min() == truth.max():
        return None
    tried = _tried(answers, capacity, indifference(costs))
    paid = np.column_stack([row_costs(costs, truth, answers >= level) for level in tried])
    best = paid[:, int(paid.mean(axis=0).argmin())]
    more = paid - best[:, None]
    within = more.mean(axis=0) <= _errors(more, blocks_of(times, together))
    near = tried[within]
    return float(near[np.abs(near - indifference(costs)).argmin()])


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
    found = []
    for name, acted in ways.items():
        own, more = (
            mean_interval(values, times, together=together, level=level) for values in (paid[name], paid[name] - paid["threshold"])
        )
        found.append(Policy(name, float(acted.mean()), float(paid[name].mean()), own, None if name == "threshold" else more))
    return found


def curve(costs: Costs, truth: Numbers, answers: Numbers) -> list[tuple[float, float, float]]:
    """Return at most 200 thresholds, each with the mean cost of a row and the share acted on."""
    tried = _tried(answers, None, indifference(costs))
    acts = [answers >= level for level in tried]
    return [
        (float(level), float(row_costs(costs, truth, acted).mean()), float(acted.mean())) for level, acted in zip(tried, acts, strict=True)
    ]


def _tried(answers: Numbers, capacity: float | None, fair: float) -> Numbers:
    """Return the thresholds to try, each a different set of rows to act on: from every row to none, within the capacity."""
    above_all = np.nextafter(answers.max(), np.inf)
    tried = np.unique(np.concatenate([np.quantile(answers, np.linspace(0, 1, MOST), method="higher"), [fair, above_all]]))
    if capacity is not None:
        share = 1 - np.searchsorted(np.sort(answers), tried, side="left") / len(answers)
        tried = tried[share <= capacity]
    return tried


def _errors(more: Numbers, blocks: Blocks) -> Numbers:
    """Return the standard error of the mean of each column of `more`, rows of a block taken together."""
    sums = blocks.sums(more)
    counts = np.bincount(blocks.of, minlength=blocks.count)
    apart = sums - counts[:, None] * more.mean(axis=0)
    errors: Numbers = np.sqrt((apart**2).sum(axis=0)) / len(more)
    return errors
