from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from shipworthy.data.canary import future_rows
from shipworthy.data.relation import Relation

CUT = datetime(2024, 3, 5, tzinfo=UTC)
CLEAN = """
    select customer, day, known, avg(amount) over (partition by customer order by day rows between 2 preceding and current row) as recent
    from orders
"""
LEAKY = "select customer, day, known, avg(amount) over (partition by customer) as recent from orders"


def built(file: Path, sql: str, orders: str, *, schema: str = "main") -> Path:
    """A warehouse with the relation `spending` built by `sql`."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table orders as {orders}")
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create table {schema}.spending as {sql}")
    return file


def orders(until: str = "2024-03-10") -> str:
    return f"""
        select customer, day, day + interval '1 hour' as known, (customer * 7 + epoch(day) / 3600 % 11) / 3.0 as amount
        from range(3) c(customer), generate_series(timestamptz '2024-03-01', timestamptz '{until}', interval '1 day') d(day)
        where known <= timestamptz '{until}'
    """


SPENDING = Relation("spending", ("customer",), "day", "known")


def judged(folder: Path, sql: str, relation: Relation = SPENDING, **said: str):
    full = built(folder / "warehouse.duckdb", sql, orders(), **said)
    cut = built(folder / "canary.duckdb", sql, orders("2024-03-05"), **said)
    return future_rows(full, cut, relation, CUT)


class TestFutureRows:
    def test_a_window_over_what_came_before_passes(self, tmp_path):
        """
        Rows that were known at the cut are the same with and without what came later.
        """
        verdict = judged(tmp_path, CLEAN)

        assert (verdict.name, verdict.subject, verdict.outcome) == ("future_values", "spending", "pass")
        assert verdict.words == "12 rows are the same without the future"

    def test_a_window_over_the_whole_partition_fails(self, tmp_path):
        """
        The verdict names the row, the column, and its value with and without the future.
        """
        verdict = judged(tmp_path, LEAKY)

        assert verdict.outcome == "fail"
        assert verdict.words.startswith("12 of 12 rows change with the future, such as customer 0, day 2024-03-01 00:00:00+00:00")
        assert verdict.evidence["column"] == "recent"
        assert verdict.evidence["with_future"] != verdict.evidence["without"]
        assert "only at rows known before it" in verdict.fix

    def test_a_known_time_that_is_too_early_fails(self, tmp_path):
        """
        A row that claims to have been known before its sources were is there only with what came later.
        """
        too_early = "select customer, day - interval '3 days' as day, known - interval '3 days' as known, amount from orders"
        verdict = judged(tmp_path, too_early)

        assert verdict.outcome == "fail"
        assert "there only with what came later" in verdict.words

    def test_a_row_that_the_future_takes_away_fails(self, tmp_path):
        """
        What was known at the cut must still be there.
        """
        newest = "select * from orders qualify day >= max(day) over () - interval '4 days'"

        assert "gone with what came later" in judged(tmp_path, newest).words

    def test_the_last_digits_of_a_sum_are_no_finding(self, tmp_path):
        """
        Sums in another order differ by rounding: no alarm is raised for that.
        """
        full = built(tmp_path / "warehouse.duckdb", "select * from orders", orders())
        cut = built(tmp_path / "canary.duckdb", "select * replace (amount * (1 + 1e-14) as amount) from orders", orders("2024-03-05"))

        assert future_rows(full, cut, SPENDING, CUT).outcome == "pass"

    def test_nulls_and_nan_are_equal_to_themselves_alone(self, tmp_path):
        """
        A null that becomes a value with the future is a finding.
        """
        full = built(tmp_path / "warehouse.duckdb", "select *, 'nan'::double as odd, 1.5 as later from orders", orders())
        cut = built(
            tmp_path / "canary.duckdb", "select *, 'nan'::double as odd, null::decimal(2,1) as later from orders", orders("2024-03-05")
        )

        assert future_rows(full, cut, SPENDING, CUT).evidence["column"] == "later"

    def test_a_latency_counts_like_a_known_time(self, tmp_path):
        """
        Rows are compared that were known at the cut by event and latency.
        """
        relation = Relation("spending", ("customer",), "day", latency=timedelta(hours=1))

        assert judged(tmp_path, CLEAN, relation).words == "12 rows are the same without the future"

    def test_a_static_relation_may_grow_but_not_change(self, tmp_path):
        """
        A new customer is no finding; a total that moves with time is, and says what to do.
        """
        static = Relation("spending", ("customer", "day"), static=True)
        assert judged(tmp_path, "select customer, day, amount from orders", static).outcome == "pass"

        total = Relation("spending", ("customer",), static=True)
        (tmp_path / "total").mkdir()
        verdict = judged(tmp_path / "total", "select customer, sum(amount) as spent from orders group by 1", total)
        assert verdict.outcome == "fail"
        assert "is not static" in verdict.fix

    def test_another_schema_is_found(self, tmp_path):
        """
        A team's dbt may build into a schema of its own.
        """
        assert judged(tmp_path, CLEAN, schema="marts").outcome == "pass"

    def test_files_of_one_name_are_told_apart(self, tmp_path):
        """
        Two warehouses in two folders may bear one name.
        """
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
        full = built(tmp_path / "a" / "warehouse.duckdb", LEAKY, orders())
        cut = built(tmp_path / "b" / "warehouse.duckdb", LEAKY, orders("2024-03-05"))

        assert future_rows(full, cut, SPENDING, CUT).outcome == "fail"


class TestUnknown:
    @pytest.mark.parametrize(
        ("relation", "words"),
        [
            (Relation("spending", ("customer",), "day"), "nothing says when"),
            (Relation("spendings", ("customer",), "day", "known"), "not in the build"),
        ],
        ids=["no known time", "no such relation"],
    )
    def test_what_cannot_be_told_is_unknown(self, tmp_path, relation, words):
        """
        Neither is a pass.
        """
        verdict = judged(tmp_path, CLEAN, relation)

        assert verdict.outcome == "unknown"
        assert words in verdict.words

    def test_no_rows_are_unknown(self, tmp_path):
        """
        An empty relation proves nothing.
        """
        assert judged(tmp_path, "select * from orders where false").outcome == "unknown"

    def test_a_file_that_is_not_there_is_unknown(self, tmp_path):
        """
        A build that never came proves nothing.
        """
        full = built(tmp_path / "warehouse.duckdb", CLEAN, orders())

        assert future_rows(full, tmp_path / "canary.duckdb", SPENDING, CUT).outcome == "unknown"
