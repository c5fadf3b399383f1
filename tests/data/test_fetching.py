"""Fetching, from real databases: each value arrives as what it was, nothing is lost, nothing is read twice without need."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from shipworthy.data import fetching
from shipworthy.data.fetching import Fetched, fetch
from shipworthy.errors import BadSpec, Disconnected, ShipworthyError, StepFailed, UnknownName
from shipworthy.gateways import database
from shipworthy.gateways.database import opened
from shipworthy.spec.source import SourceSpec

from ..servers import LOCAL, Server, free_port

pytestmark = pytest.mark.journey

KILL = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'"
DRIVERS = {"postgres": "postgresql+psycopg", "mysql": "mysql+pymysql"}


@dataclass
class Shop:
    """A database of its own with the table `orders`, and what is delivered of it."""

    engine: Engine
    root: Path

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement if self.engine.dialect.name == "sqlite" else statement.replace("%", "%%"))

    def contract(self, columns: dict[str, str] | None = None, **said: Any) -> SourceSpec:
        asked = {"url_from": "SHOP_URL", **({"table": "orders"} if "query" not in said else {}), **said}
        kinds = {name: {"type": kind} for name, kind in (columns or {"id": "integer"}).items()}
        return SourceSpec.model_validate({"source": "orders", "database": asked, "columns": kinds})

    def fetch(self, columns: dict[str, str] | None = None, **said: Any) -> Fetched:
        with opened(self.root, self.contract(columns, **said)) as reader:
            return fetch(reader, self.folder)

    @property
    def folder(self) -> Path:
        return self.root / "received" / "orders"

    def rows(self) -> list[dict[str, Any]]:
        return [row for file in sorted(self.folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]

    def types(self) -> dict[str, str]:
        (file,) = self.folder.glob("*.parquet")
        return {field.name: str(field.type) for field in pq.read_schema(file)}


@pytest.fixture(params=["sqlite", "postgres", "mysql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'shop.db'}"
        monkeypatch.setenv("SHOP_URL", "sqlite:///shop.db")
        engine = create_engine(url)
    else:
        server: Server = request.getfixturevalue(request.param)
        monkeypatch.setenv("SHOP_URL", server.address)
        engine = create_engine(make_url(server.address).set(drivername=DRIVERS[request.param]))
    made = Shop(engine, tmp_path)
    made.run("drop table if exists orders")
    yield made
    engine.dispose()


@pytest.fixture
def postgres_shop(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("SHOP_URL", postgres.address)
    made = Shop(create_engine(make_url(postgres.address).set(drivername="postgresql+psycopg")), tmp_path)
    made.run("drop table if exists orders")
    yield made
    made.engine.dispose()


@pytest.fixture
def mysql_shop(mysql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("SHOP_URL", mysql.address)
    made = Shop(create_engine(make_url(mysql.address).set(drivername="mysql+pymysql")), tmp_path)
    made.run("drop table if exists orders")
    yield made
    made.engine.dispose()


class TestCursor:
    def test_only_what_is_new_is_read(self, shop: Shop) -> None:
        """
        Rows at or above the last value: one that came later with the same value is not lost, one that was delivered is not again.
        """
        shop.run("create table orders (id int, at int)", "insert into orders values (1, 10), (2, 20)")
        first = shop.fetch(cursor="at")
        shop.run("insert into orders values (3, 20), (4, 30), (5, 5)")
        second = shop.fetch(cursor="at")

        assert (first, second) == (Fetched("orders", 2, 1), Fetched("orders", 2, 1))
        assert sorted(row["id"] for row in shop.rows()) == [1, 2, 3, 4]

    def test_nothing_new_is_no_delivery(self, shop: Shop) -> None:
        """
        The rows of the last value alone, and those without a value, are known already; one more of either is news.
        """
        shop.run("create table orders (id int, at int)", "insert into orders values (1, 10), (2, 20), (3, 20), (4, null)")
        assert shop.fetch(cursor="at").rows == 4
        assert shop.fetch(cursor="at") == Fetched("orders")

        shop.run("insert into orders values (5, null)")
        assert shop.fetch(cursor="at").rows == 1
        assert shop.fetch(cursor="at") == Fetched("orders")
        assert sorted(row["id"] for row in shop.rows()) == [1, 2, 3, 4, 5]

    def test_many_rows_are_many_deliveries(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A long read is cut into deliveries, each on disk before the next; values that are cut in two are whole together.
        """
        monkeypatch.setattr(fetching, "MOST_ROWS", 100)
        monkeypatch.setattr(database, "BATCH_ROWS", 50)
        shop.run("create table orders (id int, at int)")
        shop.run("insert into orders values " + ", ".join(f"({number}, {number // 30})" for number in range(1000)))

        assert shop.fetch(cursor="at") == Fetched("orders", 1000, 10)
        assert sorted(row["id"] for row in shop.rows()) == list(range(1000))

    def test_a_read_that_was_cut_off_goes_on(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        What was delivered before the cut stays, and the next read goes on behind it.
        """
        monkeypatch.setattr(fetching, "MOST_ROWS", 100)
        monkeypatch.setattr(database, "BATCH_ROWS", 100)
        shop.run("create table orders (id int, at int)")
        shop.run("insert into orders values " + ", ".join(f"({number}, {number})" for number in range(500)))
        with pytest.raises(ZeroDivisionError), opened(shop.root, shop.contract(cursor="at")) as reader:
            fetch(Cut(reader, 3, lambda: 1 / 0), shop.folder)  # type: ignore[arg-type]
        assert len(shop.rows()) == 300

        assert shop.fetch(cursor="at").rows == 200
        assert sorted(row["id"] for row in shop.rows()) == list(range(500))

    def test_another_cursor_begins_anew(self, shop: Shop) -> None:
        """
        What was read by one column says nothing of another.
        """
        shop.run("create table orders (id int, at int)", "insert into orders values (1, 10), (2, 5)")
        shop.fetch(cursor="at")

        assert shop.fetch(cursor="id").rows == 2

    @pytest.mark.parametrize(
        ("kind", "values"),
        [
            ("timestamp(6) null", ("2026-01-01 10:00:00.000001", "2026-01-01 10:00:00.000002")),
            ("date", ("2026-01-01", "2026-01-02")),
            ("decimal(20, 4)", ("0.0001", "12345678901234.5678")),
            ("varchar(20)", ("a", "b")),
        ],
    )
    def test_every_kind_of_cursor_that_has_an_order(self, shop: Shop, kind: str, values: tuple[str, str]) -> None:
        """
        Moments to the microsecond, days, decimals and texts are read on from where they stood.
        """
        if (shop.engine.dialect.name, kind) == ("sqlite", "decimal(20, 4)"):
            pytest.skip("SQLite has no decimals: it keeps them as fractions in binary")
        kind = kind.removesuffix(" null") if shop.engine.dialect.name == "postgresql" else kind
        shop.run(f"create table orders (id int, at {kind})", f"insert into orders values (1, '{values[0]}')")
        shop.fetch(cursor="at")
        shop.run(f"insert into orders values (2, '{values[1]}')")

        assert (shop.fetch(cursor="at").rows, shop.fetch(cursor="at").rows) == (1, 0)

    def test_a_cursor_without_an_order_is_refused(self, shop: Shop) -> None:
        """
        Fractions in binary are no place to read on from: the value is shown.
        """
        shop.run("create table orders (id int, at double precision)", "insert into orders values (1, 0.5)")

        with pytest.raises(BadSpec, match=r"float 0\.5"):
            shop.fetch(cursor="at")


class Cut:
    """A reader to which something happens after some batches."""

    def __init__(self, reader: database.Reader, after: int, happens: Callable[[], object]) -> None:
        self._reader, self._after, self._happens = reader, after, happens
        self.contract, self.columns = reader.contract, reader.columns

    def rows(self, since: object = None) -> Iterator[Any]:
        for number, batch in enumerate(self._reader.rows(since)):
            if number == self._after:
                self._happens()
            yield batch


class TestSnapshot:
    def test_it_takes_the_place_of_the_one_before(self, shop: Shop) -> None:
        """
        One delivery, with what the table holds now; the same content is not written again.
        """
        shop.run("create table orders (id int)", "insert into orders values (1), (2)")
        assert shop.fetch() == Fetched("orders", 2, 1)
        assert shop.fetch() == Fetched("orders")

        shop.run("delete from orders where id = 1", "insert into orders values (3)")
        assert shop.fetch() == Fetched("orders", 2, 1)
        assert sorted(row["id"] for row in shop.rows()) == [2, 3]

    def test_a_query_is_read_as_it_is_written(self, shop: Shop) -> None:
        """
        Colons, percent signs, a semicolon at the end and a common table expression stay what they are.
        """
        shop.run("create table orders (id int, said varchar(20))", "insert into orders values (1, '50% :off 12:30'), (2, 'x')")
        shop.fetch(
            {"id": "integer", "said": "text"}, query="with few as (select * from orders where said like '50% :o%') select * from few;"
        )

        assert shop.rows() == [{"id": 1, "said": "50% :off 12:30"}]

    def test_a_large_table_is_read_in_bounded_memory(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        It is one delivery, written in as many parts as there are batches.
        """
        monkeypatch.setattr(database, "BATCH_ROWS", 10)
        shop.run("create table orders (id int)", "insert into orders values " + ", ".join(f"({number})" for number in range(100)))
        shop.fetch()
        (file,) = shop.folder.glob("*.parquet")

        assert pq.ParquetFile(file).num_row_groups == 10


POSTGRES = [
    ("boolean", "true", "bool", True),
    ("bigint", "-9223372036854775808", "int64", -(2**63)),
    ("numeric(10, 2)", "12.50", "decimal128(38, 2)", Decimal("12.50")),
    ("numeric", "123456789012345678901234567890.12345678", "decimal128(38, 8)", Decimal("123456789012345678901234567890.12345678")),
    ("numeric", "1234567890123456789012345678901234567890", "string", "1234567890123456789012345678901234567890"),
    ("numeric", "'NaN'", "string", "NaN"),
    ("real", "0.1", "double", 0.1),
    ("double precision", "0.1", "double", 0.1),
    ("timestamptz", "'2026-07-01 12:00:00.123456+02'", "timestamp[us, tz=UTC]", datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=UTC)),
    ("timestamp", "'2026-07-01 12:00'", "timestamp[us]", datetime(2026, 7, 1, 12)),
    ("timestamp", "'infinity'", "string", "infinity"),
    ("timestamptz", "'-infinity'", "string", "-infinity"),
    ("date", "'2026-07-01'", "date32[day]", date(2026, 7, 1)),
    ("date", "'0044-03-15 BC'", "string", "0044-03-15 BC"),
    ("interval", "'1 month 2 days'", "string", "1 mon 2 days"),
    ("time", "'24:00'", "string", "24:00:00"),
    ("jsonb", """'{"b": 1.10, "a": [1]}'""", "string", '{"a": [1], "b": 1.10}'),
    ("json", """'{"b":1.10, "b":2}'""", "string", '{"b":1.10, "b":2}'),
    ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "string", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("int[]", "'{1,null}'", "string", "{1,NULL}"),
    ("inet", "'10.0.0.1'", "string", "10.0.0.1"),
    ("int4range", "'[1,3)'", "string", "[1,3)"),
    ("bytea", "'\\xff00'", "string", "\\xff00"),
    ("text", "'ä\u2028'", "string", "ä\u2028"),
    ("char(3)", "'a'", "string", "a  "),
]
MYSQL = [
    ("bigint unsigned", "18446744073709551615", "uint64", 2**64 - 1),
    ("tinyint(1)", "2", "int64", 2),
    ("bit(1)", "b'1'", "int64", 1),
    ("bit(64)", "0xffffffffffffffff", "uint64", 2**64 - 1),
    ("decimal(65, 30)", "12345678901234567890123456789012345.1", "string", "12345678901234567890123456789012345.1" + "0" * 29),
    ("decimal(10, 2)", "12.50", "decimal128(38, 2)", Decimal("12.50")),
    ("datetime(6)", "'2026-07-01 12:00:00.123456'", "timestamp[us]", datetime(2026, 7, 1, 12, 0, 0, 123456)),
    ("datetime", "'0000-00-00 00:00:00'", "string", "0000-00-00 00:00:00"),
    ("date", "'0000-00-00'", "string", "0000-00-00"),
    ("date", "'2026-00-15'", "string", "2026-00-15"),
    ("time", "'-838:59:59'", "string", "-838:59:59"),
    ("year", "2026", "int64", 2026),
    ("double", "0.1", "double", 0.1),
    ("json", """'{"b": 1.10, "b": 2}'""", "string", '{"b": 1.10, "b": 2}'),
    ("blob", "x'ff00'", "string", "\\xff00"),
    ("varchar(10)", "'ä'", "string", "ä"),
    ("set('a','b')", "'a,b'", "string", "a,b"),
]
SQLITE = [
    ("integer", "9223372036854775807", "int64", 2**63 - 1),
    ("integer", "'x'", "string", "x"),
    ("numeric", "1.5", "double", 1.5),
    ("text", "cast(x'ff' as text)", "string", "\\xff"),
    ("blob", "x'ff00'", "string", "\\xff00"),
    ("timestamp", "'2026-07-01 12:00'", "string", "2026-07-01 12:00"),
    ("boolean", "1", "int64", 1),
]
VALUES = [
    *[("postgresql", *case) for case in POSTGRES],
    *[("mysql", *case) for case in MYSQL],
    *[("sqlite", *case) for case in SQLITE],
]


