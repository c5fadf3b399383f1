"""The choice of learner and parameters: on folds of the fitted rows alone, told in words, the same each time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.data import training_set
from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows import chosen_words
from shipworthy.flows.candidates import learners_of
from shipworthy.flows.choosing import Chosen, choose, folds_of
from shipworthy.flows.material import Material, prepare
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import model

from ..conftest import MODEL, TRAINED, Shop, opened

QUICK = {"num_iterations": 20, "min_data_in_leaf": 20, "early_stopping_round": 0}


@pytest.fixture(scope="module")
def shop(built_once: Path) -> Iterator[Shop]:
    """The built shop, which these tests only read."""
    found = opened(built_once)
    yield found
    found.book.dispose()


@pytest.fixture(scope="module")
def spec(shop: Shop) -> ModelSpec:
    """The shop's spec with three candidates, a short search and two seeds."""
    found = model(shop.project, MODEL)
    return found.model_copy(update={"training": found.training.model_copy(update={
        "candidates": None, "parameters": QUICK, "seeds": 2, "search": found.training.search.model_copy(update={"trials": 2}),
    })})  # fmt: skip


@pytest.fixture(scope="module")
def material(shop: Shop, spec: ModelSpec) -> Material:
    """The shop's training set as of 1 May."""
    catalog = catalogs.load(shop.project)
    made = training_set.build(shop.project.lake, spec, catalogs.relations(catalog, spec), TRAINED, pins=catalogs.pins(catalog, spec))
    return prepare(shop.project, spec, made)


@pytest.fixture(scope="module")
def chosen(shop: Shop, spec: ModelSpec, material: Material) -> Chosen:
    """What is chosen for the shop."""
    return choose(spec, catalogs.load(shop.project), material)


def test_the_simplest_that_is_not_surely_worse_is_chosen(chosen: Chosen) -> None:
    """
    Minutes that grow with distance are a sum: the linear model is kept, the constant is surely worse, and the words say so.
    """
    assert chosen.selection is not None
    assert chosen.learner == "linear"
    assert chosen.selection.of("constant").surely_worse
    assert chosen.selection.of("lightgbm").seeds == 2
    assert chosen.selection.of("lightgbm").spread > 0
    words = chosen_words.words(chosen, "mae")
    assert words[0].startswith("Of constant, linear and lightgbm, linear")
    assert "that it had not learnt from, in 3 folds" in words[0]


def test_the_rule_stands_beside_it_on_the_same_rows(chosen: Chosen) -> None:
    """
    The rule's loss is measured on the rows of the folds, and the chosen candidate surely beats it.
    """
    assert chosen.rule is not None
    assert chosen.rule.interval is not None
    assert chosen.rule.interval.high < 0
    assert chosen.selection is not None
    table = chosen_words.candidates(chosen, chosen.selection, "mae")
    assert table.rows[-1][:3] == ("the rule", None, chosen.rule_loss)


def test_what_the_holdout_holds_has_no_part_in_it(shop: Shop, spec: ModelSpec, material: Material, chosen: Chosen) -> None:
    """
    With other features, other labels and new levels in holdout and gap, every loss of every trial is what it was.
    """
    outside = pa.array(~material.split.fit)
    features = material.features
    for place, name in enumerate(features.column_names):
        absurd = pa.scalar("nowhere" if pa.types.is_string(features[name].type) else 1e6).cast(features[name].type)
        features = features.set_column(place, name, pa.compute.if_else(outside, absurd, features[name]))
    planted = replace(material, features=features, target=np.where(material.split.fit, material.target, 1e6))

    again = choose(spec, catalogs.load(shop.project), planted)

    assert (again.learner, again.parameters) == (chosen.learner, chosen.parameters)
    assert again.selection == chosen.selection
    assert all(again.searches[name].trials == found.trials for name, found in chosen.searches.items())


@pytest.mark.journey
def test_a_permuted_label_leaves_nothing_but_the_constant(shop: Shop, spec: ModelSpec, material: Material) -> None:
    """
    Whatever the seed, where labels are shuffled the constant is kept: no candidate surely beats it.
    """
    for seed in range(3):
        shuffled = replace(material, target=np.random.default_rng(seed).permutation(material.target))

        assert choose(spec, catalogs.load(shop.project), shuffled).learner == "constant"


def test_one_candidate_without_a_search_is_compared_with_nothing(shop: Shop, spec: ModelSpec, material: Material) -> None:
    """
    What leaves no choice costs no fit, and that nothing was compared is said.
    """
    training = spec.training.model_copy(update={"candidates": ["linear"], "search": spec.training.search.model_copy(update={"trials": 0})})
    training = training.model_copy(update={"parameters": {"alpha": 3.0}})

    found = choose(spec.model_copy(update={"training": training}), catalogs.load(shop.project), material)

    assert found == Chosen("linear", {"alpha": 3.0})
    assert chosen_words.words(found, "mae")[0] == "The learner is linear. It was compared with nothing."


def test_without_a_fold_the_most_powerful_one_is_taken(shop: Shop, spec: ModelSpec, material: Material) -> None:
    """
    Labels that are all alike make no fold: nothing is compared, and nothing is made up.
    """
    found = choose(spec, catalogs.load(shop.project), replace(material, target=np.ones(len(material.target))))

    assert found.learner == "lightgbm"
    assert "nothing could be compared" in chosen_words.words(found, "mae")[1]


def test_folds_are_cut_as_the_spec_says(spec: ModelSpec, material: Material) -> None:
    """
    Number and window come from `evaluation`, the gap is the label's horizon.
    """
    sliding = spec.model_copy(update={"evaluation": spec.evaluation.model_copy(update={"folds": 2, "window": "sliding"})})
    first, second = folds_of(sliding, material).splits

    assert abs(int(first.fit.sum()) - int(second.fit.sum())) < 0.25 * first.fit.sum()
    assert material.times[second.fit].max() + np.timedelta64(spec.label.horizon) <= material.times[second.holdout].min()


@pytest.mark.parametrize(("part", "value"), [("candidates", ["linaer"]), ("parameters", {"linaer": {"alpha": 1.0}})])
def test_a_candidate_that_is_no_learner_is_answered_with_the_nearest(spec: ModelSpec, part: str, value: object) -> None:
    """
    A wrong name in `candidates`, or above a group of parameters, is told with its place.
    """
    wrong = spec.model_copy(update={"training": spec.training.model_copy(update={part: value})})

    with pytest.raises(UnknownName, match=rf"training\.{part}: no learner 'linaer'\n.*did you mean 'linear'"):
        learners_of(wrong, own=False)


def test_a_train_py_is_a_candidate_without_being_named(spec: ModelSpec) -> None:
    """
    A team's own estimator is compared with the usual candidates, as the most complicated of them.
    """
    assert list(learners_of(spec, own=True)) == ["constant", "linear", "lightgbm", "custom"]
    assert list(learners_of(spec, own=False)) == ["constant", "linear", "lightgbm"]
