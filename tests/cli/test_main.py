"""The command line: exit codes, data on stdout and nothing else, the nearest name, a light start."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.cli.main import COMMANDS, cli

from ..conftest import MODEL, TRAINED, Said, Shop

Command = Callable[..., Said]
HEAVY = ("duckdb", "deltalake", "dbt", "mlflow", "lightgbm", "pandas", "numpy", "pyarrow", "sqlalchemy", "fastapi", "pydantic", "altair")


def test_help_loads_nothing_heavy() -> None:
    """
    The list of commands is read without importing what they need.
    """
    asked = "import sys; sys.argv = ['shipworthy', '--help']\nfrom shipworthy.cli.main import cli\ncli.main(standalone_mode=False)\n"
    told = f"print(*sorted({set(HEAVY)!r} & set(sys.modules)), file=sys.stderr)"

    said = subprocess.run([sys.executable, "-c", asked + told], capture_output=True, text=True, check=True)

    assert said.stderr.strip() == ""
    assert all(file.stem.replace("_", "-") in said.stdout for file in COMMANDS.glob("[a-z]*.py"))


@pytest.mark.parametrize("name", cli.list_commands(None))  # type: ignore[arg-type]
def test_every_command_says_what_it_does(name: str, command: Command) -> None:
    """
    `--help` of each command ends well and shows its options.
    """
    said = command(name, "--help")

    assert said.code == 0
    assert "Usage: shipworthy" in said.out or f"Usage: {name}" in said.out or "--help" in said.out


def test_an_unknown_command_is_answered_with_the_nearest(command: Command) -> None:
    """
    A mistyped command gets the name that was meant, on stderr, and exit code 2.
    """
    said = command("trian")

    assert (said.code, said.out) == (2, "")
    assert "no command 'trian'" in said.err
    assert "did you mean 'train'?" in said.err


@pytest.mark.parametrize("arguments", [["train"], ["build", "--as-of", "yesterday"], ["build", "--no-such-option"]])
def test_a_wrong_option_is_told_with_the_usage(arguments: list[str], command: Command) -> None:
    """
    What the command line cannot read is exit code 2, said on stderr.
    """
    said = command(*arguments)

    assert (said.code, said.out) == (2, "")
    assert "Error" in said.err


def test_outside_a_project_both_ways_in_are_told(tmp_path: Path, command: Command) -> None:
    """
    Where there is no project the error says how to get one.
    """
    for verb in ("check", "ledger", "doctor"):
        said = command(verb, "--project", tmp_path)
        assert (said.code, said.out) == (2, "")
        assert "shipworthy init" in said.err


def test_json_is_all_that_is_on_stdout(promoted: Shop, command: Command) -> None:
    """
    With `--json` stdout is one JSON document; what is said on the way goes to stderr.
    """
    verbs = {
        "build": ["--as-of", TRAINED.isoformat()], f"score {MODEL}": ["--as-of", "2026-06-13"], "monitor": ["--as-of", "2026-05-14"],
        "check": ["--as-of", TRAINED.isoformat()], "ledger": [], "doctor": [], f"retrain {MODEL}": ["--as-of", "2026-05-14"],
        f"train {MODEL}": ["--as-of", TRAINED.isoformat()], f"promote {MODEL}": ["--version", "2", "--why", "again"],
    }  # fmt: skip
    for verb, options in verbs.items():
        said = command(*verb.split(), "--project", promoted.root, "--json", *options)
        assert said.code in (0, 1), f"{verb}: {said.err}"
        json.loads(said.out)


def test_sound_is_zero_and_refused_is_one(promoted: Shop, command: Command) -> None:
    """
    A sound verb exits with 0, a refused one with 1, in words that name the gate.
    """
    sound = command("train", MODEL, "--project", promoted.root, "--as-of", TRAINED.isoformat())
    promoted.rewrite(f"ml/{MODEL}/model.yml", "num_iterations: 150", "num_iterations: 1")
    refused = command("train", MODEL, "--project", promoted.root, "--as-of", TRAINED.isoformat())
    unpromoted = command("promote", MODEL, "--project", promoted.root, "--version", "3", "--why", "hope")

    assert (sound.code, refused.code, unpromoted.code) == (0, 1, 1)
    assert "beats_rule" in refused.out
    assert "beats_rule" in unpromoted.out + unpromoted.err