class TestValues:
    @pytest.mark.parametrize("shop", ["sqlite", "postgres", "mysql"], indirect=True)
    def test_each_arrives_as_what_it_was(self, shop: Shop) -> None:
        """
        By a type that holds it exactly, or as the text that the database writes; a null is a null, whatever the others are.
        """
        cases = [case[1:] for case in VALUES if case[0] == shop.engine.dialect.name]
        names = [f"c{place}" for place in range(len(cases))]
        null = " null" if shop.engine.dialect.name == "mysql" else ""
        made = ", ".join(f"{name} {case[0]}{null}" for name, case in zip(names, cases, strict=True))
        loose = ["set session sql_mode = ''"] if null else []
        shop.run(f"create table orders (id int, {made})", *loose, f"insert into orders values (1, {', '.join(case[1] for case in cases)})")
        shop.run("insert into orders (id) values (2)")
        shop.fetch()
        first, second = sorted(shop.rows(), key=lambda row: row["id"])

        assert {case[:2]: (shop.types()[name], first[name]) for case, name in zip(cases, names, strict=True)} == {
            case[:2]: (case[2], case[3]) for case in cases
        }
        assert set(second.values()) == {2, None}

    def test_instants_of_mysql_are_instants(self, mysql_shop: Shop) -> None:
        """
        A TIMESTAMP is the same instant whatever zone a session shows it in.
        """
        with mysql_shop.engine.begin() as connection:
            connection.exec_driver_sql("create table orders (id int, at timestamp(6))")
            connection.exec_driver_sql("set session time_zone = '+05:00'")
            connection.exec_driver_sql("insert into orders values (1, '2026-07-01 12:00')")
        mysql_shop.fetch()

        assert mysql_shop.rows() == [{"id": 1, "at": datetime(2026, 7, 1, 7, tzinfo=UTC)}]


