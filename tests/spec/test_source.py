"""Contracts: what contradicts itself is refused when it is read, with its line, and the nearest name."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shipworthy.errors import BadSpec, ShipworthyError, UnknownName
from shipworthy.spec.load import load
from shipworthy.spec.project import find, source, sources
from shipworthy.spec.source import SourceSpec

GOOD: dict[str, Any] = {
    "source": "orders",
    "path": "data/orders*.csv",
    "key": ["id"],
    "known_time": "at",
    "columns": {"id": {"type": "integer"}, "at": {"type": "timestamp"}, "day": {"type": "date"}, "said": {"type": "text"}},
}
DATABASE = {"url_from": "ORDERS_URL", "table": "orders", "cursor": "id"}
STREAM = {"broker": "kafka", "address_from": "KAFKA", "topic": "orders"}


def read(folder: Path, **changes: Any) -> SourceSpec:
    file = folder / "orders.yml"
    file.write_text(yaml.safe_dump({key: value for key, value in (GOOD | changes).items() if value is not None}))
    return load(file, SourceSpec)


def refused(folder: Path, **changes: Any) -> ShipworthyError:
    with pytest.raises(ShipworthyError) as error:
        read(folder, **changes)
    return error.value


@pytest.mark.parametrize(
    "places",
    [
        {"path": "data/*.csv"},
        {"path": "data/*.csv", "stream": STREAM},
        {"path": None, "database": DATABASE},
        {"path": None, "database": DATABASE, "stream": STREAM},
        {"path": None, "stream": STREAM},
    ],
)
def test_a_source_comes_from_files_a_database_or_a_stream(tmp_path: Path, places: dict[str, Any]) -> None:
    """
    A stream may stand beside the batch load of the same table: one contract serves both.
    """
    assert read(tmp_path, **places).source == "orders"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"path": None}, "a source comes from somewhere"),
        ({"database": DATABASE}, "'path' or 'database', not both"),
        ({"path": None, "database": DATABASE | {"query": "select 1"}}, "by 'table' or by 'query'"),
        ({"key": ["idd"]}, "no column 'idd'; did you mean 'id'?"),
        ({"known_time": "att"}, "no column 'att'; did you mean 'at'?"),
        ({"known_time": "day"}, "the known time 'day' is no timestamp"),
        ({"known_time": None, "freshness": "1 day"}, "'freshness' is measured by 'known_time'"),
        ({"period": {"column": "said"}}, "the column of 'period' is no date"),
        ({"format": "csv", "sheet": "May"}, "a csv file has no 'sheet'"),
        ({"format": "excel", "delimiter": ";"}, "a excel file has no 'delimiter'"),
        ({"quarantine_at_most": 5}, "'quarantine_at_most' is 5"),
    ],
)
def test_what_contradicts_itself_is_told(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    """
    Fields that cannot both be so, and names that are no columns, before any file is opened.
    """
    assert words in str(refused(tmp_path, **changes))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"type": "text", "format": "%d"}, "a text has no 'format'"),
        ({"type": "date", "zone": "Europe/Berlin"}, "a date has no 'zone'"),
        ({"type": "timestamp", "zone": "Europe/Berln"}, "no time zone 'Europe/Berln'"),
        ({"type": "date", "format": "dd/mm/yyyy"}, "'dd/mm/yyyy' is no format of a date: write what strptime reads"),
        ({"type": "number", "format": "comma"}, "'comma' is no format of a number: write one of '1,5'"),
        ({"type": "text", "minimum": 1}, "a text has no 'minimum'"),
        ({"type": "number", "minimum": 3, "maximum": 2}, "the minimum 3.0 is above the maximum 2.0"),
        ({"type": "date", "maximum": 3}, "of a date are of another type"),
        ({"type": "date", "allowed": [1]}, "a date has no 'allowed'"),
        ({"type": "text", "allowed": [1]}, "'allowed' of a text are texts"),
        ({"type": "integer", "allowed": ["one"]}, "'allowed' of a integer are numbers"),
    ],
)
def test_a_column_that_contradicts_its_type_is_told(tmp_path: Path, column: dict[str, Any], words: str) -> None:
    """
    A format of another type, a zone that is none, limits that nothing can lie between.
    """
    error = refused(tmp_path, columns=GOOD["columns"] | {"extra": column})

    assert words in error.what
    assert "columns.extra" in error.what


def test_a_slip_in_a_column_is_told_with_the_nearest_key(tmp_path: Path) -> None:
    """
    The names of columns are the project's; what is written below each is ours.
    """
    error = refused(tmp_path, columns={"id": {"type": "integer", "requird": True}, "at": {"type": "timestamp"}})

    assert isinstance(error, UnknownName)
    assert "did you mean 'required'?" in error.fix


def test_a_secret_written_in_place_of_its_name_is_not_shown(tmp_path: Path) -> None:
    """
    Who writes the URL itself is told that the name of a variable is wanted, and the password stays where it is.
    """
    error = refused(tmp_path, path=None, database=DATABASE | {"url_from": "postgresql://ana:s3cr3t@db/shop"})

    assert isinstance(error, BadSpec)
    assert "s3cr3t" not in str(error)
    assert "The environment variable" in error.fix


def test_limits_of_a_date_are_dates(tmp_path: Path) -> None:
    """
    As YAML reads them: a date, or a moment for a timestamp.
    """
    columns = GOOD["columns"] | {"day": {"type": "date", "minimum": "2013-01-01"}}
    file = tmp_path / "orders.yml"
    file.write_text(yaml.safe_dump(GOOD | {"columns": columns}).replace("'2013-01-01'", "2013-01-01"))

    assert str(load(file, SourceSpec).columns["day"].minimum) == "2013-01-01"


@pytest.mark.parametrize(("column", "needed"), [("id", True), ("at", True), ("day", False), ("said", False)])
def test_what_names_a_row_or_dates_it_is_never_null(tmp_path: Path, column: str, needed: bool) -> None:
    """
    A row without its key cannot be told from others, one without its known time would count for ever or never.
    """
    assert read(tmp_path).needs(column) is needed


def test_a_source_goes_by_the_name_of_its_file(tmp_path: Path) -> None:
    """
    Two names for one table would part it from its history; an unknown one is answered with the nearest.
    """
    (tmp_path / "shipworthy.yml").write_text("{}\n")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "orders.yml").write_text(yaml.safe_dump(GOOD))
    project = find(tmp_path)
    assert source(project, "orders").key == ["id"]
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        source(project, "order")

    (tmp_path / "sources" / "orders.yml").rename(tmp_path / "sources" / "sales.yml")
    with pytest.raises(BadSpec, match=r"source 'orders' lies in file 'sales\.yml'"):
        sources(project)
