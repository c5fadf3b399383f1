"""All monitors together, on faults put into weeks that were sound."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.monitoring.examples import MONDAY, PREDICTION, week
from shipworthy.monitoring.monitors.base import Comparison, Seen
from shipworthy.monitoring.profile import Kind, Profile
from shipworthy.monitoring.scan import anchors, profile
from shipworthy.monitoring.watch import judge
from shipworthy.records import Window

KINDS: dict[str, Kind] = {"price": "number", "age": "number", "clicks": "number", "city": "category", "plan": "category"}
Columns = dict[str, np.ndarray]


def drawn(seed: int, rows: int) -> Columns:
    rng = np.random.default_rng(seed)
    age = rng.normal(40, 10, rows)
    age[rng.random(rows) < 0.02] = np.nan
    return {
        "price": rng.gamma(2, 20, rows),
        "age": age,
        "clicks": rng.poisson(1, rows).astype(float),
        "city": rng.choice([f"city {place}" for place in range(60)], rows),
        "plan": rng.choice(["free", "team", "firm"], rows, p=[0.7, 0.25, 0.05]),
    }


def seen(place: int, columns: Columns, reference: Profile) -> Seen:
    inputs = profile(pa.table(columns), KINDS, reference.anchors)
    outputs = profile(pa.table({PREDICTION: columns["price"]}), {PREDICTION: "number"}, {PREDICTION: reference.anchors["price"]})
    rows = inputs.rows
    return Seen(window=week(place), rows=rows, inputs=inputs, outputs=outputs, mature=rows, outcomes=rows - rows // 100)


@pytest.fixture(scope="module")
def reference() -> Profile:
    table = pa.table(drawn(1, 40_000))
    return profile(table, KINDS, anchors(table, KINDS))


@pytest.fixture(scope="module")
def past(reference) -> tuple[Seen, ...]:
    return tuple(seen(place, drawn(100 + place, 3000), reference) for place in range(8))


def compared(reference: Profile, columns: Columns, past: tuple[Seen, ...] = ()) -> Comparison:
    learnt = Seen(
        window=Window(MONDAY - timedelta(days=99), MONDAY),
        inputs=reference,
        outputs=Profile(40_000, {PREDICTION: reference.numbers["price"]}),
        mature=40_000,
        outcomes=39_600,
    )
    return Comparison(model="churn", current=seen(8, columns, reference), reference=learnt, past=past)


def failing(comparison: Comparison) -> set[str]:
    return {f"{found.verdict.name} {found.verdict.subject}" for found in judge(comparison) if found.verdict.outcome == "fail"}


@pytest.mark.parametrize("weeks", [0, 8])
def test_sound_weeks_raise_nothing(reference, past, weeks):
    """
    Ten weeks drawn as the training set was fail no monitor, with past windows and without.
    """
    assert [failing(compared(reference, drawn(seed, 3000), past[:weeks])) for seed in range(200, 210)] == [set()] * 10


def lost_values(columns: Columns) -> None:
    columns["age"][:300] = np.nan


def other_unit(columns: Columns) -> None:
    columns["price"] *= 100


def stand_in(columns: Columns) -> None:
    columns["age"][:30] = -999


def stuck(columns: Columns) -> None:
    columns["clicks"][:] = 1.0


def null_to_zero(columns: Columns) -> None:
    columns["age"] = np.nan_to_num(columns["age"]) * (np.arange(3000) % 4 > 0)


def respelt(columns: Columns) -> None:
    columns["plan"] = np.where(columns["plan"] == "team", "Team", columns["plan"])


def swapped_levels(columns: Columns) -> None:
    columns["plan"] = np.where(columns["plan"] == "free", "team", np.where(columns["plan"] == "team", "free", columns["plan"]))


def shifted(columns: Columns) -> None:
    columns["price"] += 10


def gone(columns: Columns) -> None:
    del columns["city"]


FAULTS: list[tuple[Callable[[Columns], None], str]] = [
    (lost_values, "null_share churn.age"),
    (other_unit, "out_of_range churn.price"),
    (other_unit, "prediction_drift churn"),
    (stand_in, "out_of_range churn.age"),
    (stuck, "drift churn.clicks"),
    (null_to_zero, "drift churn.age"),
    (respelt, "new_category churn.plan"),
    (swapped_levels, "drift churn.plan"),
    (shifted, "drift churn.price"),
    (gone, "null_share churn.city"),
]


@pytest.mark.parametrize("weeks", [0, 8])
@pytest.mark.parametrize(("fault", "named"), FAULTS, ids=[f"{fault.__name__}: {named}" for fault, named in FAULTS])
def test_a_fault_is_named(reference, past, fault, named, weeks):
    """
    A fault put into one column is found by the monitor for it, about that column, and about no column that is sound.
    """
    columns = drawn(300, 3000)
    fault(columns)
    found = failing(compared(reference, columns, past[:weeks]))
    faulty = named.rpartition(".")[2] if "." in named else "price"

    assert named in found
    assert {name for name in found if "." in name and not name.endswith(f".{faulty}")} == set()


def test_a_season_that_past_windows_show_is_no_drift(reference):
    """
    Where past weeks moved as far as this one, it is their custom; a training set alone would call it drift.
    """
    columns = drawn(400, 3000)
    columns["price"] += 8
    alone = compared(reference, columns)
    past = []
    for place in range(8):
        swung = drawn(500 + place, 3000)
        swung["price"] += 10 * np.sin(place)
        past.append(seen(place, swung, reference))
    seasonal = Comparison(model="churn", current=alone.current, reference=alone.reference, past=tuple(past))

    assert "drift churn.price" in failing(alone)
    assert "drift churn.price" not in failing(seasonal)


def test_past_windows_with_too_few_rows_teach_nothing(reference):
    """
    The spread of thin windows is chance, not custom: they widen no limit.
    """
    columns = drawn(400, 3000)
    columns["price"] += 8
    alone = compared(reference, columns)
    thin = tuple(seen(place, drawn(600 + place, 20), reference) for place in range(8))

    assert "drift churn.price" in failing(Comparison(model="churn", current=alone.current, reference=alone.reference, past=thin))
