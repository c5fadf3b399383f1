"""Writes a small dbt project around a real data set, as a team would: contracts, SQL, YAML, a spec."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ..conftest import PROJECTS, Shop, opened


def project(
    folder: Path,
    *,
    files: Mapping[str, str],
    sources: Mapping[str, Mapping[str, Any]],
    models: Mapping[str, str],
    about: list[dict[str, Any]],
    specs: Mapping[str, Mapping[str, Any]],
) -> Shop:
    """Return a project in `folder`, opened.

    Args:
        folder: where to; made.
        files: the SQL (DuckDB, rows kept in order) and the options of each data file, as `path: (sql)|options`.
        sources: the contract of each landed table.
        models: the SQL of each dbt model.
        about: what dbt's YAML says of the models.
        specs: the spec of each ML model.
    """
    for name in ("dbt_project.yml", "profiles.yml", "packages.yml", "shipworthy.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECTS / "shop" / name, folder / name)
    _write_data(folder, files)
    _say(folder / "models" / "models.yml", {"models": about})
    for name, contract in sources.items():
        _say(folder / "sources" / f"{name}.yml", {"source": name, **contract})
    for name, sql in models.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    for name, spec in specs.items():
        _say(folder / "ml" / name / "model.yml", {"model": name, **spec})
    return opened(folder)


def _write_data(folder: Path, files: Mapping[str, str]) -> None:
    (folder / "data").mkdir()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, asked in files.items():
            sql, _, options = asked.rpartition("|")
            connection.execute(f"copy {sql} to '{folder / 'data' / name}' ({options})")


def _say(file: Path, said: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(dict(said), sort_keys=False))


def described(**columns: str) -> list[dict[str, Any]]:
    """Return what dbt's YAML says of columns that only have a description."""
    return [{"name": name, "description": words} for name, words in columns.items()]
