"""Every field, guard, dbt test, template, page, key and status has its words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from shipworthy import checks
from shipworthy.checks import training_set
from shipworthy.checks.base import Check
from shipworthy.checks.training_set.base import TrainingCheck
from shipworthy.console.page import Page
from shipworthy.console.places import page_kinds
from shipworthy.console.trouble import TroublePage
from shipworthy.data.relation import KEYS, ROLES
from shipworthy.families import members
from shipworthy.flows.init import templates
from shipworthy.monitoring import monitors
from shipworthy.monitoring.monitors.base import Monitor
from shipworthy.registry import gates
from shipworthy.registry.gates.base import Gate
from shipworthy.retraining import reasons
from shipworthy.retraining.reasons.base import Because
from shipworthy.serving.faults import STATUS
from shipworthy.spec.schema import KINDS

from . import pages

FAMILIES: list[tuple[Any, Any]] = [(checks, Check), (training_set, TrainingCheck), (gates, Gate), (monitors, Monitor), (reasons, Because)]
MEMBERS = {f"{family.__name__}.{name}": member for family, base in FAMILIES for name, member in members(family, base).items()}


def fields(kind: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield name and sentence of each field of a spec, those of its parts too."""
    for name, field in kind.model_fields.items():
        yield field.alias or name, field.description or ""
        for part in _parts(field.annotation):
            yield from fields(part)


def _parts(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for argument in get_args(annotation) for part in _parts(argument)]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_has_its_sentence(kind: type[BaseModel]) -> None:
    """
    Each field of each YAML file stands on the page with the sentence that the spec gives it.
    """
    page = pages.text(Path("docs/spec.md"))
    for name, sentence in fields(kind):
        assert sentence, name
        assert any(line.startswith(f"| `{name}` |") and line.endswith(f" {sentence} |") for line in page.splitlines()), name


@pytest.mark.parametrize("name", MEMBERS)
def test_every_guard_says_when_it_fires_and_what_it_is_blind_to(name: str) -> None:
    """
    Each member of each family has its paragraph, with both halves.
    """
    page, short = pages.text(Path("docs/guards.md")), name.rpartition(".")[2]
    sections = [part for part in page.split("\n### ") if part.startswith(f"{short}\n")]
    mine = [part for part in sections if (MEMBERS[name].__doc__ or "").splitlines()[0] in part]

    assert len(mine) == 1
    assert "**Fires** when" in mine[0]
    assert "**Blind** " in mine[0]


def test_every_dbt_test_has_its_paragraph() -> None:
    """
    Each generic test that is shipped has a heading.
    """
    shipped = {file.stem for file in (pages.ROOT / "src" / "shipworthy" / "dbt_package").rglob("generic_tests/*.sql")}

    assert shipped
    assert shipped <= pages.headings(pages.text(Path("docs/dbt_tests.md")))


def test_every_template_has_its_paragraph() -> None:
    """
    Each template that is shipped has a heading.
    """
    assert templates()
    assert set(templates()) <= pages.headings(pages.text(Path("docs/templates.md")))


@pytest.mark.parametrize("page", [*page_kinds().values(), TroublePage], ids=lambda page: page.__name__)
def test_every_page_has_its_paragraph(page: type[Page]) -> None:
    """
    Each page of the console has a heading: its address, as its docstring says, or its name.
    """
    address = (page.__doc__ or "").partition(":")[0]
    wanted = address if address.startswith("/") else page.__name__.removesuffix("Page")

    assert wanted in pages.headings(pages.text(Path("docs/pages.md")))


def test_every_fact_of_a_relation_is_explained() -> None:
    """
    Each key and each role that dbt's YAML may hold stands in a table.
    """
    page = pages.text(Path("docs/point-in-time.md"))

    assert [key for key in KEYS if f"| `{key}` |" not in page] == []
    assert [role for role in ROLES if f"| `role: {role}` |" not in page] == []


def test_every_status_of_the_service_is_explained() -> None:
    """
    Each status that an error of ours is answered with stands in a table.
    """
    page = pages.text(Path("docs/serving.md"))

    assert [code for code in STATUS.values() if f"| {code} |" not in page] == []


def test_the_words_of_the_house_are_in_the_glossary() -> None:
    """
    One word for one thing: these are in the glossary, each once, in alphabetical order.
    """
    words = [line.split("|")[1].strip() for line in pages.text(Path("docs/glossary.md")).splitlines() if line.startswith("| ")][1:]
    house = (
        "run version candidate champion reference window measurement bound verdict alert decision as_of horizon mature promise ledger rule"
    )

    assert set(house.split()) <= set(words)
    assert len(set(words)) == len(words)
    assert words == sorted(words, key=lambda word: word.replace("_", " ").replace("-", " "))
