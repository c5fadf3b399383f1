"""Bookings of two hotels: the status of the reservation is the label, and outcomes come months later."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.data import training_set
from shipworthy.data.relation import Relation
from shipworthy.gateways import lake
from shipworthy.spec.model import ModelSpec

from .looked import noted, red, said, without, words
from .sets import hotel_bookings

SEEN = datetime(2017, 3, 1, tzinfo=UTC)
KNOWN_AFTER = "365 days"


def test_the_status_of_the_reservation_is_refused_as_the_label():
    """
    Its three values go with one label each; agent and company are reported, for guests of companies cancel less.
    """
    found = said(hotel_bookings(), "feature_power", "label_copy", "null_tells_label", "dominant_feature")

    status = "hotel_bookings.reservation_status"
    assert red(found) == {("feature_power", status), ("label_copy", status)}
    assert "each of its 3 values goes with one label" in words(found, "label_copy", status)
    assert ("null_tells_label", "hotel_bookings.company") in noted(found)


def test_without_it_only_the_fall_in_order_is_reported():
    """
    What remains is honest, and worth less later than a random split says.
    """
    found = said(without(hotel_bookings(), "reservation_status"), "feature_power", "label_copy", "fall_in_order", "row_order_feature")

    assert red(found) == set()
    assert noted(found) == {("fall_in_order", "hotel_bookings")}


def test_an_outcome_that_is_not_known_yet_is_immature_and_never_negative(tmp_path):
    """
    Bookings of January and February 2017, seen on 1 March: all are left out as immature, though half of their outcomes have come; the rate
    of those that are kept is the true one, not the 24.8 % that unknown counted as no would give.
    """
    rows = hotel_bookings().rows
    lake.overwrite(tmp_path, "published/bookings", rows.select(["entity", "decided_at", "adr"]).rename_columns(["id", "booked_at", "adr"]))
    outcomes = rows.select(["entity", "known_at", "label"]).rename_columns(["id", "over_at", "cancelled"])
    lake.overwrite(tmp_path, "published/outcomes", outcomes)

    made = training_set.build(tmp_path, spec(), relations(), SEEN)
    kept = training_set.rows(tmp_path, made)

    new = pc.greater_equal(rows.column("decided_at"), pa.scalar(datetime(2017, 1, 1, tzinfo=UTC)))
    seen = pc.less(rows.column("decided_at"), pa.scalar(SEEN))
    assert made.exclusions["immature"] > pc.sum(pc.and_(new, seen)).as_py() > 8000
    assert pc.max(kept.column("decided_at")).as_py() <= datetime(2016, 3, 1, tzinfo=UTC)
    early = rows.filter(pc.less_equal(rows.column("decided_at"), pa.scalar(datetime(2016, 3, 1, tzinfo=UTC))))
    assert abs(pc.mean(kept.column("label")).as_py() - pc.mean(early.column("label")).as_py()) < 0.02


def spec() -> ModelSpec:
    said_of = {
        "model": "cancelled",
        "decisions": {"relation": "bookings", "entity": "id", "time": "booked_at", "features": ["adr"]},
        "label": {"relation": "outcomes", "column": "cancelled", "known_at": "over_at", "horizon": KNOWN_AFTER},
    }
    return ModelSpec.model_validate(said_of)


def relations() -> dict[str, Relation]:
    moment = "TIMESTAMP WITH TIME ZONE"
    return {
        "bookings": Relation("bookings", columns={"id": "BIGINT", "booked_at": moment, "adr": "DOUBLE"}),
        "outcomes": Relation("outcomes", columns={"id": "BIGINT", "over_at": moment, "cancelled": "BIGINT"}),
    }
