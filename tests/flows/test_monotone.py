"""What dbt's YAML declares monotone, from the declaration to the behaviour of the model."""

from copy import deepcopy
from dataclasses import replace

import pyarrow as pa
import pytest

from shipworthy.errors import UnknownName
from shipworthy.evaluation.behaviour.tried import Tried
from shipworthy.flows.behave import answers
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.choosing import Chosen
from shipworthy.flows.fitting import fitted_on
from shipworthy.flows.monotone import monotone_of
from shipworthy.flows.train import Attempt
from shipworthy.registry.encoding import encode
from shipworthy.spec.behaviours import Behaviours


def declared(attempt: Attempt, way: str) -> Catalog:
    """Return the catalog in which distance, which makes orders late, is said to move the answer one way."""
    relations = deepcopy(dict(attempt.catalog.relations))
    relations["orders"]["columns"]["distance"]["monotone"] = way
    return replace(attempt.catalog, relations=relations)


def tried(attempt: Attempt, learner: str) -> Tried:
    """Return what became of the case that is made of a wrong declaration, asked of a model that `learner` fits to squared errors."""
    catalog = declared(attempt, "decreasing")
    spec = attempt.spec.model_copy(update={"training": attempt.spec.training.model_copy(update={"candidates": [learner]})})
    material = replace(attempt.material, metric="mse", monotone=monotone_of(spec, catalog))
    fitted, schema = fitted_on(spec, catalog, material, Chosen(learner, {}))
    rows = material.features.slice(0, 300)

    def answer(table: pa.Table) -> object:
        return fitted.answers(encode(schema, table))

    found = answers(spec, catalog, rows, answer, Behaviours.model_validate({}))
    return next(one for one in found if "distance" in one.name)


def test_lightgbm_keeps_to_a_declaration_by_construction(attempt: Attempt) -> None:
    """
    Though the orders say the opposite, no answer rises with the distance: the case that is made of the declaration passes.
    """
    assert tried(attempt, "lightgbm").share == 1.0


def test_the_linear_model_cannot_promise_it_and_the_case_says_so(attempt: Attempt) -> None:
    """
    A linear model follows what it sees: the case fails, with an input, what was expected and what it got.
    """
    found = tried(attempt, "linear")

    assert found.share < 0.5
    assert found.failures


def test_a_spec_may_leave_the_trees_free(attempt: Attempt) -> None:
    """
    With `training.monotone: false` nothing is held; the declaration is still tried by behaviours.
    """
    spec, catalog = attempt.spec, declared(attempt, "increasing")
    free = spec.model_copy(update={"training": spec.training.model_copy(update={"monotone": False})})

    assert monotone_of(spec, catalog) == {"distance": 1}
    assert monotone_of(free, catalog) == {}


def test_another_way_is_answered_with_the_nearest(attempt: Attempt) -> None:
    """
    A typo in the declaration is no model that is free of it.
    """
    with pytest.raises(UnknownName, match="did you mean 'increasing'"):
        monotone_of(attempt.spec, declared(attempt, "increasng"))
