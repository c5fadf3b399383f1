"""Whether a numeric column came in another unit: a delivery whose values are all another one's times a factor that units differ by."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from shipworthy.data.landing.landings import Landing
from shipworthy.records import Verdict
from shipworthy.spec.source import SourceSpec

NAME = "level_jump"
FEWEST_ROWS = 50
NEAR = (0.07, 0.15)  # relative distance from the factor: of the median, of the other quantiles
NEAR_FAR = (0.4, 0.5)  # the same for a factor that no season has
FAR = 9.0
SEEN = 1.25  # a median within this factor of earlier ones has been seen before
FACTORS: Mapping[float, str] = {
    1.609344: "miles and kilometres",
    2.204623: "kilograms and pounds",
    2.54: "inches and centimetres",
    3.28084: "metres and feet",
    10.0: "a factor of ten",
    28.349523: "ounces and grams",
    60.0: "minutes and seconds",
    100.0: "cents, percent or centimetres",
    1000.0: "thousands",
    3600.0: "hours and seconds",
    1_000_000.0: "millions",
}
Quantiles = Sequence[float]


def level_jump(contract: SourceSpec, landings: Mapping[str, Landing]) -> Verdict | None:
    """Return whether a column jumped from one delivery to the next, by name, as a change of its unit would; None for one delivery.

    Fires when the quantiles of a column, all of them, are those of the delivery before times one factor by which units differ,
    or 1.8 times them plus 32, and the median lies where none before lay. Blind to factors below 1.6, to a column that counts up, to
    deliveries of fewer than 50 rows, to columns that the contract calls not `steady`, and to a change within a delivery; a factor
    below 9 is told only where the months are otherwise alike.

    >>> from datetime import UTC, datetime
    >>> def may(name, where): return Landing(name, "", 0, 0, "", 60, 60, 0, 0, 1, datetime(2026, 1, 1, tzinfo=UTC), profile={"km": where})
    >>> spec = SourceSpec.model_validate({"source": "trips", "path": "*", "columns": {"km": {"type": "number"}}})
    >>> both = {"a": may("a", [1, 2, 3, 4, 5]), "b": may("b", [1.6, 3.2, 4.8, 6.4, 8.1])}
    >>> level_jump(spec, both).words
    'trips.km in b is 1.6 times what it was in a (median 3, then 4.8): miles and kilometres?'
    """
    told = [entry for _, entry in sorted(landings.items()) if entry.landed + entry.repeated >= FEWEST_ROWS]
    if len(told) < 2:
        return None
    subject = f"landed.{contract.source}"
    found = [jump for name, column in contract.columns.items() if column.steady for jump in _jumps(contract.source, name, told)]
    if not found:
        return Verdict(NAME, subject, "pass", f"no column jumped between {len(told)} deliveries as a change of its unit would make it")
    words = found[0][0]
    more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    fix = "ask for the unit and mend the delivery; where it is so, write 'steady: false' below the column"
    return Verdict(NAME, subject, "fail", words + more, fix, {"jumps": [evidence for _, evidence in found]})


def _jumps(source: str, name: str, told: Sequence[Landing]) -> Iterator[tuple[str, dict[str, object]]]:
    having = [entry for entry in told if name in entry.profile]
    if _counts([entry.profile[name] for entry in having]):
        return
    for place, (before, after) in enumerate(pairwise(having), start=1):
        was, now = before.profile[name], after.profile[name]
        why = _why(was, now)
        if why and not _seen(now[2], [entry.profile[name][2] for entry in having[:place]]):
            ratio, guess = why
            words = f"{source}.{name} in {after.delivery} is {ratio} what it was in {before.delivery}"
            yield (
                f"{words} (median {was[2]:.4g}, then {now[2]:.4g}): {guess}?",
                {"column": name, "delivery": after.delivery, "before": was, "after": now, "ratio": now[2] / was[2] if was[2] else None},
            )


def _counts(found: Sequence[Quantiles]) -> bool:
    """Return whether a column counts up from delivery to delivery, as the number of a row does."""
    return len(found) > 2 and all(now[0] > was[4] for was, now in pairwise(found))


def _why(was: Quantiles, now: Quantiles) -> tuple[str, str] | None:
    """Return the change of unit that leads from the quantiles `was` to `now`, None where none does."""
    if was[1] == was[3] or now[1] == now[3]:
        return None
    for factor, units in FACTORS.items():
        if _times(was, now, factor):
            return f"{factor:.4g} times".replace("1.609 times", "1.6 times"), units
        if _times(now, was, factor):
            return f"1/{factor:.4g} of", units
    if _affine(was, now):
        return "1.8 times, plus 32,", "degrees Celsius, then Fahrenheit"
    return ("(less 32) 1/1.8 of", "degrees Fahrenheit, then Celsius") if _affine(now, was) else None


def _times(was: Quantiles, now: Quantiles, factor: float) -> bool:
    middle, rest = NEAR_FAR if factor > FAR else NEAR
    pairs = [(a * factor, b, middle if place == 2 else rest) for place, (a, b) in enumerate(zip(was, now, strict=True))]
    return was[2] != 0 and all(abs(b - a) <= near * abs(a) for a, b, near in pairs)


def _affine(was: Quantiles, now: Quantiles) -> bool:
    wide = 1.8 * (was[3] - was[1])
    told = wide <= 2 * 32  # in a wider column 32 more or less cannot be told from noise
    return told and all(abs(b - (1.8 * a + 32)) <= 2 * NEAR[1] * wide for a, b in zip(was, now, strict=True))


def _seen(median: float, before: Sequence[float]) -> bool:
    low, high = min(before), max(before)
    return min(low / SEEN, low * SEEN) <= median <= max(high / SEEN, high * SEEN)
