from shipworthy.checks.base.contract import contract, kinds, types
from shipworthy.gateways import engine

BEFORE = {"customer_id": "bigint", "plan": "varchar", "fee": "float"}


def test_a_column_that_is_gone_fails_and_names_what_it_may_be_now() -> None:
    """
    A dropped column fails; a new one of nearly its name is offered as what became of it.
    """
    verdicts = contract({"custmer_id": "bigint", "plan": "varchar", "fee": "float"}, BEFORE, relation="customers")

    gone = next(verdict for verdict in verdicts if verdict.outcome == "fail")
    assert gone.words == "customers.customer_id (bigint) is gone"
    assert gone.fix.startswith("was it renamed to 'custmer_id'?")


def test_another_type_fails_with_both() -> None:
    """
    A column that now holds another type fails, and says what it was and what it is.
    """
    verdicts = contract(BEFORE | {"customer_id": "varchar"}, BEFORE, relation="customers")

    assert [verdict.words for verdict in verdicts if verdict.outcome == "fail"] == ["customers.customer_id was bigint and is now varchar"]


def test_a_wider_type_and_a_new_column_pass() -> None:
    """
    A number that has more room now, and a column that nobody reads yet, break nothing.
    """
    verdicts = contract(BEFORE | {"fee": "double", "city": "varchar"}, BEFORE, relation="customers")

    assert {verdict.outcome for verdict in verdicts} == {"pass"}
    assert len(verdicts) == len(BEFORE)


def test_a_narrower_type_fails() -> None:
    """
    A number that has less room than before fails: large values no longer fit.
    """
    verdicts = contract(BEFORE | {"customer_id": "integer"}, BEFORE, relation="customers")

    assert [verdict.subject for verdict in verdicts if verdict.outcome == "fail"] == ["customers.customer_id"]


def test_types_of_a_real_table_have_their_kind() -> None:
    """
    DuckDB's own types are told apart into what a column holds; lists and structs are left out.
    """
    with engine.memory() as connection:
        connection.execute(
            "create table t as select 1::utinyint as a, 1.5::decimal(5, 2) as b, 'x'::enum('x') as c, now() as d,"
            " timestamp_ms '2026-01-01' as e, current_date as f, true as g, [1] as h, {'x': 1} as i, 'x' as j"
        )
        found = kinds(types(connection, "t"))

    assert found == {
        "a": "integer", "b": "number", "c": "text", "d": "timestamp", "e": "timestamp", "f": "date", "g": "boolean", "j": "text",
    }  # fmt: skip
