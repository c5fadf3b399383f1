"""The floors of the house: the import contract breaks where it should, and nothing grows out of its room."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "shipworthy"
WRITTEN = [file for file in SOURCES.rglob("*.py") if "migrations" not in file.parts]
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 30

PLANTED = {
    "data/stray.py": "import duckdb\nfrom shipworthy.checks.base import Check\n",
    "families.py": "from shipworthy.gateways import lake\n",
    "flows/stray.py": "import click\nimport mlflow\nimport deltalake\nimport sqlglot\nimport python_calamine\n"
    "import confluent_kafka\nimport nats\nimport pika\nimport redis\nimport psycopg\nimport pymysql\n"
    "import sklearn\nimport skops\nimport fairlearn\nimport optuna\n",
    "cellar/__init__.py": "",
}


def linted(folder: Path) -> str:
    """Return what import-linter says of the package in `folder`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    said = subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False)
    assert said.returncode in (0, 1), said.stderr
    return said.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the package with imports that must not be."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(SOURCES, folder / "shipworthy", ignore=shutil.ignore_patterns("__pycache__", "templates", "static"))
    for name, text in PLANTED.items():
        file = folder / "shipworthy" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return linted(folder)


@pytest.mark.parametrize(
    "breach",
    [
        "shipworthy.data.stray -> duckdb",
        "shipworthy.flows.stray -> click",
        "shipworthy.flows.stray -> mlflow",
        "shipworthy.flows.stray -> deltalake",
        "shipworthy.flows.stray -> sqlglot",
        "shipworthy.flows.stray -> python_calamine",
        "shipworthy.flows.stray -> confluent_kafka",
        "shipworthy.flows.stray -> nats",
        "shipworthy.flows.stray -> pika",
        "shipworthy.flows.stray -> redis",
        "shipworthy.flows.stray -> psycopg",
        "shipworthy.flows.stray -> pymysql",
        "shipworthy.flows.stray -> sklearn",
        "shipworthy.flows.stray -> skops",
        "shipworthy.flows.stray -> fairlearn",
        "shipworthy.flows.stray -> optuna",
        "shipworthy.data.stray -> shipworthy.checks.base",
        "shipworthy.families -> shipworthy.gateways",
        "cellar",
    ],
)
def test_an_import_that_must_not_be_is_found(breach: str, planted: str) -> None:
    """
    A foreign power by the window, a room on the same floor, a floor above, a package without a floor: each is told by name.
    """
    assert breach in planted


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of `file` and the lines of its body, docstring apart."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield f"{file.relative_to(SOURCES)}: {node.name}", (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_outgrows_its_reader() -> None:
    """
    No file has more than 400 lines.
    """
    long = {str(file.relative_to(SOURCES)): len(file.read_text(encoding="utf-8").splitlines()) for file in WRITTEN}

    assert {file: lines for file, lines in long.items() if lines > MOST_LINES} == {}


def test_no_function_does_too_much() -> None:
    """
    No function's body has more than 30 lines.
    """
    lengths = dict(found for file in WRITTEN for found in functions(file))

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}
