"""Tests of the score card that rest on figures of studies: shown what the studies themselves keep, of models whose truth is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.families import members
from shipworthy.flows import score_card, studies
from shipworthy.flows.choosing import choose
from shipworthy.flows.score_card.base import Score, ScoreTest
from shipworthy.flows.score_card.base.looking import ANSWERING, with_gates
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter

from ...real_data.sets import IN_ORDER, LATER, made
from ...subjects import subject_of

TESTS = members(score_card, ScoreTest)  # type: ignore[type-abstract]
STUDIES = members(studies, Study)  # type: ignore[type-abstract]
ROWS = 1500
WEATHER: dict[str, Any] = {"relation": "weather", "on": "place"}


def drawn(**training: Any) -> Subject:
    """Return a model of ten times `weight` and five times `width`, of which `noise` tells nothing."""
    random = np.random.default_rng(5)
    columns = {name: random.normal(size=ROWS) for name in ("weight", "width", "noise", "chance")}
    table = pa.table({"n": np.arange(1, ROWS + 1), **columns})
    label = "10 * weight + 5 * width + chance"
    sql = f"select n as entity, {IN_ORDER} as decided_at, weight, width, noise, {LATER} as known_at, {label} as label from drawn"
    frame: Frame = made("drawn", sql, task="regression", tables={"drawn": table})
    return subject_of(frame, training={"parameters": {"num_iterations": 40, "min_data_in_leaf": 20}, **training})


def scored(test: str, subject: Subject, study: str) -> Score:
    chapter = STUDIES[study].look(subject)
    assert chapter is not None
    return TESTS[test].score(replace(ANSWERING, chapters={study: chapter}))


def of(subject: Subject, *features: str, relations: tuple[dict[str, Any], ...] = ()) -> Subject:
    """Return the subject with these features of the decisions, and with feature relations."""
    spec = subject.spec
    said = {"decisions": spec.decisions.model_copy(update={"features": list(features)})}
    asked = spec.model_validate(spec.model_dump() | {"features": list(relations)}).features
    return replace(subject, spec=spec.model_copy(update={**said, "features": asked}))


@pytest.fixture(scope="module")
def subject() -> Subject:
    return drawn()


def test_features_that_all_matter_are_beneficial_and_noise_among_them_is_not(subject: Subject) -> None:
    """
    What ablation keeps decides: each surely worth something is 1, one that shows no worth is named and 0.
    """
    good, noisy = (scored("features_beneficial", of(subject, *names), "ablation") for names in (("weight", "width"), ("weight", "noise")))

    assert good.points == 1
    assert (noisy.points, noisy.words) == (0, "no worth is seen of noise")


def test_a_relation_that_costs_and_tells_nothing_is_too_dear(subject: Subject) -> None:
    """
    The seconds of the build beside the worth: 1 where it is surely worth something, 0 where not, or where nobody knows what it costs.
    """
    points = {}
    for worth, took in (("width", {"model.x.weather": 3.0}), ("noise", {"model.x.weather": 3.0}), ("width", None)):
        told = {"role": "published", "sound": True, "meta": {}, "version": 0, "took": took, "columns": {worth: {"description": ""}}}
        related = of(subject, "weight", relations=(WEATHER | {"columns": [worth]},))
        catalog = replace(subject.catalog, relations={**subject.catalog.relations, "weather": told})
        score = scored("feature_cost", replace(related, catalog=catalog), "ablation")
        points[worth, took is not None] = score.points
        assert took is None or "3.0 s" in score.words

    assert points == {("width", True): 1, ("noise", True): 0, ("width", False): 0}


def test_a_search_and_a_simpler_candidate_are_counted_as_the_study_keeps_them() -> None:
    """
    Two finished trials of the kept learner tune it; two learners on the same folds say whether a simpler one is better. One alone does
    neither.
    """
    searched = drawn(candidates=["constant", "lightgbm"], search={"trials": 2})
    given = drawn(candidates=["lightgbm"], search={"trials": 0})
    chapters = [_candidates(one) for one in (searched, given)]
    tuned = [TESTS["hyperparameters_tuned"].score(replace(ANSWERING, chapters={"candidates": one})).points for one in chapters]
    green = with_gates(ANSWERING, "beats_rule")
    simpler = [TESTS["simpler_is_not_better"].score(replace(green, chapters={"candidates": one})).points for one in chapters]

    assert tuned == [1, 0]
    assert simpler == [1, 0.5]


def _candidates(subject: Subject) -> Chapter:
    (name,) = subject.catalog.relations
    columns = {column: {"description": "", "sql_type": "double"} for column in ("entity", "decided_at", "weight", "width", "noise")}
    told = subject.catalog.relations[name] | {"columns": columns, "meta": {"entity": ["entity"], "event_time": "decided_at"}}
    catalog = replace(subject.catalog, relations={name: told})
    found = STUDIES["candidates"].look(replace(subject, chosen=choose(subject.spec, catalog, subject.material)))
    assert found is not None
    return found
