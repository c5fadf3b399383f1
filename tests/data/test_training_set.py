import json
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from shipworthy.data import grain, training_set
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData, StepFailed, UnknownName
from shipworthy.gateways import lake
from shipworthy.gateways.engine import memory

from .history import MOMENT, TYPES, History, at, expected, moment, publish, relations, spec, tables
from .test_asof import HISTORIES, without_nan

HISTORY = History(
    decisions=[(1, 10, "AA", 1), (2, 11, "UA", 2), (3, 12, None, None), (4, 13, "AA", 1), (5, 19, "AA", 1), (6, 30, "AA", 1)],
    labels=[(1, 12, 5.0), (2, 12, 6.0), (3, 14, 7.0), (5, 20, 8.0)],
    late=[("AA", 1, 8, 9, 80), ("AA", 1, 12, 12, 120), ("UA", 2, 1, 2, 10)],
    steady=[("AA", 5, 50), ("UA", 10, 100)],
    fixed=[(1, 7), (2, 8)],
)


@pytest.fixture
def folder(tmp_path):
    return publish(tmp_path, HISTORY)


def built(folder, as_of=20, **said):
    return training_set.build(folder, spec(), relations(), moment(as_of), **said)


def refusal(folder, kind=BadData, as_of=20, **said):
    with pytest.raises(kind) as error:
        training_set.build(folder, said.pop("spec", spec()), said.pop("relations", relations()), moment(as_of), **said)
    return str(error.value)


class TestBuild:
    def test_it_is_written_with_all_that_it_comes_from(self, folder):
        """
        Rows, exclusions, versions read, SQL and feature types are those of the join.
        """
        made = built(folder)

        assert (made.rows, made.exclusions) == (3, {"immature": 1, "unlabelled": 1})
        assert made.pins["late"] == lake.Pin("published/late", 0)
        assert list(made.features) == ["hour", "late_value", "steady_value", "fixed_value"]
        assert training_set.rows(folder, made).column_names == ["entity", "decided_at", *made.features, "known_at", "label"]
        assert (folder / "training_sets" / "late_arrival" / f"{made.hash}.sql").read_text().startswith("with\n-- what came true")

    def test_rows_come_in_the_order_of_decisions(self, folder):
        """
        Each reading gives the rows in one order, so that a fit can be repeated.
        """
        rows = training_set.rows(folder, built(folder)).to_pylist()

        assert [(row["entity"], row["late_value"], row["label"]) for row in rows] == [(1, 80, 5.0), (2, 10, 6.0), (3, None, 7.0)]

    def test_it_can_be_loaded_as_it_was_built(self, folder):
        """
        A set is found again by its hash.
        """
        made = built(folder, start=moment(11))

        assert training_set.load(folder, "late_arrival", made.hash) == made

    def test_to_build_it_again_writes_nothing(self, folder):
        """
        The same rows, SQL and versions are the same set: one table, one version.
        """
        first, second = built(folder), built(folder)

        assert first == second
        assert lake.tables(folder, "training_sets") == [first.table.table]
        assert lake.pin(folder, first.table.table).version == 0

    def test_a_table_is_never_written_twice(self, folder):
        """
        What a model learnt from cannot be replaced.
        """
        made = built(folder)

        with pytest.raises(BadData, match="never written twice"):
            lake.create(folder, made.table.table, pa.table({"x": [1]}).to_reader())

    def test_what_was_cut_off_before_the_table_is_built_again(self, folder):
        """
        The description is written before the table: a set without its table is no set, and is made whole.
        """
        made = built(folder)
        for file in (folder / made.table.table).rglob("*.json"):
            file.unlink()

        with pytest.raises(UnknownName):
            training_set.load(folder, "late_arrival", made.hash)
        assert built(folder) == made
        assert training_set.rows(folder, made).num_rows == 3

    def test_new_data_make_a_new_set_and_a_pin_the_old_one(self, folder):
        """
        A pinned version reads what it read, whatever was published since.
        """
        first = built(folder)
        publish(folder, HISTORY | History(late=[("AA", 1, 9, 9, 90)]))

        assert built(folder).hash != first.hash
        assert built(folder, pins=first.pins) == first

    def test_the_order_of_rows_does_not_matter(self, folder, tmp_path):
        """
        The same rows published in another order are the same set.
        """
        first = built(folder)
        other = publish(tmp_path / "other", replace(HISTORY, late=HISTORY.late[::-1], decisions=HISTORY.decisions[::-1]))

        assert built(other).hash == first.hash

    @given(HISTORIES)
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_through_the_lake_it_is_what_brute_force_finds(self, tmp_path_factory, history):
        """
        The whole way from published tables to the stored set gives the oracle's rows.
        """
        lake_folder = publish(tmp_path_factory.mktemp("lake"), history)
        wanted, counted = expected(without_nan(history), 18)
        if not wanted:
            with pytest.raises(BadData):
                training_set.build(lake_folder, spec(history), relations(), moment(18))
            return
        made = training_set.build(lake_folder, spec(history), relations(), moment(18))

        assert made.rows == len(wanted)
        assert made.exclusions == {fate: count for fate, count in counted.items() if fate != "kept"}
        assert [row["label"] for row in training_set.rows(lake_folder, made).to_pylist()] == [row["label"] for row in wanted]

    def test_planted_future_values_change_nothing(self, folder, tmp_path):
        """
        A value that became known after the moment cannot reach the set, whatever moment it describes.
        """
        planted = History(
            decisions=[(9, 21, "AA", 1)],
            labels=[(4, 21, 99.0)],
            late=[("AA", 1, 10, 21, 999), ("AA", 1, 21, 21, 999)],
            steady=[("AA", 19, 999)],
        )
        other = publish(tmp_path / "other", HISTORY | planted)

        assert built(other) == built(folder)


