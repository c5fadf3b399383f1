"""Looking at a training set before a model learns from it: kept, waived, refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shipworthy.checks.training_set.base.judge import CHECKS
from shipworthy.errors import BadData
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.build import build
from shipworthy.flows.check import check
from shipworthy.flows.origins import in_words, origins
from shipworthy.flows.training_data import features_of, refuse_red
from shipworthy.logbook import write
from shipworthy.logbook.latest import findings, run_of
from shipworthy.records import Verdict
from shipworthy.registry.gate import waived
from shipworthy.spec.model import Waiver
from shipworthy.spec.project import model

from ..conftest import BUILT, MODEL, TRAINED, Shop

LEAK = Verdict("feature_power", f"{MODEL}.waiting", "fail", f"{MODEL}.waiting tells the label alone", "leave it out")


def test_every_check_is_asked_and_what_it_says_is_kept(built: Shop) -> None:
    """
    After a check of the project each check of the family has spoken of the training set, and the logbook has its words.
    """
    said = check(built.project, built.book, BUILT, only=MODEL).verdicts
    kept = [verdict for _, verdict in findings(built.book, MODEL)]

    assert {verdict.name for verdict in kept} == set(CHECKS)
    assert [verdict for verdict in kept if verdict not in said] == []


def test_a_look_replaces_the_one_before(built: Shop) -> None:
    """
    What was found at the last look and is there no longer is no finding; an older look does not speak again.
    """
    write.verdicts(built.book, run_of(MODEL, BUILT), BUILT, [LEAK], whole=True)
    assert [verdict.subject for _, verdict in findings(built.book, MODEL)] == [LEAK.subject]

    check(built.project, built.book, BUILT, only=MODEL)
    write.verdicts(built.book, run_of(MODEL, TRAINED), TRAINED, [LEAK], whole=True)

    assert LEAK.subject not in [verdict.subject for _, verdict in findings(built.book, MODEL) if verdict.name == LEAK.name]
    assert findings(built.book, "delivery") == []


def test_a_red_finding_refuses_the_training_unless_somebody_answers_for_it(built: Shop) -> None:
    """
    The refusal carries the counter-example, what to do, and how to answer for it. A waiver of that column lets it through, one of
    another column does not.
    """
    spec = model(built.project, MODEL)
    told = Waiver(
        gate="feature_power", column="waiting", reason="the kitchen writes it before", owner="ana@example.org", expires=date(2027, 1, 1)
    )
    other = told.model_copy(update={"column": "minutes"})

    with pytest.raises(BadData, match="tells the label alone") as refusal:
        refuse_red(spec, [waived(LEAK, [other], BUILT.date())])
    assert "waivers: [{gate: feature_power" in refusal.value.fix

    refuse_red(spec, [waived(LEAK, [told], BUILT.date()), replace(LEAK, outcome="unknown")])


def test_each_feature_has_its_relation_and_column(built: Shop) -> None:
    """
    A feature is traced to the relation and the column that it comes from, under the name that it has there.
    """
    spec = model(built.project, MODEL)
    found = features_of(spec, catalogs.relations(catalogs.load(built.project), spec))

    assert {feature.relation for feature in found.values()} <= set(spec.relations)
    assert all(feature.kind in ("number", "integer", "text", "boolean") for feature in found.values())


def test_a_finding_says_which_source_columns_its_feature_is_made_from(built: Shop) -> None:
    """
    A blamed feature is traced through the SQL of dbt to the landed columns behind it; what is no feature has no origin.
    """
    spec = model(built.project, MODEL)
    features = features_of(spec, catalogs.relations(catalogs.load(built.project), spec))
    found = origins(built.project, features, ["mean_minutes", "gone"])

    assert found["origin"] == {"mean_minutes": "recent_minutes.mean_minutes"}
    assert "landed.deliveries.minutes" in found["sources"]["mean_minutes"]
    assert in_words(found, "mean_minutes").startswith("It is recent_minutes.mean_minutes, made from landed.deliveries.")
    assert origins(built.project, features, ["gone"]) == {}
    assert in_words({}, "gone") == ""


@pytest.mark.journey
def test_accepted_values_of_dbt_are_held_to(built: Shop) -> None:
    """
    Values that a test of dbt allows are kept with the column, and a feature with another one is refused, though that test only warns.
    """
    test = "{accepted_values: {arguments: {values: [north]}, config: {severity: warn}}}"
    text = f"      - {{name: shop, description: Who cooks it., data_tests: [{test}]}}\n"
    models = built.root / "models" / "models.yml"
    lines = models.read_text().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "- name: orders" in line)
    column = next(number for number in range(place, len(lines)) if "{name: shop" in lines[number])
    models.write_text("".join([*lines[:column], text, *lines[column + 1 :]]))
    build(built.project, built.book, BUILT + timedelta(days=1))

    said = check(built.project, built.book, BUILT, only=MODEL).verdicts

    (found,) = [verdict for verdict in said if verdict.name == "undeclared_values"]
    assert found.outcome == "fail"
    assert "not among the 1 declared" in found.words
