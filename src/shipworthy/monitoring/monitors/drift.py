"""Features whose distribution has moved."""

from dataclasses import dataclass
from typing import Any

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.profile import Levels, Numbers, level_by_level, mean, side_by_side

NUMBER_FLOOR = 0.1  # standard deviations
CATEGORY_FLOOR = 0.05  # share of rows, beyond what chance gives
FALSE_SHARE = 0.01  # of the columns called drifted


@dataclass(frozen=True, slots=True)
class _Moved:
    effect: float | None
    chance: float | None
    words: str


class Drift(Monitor):
    """How far each feature has moved from the training set: standard deviations of a number, share of rows of a category.

    Fires when a number moved by more than 0.1 (Wasserstein over sd) or a category by more than 0.05 (total variation, less what
    chance gives), beyond chance (KS or chi-squared, Benjamini-Hochberg over the columns at 0.01), and further than four or
    more past windows did (their median and MAD): a season that the training set knows is no drift. It explains; it does not page.
    Blind to columns that move together without moving alone, and to what a label means.
    """

    unit = "standard deviations of a number, share of rows of a category"
    severity = "info"
    cause = "world"
    default = Bound(high=NUMBER_FLOOR)

    @property
    def passes(self) -> Comparison:
        """A number and a category, both as they were."""
        return examples.columns(
            {"price": [float(n % 50) for n in range(2000)], "colour": ["red", "blue"] * 1000},
            {"price": [float(n % 50) for n in range(500)], "colour": ["red", "blue"] * 250},
        )

    @property
    def fails(self) -> Comparison:
        """A number ten higher, and a category of which one level has doubled."""
        return examples.columns(
            {"price": [float(n % 50) for n in range(2000)], "colour": ["red", "blue", "blue"] * 600 + ["red"] * 200},
            {"price": [float(n % 50) + 10 for n in range(500)], "colour": ["red", "red", "blue"] * 160 + ["red"] * 20},
        )

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return a finding for each column that the model learnt from."""
        learnt, met = comparison.inputs
        untold = self.untold(comparison, learnt.columns)
        if untold:
            return untold
        moved = {column: _moved(column, held, met.columns[column], comparison.minimum_rows) for column, held in learnt.columns.items()}
        chances = distances.adjusted([found.chance for found in moved.values()])
        return [self._column(comparison, column, moved[column], chance) for column, chance in zip(moved, chances, strict=True)]

    def _column(self, comparison: Comparison, column: str, moved: _Moved, chance: float | None) -> Finding:
        learnt, met = (profile.columns[column] for profile in comparison.inputs)
        if moved.effect is None or chance is None:
            return self.finding(comparison, "unknown", moved.words, column=column, rows=met.known)
        floor = NUMBER_FLOOR if isinstance(learnt, Numbers) else CATEGORY_FLOOR
        limit = max(floor, distances.highest_usual(_past(comparison, column)) or 0.0)
        outcome = judged(wrong=moved.effect > limit and chance <= FALSE_SHARE)
        evidence: dict[str, Any] = {"effect": moved.effect, "limit": limit, "adjusted_chance": chance}
        fix = "if the realized error grows too, train again; if it does not, nothing is to be done"
        words = f"{moved.words}; {limit:.2f} is the limit"
        return self.finding(comparison, outcome, words, column=column, value=moved.effect, rows=met.known, fix=fix, evidence=evidence)


def _past(comparison: Comparison, column: str) -> list[float | None]:
    learnt = comparison.inputs[0].columns[column]
    held = [profile.columns.get(column) for profile in comparison.past_inputs]
    return [None if found is None else _moved(column, learnt, found, comparison.minimum_rows).effect for found in held]


def _moved(column: str, learnt: Numbers | Levels, met: Numbers | Levels, minimum_rows: int) -> _Moved:
    if min(learnt.known, met.known) < minimum_rows:
        return _Moved(None, None, f"{column}: {met.known:,} values are too few to tell: {minimum_rows:,} are needed")
    if isinstance(learnt, Numbers) and isinstance(met, Numbers):
        return _number(column, learnt, met)
    if isinstance(learnt, Levels) and isinstance(met, Levels):
        return _category(column, learnt, met)
    return _Moved(None, None, f"{column}: it was profiled as another kind of column")


def _number(column: str, learnt: Numbers, met: Numbers) -> _Moved:
    positions, reference, current = side_by_side(learnt, met)
    effect, tested = distances.wasserstein(positions, reference, current), distances.kolmogorov_smirnov(reference, current)
    words = f"{column} moved by {effect or 0.0:.2f} standard deviations: its mean went from about {mean(learnt):.4g} to {mean(met):.4g}"
    return _Moved(effect, tested[1] if tested else None, words)


def _category(column: str, learnt: Levels, met: Levels) -> _Moved:
    levels, reference, current = level_by_level(learnt, met)
    whole = distances.total_variation(reference, current) or 0.0
    effect = max(0.0, whole - distances.chance_variation(reference, current))
    change = current / current.sum() - reference / reference.sum()
    most = int(abs(change).argmax())
    level = f"'{levels[most]}'" if most < len(levels) else "the rarest"
    was, is_ = reference[most] / reference.sum(), current[most] / current.sum()
    words = f"{column}: {effect:.2f} of the rows changed their level beyond chance, most of all {level}, from {was:.3f} to {is_:.3f}"
    chance = distances.chi_squared(reference, current)
    return _Moved(effect, chance, words if chance is not None else f"{column}: too few levels with enough rows to tell")
