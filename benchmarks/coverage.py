"""How often intervals hold the truth, and how often gates of evaluation alarm on rows where nothing is wrong.

python benchmarks/coverage.py [REPEATS]
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from shipworthy.evaluation.measure import measure_all
from shipworthy.evaluation.metrics.base import Asked
from shipworthy.evaluation.ranked import delong
from shipworthy.evaluation.slices import declared, discovered
from shipworthy.evaluation.slicing import Part
from shipworthy.evaluation.threshold import cheaper, indifference, policies
from shipworthy.spec.acting import Costs

DAYS, EACH = 28, 60
N = DAYS * EACH
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(DAYS) * np.timedelta64(1, "D"), EACH)
MANY = 6000 * EACH
COSTS = Costs(false_positive=1, false_negative=4)


def rows(rng: np.random.Generator, mood: float, days: int = DAYS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcomes and two answers that are equally good; days share a mood of size `mood`, which moves outcomes."""
    shared = np.repeat(rng.normal(0, mood, days), EACH)
    hidden = rng.normal(0, 1, days * EACH)
    chance = 1 / (1 + np.exp(-(hidden - 1 + shared)))
    came = (rng.random(days * EACH) < chance).astype(float)
    said = [1 / (1 + np.exp(-(hidden - 1 + rng.normal(0, 0.5, days * EACH)))) for _ in range(2)]
    return came, said[0], said[1]


def truth(mood: float) -> dict[str, float]:
    """Return the metrics of very many days."""
    came, said, _ = rows(np.random.default_rng(0), mood, MANY // EACH)
    times = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(MANY // EACH) * np.timedelta64(1, "D"), EACH)
    asked = Asked("binary", threshold=0.3, capacity=0.1)
    return {one.metric.name: float(one.value or 0) for one in measure_all(asked, times, came, said, together=np.arange(MANY) % 7)}


def metrics(repeats: int, mood: float) -> None:
    """Print how often the interval of each metric holds its truth, and that of a difference that is 0."""
    true, held, none = truth(mood), {}, {}
    for seed in range(repeats):
        came, said, other = rows(np.random.default_rng(seed + 1), mood)
        for one in measure_all(Asked("binary", threshold=0.3, capacity=0.1), TIMES, came, said, other):
            if one.interval:
                held.setdefault(one.metric.name, []).append(one.interval.low <= true[one.metric.name] <= one.interval.high)
            if one.difference:
                none.setdefault(one.metric.name, []).append(one.difference.low <= 0 <= one.difference.high)
    for name, holds in held.items():
        print(f"mood {mood:g} {name:24} holds {np.mean(holds):.3f}   difference holds 0 {np.mean(none[name]):.3f}")


def numbers(rng: np.random.Generator, days: int, quantile: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return numbers with heavy tails whose days share a mood, and two answers that are equally good, or two 80 % quantiles."""
    shared, hidden = np.repeat(rng.normal(0, 2, days), EACH), rng.normal(20, 5, days * EACH)
    came = hidden + shared + rng.standard_t(5, days * EACH) * 3
    above = 0.0 if quantile is None else 4.0
    said = [hidden + above + rng.normal(0, 2, days * EACH) for _ in range(2)]
    return came, said[0], said[1]


def of_numbers(repeats: int, quantile: float | None) -> None:
    """Print the same for answers that are numbers."""
    asked, days = Asked("regression", quantile=quantile), MANY // EACH
    came, said, _ = numbers(np.random.default_rng(0), days, quantile)
    times = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(days) * np.timedelta64(1, "D"), EACH)
    true = {one.metric.name: float(one.value or 0) for one in measure_all(asked, times, came, said, together=np.arange(MANY) % 7)}
    held, none = {name: [] for name in true}, {name: [] for name in true}
    for seed in range(repeats):
        for one in measure_all(asked, TIMES, *numbers(np.random.default_rng(seed + 1), DAYS, quantile)):
            held[one.metric.name].append(one.interval.low <= true[one.metric.name] <= one.interval.high)
            none[one.metric.name].append(one.difference.low <= 0 <= one.difference.high)
    for name, holds in held.items():
        print(f"numbers, {quantile or 'middle'} {name:24} holds {np.mean(holds):.3f}   difference holds 0 {np.mean(none[name]):.3f}")


def calibrated(repeats: int) -> None:
    """Print how often the interval of the calibration error holds the true 0 of answers that mean what they say."""
    held = []
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        said = rng.beta(1, 3, N)
        came = (rng.random(N) < said).astype(float)
        (found,) = measure_all(Asked("binary"), TIMES, came, said, only=["calibration_error"])
        held.append(found.interval is not None and found.interval.low <= 0)
    print(f"calibrated answers: calibration error holds 0 {np.mean(held):.3f}")


def moved(rng: np.random.Generator) -> bool:
    """Return whether another threshold is said to be cheaper than the right one of answers that mean what they say."""
    said = rng.beta(1, 3, N)
    came = (rng.random(N) < said).astype(float)
    return cheaper(COSTS, came, said, indifference(COSTS), TIMES, by=0.05) is not None


def share(repeats: int, alarm: Callable[[np.random.Generator], bool]) -> float:
    return float(np.mean([alarm(np.random.default_rng(seed)) for seed in range(repeats)]))


def parts(rng: np.random.Generator) -> list[Part]:
    return [
        Part(str(column), f"{column} = {value}", codes == value)
        for column in range(8)
        for codes in [rng.integers(0, 6, N)]
        for value in range(6)
    ]


def ranks(rng: np.random.Generator, mood: float) -> bool:
    came, first, second = rows(rng, mood)
    found = delong(came, first, second, TIMES).interval
    return found is not None and not found.low <= 0 <= found.high


def found_part(rng: np.random.Generator) -> bool:
    losses = rng.gamma(2, 3, N) * np.repeat(rng.uniform(0.7, 1.3, DAYS), EACH)
    return bool(discovered(parts(rng), losses, TIMES))


def refused_part(rng: np.random.Generator) -> bool:
    losses = rng.gamma(2, 3, N) * np.repeat(rng.uniform(0.7, 1.3, DAYS), EACH)
    return any(one.worse for one in declared(parts(rng)[:6], losses, losses + rng.normal(0, 2, N), TIMES))


def pays_not(rng: np.random.Generator) -> bool:
    came, said, _ = rows(rng, 0.5)
    return any(one.more is not None and one.more.high <= 0 for one in policies(COSTS, came, said, indifference(COSTS), TIMES)[1:])


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    begun = time.process_time()
    for mood in (0.0, 0.5):
        metrics(repeats, mood)
    for quantile in (None, 0.8):
        of_numbers(repeats, quantile)
    calibrated(repeats)
    for mood in (0.0, 0.5):
        print(f"mood {mood:g} DeLong by days: false alarms {share(repeats, lambda rng, mood=mood: ranks(rng, mood)):.3f}")
    print(f"discovered parts, 48 equal ones: false alarms {share(repeats, found_part):.3f}")
    print(f"declared parts, 6 as good as the rule: false refusals {share(repeats, refused_part):.3f}")
    print(f"a threshold that pays: false refusals {share(repeats, pays_not):.3f}")
    print(f"a right threshold: false warnings {share(repeats, moved):.3f}")
    print(f"{repeats} repeats each, {time.process_time() - begun:.0f} s of CPU")


if __name__ == "__main__":
    main()
