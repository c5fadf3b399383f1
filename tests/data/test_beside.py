"""What stands beside a training set, from the versions that it was made from."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.data import training_set
from shipworthy.data.beside import decided_columns, found_moments, fresh_rows, known_moments
from shipworthy.errors import BadData, BadSpec, UnknownName

from .history import BEGIN, History, moment, publish, relations, spec, tables

HISTORY = History(
    decisions=[(1, 10, "AA", 1), (2, 11, "UA", 2), (3, 12, None, None), (4, 18, "AA", 1), (5, 20, "AA", 1), (6, 30, "AA", 1)],
    labels=[(1, 12, 5.0), (2, 12, 6.0), (3, 14, 7.0)],
    steady=[("AA", 5, 50)],
)
HOUR = timedelta(hours=1)


def with_recorded(folder, hours):
    """Publish the history with a column of the decisions that says when `hour` became known, in hours from the beginning."""
    decided = tables(HISTORY)["decided"]
    moments = [None if hour is None else BEGIN + hour * HOUR for hour in hours]
    table = decided.append_column("recorded", pa.array(moments, pa.timestamp("us", "UTC")))
    return publish(folder, HISTORY, decided=table)


def told(**known_times):
    facts = relations()
    columns = {**facts["decided"].columns, "recorded": "TIMESTAMP WITH TIME ZONE"}
    return facts | {"decided": replace(facts["decided"], columns=columns, known_times=known_times)}


def made_of(folder, facts):
    made = training_set.build(folder, spec(), facts, moment(20))
    return made, training_set.rows(folder, made)


def test_columns_of_the_decisions_come_in_the_order_of_the_rows(tmp_path):
    """
    A column that is no feature is had for each row, from the version that the set was made from.
    """
    folder = publish(tmp_path, HISTORY)
    made, rows = made_of(folder, relations())
    publish(folder, replace(HISTORY, decisions=[(1, 10, "XX", 9)]))

    found = decided_columns(folder, spec(), relations(), made, rows.take(pa.array([2, 0, 1])), ["carrier", "gate"])

    assert found.to_pylist() == [{"carrier": None, "gate": None}, {"carrier": "AA", "gate": 1}, {"carrier": "UA", "gate": 2}]


def test_a_column_that_is_not_there_is_answered_with_the_nearest(tmp_path):
    """
    A typo is no empty column.
    """
    folder = publish(tmp_path, HISTORY)
    made, rows = made_of(folder, relations())

    with pytest.raises(UnknownName, match="carrier"):
        decided_columns(folder, spec(), relations(), made, rows, ["carier"])


def test_each_value_has_the_moment_at_which_it_became_known(tmp_path):
    """
    A feature with a declared known time gets it row by row, null where nothing was recorded; others get nothing.
    """
    folder = with_recorded(tmp_path, [9, 13, None, 0, 0, 0])
    made, rows = made_of(folder, told(hour="recorded"))

    found = known_moments(folder, spec(), told(hour="recorded"), made, rows)

    assert list(found) == ["hour"]
    assert [str(value)[:13] for value in found["hour"]] == ["2024-03-01T09", "2024-03-01T13", "NaT"]
    assert found["hour"].dtype == np.dtype("datetime64[us]")
    assert known_moments(folder, spec(), told(), made, rows) == {}


def test_a_known_time_that_holds_no_moments_is_refused(tmp_path):
    """
    A number says nothing of when a value was known.
    """
    folder = with_recorded(tmp_path, [9] * 6)
    made, rows = made_of(folder, told())

    with pytest.raises(BadData, match=r"decided\.gate: holds BIGINT, not times"):
        known_moments(folder, spec(), told(hour="gate"), made, rows)


def test_a_column_of_a_feature_relation_cannot_be_known_later_than_its_row(tmp_path):
    """
    What is known at another moment needs a relation of its own; nothing that was declared is passed over.
    """
    facts = relations()
    facts["steady"] = replace(facts["steady"], known_times={"value": "event"})

    with pytest.raises(BadSpec, match=r"steady\.value became known at 'event'"):
        made_of(publish(tmp_path, HISTORY), facts)


def test_the_newest_decisions_are_those_whose_horizon_has_not_passed(tmp_path):
    """
    They come with the features of the same join, and without those that are mature or still to come.
    """
    folder = publish(tmp_path, HISTORY)
    made, _ = made_of(folder, relations())

    found = fresh_rows(folder, spec(), relations(), made)

    assert found.column("entity").to_pylist() == [4, 5]
    assert found.column_names == ["entity", "decided_at", *made.features]


def test_the_row_that_each_decision_got_has_its_event_time(tmp_path):
    """
    Of each relation with times comes the event that was found, NaT where none was known by then or young enough, in the order of the rows.
    """
    history = replace(HISTORY, late=[("AA", 1, 7, 8, 1), ("AA", 1, 9, 11, 2)], max_age=5)
    folder = publish(tmp_path, history)
    made = training_set.build(folder, spec(history), relations(), moment(20))

    found = found_moments(folder, spec(history), relations(), made)

    hours = {
        name: [None if np.isnat(time) else (time - np.datetime64(BEGIN.replace(tzinfo=None))) // np.timedelta64(1, "h") for time in times]
        for name, times in found.items()
    }
    assert hours == {"late": [7, None, None], "steady": [5, None, None]}
