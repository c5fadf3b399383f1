"""Plants faults of rows, labels, columns and periods into real sets, in several strengths, and counts which are found.

    SHIPWORTHY_SHARED=../shared python benchmarks/quality.py 3

Each fault is planted into so many draws, of at most 4,000 rows, of each of four sets; a fault is found if a check that is for it
refuses the draw or reports something. False alarms of the same checks: see `checks.py clean`.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.checks import CLEAN

from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.checks.training_set.base.judge import CHECKS, ask_all
from shipworthy.flows.learner import learner

ROWS = 4_000
PLANTED_IN = ("noaa_weather", "restaurant_deliveries", "taiwan_credit", "flights")
Numbers = np.ndarray
Fault = Callable[[Frame, float, np.random.Generator], Frame]


def taken(frame: Frame, places: Numbers) -> Frame:
    """Return some rows of a set, the last quarter held out."""
    rows = len(places)
    held = np.arange(rows) >= rows * 0.75
    return replace(frame, rows=frame.rows.take(pa.array(places)), fit=~held, holdout=held, fresh=None, known={}, found={})


def resampled(frame: Frame, drawn: np.random.Generator) -> Frame:
    """Return at most 4,000 rows, or four fifths of a smaller set, none twice, in their order."""
    rows = frame.rows.num_rows
    return taken(frame, np.sort(drawn.choice(rows, min(ROWS, rows * 4 // 5), replace=False)))


def with_column(frame: Frame, name: str, values: Numbers | list[object] | pa.Array) -> Frame:
    """Return the set with one column replaced."""
    return replace(frame, rows=frame.rows.set_column(frame.rows.column_names.index(name), name, pa.array(values)))


def more(frame: Frame, name: str, values: Numbers | list[object]) -> Frame:
    """Return the set with one feature more."""
    column = pa.array(values)
    kind = "text" if pa.types.is_string(column.type) else "integer" if pa.types.is_integer(column.type) else "number"
    rows = frame.rows.add_column(2, name, column)
    return replace(frame, rows=rows, features={name: Feature(kind, frame.model, name), **frame.features})


def numbers(frame: Frame) -> str:
    """Return the feature that faults of numbers are planted into: the one with most values."""
    return max(frame.named("number", "integer"), key=lambda name: frame.values[name].distinct)


def copied(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """Some rows come twice."""
    rows = frame.rows.num_rows
    return taken(frame, np.sort(np.r_[np.arange(rows), drawn.choice(rows, int(rows * share), replace=False)]))


def nearly_copied(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """Some rows come twice, a number of theirs a millionth larger."""
    twice = copied(frame, share, drawn)
    name = numbers(twice)
    return with_column(twice, name, twice.numbers(name) * (1 + 1e-6 * drawn.random(twice.rows.num_rows)))


def swapped(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """Some labels are the other one."""
    wrong = drawn.random(frame.rows.num_rows) < share
    return with_column(frame, "label", np.where(wrong, 1 - frame.label, frame.label))


def standing_in(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """Some numbers are far off: 999 times a power of ten."""
    name = numbers(frame)
    values = frame.numbers(name)
    standin = 10.0 ** (np.ceil(np.log10(np.nanmax(np.abs(values)) + 1)) + 1) - 1
    return with_column(frame, name, np.where(drawn.random(len(values)) < share, standin, values))


def respelled(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """A text is written in capitals in some rows."""
    texts = frame.named("text")
    if not texts:
        return frame
    values = frame.rows.column(texts[0]).to_pylist()
    return with_column(frame, texts[0], [str(one).upper() if drawn.random() < share else one for one in values])


def emptied(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """A number is null in a stretch of time."""
    return _in_a_stretch(frame, share, drawn, lambda values: np.full(len(values), np.nan))


def rescaled(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """A number is a thousand times as large in a stretch of time."""
    return _in_a_stretch(frame, share, drawn, lambda values: values * 1000)


def _in_a_stretch(frame: Frame, share: float, drawn: np.random.Generator, spoil: Callable[[Numbers], Numbers]) -> Frame:
    name = numbers(frame)
    values, rows = frame.numbers(name).copy(), frame.rows.num_rows
    begin = int(rows * drawn.uniform(0.3, 0.6))
    here = slice(begin, begin + int(rows * share))
    values[here] = spoil(values[here])
    return with_column(frame, name, pa.array(values, from_pandas=True))


def in_another_unit(frame: Frame, noise: float, drawn: np.random.Generator) -> Frame:
    """A number is there twice, once in another unit and rounded."""
    values = frame.numbers(numbers(frame))
    return more(frame, "again", 1.609 * values + noise * np.nanstd(values) * drawn.normal(0, 1, len(values)))


def identified(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """Some rows have a text of their own."""
    return more(frame, "note", [f"call {row}" if drawn.random() < share else "none" for row in range(frame.rows.num_rows)])


def stuck(frame: Frame, share: float, drawn: np.random.Generator) -> Frame:
    """A column has one value in nearly all rows."""
    return more(frame, "currency", np.where(drawn.random(frame.rows.num_rows) < share, 1, 2))


PLANTED: Mapping[str, tuple[Fault, tuple[float, ...], tuple[str, ...]]] = {
    "rows twice": (copied, (0.005, 0.05, 0.3), ("duplicate_rows",)),
    "rows twice, with jitter": (nearly_copied, (0.02, 0.1), ("near_duplicate_rows",)),
    "labels swapped": (swapped, (0.05, 0.15), ("label_noise", "conflicting_labels")),
    "999 for missing": (standing_in, (0.002, 0.02, 0.2), ("sentinel_values",)),
    "capitals": (respelled, (0.002, 0.02, 0.2), ("spelling_variants",)),
    "null in a stretch": (emptied, (0.005, 0.02, 0.1), ("bad_periods",)),
    "x1000 in a stretch": (rescaled, (0.005, 0.02, 0.1), ("bad_periods",)),
    "in another unit again, noise": (in_another_unit, (0.0, 0.001, 0.02), ("near_identical_features",)),
    "text of its own": (identified, (0.05, 0.3, 1.0), ("category_explosion",)),
    "one value in all rows but": (stuck, (1.0, 0.9998, 0.99), ("constant_features",)),
}


def detection(rounds: int) -> Iterator[str]:
    """Yield a Markdown table: of so many sets with a fault, how many were refused or reported by the check that is for it."""
    yield "| fault | strength | sets | refused | reported |\n|---|---|---|---|---|"
    sets = {name: CLEAN[name]() for name in PLANTED_IN}
    for fault, (plant, strengths, names) in PLANTED.items():
        for strength in strengths:
            counted = Counter[str]()
            for frame in sets.values():
                for seed in range(rounds):
                    counted.update(_found(resampled(frame, np.random.default_rng(seed)), plant, strength, seed, names))
            yield f"| {fault} | {strength:g} | {counted['sets']} | {counted['refused']} | {counted['reported']} |"


def _found(frame: Frame, plant: Fault, strength: float, seed: int, names: tuple[str, ...]) -> dict[str, int]:
    spoiled = plant(frame, strength, np.random.default_rng(seed + 100))
    if spoiled is frame or (plant is swapped and frame.task != "binary"):
        return {}
    verdicts = [one.verdict for one in ask_all(spoiled, learner, [CHECKS[name] for name in names])]
    refused = any(verdict.outcome == "fail" for verdict in verdicts)
    return {"sets": 1, "refused": refused, "reported": not refused and any(verdict.noted for verdict in verdicts)}


if __name__ == "__main__":
    for line in detection(int(sys.argv[1])):
        print(line, flush=True)
