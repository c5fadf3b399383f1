"""Every generic test of the dbt package, by the real dbt on DuckDB, all cases in one project."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipworthy.gateways import engine

PACKAGE = Path(str(files("shipworthy") / "dbt_package"))
TESTS = sorted(file.stem for file in (PACKAGE / "macros" / "generic_tests").glob("*.sql"))
MOMENT = "2026-01-01T00:00:00+00:00"
PLUGIN = {"module": "shipworthy.gateways.lake_plugin"}
OUTPUT = {"type": "duckdb", "path": "cases.duckdb", "threads": 1, "plugins": [PLUGIN]}
PROFILE = {"cases": {"target": "dev", "outputs": {"dev": OUTPUT}}}
PROJECT = {"name": "cases", "version": "1.0.0", "profile": "cases", "flags": {"send_anonymous_usage_stats": False}}


def case(test: str) -> dict[str, Any]:
    """Return the good and bad rows of `test`."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(f"{test}.yml").read_text())
    return loaded


def tables(test: str) -> Iterator[tuple[str, str]]:
    """Yield name and SQL of each table that `test` is tried on."""
    said = case(test)
    yield f"{test}__good", said["good"]
    bad = [said["bad"]] if "bad" in said else said["bad_tables"]
    yield from ((f"{test}__bad_{number}", sql) for number, sql in enumerate(bad))


def described(test: str, table: str) -> dict[str, Any]:
    """Return the dbt properties of `table`, with `test` on it."""
    return {"name": table, "data_tests": [{f"shipworthy.{test}": {"name": f"on_{table}", "arguments": case(test)["arguments"]}}]}


def write_project(folder: Path) -> None:
    """Write one dbt project with all cases, and the package as a team would keep it."""
    shutil.copytree(PACKAGE, folder / "shipworthy_dbt")
    written = {"packages.yml": {"packages": [{"local": "shipworthy_dbt"}]}, "profiles.yml": PROFILE, "dbt_project.yml": PROJECT}
    cases = [(test, table, sql) for test in TESTS for table, sql in tables(test)]
    written["models/cases.yml"] = {"models": [described(test, table) for test, table, _ in cases]}
    (folder / "models").mkdir()
    for name, content in written.items():
        (folder / name).write_text(yaml.safe_dump(content))
    for _, table, sql in cases:
        (folder / "models" / f"{table}.sql").write_text(sql)


def dbt(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run dbt in `folder`."""
    pins = folder / "pins.json"
    pins.write_text(json.dumps({"as_of": MOMENT}))
    command = [str(Path(sys.executable).with_name("dbt")), *words, "--profiles-dir", "."]
    environment = {**os.environ, "SHIPWORTHY_PINS": str(pins)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int | None]:
    """Return how many rows each test gave back, by table; and under `rows of <table>` how many it looked at."""
    folder = tmp_path_factory.mktemp("cases")
    write_project(folder)
    deps = dbt(folder, "deps")
    assert deps.returncode == 0, deps.stdout
    build = dbt(folder, "build")
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    assert not [result for result in results if result["status"] == "error"], build.stdout
    tried = [result for result in results if result["unique_id"].startswith("test.")]
    found = {result["unique_id"].split(".")[2].removeprefix("on_"): result["failures"] for result in tried}
    with engine.warehouse(folder / "cases.duckdb") as warehouse:
        counted = {f"rows of {table}": warehouse.execute(f"select count(*) from {table}").fetchall()[0][0] for table in found}
    return found | counted


@pytest.mark.parametrize("test", TESTS)
class TestEveryGenericTest:
    def test_it_says_what_it_fires_on(self, test: str) -> None:
        """
        The file holds one test of its own name and one sentence about when it fires.
        """
        text = (PACKAGE / "macros" / "generic_tests" / f"{test}.sql").read_text()

        assert text.count("{% test ") == 1
        assert f"{{% test {test}(" in text
        assert "Fires when" in text

    @pytest.mark.journey
    def test_good_rows_pass(self, test: str, built: dict[str, int | None]) -> None:
        """
        Rows without a fault give nothing back.
        """
        assert built[f"rows of {test}__good"]
        assert built[f"{test}__good"] == 0

    @pytest.mark.journey
    def test_every_bad_row_is_caught(self, test: str, built: dict[str, int | None]) -> None:
        """
        Each bad row comes back, and of bad tables each one: a test that lets one through checks nothing.
        """
        for table, _ in tables(test):
            if "__bad_" in table:
                expected = built[f"rows of {table}"] if "bad" in case(test) else 1
                assert built[table] == expected, table


def test_a_case_belongs_to_each_test_and_a_test_to_each_case() -> None:
    """
    A generic test without its bad rows is not proven, and a case without a test is left over.
    """
    assert sorted(file.stem for file in Path(__file__).parent.glob("*.yml")) == TESTS
