"""Two hotels' bookings as they were known on 1 March 2017: labels that come late, and columns that are filled in after the booking."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow.compute as pc
import pytest

from shipworthy.data import training_set
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.build import build
from shipworthy.flows.check import check
from shipworthy.spec.project import model

from ..conftest import Shop
from ..real_data.sets import shared
from .made_project import described, project

pytestmark = pytest.mark.journey

MODEL = "cancels"
AS_OF = datetime(2017, 3, 1, tzinfo=UTC)
TEXTS = ("hotel", "meal", "country", "market_segment", "deposit_type", "reservation_status")
NUMBERS = (
    "lead_time",
    "adults",
    "stays_in_week_nights",
    "previous_cancellations",
    "total_of_special_requests",
    "required_car_parking_spaces",
)
ARRIVED = "strptime(concat_ws(' ', arrival_date_year, arrival_date_month, arrival_date_day_of_month), '%Y %B %-d')"


def _contract(known_time: str, types: Mapping[str, str]) -> dict[str, Any]:
    name = "bookings" if known_time == "booked_at" else "endings"
    columns = {column: {"type": kind, "description": column} for column, kind in types.items()}
    return {
        "path": f"data/{name}.parquet", "description": name, "key": ["booking"], "known_time": known_time, "columns": columns,
    }  # fmt: skip


@pytest.fixture(scope="module")
def hotels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    columns = ", ".join((*TEXTS, *NUMBERS))
    booked = f"timezone('UTC', {ARRIVED} - to_days(lead_time::int)) as booked_at"
    ended = "timezone('UTC', reservation_status_date::timestamp) as known_at"
    file = f"(select row_number() over () as n, * from '{shared()}/hotel_bookings/hotel_bookings.parquet')"
    types = {"booking": "text", "booked_at": "timestamp"} | dict.fromkeys(TEXTS, "text") | dict.fromkeys(NUMBERS, "number")
    shop = project(
        tmp_path_factory.mktemp("hotels") / "hotels",
        files={
            "bookings.parquet": f"(select 'b' || n as booking, {booked}, {columns} from {file})|format parquet",
            "endings.parquet": f"(select 'b' || n as booking, {ended}, is_canceled from {file})|format parquet",
        },
        sources={
            "bookings": _contract("booked_at", types),
            "endings": _contract("known_at", {"booking": "text", "known_at": "timestamp", "is_canceled": "integer"}),
        },
        models={
            "bookings": f"select booking, booked_at, {columns} from {{{{ source('landed', 'bookings') }}}}",
            "endings": "select booking, known_at, is_canceled from {{ source('landed', 'endings') }}",
        },
        about=[
            {
                "name": "bookings", "description": "One row for each booking, when it was made.",
                "config": {"meta": {"shipworthy": {"entity": ["booking"], "event_time": "booked_at", "latency": "1 day"}}},
                "columns": described(booking="The booking.", **{name: f"The {name} of the booking." for name in (*TEXTS, *NUMBERS)}),
            },
            {
                "name": "endings", "description": "What became of each booking.",
                "config": {"meta": {"shipworthy": {"entity": ["booking"], "event_time": "known_at", "latency": "1 day"}}},
                "columns": described(booking="The booking.", is_canceled="Whether it was cancelled."),
            },
        ],
        specs={
            MODEL: {
                "decisions": {"relation": "bookings", "entity": "booking", "time": "booked_at", "features": [*TEXTS, *NUMBERS]},
                "label": {"relation": "endings", "column": "is_canceled", "known_at": "known_at", "horizon": "200 days"},
                "baseline": {"sql": "case when deposit_type = 'Non Refund' then 0.99 else 0.28 end"},
            }
        },
    )  # fmt: skip
    assert build(shop.project, shop.book, AS_OF).published
    yield shop
    shop.book.dispose()


def test_a_booking_that_has_not_ended_is_no_negative(hotels: Shop) -> None:
    """
    Bookings whose horizon has not passed are left out and counted, whether or not their label has come: the base rate is that of bookings
    that could end, not that of the early ones or of unknown taken for no.
    """
    spec, catalog = model(hotels.project, MODEL), catalogs.load(hotels.project)
    made = training_set.build(hotels.project.lake, spec, catalogs.relations(catalog, spec), AS_OF, pins=catalogs.pins(catalog, spec))
    rows = training_set.rows(hotels.project.lake, made)

    assert made.exclusions["immature"] > 10_000
    assert max(rows["decided_at"].to_pylist()) <= datetime(2016, 8, 13, tzinfo=UTC)
    assert 0.3 < pc.mean(rows["label"]).as_py() < 0.45


def test_the_label_under_another_name_is_red_with_what_it_buys(hotels: Shop) -> None:
    """
    The reservation's status says whether it was cancelled: `check` refuses it, names rows and the relation that it comes from, and the
    score without it.
    """
    said = [verdict for verdict in check(hotels.project, hotels.book, AS_OF, only=MODEL).verdicts if verdict.outcome == "fail"]
    about = [verdict for verdict in said if verdict.subject == f"{MODEL}.reservation_status"]

    assert about
    assert any(verdict.evidence.get("rows") for verdict in about)
    assert about[0].evidence["cost"]["with"] > 0.99 > about[0].evidence["cost"]["without"]
    assert about[0].evidence["origin"] == {"reservation_status": "bookings.reservation_status"}
    assert {verdict.subject for verdict in said if verdict.subject.startswith(MODEL)} <= {MODEL, f"{MODEL}.reservation_status"} | {
        verdict.subject for verdict in said if verdict.name in ("brief", "descriptions")
    }
