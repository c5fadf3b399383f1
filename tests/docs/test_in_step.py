"""The generated parts of the documents."""

import doctest
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from . import pages


@pytest.fixture
def in_step() -> ModuleType:
    """
    The script, as a module of its own for each test.
    """
    spec = spec_from_file_location("in_step", pages.ROOT / "docs" / "in_step.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copy(to: Path) -> Path:
    """Return a copy of what the script reads and writes."""
    for folder in ("docs", "tests/dbt"):
        shutil.copytree(pages.ROOT / folder, to / folder)
    for name in ("pyproject.toml", "ARCHITECTURE.md"):
        shutil.copy(pages.ROOT / name, to / name)
    return to


def test_the_documents_are_in_step(in_step: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is generated says what the code says today.
    """
    code = in_step.main(["--check"])

    assert capsys.readouterr().err == ""
    assert code == 0


def test_a_page_out_of_step_is_named_with_the_fix_and_mended_by_it(
    in_step: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A changed page fails the check by its name, nothing is written by it, and the script without options mends it.
    """
    in_step.ROOT = copy(tmp_path)
    in_step.main([])
    page = tmp_path / "docs" / "commands.md"
    whole = page.read_text(encoding="utf-8")
    page.write_text(whole.replace("## train", "## trane"), encoding="utf-8")

    assert in_step.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/commands.md: out of step with the code\n  fix: make fix\n"
    assert "## trane" in page.read_text(encoding="utf-8")
    assert in_step.main([]) == 0
    assert page.read_text(encoding="utf-8") == whole


def test_a_contract_that_moved_is_seen_in_the_architecture(in_step: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A floor that is renamed in pyproject.toml puts ARCHITECTURE.md out of step.
    """
    in_step.ROOT = copy(tmp_path)
    in_step.main([])
    contract = tmp_path / "pyproject.toml"
    contract.write_text(contract.read_text(encoding="utf-8").replace('  "logbook",', '  "diary",'), encoding="utf-8")

    assert in_step.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("ARCHITECTURE.md: out of step")


def test_the_examples_of_the_script_are_true(in_step: ModuleType) -> None:
    """
    Its doctests pass, and there are some.
    """
    tried = doctest.testmod(in_step)

    assert tried.attempted > 0
    assert tried.failed == 0
