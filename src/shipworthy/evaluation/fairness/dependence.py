"""What a model's answers hang on: a small tree that stands for it, and what moves when one input is shuffled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.tree import DecisionTreeRegressor

from shipworthy.evaluation.fairness.groups import Codes

Numbers = npt.NDArray[np.float64]

DEPTH = 4
LEAST_LEAF = 20
MOST_CELLS = 30_000  # rows asked in all: more would take longer than a second


@dataclass(frozen=True, slots=True)
class Compressed:
    """A tree of 4 questions that stands for a model: the share of its answers' variance that it gives back on rows it did not learn from.

    `inputs` has the share of that which each input brought, the largest first; `fidelity` is None where all answers are alike.
    """

    fidelity: float | None
    inputs: tuple[tuple[str, float], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Hold:
    """What one input does to the answers when it is shuffled among all people, and among those of a group.

    `moved` is the mean change of an answer, `changed` the share of decisions that change, None for a regression. `gap` is how far the
    groups' mean decisions (answers, for a regression) are apart afterwards, and `gap_within` when it is shuffled within groups, which
    leaves alone what the input tells of the group.
    """

    name: str
    moved: float
    changed: float | None
    gap: float
    gap_within: float


def compressed(matrix: Numbers, answers: Numbers, names: Sequence[str], *, seed: int) -> Compressed:
    """Return a small tree that was fitted to a model's answers on one half of the rows and graded on the other.

    Source:
        Compressing a model into one that can be read: Craven and Shavlik (1995); fidelity as in Bastani et al. (2017).
    """
    order = np.random.default_rng(seed).permutation(len(answers))
    learn, grade = order[: len(order) // 2], order[len(order) // 2 :]
    if len(learn) < 2 * LEAST_LEAF or not np.ptp(answers[learn]) or not np.ptp(answers[grade]):
        return Compressed(None, (), len(answers))
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=LEAST_LEAF, random_state=seed).fit(matrix[learn], answers[learn])
    fidelity = 1 - float(np.mean((tree.predict(matrix[grade]) - answers[grade]) ** 2) / np.var(answers[grade]))
    shares = sorted(((name, float(share)) for name, share in zip(names, tree.feature_importances_, strict=True) if share), key=_largest)
    return Compressed(fidelity, tuple(shares), len(answers))


def holds(
    matrix: Numbers,
    names: Sequence[str],
    codes: Codes,
    ask: Callable[[Numbers], Numbers],
    decide: Callable[[Numbers], Numbers] | None,
    *,
    seed: int,
    most_rows: int = MOST_CELLS,
) -> list[Hold]:
    """Return what each input does to the answers, the one that moves most first; on as many rows as can be asked in a second.

    Args:
        matrix: shape (n, k).
        names: of the k inputs.
        codes: the group of each row, shape (n,).
        ask: the model: answers, shape (m,), to a matrix of shape (m, k).
        decide: decisions, 0 or 1, from answers; None for a regression.
        seed: of the shuffling.
        most_rows: that the model is asked in all.
    """
    random = np.random.default_rng(seed)
    most = max(50, most_rows // (2 * len(names) + 1))
    rows = np.sort(random.choice(len(matrix), min(most, len(matrix)), replace=False))
    part, group = matrix[rows], codes[rows]
    orders = [random.permutation(len(rows)), _within(group, random)]
    versions = [part, *(_shuffled(part, place, order) for place in range(len(names)) for order in orders)]
    said = ask(np.concatenate(versions)).reshape(len(versions), len(rows))
    whole = said if decide is None else decide(said)
    at = {name: [0, 1 + 2 * place, 2 + 2 * place] for place, name in enumerate(names)}
    found = [_hold(name, said[three], whole[three], group, numbers=decide is None) for name, three in at.items()]
    return sorted(found, key=lambda one: -one.moved)


def gap(values: Numbers, codes: Codes) -> float:
    """Return how far the groups' means are apart.

    >>> gap(np.array([1.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]))
    0.5
    """
    _, place = np.unique(codes, return_inverse=True)
    means = np.bincount(place, weights=values) / np.bincount(place)
    return float(means.max() - means.min())


def swapped(matrix: Numbers, place: int, codes: Codes, *, seed: int) -> Numbers:
    """Return `matrix` with the input `place` of each row taken from a row of another group, drawn at random; needs two groups."""
    random, other = np.random.default_rng(seed), matrix.copy()
    for code in np.unique(codes):
        own, rest = np.flatnonzero(codes == code), np.flatnonzero(codes != code)
        other[own, place] = matrix[random.choice(rest, len(own)), place]
    return other


def _hold(name: str, said: Numbers, whole: Numbers, group: Codes, *, numbers: bool) -> Hold:
    changed = None if numbers else float(np.mean(whole[1] != whole[0]))
    return Hold(name, float(np.mean(np.abs(said[1] - said[0]))), changed, gap(whole[1], group), gap(whole[2], group))


def _shuffled(part: Numbers, place: int, order: npt.NDArray[np.int64]) -> Numbers:
    other = part.copy()
    other[:, place] = part[order, place]
    return other


def _within(codes: Codes, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return an order that puts each row in the place of one of its own group."""
    mixed = random.permutation(len(codes))
    order = np.empty(len(codes), dtype=np.int64)
    order[np.argsort(codes, kind="stable")] = mixed[np.argsort(codes[mixed], kind="stable")]
    return order


def _largest(share: tuple[str, float]) -> tuple[float, str]:
    return (-share[1], share[0])
