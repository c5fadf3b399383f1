"""Prepares a dbt project for dbt: what is generated into it, and our package of tests."""

import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from shipworthy.data.generated import exposures_yaml, lake_yaml, landed_yaml
from shipworthy.flows.written import WRITTEN
from shipworthy.gateways import transform
from shipworthy.gateways.pins import PLUGIN
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, sources

VENDORED = "shipworthy_dbt"


def prepare(project: Project, specs: Mapping[str, ModelSpec], status: Mapping[str, Mapping[str, Any]], tables: Mapping[str, str]) -> None:
    """Write into the dbt project what is generated: our tests, the sources we write, an exposure for each model.

    Args:
        project: where to.
        specs: its models.
        status: what its exposure says of each model.
        tables: the kind of each table that we write, by the name of its dbt source.
    """
    folder = generated_folder(project.root)
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / "_landed.yml", landed_yaml(sources(project).values()) if sources(project) else None)
    _put(folder / "_exposures.yml", exposures_yaml(specs.values(), status) if specs else None)
    _put(folder / "_shipworthy.yml", lake_yaml(tables, WRITTEN) if plugged(project) else None)
    if vendor_ours(project.root) or not (project.root / "dbt_packages" / "shipworthy").exists():
        _depend(project)


def vendor_ours(root: Path) -> bool:
    """Copy our dbt package into the project `root`; return whether anything was new."""
    with as_file(files("shipworthy") / "dbt_package") as package:
        return vendor(package, root / VENDORED)


def generated_folder(root: Path) -> Path:
    """Return the folder of what is generated into a dbt project: below the first of its model paths."""
    said = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8")) or {}
    return root / str((said.get("model-paths") or ["models"])[0]) / "shipworthy"


def _depend(project: Project) -> None:
    packages = project.root / "packages.yml"
    if not packages.exists():
        packages.write_text(f"packages:\n  - local: {VENDORED}\n", encoding="utf-8")
    if VENDORED in packages.read_text(encoding="utf-8"):
        transform.dependencies(project.root, warehouse=project.warehouse, log=project.state / "logs" / "dbt-deps.log")


def vendor(package: Path, vendored: Path) -> bool:
    """Copy `package` to the folder `vendored`; return whether anything was new."""
    wanted = {
        path.relative_to(package): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and path.suffix in (".sql", ".yml", ".md")
    }
    there = (
        {path.relative_to(vendored): path.read_bytes() for path in sorted(vendored.rglob("*")) if path.is_file()}
        if vendored.is_dir()
        else {}
    )
    if wanted == there:
        return False
    shutil.rmtree(vendored, ignore_errors=True)
    for path, content in wanted.items():
        (vendored / path).parent.mkdir(parents=True, exist_ok=True)
        (vendored / path).write_bytes(content)
    return True


def _put(file: Path, text: str | None) -> None:
    """Write `text` where it differs, so that dbt's partial parsing keeps its memory; no text, no file."""
    if text is None:
        file.unlink(missing_ok=True)
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def plugged(project: Project) -> bool:
    """Return whether the project's own profile shows the lake to dbt."""
    profiles = project.root / "profiles.yml"
    return profiles.is_file() and PLUGIN in profiles.read_text(encoding="utf-8")
