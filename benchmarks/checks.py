"""Measures what the checks of training sets say of sets in which nothing is wrong, and which planted faults they find.

    SHIPWORTHY_SHARED=../shared python benchmarks/checks.py clean 10 [SET ...]
    SHIPWORTHY_SHARED=../shared python benchmarks/checks.py planted 5

clean: of each set some 3,000 rows are drawn without putting back, in their order, again and again: with the labels as they are, and
with the labels dealt out anew. Every check is asked; a run is a false alarm if one refuses. Notes are counted beside, for they may be
right: real sets have sentinels and duplicates. planted: one fault at a time in such draws of the weather, in several strengths; which
checks of leakage say so.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn import datasets

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.real_data.looked import LEAKAGE, without
from tests.real_data.sets import SETS, made

from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.checks.training_set.base.judge import CHECKS, ask_all
from shipworthy.checks.training_set.base.sample import places, thinned
from shipworthy.flows.learner import learner

ROWS = 3_000
AFTER = ("dep_time", "dep_delay", "arr_time", "air_time")
BUNDLED = {name: getattr(datasets, f"load_{name}") for name in ("breast_cancer", "diabetes", "wine", "digits")}
PLANTED_IN = "noaa_weather"


def bundled(name: str) -> Frame:
    """Return a set of scikit-learn in a shuffled order; of several classes the first against the rest."""
    found = BUNDLED[name]()
    order = np.random.default_rng(7).permutation(len(found.target))
    label = found.target[order] if name in ("breast_cancer", "diabetes") else (found.target[order] == 0).astype(int)
    names = [str(column).replace(" ", "_").replace("/", "_") for column in found.feature_names]
    columns = dict(zip(names, np.asarray(found.data)[order].T, strict=True))
    table = pa.table({"n": np.arange(len(label)), **columns, "target": label.astype(float)})
    time = "timestamptz '2024-01-01' + interval '1 hour' * n"
    sql = f"select n as entity, {time} as decided_at, * exclude (n, target), {time} + interval '1 hour' as known_at, target as label from t"
    return made(name, sql, task="regression" if name == "diabetes" else "binary", tables={"t": table})


def first_of_each(frame: Frame) -> Frame:
    """Return the set without rows that repeat another in all features."""
    columns = list(frame.features)
    numbered = frame.rows.select(columns).append_column("n", pa.array(np.arange(frame.rows.num_rows)))
    kept = np.sort(numbered.group_by(columns).aggregate([("n", "min")]).column("n_min").to_numpy())
    return thinned(frame, kept)


CLEAN: dict[str, Callable[[], Frame]] = {
    "noaa_weather": SETS["noaa_weather"],
    "restaurant_deliveries": SETS["restaurant_deliveries"],
    "telco_churn": lambda: first_of_each(without(SETS["telco_churn"](), "TotalCharges")),
    "taiwan_credit": lambda: first_of_each(SETS["taiwan_credit"]()),
    "flights": lambda: without(SETS["flights"](), *AFTER),
    **{name: lambda name=name: bundled(name) for name in BUNDLED},
}


def drawn(frame: Frame, seed: int, *, dealt: bool = False) -> Frame:
    """Return some of the rows in their order: the last tenth fresh, the others split anew; with `dealt` the labels change places."""
    chosen = places(frame.rows.num_rows, min(ROWS, int(0.8 * frame.rows.num_rows)), seed)
    rows = int(0.9 * len(chosen))
    seen = replace(thinned(frame, chosen[:rows]), seed=seed, fresh=frame.rows.take(pa.array(chosen[rows:])))
    held = np.arange(rows) >= 0.75 * rows
    known = seen.rows.column("known_at").cast(pa.timestamp("us")).to_numpy()
    table = seen.rows
    if dealt:
        label = table.column("label").take(pa.array(np.random.default_rng(seed).permutation(rows)))
        table = table.set_column(table.column_names.index("label"), "label", label)
    return replace(seen, rows=table, fit=~held & (known <= seen.times[held].min()), holdout=held)


def clean(runs: int, names: list[str]) -> None:
    """Print how many runs had a refusal or a note, by check and by set."""
    refused, noted, total, loud = Counter[str](), Counter[str](), 0, Counter[str]()
    for name in names or CLEAN:
        frame = CLEAN[name]()
        for seed in range(runs):
            for dealt in (False, True):
                said = ask_all(drawn(frame, seed, dealt=dealt), learner)
                red = {one.verdict.name for one in said if one.verdict.outcome == "fail"}
                refused.update(red)
                noted.update({one.verdict.name for one in said if one.verdict.noted})
                loud.update([name] if red else [])
                total += 1
                for one in said:
                    if one.verdict.outcome == "fail":
                        print(f"  {name} {seed} {'dealt' if dealt else 'as is'}: {one.verdict.words[:200]}", file=sys.stderr)
        print(f"  {name}: {loud[name]} of {2 * runs} runs refused", file=sys.stderr)
    print(f"\n{total} runs; with a refusal: {sum(loud.values())}\n\n| check | runs refused | runs with a note |\n|---|---|---|")
    for name in CHECKS:
        if refused[name] or noted[name]:
            print(f"| {name} | {refused[name]} | {noted[name]} |")


Plant = Callable[[Frame, float, np.random.Generator], Frame]


def added(frame: Frame, **columns: object) -> Frame:
    """Return the set with further features before the label."""
    rows, features = frame.rows, dict(frame.features)
    for name, values in columns.items():
        array = pa.array(values)
        rows = rows.add_column(rows.column_names.index("known_at"), name, array)
        kind = "text" if pa.types.is_string(array.type) else "integer" if pa.types.is_integer(array.type) else "number"
        features[name] = Feature(kind, "planted", name)
    return replace(frame, rows=rows, features=features)


def copy_and_noise(frame: Frame, strength: float, random: np.random.Generator) -> Frame:
    return added(frame, planted=frame.label + random.normal(0, strength, len(frame.label)))


def code(frame: Frame, wrong: float, random: np.random.Generator) -> Frame:
    said = np.where(random.random(len(frame.label)) < wrong, 1 - frame.label, frame.label)
    kinds = random.integers(0, 3, len(said))
    return added(frame, planted=[f"{'ab'[int(value)]}{int(kind)}" for value, kind in zip(said, kinds, strict=True)])


def parts(frame: Frame, noise: float, random: np.random.Generator) -> Frame:
    label = frame.numbers("max_temperature")
    first = random.normal(20, 9, len(label))
    rows = frame.rows.set_column(frame.rows.column_names.index("label"), "label", pa.array(label))
    other = label - first + random.normal(0, noise, len(label))
    return added(without(replace(frame, rows=rows, task="regression"), "max_temperature"), one=first, other=other)


def filled_with_outcome(frame: Frame, share: float, random: np.random.Generator) -> Frame:
    filled = (frame.label == 1) & (random.random(len(frame.label)) < share)
    return added(frame, planted=[float(number % 97) if there else None for number, there in enumerate(filled)])


def rows_again(frame: Frame, share: float, random: np.random.Generator, jitter: float = 0.0) -> Frame:
    assert frame.fit is not None
    assert frame.holdout is not None
    held = np.flatnonzero(frame.holdout)
    chosen = random.choice(held, int(share * len(held)), replace=False)
    source = np.arange(len(frame.label))
    source[chosen] = random.choice(np.flatnonzero(frame.fit), len(chosen))
    rows = frame.rows
    for name in [*frame.features, "label"]:
        column = rows.column(name).take(pa.array(source))
        if jitter and frame.features.get(name) and frame.features[name].kind == "number":
            values = column.to_numpy()
            column = pa.array(values + (source != np.arange(len(source))) * random.normal(0, jitter * np.nanstd(values), len(values)))
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return replace(frame, rows=rows)


def rows_nearly_again(frame: Frame, share: float, random: np.random.Generator) -> Frame:
    return rows_again(frame, share, random, jitter=1e-3)


def known_late(frame: Frame, share: float, random: np.random.Generator) -> Frame:
    late = random.random(len(frame.label)) < share
    return replace(frame, known={"wind": frame.times + np.where(late, 1, -1) * np.timedelta64(3, "h")})


def filled_later(frame: Frame, share: float, random: np.random.Generator) -> Frame:
    newest = frame.fresh
    assert newest is not None
    gone = random.random(newest.num_rows) < share
    values = [None if there else value for there, value in zip(gone, newest.column("wind").to_pylist(), strict=True)]
    return replace(frame, fresh=newest.set_column(newest.column_names.index("wind"), "wind", pa.array(values, pa.float64())))


def goes_on(frame: Frame, growth: float, random: np.random.Generator) -> Frame:  # noqa: ARG001 - all plants are called alike
    assert frame.fresh is not None
    values = pa.array(frame.fresh.column("wind").to_numpy() / growth)
    return replace(frame, fresh=frame.fresh.set_column(frame.fresh.column_names.index("wind"), "wind", values))


def line_number(frame: Frame, trend: float, random: np.random.Generator) -> Frame:
    rows = len(frame.label)
    turned = random.random(rows) < trend * (np.arange(rows) / rows)
    label = pa.array(np.where(turned, 1.0, frame.label))
    table = frame.rows.set_column(frame.rows.column_names.index("label"), "label", label)
    return added(replace(frame, rows=table), planted=70_000 + np.arange(rows))


def groups_torn(frame: Frame, effect: float, random: np.random.Generator) -> Frame:
    rows = len(frame.label)
    group = random.permutation(rows) // 5
    fate = random.random(group.max() + 1) < 0.5
    label = pa.array(np.where(random.random(rows) < effect, fate[group], frame.label).astype(float))
    table = frame.rows.set_column(frame.rows.column_names.index("label"), "label", label)
    held = random.permutation(rows) < rows / 4
    planted = added(replace(frame, rows=table), planted=[f"g{number}" for number in group])
    return replace(planted, groups=("planted",), split_by="random", fit=~held, holdout=held)


def labels_late(frame: Frame, share: float, random: np.random.Generator) -> Frame:
    assert frame.holdout is not None
    begin = frame.times[frame.holdout].min()
    late = random.random(len(frame.label)) < share
    known = np.where(late, begin + np.timedelta64(9, "D"), frame.times).astype("datetime64[us]")
    place = frame.rows.column_names.index("known_at")
    rows = frame.rows.set_column(place, "known_at", pa.array(known, pa.timestamp("us")).cast(pa.timestamp("us", "UTC")))
    return replace(frame, rows=rows, fit=~frame.holdout)


PLANTS: dict[str, tuple[Plant, tuple[float, ...], str]] = {
    "the label and noise": (copy_and_noise, (0.15, 0.3, 0.5, 0.8), "sd of the noise"),
    "the label as a code": (code, (0.0, 0.01, 0.05), "share that is wrong"),
    "two parts of the label": (parts, (0.0, 0.1), "sd of the noise"),
    "filled when the label is 1": (filled_with_outcome, (1.0, 0.5, 0.1), "share filled"),
    "rows again in the holdout": (rows_again, (0.2, 0.05, 0.01), "share of the holdout"),
    "rows nearly again": (rows_nearly_again, (0.2, 0.05, 0.01), "share of the holdout"),
    "known after the decision": (known_late, (0.5, 0.001), "share of rows"),
    "filled in later": (filled_later, (1.0, 0.97, 0.6), "share of newest rows empty"),
    "goes on growing": (goes_on, (3.0, 1.5, 1.2), "times what it was at the decision"),
    "the number of the row": (line_number, (0.5, 0.1), "how much the label moves"),
    "groups torn by a random split": (groups_torn, (0.9, 0.5, 0.0), "effect of the group"),
    "labels not yet known": (labels_late, (0.2, 0.01), "share of fitted labels"),
}


def found(frame: Frame) -> Iterator[tuple[str, bool]]:
    """Yield the checks of leakage that said something, and whether they refused."""
    for one in ask_all(frame, learner, [CHECKS[name] for name in LEAKAGE]):
        if one.verdict.outcome == "fail" or one.verdict.noted:
            yield one.verdict.name, one.verdict.outcome == "fail"


def planted(runs: int) -> None:
    """Print how many of the runs refused or reported each fault, and by which checks."""
    frame = SETS[PLANTED_IN]()
    print("| fault | strength | refused | reported | by |\n|---|---|---|---|---|")
    for name, (plant, strengths, unit) in PLANTS.items():
        for strength in strengths:
            refused, told, by = 0, 0, Counter[str]()
            for seed in range(runs):
                said = set(found(plant(drawn(frame, seed), strength, np.random.default_rng(seed + 100))))
                refused += any(red for _, red in said)
                told += bool(said)
                by.update({check for check, _ in said})
            names = ", ".join(f"{check} {count}" for check, count in by.most_common(3))
            print(f"| {name} | {strength:g} ({unit}) | {refused} of {runs} | {told} of {runs} | {names} |", flush=True)


if __name__ == "__main__":
    asked = sys.argv[1:] or ["clean", "10"]
    clean(int(asked[1]), asked[2:]) if asked[0] == "clean" else planted(int(asked[1]))
