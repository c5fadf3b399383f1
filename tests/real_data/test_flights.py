"""Flights of 2013: four columns are known only when the aircraft has left or landed."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from shipworthy.checks.training_set.base.sample import thinned

from .looked import noted, red, said, without
from .sets import flights

AFTER = ("dep_time", "dep_delay", "arr_time", "air_time")


def test_columns_with_a_declared_time_are_refused_with_the_rows_that_came_too_late():
    """
    What is known on landing is late in every row, what is known on leaving in those that left late.
    """
    frame = flights()
    left = frame.times + frame.numbers("dep_delay").astype("timedelta64[m]")
    landed = left + frame.numbers("air_time").astype("timedelta64[m]")
    known = {"dep_time": left, "dep_delay": left, "arr_time": landed, "air_time": landed, "distance": frame.times}

    found = said(replace(frame, known=known), "availability")

    assert red(found) == {("availability", f"flights.{name}") for name in AFTER}
    late = {verdict.subject: verdict.evidence["value"] for verdict in found}
    assert late["flights.air_time"] > 65_000
    assert 20_000 < late["flights.dep_delay"] < 30_000


def test_what_the_newest_flights_do_not_have_yet_is_refused():
    """
    Flights that have not left have no time of departure, arrival or in the air: filled before, empty now.
    """
    frame = flights()
    rows = frame.rows.num_rows
    mature, newest = thinned(frame, np.arange(rows - 2000)), frame.rows.slice(rows - 2000)
    for name in AFTER:
        place = newest.column_names.index(name)
        newest = newest.set_column(place, name, pa.nulls(2000, newest.schema.field(name).type))

    found = said(replace(mature, fresh=newest), "mature_vs_fresh")

    assert red(found) == {("mature_vs_fresh", f"flights.{name}") for name in AFTER}
    assert noted(found) == set()


def test_the_schedule_alone_is_not_refused():
    """
    Without these four no check of leakage refuses anything.
    """
    assert red(said(without(flights(), *AFTER))) == set()
