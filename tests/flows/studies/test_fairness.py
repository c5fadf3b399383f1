"""The study of fairness, of a model that was really built: the shops of the orders stand for groups."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shipworthy.data import training_set
from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.fitting import fitted_on
from shipworthy.flows.material import prepare
from shipworthy.flows.sensitive import groups_of, sensitive_places
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.fairness import Fairness
from shipworthy.flows.train import offline
from shipworthy.gateways import charts
from shipworthy.records import Chapter
from shipworthy.registry.encoding import encode
from shipworthy.spec.fairness import Fairness as Said
from shipworthy.spec.project import model

from ...conftest import MODEL, TRAINED, opened


@pytest.fixture(scope="module")
def fitted(built_once: Path) -> Iterator[Subject]:
    """The shop's model as it is fitted before it is studied; what its spec says of fairness is put in by each test."""
    shop = opened(built_once)
    spec, catalog = model(shop.project, MODEL), catalogs.load(shop.project)
    pins = catalogs.pins(catalog, spec)
    material = prepare(
        shop.project, spec, training_set.build(shop.project.lake, spec, catalogs.relations(catalog, spec), TRAINED, pins=pins)
    )
    found, schema = fitted_on(spec, catalog, material)
    answers = found.answers
    subject = Subject(shop.project, shop.book, spec, 1, catalog, material, schema, found, material.target, None)  # type: ignore[arg-type]
    said = answers(_matrix(subject))
    yield replace(subject, answers=said, promise=offline(spec, 1, material, said, TRAINED))
    shop.book.dispose()


def _matrix(subject: Subject) -> Any:
    return encode(subject.schema, subject.held)


def saying(subject: Subject, **said: Any) -> Subject:
    return replace(subject, spec=subject.spec.model_copy(update={"fairness": Said.model_validate(said)}))


def calling(subject: Subject, relation: str, column: str) -> Subject:
    """The same where dbt's YAML calls a column sensitive."""
    facts = subject.catalog.relations[relation]
    columns: Mapping[str, Any] = {**facts["columns"], column: {**facts["columns"][column], "role": "sensitive"}}
    changed = {**subject.catalog.relations, relation: {**facts, "columns": columns}}
    return replace(subject, catalog=replace(subject.catalog, relations=changed))


def study(subject: Subject) -> Chapter:
    found = Fairness().look(subject)
    assert found is not None
    return found


def test_where_nothing_is_said_it_is_not_assessed(fitted: Subject):
    """
    Neither columns nor a reason: unknown, and how to say it.
    """
    silent = replace(fitted, spec=fitted.spec.model_copy(update={"fairness": None}))

    (verdict,) = study(silent).verdicts

    assert verdict.outcome == "unknown"
    assert "Not assessed" in verdict.words
    assert "not_applicable" in verdict.fix


def test_a_reason_is_a_pass_unless_a_column_that_it_reads_is_sensitive(fitted: Subject):
    """
    Nobody is concerned, says the spec; dbt's YAML may say otherwise.
    """
    assert [verdict.outcome for verdict in study(fitted).verdicts] == ["pass"]

    (verdict,) = study(calling(fitted, "orders", "shop")).verdicts

    assert verdict.outcome == "fail"
    assert "shop" in verdict.words


def test_errors_of_each_group_are_compared_and_told(fitted: Subject):
    """
    Shops are groups of their orders: rates with intervals, a verdict, what stands for a shop, a chart that can be drawn.
    """
    found = study(saying(fitted, sensitive=["shop"], policy="group_error", at_most=30))

    assert [verdict.outcome for verdict in found.verdicts] == ["pass"]
    assert "the mean absolute error is" in found.words[0]
    assert found.tables[0].title == "Groups by shop"
    assert sum(int(row[1]) for row in found.tables[0].rows) == len(fitted.truth)
    assert "<svg" in charts.svg(dict(found.charts["rates_shop"]))
    assert any("another group and all else the same" in words for words in found.words)


def test_groups_that_are_too_far_apart_are_refused(fitted: Subject):
    """
    A bound that no model can hold is surely broken, and the fix names the command that compares what could be done.
    """
    found = study(saying(fitted, sensitive=["shop", "items"], policy="group_error", at_most=1e-6))

    assert {verdict.outcome for verdict in found.verdicts} <= {"fail", "unknown"}
    assert all(f"shipworthy fairness {MODEL}" in verdict.fix for verdict in found.verdicts)


def test_a_policy_about_decisions_says_nothing_of_minutes(fitted: Subject):
    """
    Rates of approval do not exist where the model answers with numbers, and no policy is no pass either.
    """
    decisions = study(saying(fitted, sensitive=["shop"], policy="approval_ratio"))
    nothing = study(saying(fitted, sensitive=["shop"]))

    assert [verdict.outcome for verdict in (*decisions.verdicts, *nothing.verdicts)] == ["unknown", "unknown"]
    assert "answers with numbers" in decisions.verdicts[0].words
    assert "no policy" in nothing.verdicts[0].words


def test_a_column_of_a_feature_relation_that_is_no_feature_is_found_as_it_was_known(fitted: Subject):
    """
    A sensitive column leaves the features of its relation, and its groups still come from the same join as features do.
    """
    name = next(column for column in fitted.material.features.column_names if column not in ("shop", "distance", "items"))
    place = next(part for part in sensitive_places(fitted.catalog, saying(fitted, sensitive=[name]).spec))
    reduced = replace(fitted.material, features=fitted.material.features.drop_columns([name]))
    said = saying(fitted, sensitive=[name], cuts={name: [1.0]}, policy="group_error")

    (whole,) = groups_of(said.project, said.spec, said.catalog, said.material)
    (joined,) = groups_of(said.project, said.spec, said.catalog, reduced)

    assert place.relation != "orders"
    assert whole.names == joined.names
    assert (whole.codes == joined.codes).all()


def test_a_column_of_the_decisions_that_is_no_feature_is_found(fitted: Subject):
    """
    Whoever is compared need not be known to the model.
    """
    without = replace(fitted.material, features=fitted.material.features.drop_columns(["shop"]))
    said = saying(fitted, sensitive=["shop"], policy="group_error")

    (whole,) = groups_of(said.project, said.spec, said.catalog, said.material)
    (beside,) = groups_of(said.project, said.spec, said.catalog, without)

    assert (whole.codes == beside.codes).all()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"sensitive": ["shopp"]}, "shop"),
        ({"sensitive": ["shop"], "reference": {"shop": "nobody"}}, "nobody"),
        ({"sensitive": ["shop"], "cuts": {"itmes": [2]}}, "itmes"),
    ],
)
def test_names_that_are_not_there_are_told(fitted: Subject, said: dict[str, Any], word: str):
    """
    A column, a group of reference, a column to cut: each by the nearest name.
    """
    with pytest.raises(UnknownName, match=word):
        study(saying(fitted, **said))
