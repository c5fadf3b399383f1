"""The template's tables, built as of a moment and built later: what was known at the moment is the same in both."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from shipworthy.data.generated import landed_yaml
from shipworthy.gateways import transform
from shipworthy.gateways.engine import warehouse
from shipworthy.spec.project import find, sources

from .conftest import TEMPLATE, Tables

pytestmark = pytest.mark.journey

CUT, LATER, END = "2013-02-12T16:30:00+00:00", "2013-02-20T03:10:00+00:00", pd.Timestamp("2013-02-21", tz="UTC")
KNOWN = {
    model["name"]: model["config"]["meta"]["shipworthy"]["known_time"]
    for folder in ("features", "decisions", "labels", "marts")
    for model in yaml.safe_load((TEMPLATE / "models" / folder / f"{folder}.yml").read_text())["models"]
    if "known_time" in model["config"]["meta"]["shipworthy"]
}


@pytest.fixture(scope="module")
def project(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with the first seven weeks of its data."""
    root = tmp_path_factory.mktemp("as_of") / "flights"
    shutil.copytree(TEMPLATE, root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TEMPLATE.parents[1] / "dbt_package", root / "shipworthy_dbt")
    (root / "data").mkdir()
    contracts = sources(find(root))
    for name, contract in contracts.items():
        rows = tables[name]
        (rows[rows[contract.known_time] < END] if contract.known_time else rows).to_parquet(root / contract.path, index=False)
    (root / "models" / "shipworthy").mkdir()
    (root / "models" / "shipworthy" / "_landed.yml").write_text(landed_yaml(contracts.values()))
    transform.dependencies(root, warehouse=root / "any.duckdb", log=root / "deps.log")
    return root


@pytest.fixture(scope="module")
def builds(project: Path) -> dict[str, Path]:
    """The warehouse as of each moment; the later one has passed all dbt tests."""
    files = {name: [str(project / contract.path)] for name, contract in sources(find(project)).items()}
    pins, built = project / "pins.json", project / "built.duckdb"
    for as_of in (CUT, LATER):
        pins.write_text(json.dumps({"as_of": as_of, "sources": files}))
        tests = as_of == LATER
        nodes = transform.build(project, warehouse=built, target=project / "target", log=project / "dbt.log", pins=pins, tests=tests)
        assert nodes.failed == {}
        shutil.copy(built, project / f"{as_of[:10]}.duckdb")
    return {as_of: project / f"{as_of[:10]}.duckdb" for as_of in (CUT, LATER)}


def known_by_the_cut(file: Path, relation: str) -> list[tuple[object, ...]]:
    with warehouse(file) as connection:
        rows = connection.execute(f"select * from {relation} where {KNOWN[relation]} <= timestamptz '{CUT}' order by all").fetchall()
    return list(rows)


@pytest.mark.parametrize("relation", KNOWN)
def test_what_was_known_at_a_moment_never_changes(relation: str, builds: dict[str, Path]) -> None:
    """
    The rows known by the cut are the same, none more and none less, when eight more days have become known.
    """
    then, later = (known_by_the_cut(builds[as_of], relation) for as_of in (CUT, LATER))

    assert then
    assert then == later


@pytest.mark.parametrize("relation", KNOWN)
def test_nothing_is_known_before_its_time(relation: str, builds: dict[str, Path]) -> None:
    """
    A build as of a moment has no row that is known after it: no hour and no day that is not over.
    """
    with warehouse(builds[CUT]) as connection:
        latest = connection.execute(f"select count(*) filter (where {KNOWN[relation]} > timestamptz '{CUT}') from {relation}").fetchall()

    assert latest == [(0,)]
