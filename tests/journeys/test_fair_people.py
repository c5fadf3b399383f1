"""Fairness from dbt's YAML to a refused promotion: people of UCI Adult, of whom sex is called sensitive and is no input."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipworthy.console.site import export
from shipworthy.flows.build import build
from shipworthy.flows.studied import chapters, of_model
from shipworthy.spec.load import Words

from ..conftest import Said, Shop, _copied, opened
from ..console.reading import Reading
from .made_people import MODEL, people

pytestmark = pytest.mark.journey

AS_OF = datetime(2024, 5, 6, tzinfo=UTC)
WAYS = {
    "nothing", "reweighing", "a threshold for each group", "exponentiated gradient", "adversarial, with a linear model",
    "nothing, with a linear model",
}  # fmt: skip


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = people(tmp_path_factory.mktemp("people") / "people", {"policy": "approval_ratio"})
    assert build(shop.project, shop.book, AS_OF).published
    shop.book.dispose()
    return shop.root


@pytest.fixture
def team(built_once: Path, tmp_path: Path) -> Iterator[Shop]:
    shop = opened(_copied(built_once, tmp_path / "people"))
    yield shop
    shop.book.dispose()


def states(shop: Shop, fairness: dict[str, Any] | None) -> None:
    """Let the spec say `fairness`, or nothing of it."""
    file = shop.root / "ml" / MODEL / "model.yml"
    said = {name: part for name, part in yaml.load(file.read_text(), Loader=Words).items() if name != "fairness"}
    file.write_text(yaml.safe_dump(said | ({"fairness": fairness} if fairness else {})))


def of_gate(told: Said) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in json.loads(told.out)["verdicts"] if one["name"] == "fairness")
    return found


def test_a_policy_that_is_broken_refuses_the_version_and_every_way_out_is_compared(
    team: Shop, command: Callable[..., Said], tmp_path: Path
) -> None:
    """
    Women are invited far less often than four fifths of the men are: the gate names the groups and the command that compares what could be
    done, and nobody can promote it. That command shows every way beside nothing, keeps it, and its page can be read.
    """
    here = ("--project", team.root, "--as-of", AS_OF.isoformat())

    gate = of_gate(command("train", MODEL, *here, "--json"))
    refused = command("promote", MODEL, *here)
    told = command("fairness", MODEL, *here)

    assert gate["outcome"] == "fail"
    assert "Female" in gate["words"]
    assert f"shipworthy fairness {MODEL}" in gate["fix"]
    assert (refused.code, "fairness" in refused.out) == (1, True)
    assert told.code == 1, told.err
    chapter = of_model(team.project, MODEL)["mitigation"]
    ways = chapter.figures["sex"]["ways"]
    assert set(ways) == WAYS
    plain = ways["nothing"]["apart"]
    assert all(way["apart"] > plain for name, way in ways.items() if not name.startswith("nothing"))
    assert chapter.words[0] in told.out
    export(team.project, team.book, tmp_path / "site", now=AS_OF)
    page = tmp_path / "site" / "models" / MODEL / "studies" / "mitigation.html"
    read = Reading(page.read_text())
    assert all(words in read.words for words in chapter.words)
    assert page.name in " ".join(Reading((tmp_path / "site" / "models" / f"{MODEL}.html").read_text()).links)


def test_without_a_policy_it_is_not_assessed_and_no_pass(team: Shop, command: Callable[..., Said]) -> None:
    """
    dbt's YAML calls sex sensitive, and no policy says what must be alike: the gate is unknown, the version is not promoted, and there is
    nothing to compare.
    """
    states(team, None)
    here = ("--project", team.root, "--as-of", AS_OF.isoformat())

    gate = of_gate(command("train", MODEL, *here, "--json"))

    assert gate["outcome"] == "unknown"
    assert "ot assessed" in gate["words"]
    assert chapters(team.project, MODEL, 1)["fairness"].title == "Fairness"
    assert command("promote", MODEL, *here).code == 1
    told = command("fairness", MODEL, *here)
    assert told.code == 2
    assert "no policy says what must be alike" in told.err
    assert of_model(team.project, MODEL) == {}


def test_a_policy_that_the_model_holds_to_is_green(team: Shop, command: Callable[..., Said]) -> None:
    """
    Where a difference of half of all decisions is borne, the gate passes; so the refusal above is the policy's doing.
    """
    states(team, {"policy": "demographic_parity", "at_most": 0.5})

    gate = of_gate(command("train", MODEL, "--project", team.root, "--as-of", AS_OF.isoformat(), "--json"))

    assert gate["outcome"] == "pass", gate["words"]
