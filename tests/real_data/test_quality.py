"""What checks of rows, labels, columns and periods must find in real sets, and where they must be quiet."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.base.clock_offset import clock_offset
from shipworthy.checks.base.contract import kinds, types
from shipworthy.checks.base.inspection import inspect
from shipworthy.checks.base.spelling import variants
from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.gateways.engine import memory

from .looked import QUALITY, noted, red, said, words
from .sets import (
    SETS,
    adult,
    adult_rows,
    bank_marketing,
    beijing_pm25,
    bike_sharing,
    cdnow_rows,
    flights,
    flights_table,
    hotel_bookings,
    in_file_order,
    taiwan_credit,
    telco_churn,
)  # fmt: skip

REFUSED: Mapping[str, set[tuple[str, str]]] = {"hotel_bookings": {("duplicate_rows", "hotel_bookings")}}


@pytest.mark.journey
@pytest.mark.parametrize("name", SETS)
def test_only_what_is_surely_wrong_is_refused(name):
    """
    Of fourteen real sets one is refused, for a quarter of its rows repeats another; all else that looks odd is only reported.
    """
    assert red(said(SETS[name](), *QUALITY)) == REFUSED.get(name, set())


@pytest.mark.parametrize("name", ["noaa_weather", "restaurant_deliveries"])
def test_controls_are_quiet(name):
    """
    Where nothing is wrong nothing is reported either.
    """
    assert said(SETS[name](), *QUALITY) == []


def test_days_since_the_last_call_are_999_for_never():
    """
    The bank writes 999 in 96 % of the rows; beside it `unknown` stands in six texts, and twelve rows come twice, half of them by chance.
    """
    found = said(bank_marketing(), "sentinel_values", "duplicate_rows")

    assert "999 in 39,673 of 41,188 rows" in words(found, "sentinel_values", "bank_marketing.pdays")
    texts = ("job", "marital", "education", "default", "housing", "loan")
    assert noted(found) == {("sentinel_values", f"bank_marketing.{name}") for name in ("pdays", *texts)} | {
        ("duplicate_rows", "bank_marketing")
    }
    assert "repeats 12 of 41,188 rows" in words(found, "duplicate_rows", "bank_marketing")


def test_bookings_repeat_each_other():
    """
    More than 32,000 of 119,390 bookings equal another in all features and the outcome, which chance does not explain.
    """
    (found,) = said(hotel_bookings(), "duplicate_rows")

    assert found.outcome == "fail"
    assert found.evidence["repeated"] == 32_239
    assert found.evidence["beyond_chance"] > 30_000


def test_the_last_year_of_bookings_has_only_those_that_ended():
    """
    Bookings made in the last months for a later stay are not in the file: those that are there are not like the others.
    """
    (found,) = said(hotel_bookings(), "immature_labels")

    assert found.noted
    assert found.evidence["young"] > 30_000


def test_codes_that_the_bank_of_taiwan_did_not_document():
    """
    Education 0, 5 and 6 and marriage 0 are in no description; 35 clients are there twice, beyond chance.
    """
    found = said(taiwan_credit(), "undocumented_codes", "duplicate_rows")

    assert "0 (14), 4 (123), 5 (280), 6 (51)" in words(found, "undocumented_codes", "taiwan_credit.EDUCATION")
    assert "0 (54)" in words(found, "undocumented_codes", "taiwan_credit.MARRIAGE")
    assert "repeats 35 of 30,000 rows" in words(found, "duplicate_rows", "taiwan_credit")


def test_declared_codes_refuse_what_was_not_declared():
    """
    Once education's four documented codes are declared, the 345 rows with another are refused.
    """
    (found,) = said(replace(taiwan_credit(), allowed={"EDUCATION": [1, 2, 3, 4], "SEX": [1, 2]}), "undeclared_values")

    assert found.outcome == "fail"
    assert "345 of 30,000 values" in found.words


def test_a_number_that_was_left_as_text():
    """
    Eleven blank charges made a text of the column: nearly every row has a category of its own.
    """
    found = said(telco_churn(), "category_explosion")

    assert noted(found) == {("category_explosion", "telco_churn.TotalCharges")}


def test_blank_charges_are_counted():
    """
    The relation's own check names the eleven blanks.
    """
    verdicts = relation_verdicts("telco_churn", {"telco_churn": telco_churn().rows}, [])

    assert verdicts["blank_share telco_churn.TotalCharges"].outcome == "fail"
    assert round(verdicts["blank_share telco_churn.TotalCharges"].evidence["value"] * 7_043) == 11


def test_education_is_there_twice_and_question_marks_mean_nothing():
    """
    In adult the text of a degree and its number go one to one; three texts have `?`, and a gain of 99,999 is a lid.
    """
    found = said(adult(), "near_identical_features", "sentinel_values")

    assert "goes with one value of education_num" in words(found, "near_identical_features", "adult.education")
    assert noted(found) >= {("sentinel_values", f"adult.{name}") for name in ("workclass", "occupation", "native_country", "capital_gain")}


def test_the_label_of_adult_is_spelled_in_two_ways():
    """
    In the file for tests it ends in a full stop: two labels are four.
    """
    with in_file_order() as connection:
        counts = dict(connection.execute(f"select income, count(*) from {adult_rows()} group by all").fetchall())

    assert {(one.text, one.of, one.sure) for one in variants(counts)} == {(">50K.", ">50K", True), ("<=50K.", "<=50K", True)}


def test_hours_without_rentals_are_missing():
    """
    In two years of hours 165 have no row, and three days have less than half of theirs, the last two for a hurricane.
    """
    (found,) = [verdict for verdict in said(bike_sharing(), "bad_periods") if verdict.subject == "bike_sharing"]
    everything = [found.evidence, *found.evidence["also"]]

    assert "has no row for 165 of 17,544 moments" in found.words
    assert ["2011-01-27", "2012-10-29", "2012-10-30"] in [evidence.get("periods") for evidence in everything]


def test_days_without_a_measurement_of_dust():
    """
    The 2,067 hours without a label are no rows: the days that lost most of theirs are named.
    """
    found = said(beijing_pm25(), "bad_periods")

    assert any("has no row for 2,043 of 43,800 moments" in verdict.words for verdict in found)


def test_the_day_after_a_snow_storm_has_few_flights():
    """
    On 9 February 2013 a third of the usual flights arrived; the finding says what to paste, and once it is excluded it is quiet.
    """
    (found,) = said(flights(), "bad_periods")

    assert found.noted
    assert found.evidence["periods"] == ["2013-02-09"]
    assert found.evidence["exclude"] == ["{from: 2013-02-09, to: 2013-02-09, reason: rows unlike the days around}"]


def test_planes_joined_on_the_year_of_the_flight_are_hardly_found():
    """
    A natural join of flights and planes takes the year as a key: 1.4 % of the flights find a plane, with the right key 84 %.
    """
    assert red_or_noted(with_planes("using (tailnum, year)")) == {"flights"}
    assert red_or_noted(with_planes("using (tailnum)")) == set()


def test_weather_has_hours_that_come_twice():
    """
    When clocks were set back an hour came twice at each of three airports: the grain names one of them.
    """
    verdicts = relation_verdicts("weather", {"weather": flights_table("weather")}, ["origin", "year", "month", "day", "hour"])
    found = verdicts["duplicate_keys weather"]

    assert found.evidence["value"] == 3
    assert found.evidence["example"] | {"month": "11", "day": "3", "hour": "1"} == found.evidence["example"]


def test_new_yorks_hour_beside_utc():
    """
    A flight's hour by the clock of New York beside `time_hour`, which is UTC: five hours apart in winter and four in summer, and told.
    """
    local = "make_timestamp(year::bigint, month::bigint, day::bigint, hour::bigint, 0, 0.0)"
    with memory() as connection:
        connection.register("flights", flights_table("flights"))
        columns = {"time_hour": "timestamp", "local_hour": "timestamp"}
        (found,) = clock_offset(connection, f"(select time_hour, {local} as local_hour from flights) r", columns, relation="flights")

    assert found.noted
    assert {row["hours"] for row in found.evidence["rows"]} in ({4.0, 5.0}, {-4.0, -5.0})


def test_purchases_of_one_customer_on_one_day():
    """
    A customer and a day do not name a purchase: 2,068 rows are too many.
    """
    with in_file_order() as connection:
        rows = connection.execute(f"select customer, day, cds, dollars from {cdnow_rows()}").to_arrow_table()

    assert relation_verdicts("cdnow", {"cdnow": rows}, ["customer", "day"])["duplicate_keys cdnow"].evidence["value"] == 2_068
    assert (
        relation_verdicts("cdnow", {"cdnow": rows}, ["customer", "day", "cds", "dollars"])["duplicate_keys cdnow"].evidence["value"] == 255
    )


def relation_verdicts(name: str, tables: Mapping[str, pa.Table], keys: list[str]):
    """The verdicts of the checks of relations, by check and subject."""
    with memory() as connection:
        for table, rows in tables.items():
            connection.register(table, rows)
        found = kinds(types(connection, name))
        asked = inspect(connection, name, found, relation=name, as_of=SETS["telco_churn"]().as_of, keys=keys)
    return {f"{verdict.name} {verdict.subject}": verdict for _, verdict in asked}


def with_planes(key: str) -> Frame:
    """Every fifth flight with the seats of its plane, joined by `key`."""
    frame = flights()
    with memory() as connection:
        connection.register("flights", frame.rows.append_column("place", pa.array(np.arange(frame.rows.num_rows))))
        connection.register("planes", flights_table("planes"))
        joined = connection.execute(f"select seats from flights left join planes {key} order by place").to_arrow_table()
    rows = frame.rows.append_column("seats", joined.column("seats"))
    return replace(frame, rows=rows, features={**frame.features, "seats": Feature("integer", "planes", "seats")})


def red_or_noted(frame: Frame) -> set[str]:
    """The subjects of which the share of decisions with a row is refused or reported."""
    return {verdict.subject for verdict in said(frame, "match_share")}
