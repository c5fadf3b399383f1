"""Behaviour of a model that was really trained, by study and by command."""

import json
from collections.abc import Callable

import pytest

from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.flows.behave import behave
from shipworthy.flows.chapters import chapters

from ..conftest import MODEL, Said, Shop

CASES = """
invariance:
  - {name: what was ordered hardly matters, deal: [items], within: 8, level: core}
direction:
  - {name: farther takes longer, add: {distance: 4}, answer: rises, level: core, where: distance < 4}
known:
  - {name: next door is quick, row: {distance: 0.5}, expected: 25, within: 25, level: sanity}
order:
  - {name: far is later than near, lower: {distance: 1}, higher: {distance: 8}, level: sanity}
"""


def written(shop: Shop, text: str) -> None:
    (shop.root / "ml" / MODEL / "behaviours.yml").write_text(text)


def test_a_training_tries_what_any_model_must_do(trained: Shop) -> None:
    """
    Without a file the cases that follow from the data alone are tried and pass, and the words say that nobody wrote any.
    """
    found = chapters(trained.project, MODEL, 2)["behaviour"]

    assert found.figures["written"] == 0
    assert found.figures["kept"] == found.figures["cases"] >= 2
    assert "Nobody has written down" in found.words[1]


def test_the_command_asks_the_newest_or_the_champion(promoted: Shop, command: Callable[..., Said]) -> None:
    """
    It exits 0 where all holds, says each case, and as JSON what was tried.
    """
    written(promoted, CASES)

    said = command("behave", MODEL, "--project", promoted.root)
    told = command("behave", MODEL, "--newest", "--json", "--project", promoted.root)

    assert said.code == 0, said.out
    assert "farther takes longer" in said.out
    assert {one["name"] for one in json.loads(told.out)["tried"]} >= {"far is later than near", "next door is quick"}


def test_a_case_that_fails_shows_input_expected_and_got(promoted: Shop, command: Callable[..., Said]) -> None:
    """
    A wrong case exits 1, and the row is shown with what was expected and what came.
    """
    written(promoted, "order:\n  - {name: near is later than far, lower: {distance: 8}, higher: {distance: 1}}\n")

    said = command("behave", MODEL, "--project", promoted.root)

    assert said.code == 1
    assert "input distance=1" in said.out
    assert "expected more than" in said.out
    assert "; got " in said.out


def test_mistakes_in_the_file_have_line_and_nearest_name(promoted: Shop, command: Callable[..., Said]) -> None:
    """
    A key that nothing reads and a feature that is none are answered with what was meant.
    """
    written(promoted, "order:\n  - {name: far is late, lower: {distance: 1}, hihger: {distance: 8}}\n")
    key = command("behave", MODEL, "--project", promoted.root)
    written(promoted, "order:\n  - {name: far is late, lower: {distence: 1}, higher: {distance: 8}}\n")
    feature = command("behave", MODEL, "--project", promoted.root)

    assert key.code == 2
    assert "behaviours.yml:2" in key.err
    assert "did you mean 'higher'?" in key.err
    assert feature.code == 2
    assert "did you mean 'distance'?" in feature.err


def test_texts_alone_need_no_model(promoted: Shop, command: Callable[..., Said]) -> None:
    """
    A folder with an embedding and cases about texts is tried without a training.
    """
    folder = promoted.root / "ml" / "questions"
    folder.mkdir()
    (folder / "embed.py").write_text("def vector(text):\n    return [float(word in text) for word in ('late', 'refund')]\n")
    (folder / "behaviours.yml").write_text(
        "embedding: embed:vector\nsimilarity:\n  - {name: late is late, text: is it late, like: so late, unlike: my refund}\n"
    )

    untrusted = command("behave", "questions", "--project", promoted.root)
    settings = (promoted.root / "shipworthy.yml").read_text()
    (promoted.root / "shipworthy.yml").write_text(settings + "\ntrust: [ml.questions.embed.vector]\n")
    trusted = command("behave", "questions", "--project", promoted.root)

    assert untrusted.code == 2
    assert "nobody was told to trust it" in untrusted.err
    assert trusted.code == 0, trusted.err


def test_without_a_version_there_is_nothing_to_ask(built: Shop) -> None:
    """
    Before the first training, and for a name that is no model, the answer says what to do.
    """
    with pytest.raises(ShipworthyError) as refused:
        behave(built.project, built.book, MODEL)
    assert refused.value.fix == f"shipworthy train {MODEL}"
    with pytest.raises(UnknownName, match=MODEL):
        behave(built.project, built.book, "delivery_minute")
