"""The template `flights`: what was known when, and what each part says of the others."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import yaml

from shipworthy.data.landing import land, standing
from shipworthy.errors import BadData
from shipworthy.spec.project import Project, find, models, sources
from shipworthy.spec.settings import Settings

from .conftest import TEMPLATE, Tables, minutes

MODELS = [
    (file.parent, model) for file in sorted((TEMPLATE / "models").glob("*/*.yml")) for model in yaml.safe_load(file.read_text())["models"]
]


@pytest.fixture(scope="module")
def package(maker: ModuleType) -> pd.DataFrame:
    """The flights as the package has them, with our identifier."""
    with zipfile.ZipFile(maker._package() / "data" / "flights.csv.zip") as packed, packed.open("flights.csv") as file:
        flights = pd.read_csv(file)
    day = flights["year"] * 10000 + flights["month"] * 100 + flights["day"]
    return flights.assign(flight_id=flights["carrier"] + flights["flight"].astype(str) + "-" + flights["origin"] + "-" + day.astype(str))


def clock(moments: pd.Series, zones: pd.Series) -> pd.Series:
    """What the clocks in `zones` show at `moments`, as hhmm; midnight is 0."""
    shown = pd.Series(-1, index=moments.index)
    for zone, rows in moments.groupby(zones):
        local = rows.dt.tz_convert(zone)
        shown[rows.index] = local.dt.hour * 100 + local.dt.minute
    return shown


class TestMakeData:
    def test_each_flight_is_scheduled_once_and_only_those_that_landed_have_an_arrival(self, tables: Tables) -> None:
        """
        Of 336,776 flights 8,255 were cancelled and 1,175 diverted: neither has an arrival.
        """
        assert tables["schedule"]["flight_id"].is_unique
        assert {name: len(tables[name]) for name in ("schedule", "departures", "arrivals")} == {
            "schedule": 336_776,
            "departures": 336_776 - 8_255,
            "arrivals": 336_776 - 8_255 - 1_175,
        }

    def test_a_landing_is_known_when_the_clock_at_the_destination_showed_it(self, landed: pd.DataFrame, package: pd.DataFrame) -> None:
        """
        At `landed_at` a clock at the destination shows what the package recorded, for every flight but one: it is
        recorded at 2:03 on the night when clocks go from 2 to 3, and landed at 3:03.
        """
        recorded = landed.merge(package[["flight_id", "arr_time"]])
        differ = recorded[clock(recorded["landed_at"], recorded["zone"]) != recorded["arr_time"] % 2400]

        assert len(recorded) == len(landed)
        assert differ[["landed_at", "arr_time"]].to_numpy().tolist() == [[pd.Timestamp("2013-03-10 07:03", tz="UTC"), 203]]

    def test_a_departure_is_known_when_the_clock_in_new_york_showed_it(self, tables: Tables, package: pd.DataFrame) -> None:
        """
        At `departed_at` a clock in New York shows what the package recorded, days rolled over.
        """
        recorded = tables["departures"].merge(package[["flight_id", "dep_time"]], on="flight_id")
        home = pd.Series("America/New_York", index=recorded.index)

        assert (clock(recorded["departed_at"], home) == recorded["dep_time"] % 2400).all()

    def test_no_flight_lands_before_it_flew(self, landed: pd.DataFrame) -> None:
        """
        From gate to gate takes at least the time in the air, to every destination.
        """
        assert (landed["elapsed"] >= landed["air_time"]).all()

    def test_no_destination_is_off_by_an_hour(self, landed: pd.DataFrame) -> None:
        """
        What is not spent in the air is taxiing: 5 to 60 minutes at the median of each destination.
        """
        on_the_ground = (landed["elapsed"] - landed["air_time"]).groupby(landed["dest"]).median()

        assert on_the_ground.between(5, 60).all()

    def test_a_wrong_zone_would_show(self, landed: pd.DataFrame) -> None:
        """
        Puerto Rico taken for New York in winter puts its median under the 5 minutes or over the 60.
        """
        winter = landed[(landed["dest"] == "SJU") & (landed["landed_at"] < pd.Timestamp("2013-03-01", tz="UTC"))]
        mistaken = winter["landed_at"].dt.tz_convert("America/Puerto_Rico").dt.tz_localize(None).dt.tz_localize("America/New_York")
        on_the_ground = minutes(mistaken.dt.tz_convert("UTC") - winter["departed_at"]) - winter["air_time"]

        assert not 5 <= on_the_ground.median() <= 60

    def test_the_delay_is_the_landing_after_its_schedule(self, landed: pd.DataFrame) -> None:
        """
        Delays and times say the same.
        """
        assert (minutes(landed["landed_at"] - landed["scheduled_arrival"]) == landed["arr_delay"]).all()
        assert (minutes(landed["departed_at"] - landed["scheduled_departure"]) == landed["dep_delay"]).all()

    def test_a_flight_is_matured_within_the_horizons_of_the_models(self, landed: pd.DataFrame) -> None:
        """
        A day after leaving and three days after the decision at booking every label that ever comes has come.
        """
        labels = {name: spec.label.horizon for name, spec in models(find(TEMPLATE)).items()}

        assert (landed["landed_at"] - landed["departed_at"]).max() < labels["arrival_delay"]
        assert (landed["landed_at"] - landed["scheduled_departure"]).max() + pd.Timedelta(days=1) < labels["arrival_delay_at_booking"]

    def test_weather_is_published_when_its_hour_is_over_and_both_hours_of_a_clock_change_are_kept(self, tables: Tables) -> None:
        """
        The hour from 1 to 2 on 3 November comes twice by local clock; in UTC no key comes twice.
        """
        weather = tables["weather"]
        local = weather["observed_at"].dt.tz_convert("America/New_York").dt.strftime("%F %H")

        assert (weather["published_at"] - weather["observed_at"] == pd.Timedelta(hours=1)).all()
        assert not weather.duplicated(["origin", "observed_at"]).any()
        assert set(local[pd.DataFrame({"origin": weather["origin"], "local": local}).duplicated()]) == {"2013-11-03 01"}

    def test_every_destination_has_a_zone(self, landed: pd.DataFrame) -> None:
        """
        Also the four that the package's airports lack.
        """
        assert landed["zone"].notna().all()
        assert set(landed.loc[landed["dest"].isin(["BQN", "PSE", "SJU", "STT"]), "zone"]) == {"America/Puerto_Rico"}

    @pytest.mark.journey
    def test_run_as_a_script_it_writes_the_same_again(self, made: Path, tmp_path: Path) -> None:
        """
        The same bytes each time, so that what is built from them is the same.
        """
        script = tmp_path / "make_data.py"
        script.write_text((TEMPLATE / "make_data.py").read_text())

        subprocess.run([sys.executable, str(script)], check=True)

        for file in (made / "data").iterdir():
            assert file.read_bytes() == (tmp_path / "data" / file.name).read_bytes(), file.name

    def test_without_the_package_it_says_what_to_install(self, maker: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """
        The error names the extra.
        """
        monkeypatch.setattr(maker, "find_spec", lambda _: None)

        with pytest.raises(BadData, match=r"shipworthy\[flights\]"):
            maker.make(tmp_path)


class TestProject:
    @pytest.mark.parametrize("name", sorted(sources(find(TEMPLATE))))
    def test_every_file_keeps_its_contract(self, name: str, made: Path, tmp_path: Path) -> None:
        """
        Types, required values and keys are as the contract says; no column is left out of it.
        """
        contract = sources(find(TEMPLATE))[name]
        written = pd.read_parquet(made / (contract.path or ""))

        assert list(contract.columns) == list(written.columns)
        (tmp_path / "data").symlink_to(made / "data")
        landed = land(Project(tmp_path, Settings()), contract, datetime(2014, 1, 1, tzinfo=UTC))
        assert (landed.rows, standing(tmp_path / ".shipworthy" / "lake", name).quarantine.num_rows) == (len(written), 0)

    @pytest.mark.parametrize(("folder", "model"), MODELS, ids=[model["name"] for _, model in MODELS])
    def test_every_model_and_column_is_described(self, folder: Path, model: dict[str, object]) -> None:
        """
        Nothing has a name alone.
        """
        columns = model["columns"]
        assert isinstance(columns, list)

        assert (folder / f"{model['name']}.sql").is_file()
        assert model["description"]
        assert [column["name"] for column in columns if not column.get("description")] == []

    def test_every_sql_model_is_written_down(self) -> None:
        """
        A model without its words would have none of the tests either.
        """
        assert {file.stem for file in (TEMPLATE / "models").glob("*/*.sql")} == {model["name"] for _, model in MODELS}

    @pytest.mark.parametrize("name", sorted(models(find(TEMPLATE))))
    def test_the_specs_name_what_is_there(self, name: str) -> None:
        """
        Each relation and column that a spec names is a model's.
        """
        spec = models(find(TEMPLATE))[name]
        known = {str(model["name"]): {column["name"] for column in model["columns"]} for _, model in MODELS}

        assert set(spec.relations) <= set(known)
        assert {spec.decisions.entity, spec.decisions.time, *spec.decisions.features} <= known[spec.decisions.relation]
        assert {spec.label.column, spec.label.known_at} <= known[spec.label.relation]
        assert all(
            set(part.keys) <= known[spec.decisions.relation] and set(part.columns or ()) <= known[part.relation] for part in spec.features
        )
