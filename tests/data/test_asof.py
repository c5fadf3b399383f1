from dataclasses import replace
from datetime import timedelta
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.data.asof import fates_sql, features_sql, training_set_sql
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData, BadSpec, UnknownName

from .history import History, answer, expected, features_of, moment, relations, spec

HOURS = st.integers(0, 14)
CARRIER = st.sampled_from(["AA", "UA", None])
GATE = st.sampled_from([1, 2, None])
VALUE = st.one_of(st.none(), st.integers(0, 99))


def rows(*columns, key):
    return st.lists(st.tuples(*columns), max_size=12, unique_by=lambda row: tuple(row[place] for place in key))


HISTORIES = st.builds(
    History,
    decisions=rows(st.integers(0, 4), HOURS, CARRIER, GATE, key=(0, 1)),
    labels=rows(st.integers(0, 4), st.one_of(st.none(), HOURS), st.one_of(st.none(), st.floats(0, 9), st.just(float("nan"))), key=(0,)),
    late=rows(CARRIER, GATE, st.one_of(st.none(), HOURS), st.one_of(st.none(), HOURS), VALUE, key=(0, 1, 2, 3)),
    steady=rows(CARRIER, st.one_of(st.none(), HOURS), VALUE, key=(0, 1)),
    fixed=rows(GATE, VALUE, key=(0,)),
    max_age=st.one_of(st.none(), st.integers(1, 6)),
)


def trained(history, as_of):
    return answer(training_set_sql(spec(history), relations(), moment(as_of)), history)


def fates(history, as_of):
    return {row["fate"]: row["count_star()"] for row in answer(fates_sql(spec(history), relations(), moment(as_of)), history)}


def without_nan(history):
    """A label that is not a number says as little as none."""
    return replace(history, labels=[(key, known, None if isnan(value or 0) else value) for key, known, value in history.labels])


class TestAgainstTheOracle:
    @given(HISTORIES, st.integers(0, 20))
    @settings(max_examples=80, deadline=None)
    def test_a_training_set_is_what_brute_force_finds(self, history, as_of):
        """
        Late, tied, null and out-of-order rows, composite keys, ages, early and missing labels: each row as found one by one.
        """
        wanted, counted = expected(without_nan(history), as_of)

        assert trained(history, as_of) == wanted
        assert fates(history, as_of) == counted

    @given(HISTORIES, HOURS, HOURS, HOURS)
    @settings(max_examples=25, deadline=None)
    def test_features_to_score_are_those_of_training(self, history, start, length, as_of):
        """
        The decisions of a window get what a training set would give them, whether or not their labels have come.
        """
        end = start + length
        sql = features_sql(spec(history), relations(), moment(as_of), start=moment(start), end=moment(end))
        decided = sorted(
            (row for row in history.decisions if start <= row[1] < end and row[1] <= as_of), key=lambda row: (row[1], str(row[0]))
        )

        assert answer(sql, history) == [features_of(history, row, as_of) for row in decided]

    @given(HISTORIES, HISTORIES, HOURS)
    @settings(max_examples=25, deadline=None)
    def test_what_comes_to_be_known_later_changes_nothing(self, history, later, as_of):
        """
        Decisions, labels and late rows planted after the moment leave the set as it was.
        """
        planted = History(
            decisions=[(key + 10, as_of + 1 + time, carrier, gate) for key, time, carrier, gate in later.decisions],
            labels=[(key, as_of + 1 + (known or 0), value) for key, known, value in later.labels],
            late=[(carrier, gate, event, as_of + 1 + (known or 0), value) for carrier, gate, event, known, value in later.late],
            steady=[(carrier, as_of - 1 + (event or 0), value) for carrier, event, value in later.steady],
        )

        assert trained(history | planted, as_of) == trained(history, as_of)
        assert fates(history | planted, as_of) == fates(history, as_of)


DECISION = (1, 10, "AA", 1)
CAME = (1, 12, 5.0)


def one(**features):
    """What the decision at hour 10 gets."""
    history = History(decisions=[DECISION], labels=[CAME], **features)
    return trained(history, 20)[0]


