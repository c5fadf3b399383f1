"""How far one column of a window has moved from the reference, and whether chance explains it."""

from dataclasses import dataclass

from shipworthy.monitoring import distances
from shipworthy.monitoring.profile import Levels, Numbers, level_by_level, mean, side_by_side


@dataclass(frozen=True, slots=True)
class Moved:
    """How large the move is: standard deviations of a number, share of rows of a category beyond chance; and the chance of it.

    Either is None where it is not known; `words` say it.
    """

    effect: float | None
    chance: float | None
    words: str


def moved(column: str, learnt: Numbers | Levels, met: Numbers | Levels, minimum_rows: int) -> Moved:
    """Return how far a column moved; not known with fewer than `minimum_rows` values on either side."""
    if min(learnt.known, met.known) < minimum_rows:
        return Moved(None, None, f"{column}: {met.known:,} values are too few to tell: {minimum_rows:,} are needed")
    if isinstance(learnt, Numbers) and isinstance(met, Numbers):
        return _number(column, learnt, met)
    if isinstance(learnt, Levels) and isinstance(met, Levels):
        return _category(column, learnt, met)
    return Moved(None, None, f"{column}: it was profiled as another kind of column")


def _number(column: str, learnt: Numbers, met: Numbers) -> Moved:
    positions, reference, current = side_by_side(learnt, met)
    effect, tested = distances.wasserstein(positions, reference, current), distances.kolmogorov_smirnov(reference, current)
    words = f"{column} moved by {effect or 0.0:.2f} standard deviations: its mean went from about {mean(learnt):.4g} to {mean(met):.4g}"
    return Moved(effect, tested[1] if tested else None, words)


def _category(column: str, learnt: Levels, met: Levels) -> Moved:
    levels, reference, current = level_by_level(learnt, met)
    whole = distances.total_variation(reference, current) or 0.0
    effect = max(0.0, whole - distances.chance_variation(reference, current))
    change = current / current.sum() - reference / reference.sum()
    most = int(abs(change).argmax())
    level = f"'{levels[most]}'" if most < len(levels) else "the rarest"
    was, is_ = reference[most] / reference.sum(), current[most] / current.sum()
    words = f"{column}: {effect:.2f} of the rows changed their level beyond chance, most of all {level}, from {was:.3f} to {is_:.3f}"
    chance = distances.chi_squared(reference, current)
    return Moved(effect, chance, words if chance is not None else f"{column}: too few levels with enough rows to tell")
