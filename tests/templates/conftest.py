from importlib.resources import files
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

TEMPLATE = Path(str(files("shipworthy") / "templates" / "flights"))
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def maker() -> ModuleType:
    spec = spec_from_file_location("make_data", TEMPLATE / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the template's `data/`."""
    folder = tmp_path_factory.mktemp("flights")
    maker.make(folder)
    return folder


@pytest.fixture(scope="session")
def tables(made: Path) -> Tables:
    return {file.stem: pd.read_parquet(file) for file in (made / "data").glob("*.parquet")}


@pytest.fixture(scope="session")
def landed(tables: Tables) -> pd.DataFrame:
    """One row for each flight that landed: its schedule, departure, arrival, and the zone of its destination."""
    zones = tables["airports"].set_index("airport")["time_zone"]
    flights = tables["schedule"].merge(tables["departures"]).merge(tables["arrivals"])
    return flights.assign(zone=flights["dest"].map(zones), elapsed=minutes(flights["landed_at"] - flights["departed_at"]))


def minutes(length: pd.Series) -> pd.Series:
    return length.dt.total_seconds() / 60