class TestFeatures:
    def test_a_window_gets_its_features_labels_or_not(self, folder):
        """
        Decisions of the window, in order; those after the moment are not there.
        """
        rows = training_set.features(folder, spec(), relations(), moment(20), moment(12), moment(40)).to_pylist()

        assert [(row["entity"], row["late_value"]) for row in rows] == [(3, None), (4, 120), (5, 120)]

    def test_a_quiet_window_is_empty(self, folder):
        """
        No decisions are no error when scoring; the columns stand.
        """
        frame = training_set.features(folder, spec(), relations(), moment(20), moment(14), moment(15))

        assert (frame.num_rows, frame.column_names[-1]) == (0, "fixed_value")


class TestBadInput:
    def test_no_decisions(self, tmp_path):
        """
        An empty table is an error that says so.
        """
        assert "decided: no decisions made by" in refusal(publish(tmp_path, replace(HISTORY, decisions=[])))

    def test_labels_that_never_mature(self, folder):
        """
        The error counts what became of the decisions.
        """
        assert "none of 2 decisions has a mature label: 2 immature" in refusal(folder, as_of=11)

    def test_a_relation_that_was_never_published(self, tmp_path):
        """
        The lake's known tables are named.
        """
        lake.overwrite(tmp_path, "published/decided", tables(HISTORY)["decided"])

        assert "no lake table 'published/came'" in refusal(tmp_path, UnknownName)

    def test_a_column_that_is_gone_from_the_data(self, folder):
        """
        What counts are the columns of the version read, not what was said of it before.
        """
        lake.overwrite(folder, "published/late", tables(HISTORY)["late"].drop_columns(["known"]))

        assert "late: no column 'known'" in refusal(folder, UnknownName)

    def test_a_time_that_turned_into_text(self, folder):
        """
        The column, what it holds, and the cast that mends it.
        """
        texts = tables(HISTORY)["steady"].set_column(1, "event", pa.array(["yesterday", "today"]))
        lake.overwrite(folder, "published/steady", texts)

        assert "steady.event: holds VARCHAR, not times" in refusal(folder)

    def test_a_decision_twice(self, tmp_path):
        """
        The entity and the time are the counter-example.
        """
        twice = replace(HISTORY, decisions=[*HISTORY.decisions, HISTORY.decisions[0]])

        assert "id 1 is decided 2 times at 2024-03-01 10:00" in refusal(publish(tmp_path, twice))

    @pytest.mark.parametrize("column", ["id", "time"])
    def test_a_decision_without_entity_or_time(self, folder, column):
        """
        It cannot be dated or named, and is not dropped in silence.
        """
        table = tables(HISTORY)["decided"]
        place = table.column_names.index(column)
        holed = pa.array([None, *table[column].to_pylist()[1:]], TYPES["decided"][column])
        lake.overwrite(folder, "published/decided", table.set_column(place, column, holed))

        assert f"1 of 6 decisions have no '{column}'" in refusal(folder)

    def test_two_labels_of_one_decision(self, tmp_path):
        """
        Both are shown; the same row twice is one label.
        """
        assert built(publish(tmp_path / "alike", HISTORY | History(labels=[(1, 12, 5.0)]))).rows == 3
        told = refusal(publish(tmp_path / "other", HISTORY | History(labels=[(1, 13, 4.0)])))

        assert "id 1 has more than one label: 5.0 (known 2024-03-01 12:00:00+00:00) and 4.0" in told

    def test_a_label_that_comes_twice_later_does_not_matter_before(self, tmp_path):
        """
        Only what was known by the moment is judged.
        """
        assert built(publish(tmp_path, HISTORY | History(labels=[(1, 25, 4.0)]))).rows == 3

    def test_two_rows_of_one_moment(self, tmp_path):
        """
        A join that multiplies is refused with the key and the times.
        """
        told = refusal(publish(tmp_path, HISTORY | History(late=[("AA", 1, 8, 9, 81)])))

        assert "late: 2 rows for carrier=AA, gate=1, event=2024-03-01 08:00:00+00:00, known=2024-03-01 09:00:00+00:00" in told

    def test_two_rows_of_one_moment_with_a_latency(self, tmp_path):
        """
        The moment is the event alone where knowledge follows from it.
        """
        told = refusal(publish(tmp_path, HISTORY | History(steady=[("AA", 5, 51)])))

        assert "steady: 2 rows for carrier=AA, event=2024-03-01 05:00:00+00:00" in told

    def test_two_rows_of_a_static_entity(self, tmp_path):
        """
        A fact that is always known is one fact.
        """
        assert "fixed: 2 rows for gate=1" in refusal(publish(tmp_path, HISTORY | History(fixed=[(1, 9)])))

    def test_decisions_whose_own_features_came_later(self, folder):
        """
        A column of the decisions that was known after them is a value from the future.
        """
        table = tables(HISTORY)["decided"]
        later = table.append_column("written", pa.array([at(time) for time in (10, 15, 12, 13, 19, 30)], MOMENT))
        lake.overwrite(folder, "published/decided", later)
        decided = Relation("decided", event_time="time", known_time="written")
        told = refusal(folder, relations=relations() | {"decided": decided})

        assert "1 of 5 decisions carry features known only later, for example 2 (decided 2024-03-01 11:00" in told

    def test_future_timestamps_never_count(self, tmp_path):
        """
        A row dated in the future of every decision changes nothing.
        """
        far = History(late=[("AA", 1, 24 * 365 * 50, 9, 1)], steady=[("AA", 24 * 365 * 50, 1)])

        assert training_set.rows(tmp_path, built(publish(tmp_path, HISTORY | far)))["late_value"].to_pylist() == [80, 10, None]

    def test_times_without_a_zone_are_utc(self, folder):
        """
        The same set comes of times without a zone.
        """
        first = training_set.rows(folder, built(folder))
        for name in ("decided", "came", "late", "steady"):
            table = tables(HISTORY)[name]
            bare = [pa.timestamp("us") if column.type == MOMENT else column.type for column in table.schema]
            lake.overwrite(folder, f"published/{name}", table.cast(pa.schema(list(zip(table.column_names, bare, strict=True)))))

        assert training_set.rows(folder, built(folder)).to_pylist() == first.to_pylist()

    def test_days_count_when_they_are_over(self, folder):
        """
        With a latency of a day, the day of the decision itself is not known yet.
        """
        days = pa.table({"carrier": ["AA", "AA"], "event": pa.array([at(-24).date(), at(0).date()], pa.date32()), "value": [1, 2]})
        lake.overwrite(folder, "published/steady", days)
        daily = Relation("steady", ("carrier",), "event", latency=timedelta(days=1))
        made = training_set.build(folder, spec(), relations() | {"steady": daily}, moment(20))

        assert training_set.rows(folder, made)["steady_value"].to_pylist() == [1, None, None]