class TestOneDecision:
    def test_a_row_counts_from_the_moment_it_was_known(self):
        """
        The row of hour 9 was published at hour 11: at hour 10 the one before it holds.
        """
        assert one(late=[("AA", 1, 8, 8, 80), ("AA", 1, 9, 11, 90)])["late_value"] == 80

    def test_known_at_the_very_moment_of_the_decision_counts(self):
        """
        Both times are inclusive.
        """
        assert one(late=[("AA", 1, 10, 10, 100)])["late_value"] == 100

    def test_late_news_of_an_older_event_is_passed_over(self):
        """
        What became known last is not what is latest: hour 8 holds, though hour 3 was published after it.
        """
        assert one(late=[("AA", 1, 8, 8, 80), ("AA", 1, 3, 9, 30)])["late_value"] == 80

    def test_a_correction_takes_the_place_of_what_it_corrects(self):
        """
        Of two rows of one event the later known wins, once it is known.
        """
        assert one(late=[("AA", 1, 8, 8, 80), ("AA", 1, 8, 9, 81), ("AA", 1, 8, 11, 82)])["late_value"] == 81

    def test_rows_known_before_their_event_tie_by_knowledge(self):
        """
        Two forecasts of one hour take effect together; the later made wins.
        """
        assert one(late=[("AA", 1, 9, 7, 1), ("AA", 1, 9, 5, 2)])["late_value"] == 1

    def test_a_null_of_the_latest_row_stays_null(self):
        """
        A null is never filled from an older row.
        """
        assert one(late=[("AA", 1, 8, 8, 80), ("AA", 1, 9, 9, None)])["late_value"] is None

    def test_nothing_is_borrowed_from_another_entity(self):
        """
        A row of the same carrier at another gate is another thing's row.
        """
        assert one(late=[("AA", 2, 8, 8, 80)])["late_value"] is None

    @pytest.mark.parametrize(("max_age", "value"), [(3, 70), (2, None)])
    def test_an_age_equal_to_the_limit_counts(self, max_age, value):
        """
        The oldest row that counts is as old as max_age, measured from its event.
        """
        assert one(late=[("AA", 1, 7, 9, 70)], max_age=max_age)["late_value"] == value

    def test_a_row_without_a_time_never_counts(self):
        """
        What cannot be dated cannot be trusted.
        """
        assert one(late=[("AA", 1, None, 2, 1), ("AA", 1, 2, None, 2)])["late_value"] is None


class TestLabels:
    def test_an_early_label_of_an_immature_decision_is_left_out(self):
        """
        The label came after an hour, the horizon is three: early ones are not like late ones.
        """
        history = History(decisions=[DECISION], labels=[(1, 11, 5.0)])

        assert trained(history, 12) == []
        assert fates(history, 12) == {"immature": 1}
        assert len(trained(history, 13)) == 1

    def test_a_label_that_never_comes_is_not_a_negative(self):
        """
        A mature decision without a label is counted as unlabelled.
        """
        assert fates(History(decisions=[DECISION]), 20) == {"unlabelled": 1}

    def test_a_label_known_at_the_decision_is_no_prediction(self):
        """
        Such a decision is left out, and counted.
        """
        assert fates(History(decisions=[DECISION], labels=[(1, 10, 5.0)]), 20) == {"already_known": 1}

    def test_decisions_before_the_start_are_left_out(self):
        """
        They are counted as such.
        """
        history = History(decisions=[DECISION, (2, 4, "AA", 1)], labels=[CAME, (2, 6, 1.0)])
        found = answer(fates_sql(spec(), relations(), moment(20), start=moment(10)), history)

        assert {row["fate"]: row["count_star()"] for row in found} == {"kept": 1, "before_start": 1}


def refusal(kind, relations_replaced=None, **replaced):
    known = relations() | (relations_replaced or {})
    with pytest.raises(kind) as error:
        training_set_sql(spec(**replaced), known, moment(20))
    return str(error.value)


def feature(relation="steady", on="carrier", **said):
    return {"features": [{"relation": relation, "on": on, **said}]}


