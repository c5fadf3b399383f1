"""What something is worth to the metric, in words that a product manager reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.records import Interval
from shipworthy.registry.words import NOUNS, listed, places

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Worth:
    """How much higher the loss is without it; `interval` None where that is not known."""

    name: str
    mean: float
    interval: Interval | None

    @property
    def surely(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.interval is not None and self.interval.low > 0

    @property
    def row(self) -> tuple[str, float, float | None, float | None]:
        """Name, mean and both ends, for a table."""
        return (self.name, self.mean, self.interval.low if self.interval else None, self.interval.high if self.interval else None)


def unit_of(metric: str, unit: str | None) -> str:
    """Return what a loss is counted in, with the blank before it: the label's unit, or the metric's name."""
    if metric in ("mae", "pinball"):
        return f" {unit}" if unit else ""
    return f" of the {NOUNS.get(metric, metric)}"


def figure(mean: float, interval: Interval | None) -> str:
    """Return a loss with its interval, with the decimals that it needs.

    >>> figure(0.412, Interval(0.1, 0.7)), figure(0.412, None)
    ('0.41 [0.10 to 0.70]', '0.41')
    """
    shown = places(mean)
    return f"{mean:,.{shown}f}" + (f" [{interval.low:,.{shown}f} to {interval.high:,.{shown}f}]" if interval else "")


def worths(found: Sequence[Worth], metric: str, unit: str | None) -> list[str]:
    """Return sentences: what is surely worth something, the most first, and of what nothing can be seen."""
    sure = sorted((one for one in found if one.surely), key=lambda one: -one.mean)
    named = [f"{one.name} is worth {figure(one.mean, one.interval)}{unit_of(metric, unit)}" for one in sure[:MOST_NAMED]]
    more = f"; {len(sure) - MOST_NAMED} more are worth something" if len(sure) > MOST_NAMED else ""
    idle = [one.name for one in found if not one.surely]
    first = f"{'; '.join(named)}{more}." if named else "Of nothing can it be seen that it is worth anything."
    last = f"Of {listed(idle)} nothing can be seen." if idle and named else ""
    return [words for words in (first[:1].upper() + first[1:] if not named else first, last) if words]