class TestWhatIsRefused:
    def test_a_table_that_is_not_there(self, shop: Shop) -> None:
        """
        The nearest name is told; nothing is made.
        """
        shop.run("create table orders (id int)")

        with pytest.raises(UnknownName, match="no table 'ordesr'") as error:
            shop.fetch(table="ordesr")
        assert "did you mean 'orders'" in error.value.fix
        assert not shop.folder.exists()

    @pytest.mark.parametrize("said", [{"cursor": "idd"}, {}])
    def test_a_column_that_is_not_there(self, shop: Shop, said: dict[str, str]) -> None:
        """
        A column of the contract or the cursor that the table does not have is told with the nearest.
        """
        shop.run("create table orders (id int)")

        with pytest.raises(UnknownName, match="no column 'idd'") as error:
            shop.fetch(None if said else {"idd": "integer"}, **said)
        assert "did you mean 'id'" in error.value.fix

    def test_a_query_that_is_wrong(self, shop: Shop) -> None:
        """
        What the database says of it is told.
        """
        with pytest.raises(StepFailed, match="nowhere"):
            shop.fetch(query="select * from nowhere")

    def test_it_writes_nothing(self, postgres_shop: Shop) -> None:
        """
        A query that would write is refused by the database.
        """
        postgres_shop.run("create table orders (id int)")
        with pytest.raises(ShipworthyError):
            postgres_shop.fetch(query="with gone as (delete from orders returning id) select * from gone")

    @pytest.mark.parametrize(
        ("url", "error", "words"),
        [
            ("no url with s3cr3t", BadSpec, "holds no URL"),
            ("oracle://me:s3cr3t@host/db", UnknownName, "no database 'oracle'"),
            ("sqlite:///nowhere.db", Disconnected, "unable to open"),
            (f"postgresql://me:s3cr3t@{LOCAL}:{free_port()}/db", Disconnected, "refused"),
            (f"mariadb://me:s3cr3t@{LOCAL}:{free_port()}/db", Disconnected, "refused"),
        ],
        ids=["no URL", "an unknown database", "no file", "no PostgreSQL", "no MariaDB"],
    )
    def test_a_url_that_leads_nowhere(
        self, url: str, error: type[ShipworthyError], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """
        Where and what are told, never the password; a SQLite file that is not there is not made.
        """
        monkeypatch.setenv("SHOP_URL", url)
        with pytest.raises(error, match=words) as told:
            Shop(create_engine("sqlite://"), tmp_path).fetch()
        assert "s3cr3t" not in str(told.value)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("server", ["postgres", "mysql"])
    def test_a_wrong_password(self, server: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        The database says so; the password is not shown.
        """
        address = request.getfixturevalue(server).address.replace("s3cr3t", "wr0ng")
        monkeypatch.setenv("SHOP_URL", address)
        with pytest.raises(Disconnected, match=r"(?i)password|denied") as told:
            Shop(create_engine("sqlite://"), tmp_path).fetch()
        assert "wr0ng" not in str(told.value)

    def test_no_variable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        The variable that is not set is named.
        """
        monkeypatch.delenv("SHOP_URL", raising=False)
        with pytest.raises(BadSpec, match="the environment variable SHOP_URL is not set"):
            Shop(create_engine("sqlite://"), tmp_path).fetch()


def test_a_connection_that_is_lost_in_the_middle(postgres_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The error says so; what was delivered before stays, nothing half is left, and the next read goes on.
    """
    monkeypatch.setattr(fetching, "MOST_ROWS", 2000)
    monkeypatch.setattr(database, "BATCH_ROWS", 1000)
    postgres_shop.run("create table orders (id int, at int)", "insert into orders select n, n from generate_series(1, 200000) as t(n)")

    with opened(postgres_shop.root, postgres_shop.contract(cursor="at")) as reader:
        cut = Cut(reader, 5, lambda: postgres_shop.run(KILL))
        with pytest.raises(Disconnected, match="the connection was lost"):
            fetch(cut, postgres_shop.folder)  # type: ignore[arg-type]
    assert 2000 <= len(postgres_shop.rows()) < 200_000

    postgres_shop.fetch(cursor="at")
    assert {row["id"] for row in postgres_shop.rows()} == set(range(1, 200_001))


def test_what_a_driver_says_is_no_secret() -> None:
    """
    A library that shows the password in its error is not quoted with it.
    """
    error = DBAPIError("select 1", {}, Exception("cannot log in with s3cr3t"))

    assert "s3cr3t" not in database._words(make_url("postgresql://me:s3cr3t@db:5432/x"), error)
