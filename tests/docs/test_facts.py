"""Facts of the project that documents repeat."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import shipworthy

from . import pages

PYPROJECT = tomllib.loads(pages.text(Path("pyproject.toml")))
FILES = pages.documents()


def names(requirements: list[str]) -> set[str]:
    """Return the names of packages, without versions and extras."""
    return {re.split(r"[\[<>=~! ]", said)[0] for said in requirements}


def test_every_dependency_has_its_reason() -> None:
    """
    The architecture has one line for each dependency, extras too, and for nothing else.
    """
    extras = [said for one in PYPROJECT["project"]["optional-dependencies"].values() for said in one]
    table = pages.text(Path("ARCHITECTURE.md")).partition("## Dependencies")[2]
    lines = [[cell.strip() for cell in line.split("|")[1:3]] for line in table.splitlines() if line.startswith("| ")][1:]

    assert {name for name, _ in lines} - {"---"} == names([*PYPROJECT["project"]["dependencies"], *extras])
    assert all(reason for _, reason in lines)


def test_what_is_installed_here_has_every_extra_but_that_of_mlflows_pages() -> None:
    """
    A new extra is in `make lock`, and so in the tests; MLflow's pages alone are not, since they hold other packages back.
    """
    named = re.search(r"^EXTRAS := ([a-z -]+)", pages.text(Path("Makefile")), re.MULTILINE)

    assert named is not None
    assert {*named[1].split(), "mlflow-ui"} == PYPROJECT["project"]["optional-dependencies"].keys()


def test_the_changelog_begins_with_this_version() -> None:
    """
    The newest entry, the package and its metadata are of one version.
    """
    newest = re.search(r"^## \[([^\]]+)\]", pages.text(Path("CHANGELOG.md")), re.MULTILINE)

    assert newest is not None
    assert newest[1] == shipworthy.__version__ == PYPROJECT["project"]["version"]


def test_the_licence_is_the_one_that_is_declared() -> None:
    """
    The licence's text is there, and the metadata name it.
    """
    assert PYPROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0, January 2004" in pages.text(Path("LICENSE"))


@pytest.mark.parametrize("file", FILES, ids=str)
def test_yaml_and_json_in_code_blocks_can_be_read(file: Path) -> None:
    """
    Each block that says it is YAML or JSON is.
    """
    for block in pages.blocks(pages.text(file), "yaml"):
        yaml.safe_load(block)
    for block in pages.blocks(pages.text(file), "json"):
        json.loads(block)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_python_in_code_blocks_can_be_compiled(file: Path) -> None:
    """
    Each block that says it is Python is.
    """
    for block in pages.blocks(pages.text(file), "python"):
        compile(block, str(file), "exec")
