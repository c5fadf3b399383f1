"""`init`: a whole project from a template, or what an existing dbt project needs, proposed for a person to correct."""

import json
import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from shipworthy.errors import BadSpec, ShipworthyError, UnknownName
from shipworthy.spec.schema import write_schemas

TEMPLATES = files("shipworthy") / "templates"
DATA_MAKER = "make_data.py"
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", ".shipworthy", "data", "target", "dbt_packages", "logs")


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, in the order of writing, and what to do next.

    `kept` are files that were there and stay as they were, `questions` what only a person can answer.
    """

    folder: Path
    written: tuple[Path, ...]
    then: str
    kept: tuple[Path, ...] = ()
    questions: tuple[str, ...] = ()


def templates() -> list[str]:
    """Return the names of all templates: each folder with a `shipworthy.yml` is one."""
    return sorted(entry.name for entry in TEMPLATES.iterdir() if (entry / "shipworthy.yml").is_file())


def from_template(name: str, folder: Path) -> Started:
    """Make the project `folder` from the template `name`, with its data.

    A folder that a template was copied to before is left as it stands, but for data that is missing.

    Raises:
        UnknownName: no such template.
        ShipworthyError: the folder holds something else, or the template's data cannot be had.
    """
    if name not in templates():
        raise UnknownName.of("template", name, known=templates(), where="shipworthy init")
    if not (folder / "shipworthy.yml").exists():
        if folder.exists() and any(folder.iterdir()):
            raise ShipworthyError(where=str(folder), what="is not empty", fix="name a new folder")
        with as_file(TEMPLATES / name) as template:
            _copy(template, folder)
    _make_data(folder)
    return Started(folder, tuple(sorted(path for path in folder.rglob("*") if path.is_file())), f"cd {folder} && shipworthy run")


def _copy(template: Path, folder: Path) -> None:
    """Copy to a folder beside, then rename: a killed copy leaves no half of a project."""
    beside = folder.with_name(f".{folder.name}.copying")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(template, beside, ignore=LEFT_BEHIND)
    write_schemas(beside)
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)


def _make_data(folder: Path) -> None:
    maker = folder / DATA_MAKER
    if not maker.is_file() or (folder / "data").is_dir():
        return
    spec = spec_from_file_location("make_data", maker)
    if spec is None or spec.loader is None:
        raise BadSpec(where=str(maker), what="cannot be imported", fix="write a Python file with a function make(folder)")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    beside = folder / ".data"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    module.make(beside)
    (beside / "data").rename(folder / "data")
    beside.rmdir()


def dbt_project(folder: Path) -> bool:
    """Return whether `folder` holds a dbt project."""
    return (folder / "dbt_project.yml").is_file()


def read_manifest(target: Path) -> dict[str, object]:
    """Return dbt's manifest in `target` as it stands."""
    found: dict[str, object] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return found
