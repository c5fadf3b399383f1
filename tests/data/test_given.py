"""Features of decisions that are not in the lake, found as a training set finds them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from shipworthy.data.given import retrieve
from shipworthy.data.training_set import features
from shipworthy.errors import BadData, UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.spec.project import models

from ..kitchen import HOUR, MODEL, NOON, Kitchen, kitchen

MOMENT = pa.timestamp("us", "UTC")


@pytest.fixture
def made(tmp_path: Path) -> Kitchen:
    """A dragon with a queue of 4 at ten and 6 at eleven, corrected to 7 at half past; two prices; no lotus."""
    found = kitchen(tmp_path)
    for hour, waiting, known in ((10, 4.0, None), (11, 6.0, None), (11, 7.0, NOON - HOUR / 2)):
        found.queued("dragon", NOON.replace(hour=hour), waiting, known=known)
    found.rows["prices"] += [{"shop": "dragon", "dish": 7, "day": date(2026, 4, day), "price": float(day)} for day in (29, 30)]
    found.rows["tables"].append({"shop": "dragon", "seats": 20})
    return found


def found_for(made: Kitchen, given: pa.Table, as_of: datetime = NOON) -> pa.Table:
    catalog, spec = made.publish(as_of), models(made.project)[MODEL]
    return retrieve(made.project.lake, spec, catalogs.relations(catalog, spec), given, as_of, pins=catalogs.pins(catalog, spec))


def given(*moments: datetime, shop: str = "dragon", dish: object = 7) -> pa.Table:
    return pa.table({"decided_at": pa.array(moments, MOMENT), "shop": [shop] * len(moments), "dish": [dish] * len(moments)})


def test_the_rows_are_those_of_a_training_set(made: Kitchen) -> None:
    """
    For decisions that are in the lake too, each feature is what the frame of a training set holds.
    """
    moments = [NOON - minutes * timedelta(minutes=1) for minutes in (0, 25, 35, 60, 117, 300)]
    for place, moment in enumerate(moments):
        made.ordered(f"o{place}", moment)
    rows = found_for(made, given(*moments))

    catalog, spec = catalogs.load(made.project), models(made.project)[MODEL]
    frame = features(made.project.lake, spec, catalogs.relations(catalog, spec), NOON, NOON - 6 * HOUR, NOON + HOUR).sort_by("entity")

    names = [name for name in frame.column_names if name not in ("entity", "decided_at", "distance")]
    assert rows.select(names).to_pylist() == frame.select(names).to_pylist()
    assert rows["waiting"].to_pylist() == [7.0, 7.0, 6.0, 4.0, 4.0, None]


def test_what_it_stands_on_is_said(made: Kitchen) -> None:
    """
    Each part says whether a row was found, and its times; a static row has none, a day is known when its latency is over.
    """
    first, none = found_for(made, pa.concat_tables([given(NOON), given(NOON, shop="lotus")])).to_pylist()

    assert (first["queue found"], first["queue event_time"], first["queue known_time"]) == (True, NOON - HOUR, NOON - HOUR / 2)
    assert first["prices known_time"] == datetime(2026, 5, 1, tzinfo=UTC)
    assert (first["tables found"], first["tables event_time"]) == (True, None)
    assert {name: value for name, value in none.items() if value} == {}


def test_texts_are_cast_to_the_types_of_decisions(made: Kitchen) -> None:
    """
    A key from a CSV file or a log is a text: it finds what its number finds, and one that is none is refused with its row.
    """
    assert found_for(made, given(NOON, dish="7"))["mean_price"].to_pylist() == [30.0]
    with pytest.raises(BadData, match="'seven' in row 1 is no BIGINT"):
        found_for(made, given(NOON, dish="seven"))


def test_a_decision_without_its_moment_or_after_as_of_is_refused(made: Kitchen) -> None:
    """
    A null moment, and one after the moment whose knowledge counts, are told with their row; so is a column that is not there.
    """
    with pytest.raises(BadData, match="row 2 is decided at"):
        found_for(made, given(NOON, NOON + HOUR))
    with pytest.raises(BadData, match="row 1 has no moment"):
        found_for(made, pa.table({"decided_at": pa.array([None], MOMENT), "shop": ["dragon"], "dish": [7]}))
    with pytest.raises(UnknownName, match="no column 'dish'"):
        found_for(made, given(NOON).drop_columns(["dish"]))


def test_no_decisions_are_an_empty_frame(made: Kitchen) -> None:
    """
    Nothing asked, nothing found, and the columns are there.
    """
    found = found_for(made, given())

    assert found.num_rows == 0
    assert "waiting" in found.column_names
