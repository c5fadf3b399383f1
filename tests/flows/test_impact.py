"""What a change of a project touches: with the real git, the real dbt, and no warehouse."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def committed(unbuilt: Path) -> Path:
    """The shop before anything was built, with one commit, a dashboard, and a model that asks the warehouse."""
    (unbuilt / ".gitignore").write_text("data/\n.shipworthy/\n")
    (unbuilt / "models" / "asking.sql").write_text(
        "select {{ run_query('select 1').columns[0].values()[0] if execute else 0 }} as one from {{ ref('orders') }}"
    )
    (unbuilt / "models" / "board.yml").write_text(
        "exposures:\n  - {name: wall, type: dashboard, owner: {email: ceo@example.org}, depends_on: [ref('kpi_daily')]}\n"
    )
    git(unbuilt, "init")
    git(unbuilt, "add", "-A")
    git(unbuilt, "commit", "-m", "first")
    return unbuilt


@pytest.mark.journey
def test_the_working_tree_is_compared_with_a_revision_without_a_build(committed: Path, command: Command) -> None:
    """
    A changed expression reaches features, model and dashboard; nothing is written into the project; what asks the warehouse is told.
    """
    sql = committed / "models" / "deliveries.sql"
    sql.write_text("-- in minutes\n" + sql.read_text().replace("delivered_at, minutes,", "delivered_at, minutes + 1 as minutes,"))
    before = sorted(committed.rglob("*"))

    said = command("impact", "--project", committed, "--json")

    found = json.loads(said.out)
    assert said.code == 1
    assert [(one["what"], one["subject"], one["column"]) for one in found["changes"]] == [("computed", "deliveries", "minutes")]
    assert [(one["kind"], one["name"]) for one in found["touched"]] == [
        ("model", MODEL), ("label", f"{MODEL}.label"), ("metric", "kpi_daily.late_share"), ("predictions", f"predictions_{MODEL}"),
        ("exposure", "wall"),
    ]  # fmt: skip
    assert found["untold"] == {"asking": "its template asks the warehouse, and none is asked here"}
    assert sorted(committed.rglob("*")) == before


@pytest.mark.journey
def test_a_side_that_dbt_cannot_read_is_an_error_that_speaks_of_it(committed: Path, command: Command) -> None:
    """
    It names the side and dbt's words, and no folder that is gone.
    """
    (committed / "models" / "late.sql").write_text("select * from {{ ref('no_such_model') }}")

    said = command("impact", "--project", committed)

    assert said.code == 2
    assert "the working tree" in said.err
    assert "no_such_model" in said.err
    assert "/shipworthy-" not in said.err


@pytest.fixture
def manifests(promoted: Shop) -> tuple[Path, Path]:
    """The manifest of the shop in which version 2 answers, and one in which a filter was put before its queue."""
    first = promoted.project.state / "dbt" / "manifest.json"
    said = json.loads(first.read_text())
    queue = said["nodes"]["model.shop.shop_queue"]
    queue["compiled_code"] += " where waiting < 100"
    queue["raw_code"] += " where waiting < 100"
    second = promoted.root / "after.json"
    second.write_text(json.dumps(said))
    return first, second


def test_two_manifests_are_compared_and_the_service_comes_first(promoted: Shop, manifests: tuple[Path, Path], command: Command) -> None:
    """
    The version that answers now is the worst that is touched; Markdown and text say the same.
    """
    arguments = ("impact", "--project", promoted.root, "--before", manifests[0], "--after", manifests[1])
    text, markdown = command(*arguments), command(*arguments, "--markdown")

    assert text.code == markdown.code == 1
    assert text.out.index(f"{MODEL}@2") < text.out.index(f"{MODEL}.waiting")
    assert f"| `{MODEL}@2` | answers in production" in markdown.out
    assert "shop_queue → " in markdown.out


def test_the_same_manifest_touches_nothing(promoted: Shop, manifests: tuple[Path, Path], command: Command) -> None:
    """
    It says so, and the exit code too.
    """
    said = command("impact", "--project", promoted.root, "--before", manifests[0], "--after", manifests[0])

    assert said.code == 0
    assert said.out.startswith("Nothing changed")


@pytest.mark.parametrize("arguments", ["--before a.json", "--after a.json", "--before a.json --after b.json --against main"])
def test_half_of_two_sides_is_refused(arguments: str, unbuilt: Path, command: Command) -> None:
    """
    Two sides are compared: the error says which ways there are.
    """
    said = command("impact", "--project", unbuilt, *arguments.split())

    assert said.code == 2
    assert "--against REVISION" in said.err


def test_what_is_no_manifest_is_an_error(unbuilt: Path, command: Command) -> None:
    """
    It names the file.
    """
    file = unbuilt / "no.json"
    file.write_text("{}")

    said = command("impact", "--project", unbuilt, "--before", file, "--after", file)

    assert said.code == 2
    assert "no.json: is no manifest of dbt" in said.err
