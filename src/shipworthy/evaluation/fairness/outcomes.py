"""What groups are compared by: the decisions that a model leads to and what came true, seen from the person's side."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.rates import Codes, Spread, spreads
from shipworthy.records import Task
from shipworthy.spec.fairness import Policy

Numbers = npt.NDArray[np.float64]

APPROVED, DESERVING, UNDESERVING, RIGHT, ERROR, BIAS = (
    "selection rate", "true positive rate", "false positive rate", "accuracy", "absolute error", "mean error",
)  # fmt: skip
WRONG = "share of wrong decisions"
BY_POLICY: Mapping[Policy, tuple[str, ...]] = {
    "demographic_parity": (APPROVED,),
    "approval_ratio": (APPROVED,),
    "equal_opportunity": (DESERVING,),
    "equalized_odds": (DESERVING, UNDESERVING),
}
MOST_APART = 2.0  # of the share of ones that 0.5 gives and the one that came true, in either direction


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Rows of people in blocks, shape (n,) each: what was decided and what came true, 1 is good for the person.

    `decided` may lie between 0 and 1 where chance decides. For a regression it is the answer, and `true` the label.
    """

    task: Task
    decided: Numbers
    true: Numbers
    blocks: Codes


def outcomes(task: Task, answers: Numbers, truth: Numbers, blocks: Codes, *, threshold: float, favourable: int | str) -> Outcomes:
    """Return what a model's answers lead to: in a binary task the decision 1 from `threshold` on, turned over where 0 is good."""
    if task == "regression":
        return Outcomes(task, answers, truth, blocks)
    decided = (answers >= threshold).astype(np.float64)
    return Outcomes(task, decided, truth, blocks) if favourable else Outcomes(task, 1 - decided, 1 - truth, blocks)


def usual_threshold(answers: Numbers, base: float) -> float:
    """Return 0.5; where that says 1 less than half or more than twice as often as `base`, the threshold that says it as often.

    `base` is the share of ones among the labels that the model learnt from.

    >>> usual_threshold(np.array([0.1, 0.2, 0.9, 0.8]), 0.5)
    0.5
    >>> usual_threshold(np.array([0.1, 0.2, 0.3, 0.4]), 0.25)
    0.4
    """
    share = float(np.mean(answers >= 0.5))
    if base / MOST_APART <= share <= base * MOST_APART:
        return 0.5
    return float(np.quantile(answers, 1 - base, method="higher"))


def measured(seen: Outcomes, groups: Groups) -> dict[str, list[Spread]]:
    """Return every metric of each group, in the order of its names.

    Of a binary task: selection rate (share of favourable decisions), true and false positive rate (the same among those for whom the
    favourable came true, and the others), accuracy, share of wrong decisions. Of a regression: mean absolute error, and mean
    error (answer minus label).
    """
    decided, true, blocks = seen.decided, seen.true, seen.blocks
    if seen.task == "regression":
        off = decided - true
        return {ERROR: spreads(np.abs(off), groups, blocks, share=False), BIAS: spreads(off, groups, blocks, share=False)}
    right = decided * true + (1 - decided) * (1 - true)
    return {
        APPROVED: spreads(decided, groups, blocks),
        DESERVING: spreads(decided, groups, blocks, true == 1),
        UNDESERVING: spreads(decided, groups, blocks, true == 0),
        RIGHT: spreads(right, groups, blocks),
        WRONG: spreads(1 - right, groups, blocks),
    }


def judged_by(policy: Policy, task: Task) -> tuple[str, ...]:
    """Return the metrics that a policy compares; none where it asks for decisions and the model answers with numbers.

    >>> judged_by("group_error", "regression"), judged_by("approval_ratio", "regression")
    (('absolute error',), ())
    """
    if policy == "group_error":
        return (ERROR,) if task == "regression" else (WRONG,)
    return BY_POLICY[policy] if task == "binary" else ()
