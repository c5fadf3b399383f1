"""Checks of leakage at their edges: what excuses a finding, kinds of columns, sets that cannot be judged."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.judge import CHECKS, ask
from shipworthy.flows.learner import learner

from ...real_data.looked import LEAKAGE


def verdicts(name, frame):
    return [one.verdict for one in ask(CHECKS[name], frame, learner)]


@pytest.mark.parametrize("name", LEAKAGE)
class TestAnySet:
    @pytest.mark.parametrize("rows", [1, 5, 60])
    def test_a_few_rows_of_any_kind_are_not_refused(self, name, rows):
        """
        Text, numbers, yes and no, dates, all null, all alike: a check that cannot say anything refuses nothing and does not break.
        """
        columns = {
            "text": [f"t{number}" for number in range(rows)],
            "number": [None if number % 3 == 0 else number / 7 for number in range(rows)],
            "whole": list(range(rows)),
            "yes": [number % 2 == 0 for number in range(rows)],
            "day": [date(2026, 1, 1) + timedelta(days=number) for number in range(rows)],
            "nothing": pa.nulls(rows, pa.float64()),
            "same": ["x"] * rows,
        }
        frame = shown(columns, [number % 2 for number in range(rows)])

        assert {verdict.outcome for verdict in verdicts(name, frame)} == {"pass"}

    def test_labels_that_are_all_alike_are_not_refused_here(self, name):
        """
        Nothing can be told of a single label; that there is one alone is said by imbalance.
        """
        drawn = sound()

        assert "fail" not in {verdict.outcome for verdict in verdicts(name, shown(drawn["columns"], [0] * 600))}

    def test_a_set_that_is_not_split_is_not_refused(self, name):
        """
        Without sides there is no overlap.
        """
        frame = replace(shown(**sound()), fit=None, holdout=None)

        assert {verdict.outcome for verdict in verdicts(name, frame)} == {"pass"}


def test_a_slow_series_excuses_a_strong_feature():
    """
    The level of an hour ago tells the level of now: so does the label before, and the finding is only reported.
    """
    level = np.cumsum(chance(1).normal(0, 1, 3000))
    frame = shown({"hour_ago": level[:-1], "noise": chance(2).normal(size=2999)}, level[1:], task="regression")

    (found,) = verdicts("feature_power", frame)

    assert found.noted
    assert "the label of the decision before alone has 0.9" in found.evidence["excuse"]


def test_a_value_without_a_moment_of_knowledge_is_unknown():
    """
    Nobody can say whether it was known: that is no pass.
    """
    frame = shown(**sound())
    known = frame.times - np.timedelta64(1, "h")
    known[7] = np.datetime64("NaT")

    (found,) = verdicts("availability", replace(frame, known={"amount": known}))

    assert found.outcome == "unknown"
    assert "1 of 600 rows" in found.words


def test_a_late_value_is_shown_with_both_moments():
    """
    The counter-example names the decision, when it was made, and when the value was recorded.
    """
    (found,) = verdicts("availability", CHECKS["availability"].fails())

    assert "in 12 of 600 rows" in found.words
    assert "for example e000003 (decided 2026-01-01 03:00:00+00:00, recorded 2026-01-03 03:00:00+00:00" in found.words
    assert len(found.evidence["rows"]) == 5


def test_what_moves_with_the_world_is_only_reported_on_fresh_rows():
    """
    A column that is empty in most of the newest rows but not in all is no column that is filled in later.
    """
    frame, newest = shown(**sound()), shown(**sound(200, seed=3)).rows
    values = [None if number % 10 < 7 else value for number, value in enumerate(newest.column("visits").to_pylist())]
    fresh = newest.set_column(newest.column_names.index("visits"), "visits", pa.array(values, pa.int64()))

    (found,) = verdicts("mature_vs_fresh", replace(frame, fresh=fresh))

    assert found.noted
    assert "70.0% of the 200 newest decisions" in found.words


def test_what_came_and_went_before_may_be_empty_again():
    """
    A column that was empty for whole stretches of the past is within its own spread.
    """
    drawn = sound(1200)
    visits = [None if number // 100 % 2 else value for number, value in enumerate(drawn["columns"]["visits"].tolist())]
    frame = shown(drawn["columns"] | {"visits": visits}, drawn["label"])
    newest = shown(**sound(100, seed=3)).rows
    fresh = newest.set_column(newest.column_names.index("visits"), "visits", pa.nulls(100, pa.int64()))

    (found,) = verdicts("mature_vs_fresh", replace(frame, fresh=fresh))

    assert (found.outcome, found.noted) == ("pass", False)


def test_amounts_that_hardly_come_twice_are_no_identifiers():
    """
    Whole numbers of a wide range are measured, not given out; a declared identifier is one whatever it holds.
    """
    drawn = sound()
    wide = (np.asarray(drawn["columns"]["amount"]) * 1e6).astype(int)

    (measured,) = verdicts("identifier_feature", shown(drawn["columns"] | {"wide": wide}, drawn["label"]))
    (declared,) = verdicts("identifier_feature", shown(**drawn, roles={"plan": "identifier"}))

    assert not measured.noted
    assert declared.noted
    assert declared.subject == "shown.plan"


def test_a_group_split_of_rows_in_time_is_reported():
    """
    Groups were asked for: that the later rows are learnt from is told, not refused.
    """
    (found,) = verdicts("split_fits_data", replace(shown(**sound()), split_by="group"))

    assert found.noted
    assert "decisions run from" in found.words


def test_a_split_by_both_ignores_nothing():
    """
    Later rows of others are held out: neither order nor groups are passed over.
    """
    (found,) = verdicts("split_fits_data", replace(shown(**sound()), split_by="both"))

    assert (found.outcome, found.noted) == ("pass", False)


def test_a_random_split_of_rows_without_order_or_groups_passes():
    """
    Decisions of one moment, each of another entity: nothing is ignored.
    """
    frame = shown(**sound(), every=timedelta(0))

    (found,) = verdicts("split_fits_data", replace(frame, split_by="random"))

    assert (found.outcome, found.noted) == ("pass", False)


def test_groups_are_reported_in_a_split_by_time():
    """
    Customers who come again are what the model will meet; how many they are is told.
    """
    frame = replace(CHECKS["group_overlap"].fails(), split_by="time")

    (found,) = verdicts("group_overlap", frame)

    assert found.noted
    assert "who comes again is learnt from before" in found.evidence["excuse"]
    assert found.evidence["group"] == "customer"


def test_a_group_that_is_no_feature_is_looked_up_beside_the_rows():
    """
    The customer's number is a column of the decisions that the model does not read.
    """
    frame = CHECKS["group_overlap"].fails()
    features = {name: feature for name, feature in frame.features.items() if name != "customer"}
    rows, beside = frame.rows.drop_columns(["customer"]), frame.rows.select(["customer"])

    found = verdicts("group_overlap", replace(frame, rows=rows, features=features, beside=beside))

    assert [verdict.outcome for verdict in found] == ["fail"]


def test_a_level_that_always_moves_is_no_shift_of_the_fresh_rows():
    """
    What moves from window to window moves to the newest one too, by as much; a jump beyond that is reported.
    """
    drawn, rows = sound(1100), np.arange(1100)
    level = rows / 300 + chance(9).normal(size=1100)
    whole = shown(drawn["columns"] | {"level": level}, drawn["label"])
    frame, newest = shown({**sound(1000)["columns"], "level": level[:1000]}, drawn["label"][:1000]), whole.rows.slice(1000)
    jumped = newest.set_column(newest.column_names.index("level"), "level", pa.array(level[1000:] + 2))

    (steady,) = verdicts("fresh_shift", replace(frame, fresh=newest))
    (moved,) = verdicts("fresh_shift", replace(frame, fresh=jumped))

    assert not steady.noted
    assert moved.noted
    assert moved.subject == "shown.level"
