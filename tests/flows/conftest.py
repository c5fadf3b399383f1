"""Models as studies are shown them: really fitted to the shop's orders, minutes as they are, or whether they were late."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shipworthy.data import training_set
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.material import prepare
from shipworthy.flows.progress import silent
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.train import Attempt, learn
from shipworthy.spec.evaluation import Evaluation
from shipworthy.spec.project import model

from ..conftest import MODEL, TRAINED, _copied, opened

LATE = 35  # minutes


@pytest.fixture(scope="module")
def attempt(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attempt]:
    """The shop's orders, ready to be learnt from; nothing of it is kept."""
    shop = opened(_copied(built_once, tmp_path_factory.mktemp("studied") / "shop"))
    spec, catalog = model(shop.project, MODEL), catalogs.load(shop.project)
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    made = training_set.build(shop.project.lake, spec, relations, TRAINED, pins=pins)
    yield Attempt(shop.project, shop.book, spec, catalog, prepare(shop.project, spec, made), (), "run", "to be studied", 1)
    shop.book.dispose()


@pytest.fixture(scope="module")
def subject(attempt: Attempt) -> Subject:
    """The model of minutes."""
    return learn(attempt, silent).subject


@pytest.fixture(scope="module")
def whether_late(attempt: Attempt) -> Callable[..., Attempt]:
    """An attempt at a model of whether an order is late, with what is said of its evaluation."""

    def made(**said: Any) -> Attempt:
        whole = attempt.material
        assert whole.rule is not None
        target, rule = ((minutes > LATE).astype(np.float64) for minutes in (whole.target, whole.rule))
        material = replace(whole, task="binary", metric="log_loss", target=target, rule=rule)
        spec = attempt.spec.model_copy(update={"evaluation": Evaluation.model_validate(said)})
        return replace(attempt, spec=spec, material=material)

    return made


@pytest.fixture(scope="module")
def late(whether_late: Callable[..., Attempt]) -> Callable[..., Subject]:
    """The model of whether an order is late, with what is said of its evaluation."""
    return lambda **said: learn(whether_late(**said), silent).subject
