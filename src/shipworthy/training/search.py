"""The search for parameters, by the losses on folds: the only door to Optuna.

The first trial takes the defaults, so a search can end no worse than none. A trial whose mean loss after a fold lies above the
median of the others at that point is given up. The same folds, seed and number of trials give the same search, digit for digit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.trial import FrozenTrial, TrialState

from shipworthy.training.fitted import Numbers
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.parameters import Value
from shipworthy.training.scoring import Fold, Loss, out_of_fold

optuna.logging.set_verbosity(optuna.logging.WARNING)

TRIALS_PER_PARAMETER = 6  # beyond so many more trials hardly find more: a single parameter needs no hundred
FIRST_AT_RANDOM = 4
BEFORE_GIVING_UP = 4
AT_THE_BOUND = 0.02  # share of a range, on its own scale
LEAST_FOR_IMPORTANCE = 8

Heard = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a search may go on: so many trials, and no new one after so many minutes; None is no limit of time."""

    trials: int
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: `loss` over all folds, or None where it was given up after `folds` of them; `parameters` are those asked for."""

    number: int
    loss: float | None
    folds: int
    parameters: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search came to: all parameters of the best trial, what it lost on each row, the trials in their order.

    `warnings` are sentences, `importance` the share of the differences between trials that each parameter explains, empty where
    trials are too few to tell. Without a trial there are no losses.
    """

    parameters: Mapping[str, Value]
    losses: Numbers | None = None
    trials: tuple[Trial, ...] = ()
    warnings: tuple[str, ...] = ()
    importance: Mapping[str, float] = field(default_factory=dict)


class Asked:
    """A trial of Optuna that is asked only for what nobody has said: what is said is answered with, and not searched."""

    def __init__(self, trial: Any, said: Mapping[str, Value]) -> None:
        self._trial, self._said = trial, said

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._trial, name)
        if not name.startswith("suggest_"):
            return ask
        return lambda parameter, *values, **more: self._said[parameter] if parameter in self._said else ask(parameter, *values, **more)


def search(
    learner: Learner, folds: Sequence[Fold], *, aim: Aim, said: Mapping[str, Value], loss: Loss, budget: Budget, heard: Heard
) -> Searched:
    """Return the best parameters of `learner` on `folds`; what is `said` is fixed.

    Nothing is searched where the budget has no trials or the learner asks for nothing. Six trials for each parameter are the
    most. A search that is interrupted leaves nothing behind.

    Args:
        learner: whose `suggest` is asked.
        folds: what each trial is scored on.
        aim: task, metric, seed; the seed of the search too.
        said: parameters that a person has set.
        loss: what an answer costs.
        budget: when to stop; the first trial is always finished.
        heard: told how many trials are done, and of how many.
    """
    said = learner.named(said, where=aim.where)
    ranges = _ranges(learner, aim, said)
    trials = min(budget.trials, TRIALS_PER_PARAMETER * len(ranges))
    if not trials or not folds:
        return Searched(said)
    sampler = optuna.samplers.TPESampler(seed=aim.seed, n_startup_trials=FIRST_AT_RANDOM)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=BEFORE_GIVING_UP, n_warmup_steps=0)
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    study.enqueue_trial({name: value for name, value in learner.defaults(aim=aim).items() if name in ranges})
    lost: dict[int, Numbers] = {}

    def tried(trial: optuna.Trial) -> float:
        chosen = {**learner.suggest(Asked(trial, said), aim=aim), **said}
        lost[trial.number] = _followed(trial, out_of_fold(learner, folds, aim=aim, said=chosen, loss=loss), chosen)
        return float(lost[trial.number].mean())

    _run(study, tried, trials, budget.minutes, heard)
    best = study.best_trial
    chosen: Mapping[str, Value] = best.user_attrs["chosen"]
    told = tuple(_at_bounds(learner, best))
    return Searched(chosen, lost[best.number], tuple(_told(one) for one in study.trials), told, _importance(study, aim.seed))


def _run(study: optuna.Study, tried: Callable[[optuna.Trial], float], trials: int, minutes: float | None, heard: Heard) -> None:
    end = math.inf if minutes is None else monotonic() + 60 * minutes
    for done in range(trials):
        if done and monotonic() > end:
            return
        heard(done, trials)
        study.optimize(tried, n_trials=1)


def _followed(trial: optuna.Trial, losses: Any, chosen: Mapping[str, Value]) -> Numbers:
    """Return the losses of all folds, one after the other.

    Raises:
        TrialPruned: after a fold it was worse than most.
    """
    trial.set_user_attr("chosen", dict(chosen))
    so_far: list[Numbers] = []
    for step, found in enumerate(losses):
        so_far.append(found)
        trial.report(float(np.concatenate(so_far).mean()), step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return np.concatenate(so_far)


def _ranges(learner: Learner, aim: Aim, said: Mapping[str, Value]) -> dict[str, BaseDistribution]:
    """Return what the learner would ask for, by parameter."""
    probe = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=aim.seed)).ask()
    learner.suggest(Asked(probe, said), aim=aim)
    return dict(probe.distributions)


def _told(trial: FrozenTrial) -> Trial:
    loss = trial.value if trial.state == TrialState.COMPLETE else None
    return Trial(trial.number, loss, len(trial.intermediate_values), trial.params)


def _at_bounds(learner: Learner, best: FrozenTrial) -> list[str]:
    return [
        f"The best {name} of {learner.name}, {best.params[name]:.4g}, lies at the {end} of its range ({low:.4g} to {high:.4g}):"
        " a better one may lie beyond."
        for name, asked in best.distributions.items()
        if isinstance(asked, FloatDistribution | IntDistribution) and name not in learner.natural_ends
        for low, high in [(asked.low, asked.high)]
        if (end := end_of(best.params[name], low, high, log=asked.log))
    ]


def end_of(value: float, low: float, high: float, *, log: bool) -> str | None:
    """Return at which end of its range `value` lies, within 2 % of the range; None in between.

    >>> end_of(0.99, 0, 1, log=False), end_of(2.0, 1, 1000, log=True), end_of(1.01, 1, 1000, log=True)
    ('upper end', None, 'lower end')
    """
    place, first, last = (math.log(one) for one in (value, low, high)) if log else (value, low, high)
    margin = AT_THE_BOUND * (last - first)
    return "lower end" if place <= first + margin else "upper end" if place >= last - margin else None


def _importance(study: optuna.Study, seed: int) -> dict[str, float]:
    done = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    if len(done) < LEAST_FOR_IMPORTANCE or len(done[0].params) < 2 or len({trial.value for trial in done}) < 2:
        return {}
    found: dict[str, float] = get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed))
    return found