class TestRowCount:
    @pytest.mark.parametrize("rows", ["(1, 1), (1, 1)", "(1, 1)", "(1, 1), (2, 2), (3, 3)"], ids=["multiplied", "dropped", "invented"])
    def test_a_join_that_changes_the_number_of_rows_is_refused(self, rows):
        """
        Whatever the cause, a frame that has not exactly its decisions is never used.
        """
        with memory() as connection:
            for name, table in tables(HISTORY).items():
                connection.register(f"published/{name}", table)
            connection.execute(f"create temp table frame as from (values {rows}) t(entity, decided_at)")
            with pytest.raises(StepFailed, match="of 2 decisions"):
                grain.require_rows(connection, "frame", 2, spec(), relations(), moment(20))


def test_what_is_said_beside_the_table_is_plain_json(tmp_path):
    """
    Who reads the lake without this program finds where a set comes from.
    """
    made = built(publish(tmp_path, HISTORY))
    said = json.loads((tmp_path / "training_sets" / "late_arrival" / f"{made.hash}.json").read_text())

    assert said["pins"]["late"] == {"table": "published/late", "version": 0}
    assert said["as_of"] == "2024-03-01T20:00:00+00:00"


BAD = {"from": moment(11), "to": moment(12), "reason": "a load ran twice"}
FAR = {"from": "2019-01-01", "to": "2019-01-01", "reason": "an old outage"}


class TestExclude:
    """Stretches of time that the spec leaves out."""

    def test_their_decisions_are_left_out_and_counted(self, folder):
        """
        A moment is excluded from its first instant and up to its last, which is not; each stretch says how many decisions it held.
        """
        made = training_set.build(folder, spec(training={"exclude": [BAD, FAR]}), relations(), moment(20))

        assert [row["entity"] for row in training_set.rows(folder, made).to_pylist()] == [1, 3]
        assert made.exclusions == {"excluded": 1, "immature": 1, "unlabelled": 1}
        assert [(one.decisions, one.reason) for one in made.excluded] == [(1, "a load ran twice"), (0, "an old outage")]

    def test_they_are_part_of_the_set(self, folder):
        """
        A set with an exclusion has another hash and SQL than one without, and is loaded with it; without one, sets are what they were.
        """
        made = training_set.build(folder, spec(training={"exclude": [BAD]}), relations(), moment(20))

        assert made.hash != built(folder).hash
        assert training_set.load(folder, "late_arrival", made.hash) == made
        assert "excluded" in made.sql
        assert "excluded" not in built(folder).sql
