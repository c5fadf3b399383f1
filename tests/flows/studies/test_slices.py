"""Parts of the rows of a model that was really trained."""

from dataclasses import replace

import numpy as np
import pytest

from shipworthy.errors import UnknownName
from shipworthy.flows.chapters import chapters
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.slices import Slices

from ...conftest import MODEL, Shop


def named(subject: Subject, *names: str) -> Subject:
    """Return the subject with a spec that names columns."""
    evaluation = subject.spec.evaluation.model_copy(update={"slices": list(names)})
    return replace(subject, spec=subject.spec.model_copy(update={"evaluation": evaluation}))


def test_what_nobody_named_is_looked_for_all_the_same(trained: Shop) -> None:
    """
    The spec names no column: that is said, and no part of a sound model is said to be worse.
    """
    found = chapters(trained.project, MODEL, 2)["slices"]

    assert [verdict.outcome for verdict in found.verdicts] == ["pass"]
    assert "names no column" in found.words[0]


def test_named_parts_are_held_to_the_rule(subject: Subject) -> None:
    """
    Each shop has its line, and the model is surely worse than the rule in none.
    """
    found = Slices().look(named(subject, "shop"))

    assert len(found.figures["declared"]) >= 3
    assert all(one["model"] < one["rule"] for one in found.figures["declared"].values())
    assert (found.verdicts[0].outcome, found.tables[0].title) == ("pass", "Parts that the spec names")


def test_a_part_where_the_model_loses_is_refused_and_found(subject: Subject) -> None:
    """
    Answers that are far off in one shop, and good elsewhere, are refused with that shop and its losses; without a name it is found.
    """
    shops = np.array(subject.held.column("shop").to_pylist())
    bad = shops == shops[0]
    broken = replace(subject, answers=np.where(bad, subject.answers + 30, subject.answers))

    refused, found = Slices().look(named(broken, "shop")), Slices().look(broken)
    assert refused.verdicts[0].outcome == "fail"
    assert f"shop = {shops[0]}" in refused.verdicts[0].words
    assert found.verdicts[0].outcome == "pass"
    assert any(f"shop = {shops[0]}" in words for words in found.words)


def test_too_few_rows_are_unknown_and_no_column_is_an_error(subject: Subject) -> None:
    """
    Each order is a part of one row: nothing can be told of it. A column that is not there is named with the nearest.
    """
    assert Slices().look(named(subject, "order_id")).verdicts[0].outcome == "unknown"
    with pytest.raises(UnknownName, match="did you mean 'shop'"):
        Slices().look(named(subject, "shops"))