class TestRefusals:
    def test_a_column_that_is_gone(self):
        """
        The nearest name is given.
        """
        assert "did you mean 'value'?" in refusal(UnknownName, **feature(columns=["valeu"]))

    def test_a_relation_that_nobody_knows(self):
        """
        The nearest name is given.
        """
        assert "did you mean 'steady'?" in refusal(UnknownName, **feature("stead"))

    def test_a_decision_column_that_is_gone(self):
        """
        A key that the decisions do not have is named.
        """
        assert "no column 'carier'" in refusal(UnknownName, **feature(on="carier"))

    def test_two_features_of_one_name(self):
        """
        A prefix is proposed.
        """
        twice = [{"relation": "steady", "on": "carrier"}, {"relation": "fixed", "on": "gate"}]

        assert "give one of them a 'prefix'" in refusal(BadSpec, features=twice)

    def test_one_relation_twice_without_a_prefix(self):
        """
        The same relation on two keys needs two names.
        """
        twice = [{"relation": "steady", "on": "carrier"}, {"relation": "steady", "on": "carrier"}]

        assert "two features are named 'value'" in refusal(BadSpec, features=twice)

    def test_a_feature_with_a_name_of_the_set(self):
        """
        `label` is the label's.
        """
        columns = dict(relations()["steady"].columns) | {"label": "BIGINT"}

        assert "'prefix'" in refusal(BadSpec, {"steady": replace(relations()["steady"], columns=columns)}, **feature())

    def test_keys_that_do_not_fit(self):
        """
        A composite entity needs as many columns of the decisions.
        """
        assert "'on' names 1 columns (carrier), the entity of late has 2" in refusal(BadSpec, **feature("late"))

    def test_a_key_of_another_type(self):
        """
        Text never equals a number: a join that finds nothing is refused.
        """
        assert "late.gate: is BIGINT, and decided.carrier" in refusal(BadData, **feature("late", on=["carrier", "carrier"]))

    def test_a_relation_without_times(self):
        """
        Nobody said when its rows became known.
        """
        assert "'static: true'" in refusal(BadSpec, {"steady": Relation("steady", ("carrier",))}, **feature())

    def test_a_time_that_is_text(self):
        """
        The cast is written out.
        """
        columns = dict(relations()["steady"].columns) | {"event": "VARCHAR"}

        assert "cast(event as timestamptz)" in refusal(BadData, {"steady": replace(relations()["steady"], columns=columns)}, **feature())

    def test_days_without_a_latency(self):
        """
        A row for a day, stamped with its beginning, would tell the rest of the day beforehand.
        """
        columns = dict(relations()["steady"].columns) | {"event": "DATE"}
        daily = replace(relations()["steady"], columns=columns, latency=None, known_time="event")

        assert "declare a latency" in refusal(BadData, {"steady": daily}, **feature())

    @pytest.mark.parametrize("role", ["label", "post_outcome"])
    def test_a_column_filled_in_after_the_outcome(self, role):
        """
        It is no feature even where the spec names it.
        """
        told = replace(relations()["steady"], roles={"value": role})

        assert f"its role is {role}" in refusal(BadSpec, {"steady": told}, **feature(columns=["value"]))


class TestColumns:
    def test_columns_with_a_role_are_left_out_by_default(self):
        """
        An identifier or a person's data is a feature only where the spec names it.
        """
        personal = {"steady": replace(relations()["steady"], roles={"value": "personal"})}

        assert "steady_value" not in training_set_sql(spec(), relations() | personal, moment(20))
        assert '"value"' in training_set_sql(spec(**feature(columns=["value"])), relations() | personal, moment(20))

    def test_days_with_a_latency_count_from_midnight_utc(self):
        """
        A day's row with a latency of a day is known when the day is over.
        """
        columns = dict(relations()["steady"].columns) | {"event": "DATE"}
        daily = replace(relations()["steady"], columns=columns, latency=timedelta(days=1))
        sql = training_set_sql(spec(), relations() | {"steady": daily}, moment(20))

        assert "\"event\"::timestamp at time zone 'UTC' + interval '24 hours' as known_time" in sql

    def test_one_relation_on_two_keys(self):
        """
        Each use finds its own rows.
        """
        both = [{"relation": "fixed", "on": "gate", "prefix": "gate_"}, {"relation": "fixed", "on": "hour", "prefix": "hour_"}]
        history = History(decisions=[DECISION], labels=[CAME], fixed=[(1, 7), (10, 8)])
        row = answer(training_set_sql(spec(features=both), relations(), moment(20)), history)[0]

        assert (row["gate_value"], row["hour_value"]) == (7, 8)
