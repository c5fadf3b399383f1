"""A linear model that learns against an opponent who reads the group of a person off its answers."""

from collections.abc import Sequence

import numpy as np

from shipworthy.training.mitigations.base import Codes, Numbers, Task

STEPS, BATCH = 3000, 512
RATE, DECAY = 0.02, 0.999
MOST_LEVELS = 30
DAMPED = 1e-4


def learnt(task: Task, *, price: float) -> Numbers:
    """Return what the model says of those who are asked, shape (m,): the probability of the good outcome.

    In each step the opponent is moved to tell the groups better by the model's score (and, where the policy looks at what came true, by
    that as well); the model is moved to tell the outcome better, with all of that taken out that would help the opponent, and by `price`
    times against the opponent. Steps of Adam, over rows drawn at random.

    Args:
        task: whom to learn from, whom to ask.
        price: of being read by the opponent; 0 is a plain logistic regression.

    Source:
        Zhang, Lemoine and Mitchell (2018), equation 1.
    """
    features = _Features(task)
    learn, random = features.of(task.learn.matrix), np.random.default_rng(task.seed)
    model, opponent = _Mover(np.zeros(learn.shape[1])), _Mover(np.zeros((4, int(task.learn.groups.max()) + 1)))
    chosen = np.flatnonzero(task.learn.good == 1) if task.policy == "equal_opportunity" else np.arange(len(learn))
    for _ in range(STEPS):
        rows, seen = random.integers(0, len(learn), BATCH), random.choice(chosen, BATCH)
        own = learn[rows].T @ (_chance(learn[rows] @ model.at) - task.learn.good[rows]) / BATCH + DAMPED * model.at
        if price:
            against, moved = _opposed(learn[seen], task.learn.good[seen], task.learn.groups[seen], model.at, opponent.at, task)
            opponent.move(moved)
            along = against / (np.linalg.norm(against) + 1e-12)
            own = own - (own @ along) * along - price * against
        model.move(own)
    return _chance(features.of(task.asked.matrix) @ model.at)


class _Mover:
    """Numbers that are moved against a gradient by Adam, by ever smaller steps."""

    def __init__(self, at: Numbers) -> None:
        self.at, self.rate, self.count = at, RATE, 0
        self.mean, self.square = np.zeros_like(at), np.zeros_like(at)

    def move(self, gradient: Numbers) -> None:
        """Take one step down."""
        self.count += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        step = (self.mean / (1 - 0.9**self.count)) / (np.sqrt(self.square / (1 - 0.999**self.count)) + 1e-8)
        self.at = self.at - self.rate * step
        self.rate *= DECAY


def _opposed(rows: Numbers, good: Numbers, groups: Codes, model: Numbers, opponent: Numbers, task: Task) -> tuple[Numbers, Numbers]:
    """Return the gradients of the opponent's loss: by the model's weights, and by its own."""
    score = rows @ model
    sees = good if task.policy == "equalized_odds" else np.zeros(len(good))
    shown = np.stack([np.ones(len(good)), score, score * sees, sees], axis=1)
    said = _softmax(shown @ opponent)
    said[np.arange(len(groups)), groups] -= 1
    by_score = (said @ opponent[1]) + (said @ opponent[2]) * sees
    return rows.T @ by_score / len(rows), shown.T @ said / len(rows)


class _Features:
    """Inputs as a linear model takes them: numbers in standard units with a mark where they are missing, a column for each level."""

    def __init__(self, task: Task) -> None:
        self.categorical: Sequence[int] = task.categorical
        self.numbers = [place for place in range(task.learn.matrix.shape[1]) if place not in task.categorical]
        part = task.learn.matrix[:, self.numbers]
        known = np.where(np.isnan(part), 0.0, part)
        counts = np.maximum((~np.isnan(part)).sum(axis=0), 1)
        self.middle = known.sum(axis=0) / counts
        self.spread = np.sqrt(np.where(np.isnan(part), 0.0, (part - self.middle) ** 2).sum(axis=0) / counts) + 1e-9
        self.levels = {place: _levels(task.learn.matrix[:, place]) for place in self.categorical}

    def of(self, matrix: Numbers) -> Numbers:
        """Return the inputs of a linear model for each row, the first of them 1."""
        part = (matrix[:, self.numbers] - self.middle) / self.spread
        missing = np.isnan(part)
        hot = [(matrix[:, [place]] == levels).astype(np.float64) for place, levels in self.levels.items()]
        return np.concatenate([np.ones((len(matrix), 1)), np.clip(np.where(missing, 0.0, part), -5, 5), missing, *hot], axis=1)


def _levels(codes: Numbers) -> Numbers:
    found, counts = np.unique(codes[~np.isnan(codes)], return_counts=True)
    often: Numbers = found[np.argsort(-counts, kind="stable")][:MOST_LEVELS]
    return often


def _chance(score: Numbers) -> Numbers:
    said: Numbers = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    return said


def _softmax(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    said: Numbers = raised / raised.sum(axis=1, keepdims=True)
    return said
