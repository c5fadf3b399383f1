"""A label of three classes on a real dbt project: trained, judged, packaged, promoted, served, scored, watched, explained, made again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest
import yaml

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.flows.behave import behave
from shipworthy.flows.explain import explain
from shipworthy.flows.monitor import monitor
from shipworthy.flows.promote import promote
from shipworthy.flows.reproduce import reproduce
from shipworthy.flows.score import score
from shipworthy.flows.train import Trained, train
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.registry.package import Package, load
from shipworthy.spec.load import Words
from shipworthy.spec.project import find

from ..conftest import BUILT, MODEL, TRAINED, Shop, _copied, opened
from ..serving.answering import served

pytestmark = pytest.mark.journey
PACE = "delivery_pace"
RULE = "case when distance < 3 then 'fast' when distance < 6 then 'usual' else 'slow' end"
CLASSES = ("fast", "slow", "usual")
JUNE = datetime(2026, 6, 12, tzinfo=UTC)
INPUTS = {"shop": "lotus", "distance": 3.5, "items": 2, "waiting": 12.0, "mean_minutes": 30.0}
BEHAVIOURS = """
invariance:
  - {name: a shop by chance moves little, deal: [items], within: 0.5, level: core}
direction:
  - {name: a longer way makes slow likelier, of: slow, add: {distance: 4}, answer: does not fall, within: 0.02}
known:
  - {name: ten kilometres are slow, row: {distance: 10, waiting: 30}, expected: slow}
order:
  - {name: near is likelier fast, of: fast, lower: {distance: 8}, higher: {distance: 1}}
"""


@dataclass(frozen=True, slots=True)
class Paced:
    """The shop with a model of three classes that answers since 1 May, what its training said, and its package."""

    shop: Shop
    trained: Trained
    package: Package


def asks_for_pace(root: Path, **said: object) -> None:
    """Write the spec of a model of `pace`, otherwise that of the minutes; `said` replaces parts of it."""
    minutes = yaml.load((root / "ml" / MODEL / "model.yml").read_text(), Loader=Words)
    spec = minutes | {
        "model": PACE, "label": minutes["label"] | {"column": "pace"}, "baseline": {"sql": RULE, "words": "By its distance."},
        "evaluation": {"holdout": "28 days", "slices": ["shop"]},
        "brief": minutes["brief"] | {"target": {"metric": "log_loss", "at_most": 1}},
    }  # fmt: skip
    folder = root / "ml" / PACE
    folder.mkdir(exist_ok=True)
    (folder / "model.yml").write_text(yaml.safe_dump(spec | said))


@pytest.fixture(scope="module", params=["lightgbm", "linear"])
def paced(request: pytest.FixtureRequest, built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paced]:
    shop = opened(_copied(built_once, tmp_path_factory.mktemp("paced") / "shop"))
    asks_for_pace(shop.root, training={"candidates": [request.param], "search": {"trials": 0}})
    (shop.root / "ml" / PACE / "behaviours.yml").write_text(BEHAVIOURS)
    trained = train(shop.project, shop.book, PACE, TRAINED)
    promote(shop.project, shop.book, PACE, 1, who="ana", why="first candidate", at=TRAINED)
    score(shop.project, shop.book, PACE, JUNE)
    yield Paced(shop, trained, load(shop.project.state / trained.version.artifact))
    shop.book.dispose()


def test_it_is_judged_like_any_other(paced: Paced) -> None:
    """
    Every gate is green, the promise is a log loss beside that of the rule, and the package knows its classes by name.
    """
    assert paced.trained.version.sound, [one.words for one in paced.trained.verdicts if one.outcome != "pass"]
    assert paced.trained.promise.metric == "log_loss"
    assert paced.trained.promise.value < paced.trained.promise.rule
    assert paced.package.schema.classes == CLASSES


def test_a_request_gets_the_most_probable_class_and_all_probabilities(paced: Paced) -> None:
    """
    The answer is the package's own, bit by bit; reasons are those of its class; outcomes are told by name, and a number is refused.
    """
    at = (BUILT + timedelta(hours=1)).isoformat()
    with served(paced.shop.project) as service:
        row = {"entity": "o1", "decided_at": at, "inputs": INPUTS}
        told = service.predict(row, model=PACE).raise_for_status().json()["predictions"][0]
        why = service.client.post(f"/models/{PACE}/explain", json={"rows": [row]}).raise_for_status().json()["explanations"][0]
        outcome = {"entity": "o1", "known_at": at, "value": "usual"}
        taken = service.client.post(f"/models/{PACE}/outcomes", json={"outcomes": [outcome]})
        refused = service.client.post(f"/models/{PACE}/outcomes", json={"outcomes": [outcome | {"value": 2}]})

    (packaged,) = paced.package.predict([INPUTS])
    assert told["probabilities"] == dict(zip(CLASSES, packaged, strict=True))
    assert (told["class"], told["answer"]) == (max(told["probabilities"], key=told["probabilities"].get), max(packaged))
    assert (why["class"], why["answer"]) == (told["class"], told["answer"])
    assert why["base"] + sum(one["contribution"] for one in why["reasons"]) == pytest.approx(why["total"])
    assert taken.json()["accepted"] == 1
    assert (refused.status_code, refused.json()["error"]["what"]) == (422, "2.0 is no name of a class")


def test_scores_hold_the_class_and_its_probabilities(paced: Paced) -> None:
    """
    Each scored decision has the most probable class by name, its probability, and that of every class.
    """
    scores = lake.read(paced.shop.project.lake, f"scores/{PACE}")

    assert set(pc.unique(scores["class"]).to_pylist()) <= set(CLASSES)
    assert pc.min(scores["answer"]).as_py() >= 1 / 3
    assert set(yaml.safe_load(scores["probabilities"][0].as_py())) == set(CLASSES)


def test_what_came_true_is_measured_beside_the_rule(paced: Paced) -> None:
    """
    Matured windows have a realized log loss beside the rule's; the shares of answered classes are watched.
    """
    watched = monitor(paced.shop.project, paced.shop.book, PACE, datetime(2026, 6, 20, tzinfo=UTC))
    realized = [line for line in read.promises(paced.shop.book, PACE) if line.stage == "realized"]

    assert {verdict.name for verdict in watched.verdicts} >= {"class_drift", "prediction_drift"}
    assert len(realized) >= 4
    assert all(line.value is not None and line.rule is not None and 0 < line.value < 3 for line in realized)


def test_behaviour_is_that_of_the_class_that_a_case_names(paced: Paced) -> None:
    """
    Cases ask about the probability of a class, or about the most probable one; they are tried like any other.
    """
    behaved = behave(paced.shop.project, paced.shop.book, PACE)

    assert {one.kind for one in behaved.tried} >= {"invariance", "direction", "known", "order"}
    assert [one.words for one in behaved.verdicts if one.outcome != "pass"] == []


def test_one_prediction_is_explained_by_name(paced: Paced) -> None:
    """
    From raw rows to the class, with what the rule names.
    """
    entity = lake.read(paced.shop.project.lake, f"scores/{PACE}")["entity"][0].as_py()
    found = explain(paced.shop.project, paced.shop.book, PACE, entity, JUNE)

    assert found.class_ in CLASSES
    assert found.rule in CLASSES
    assert found.base + sum(reason.contribution for reason in found.reasons) == pytest.approx(found.total)


def test_it_is_made_again_bit_by_bit(paced: Paced) -> None:
    """
    The same training gives the same probabilities to the last bit.
    """
    made = reproduce(paced.shop.project, paced.shop.book, f"{PACE}@1")

    assert [one.words for one in made.verdicts if one.outcome != "pass"] == []


WRONG = {
    "a rule that names no class": ({"baseline": {"sql": "'fats'"}}, UnknownName, "fats"),
    "costs of one action": ({"evaluation": {"costs": {"false_positive": 1, "false_negative": 5}}}, BadSpec, "evaluation.costs"),
    "a good outcome that is none": ({"fairness": {"sensitive": ["shop"], "favourable": "fasst"}}, UnknownName, "fasst"),
}


@pytest.mark.parametrize(("said", "error", "shown"), WRONG.values(), ids=WRONG)
def test_what_classes_cannot_be_asked_is_refused_by_name(built: Shop, said: dict, error: type[Exception], shown: str) -> None:
    """
    A typo in a class is answered with the nearest, and what has no meaning for classes names its place in the spec.
    """
    asks_for_pace(built.root, **said)
    with pytest.raises(error) as refused:
        train(find(built.root), built.book, PACE, TRAINED)

    assert shown in f"{refused.value.where} {refused.value.what}"


def test_fairness_is_judged_by_who_gets_the_class_that_is_good(built: Shop) -> None:
    """
    With a class that is good for a person the groups are compared by it; without one nothing is assessed, which is no pass.
    """
    said = {"sensitive": ["shop"], "policy": "approval_ratio", "at_least": 0.1}
    found = {}
    for favourable in ({"favourable": "fast"}, {}):
        asks_for_pace(built.root, fairness=said | favourable, training={"candidates": ["lightgbm"], "search": {"trials": 0}})
        trained = train(find(built.root), built.book, PACE, TRAINED)
        (found[bool(favourable)],) = [one for one in trained.verdicts if one.name == "fairness"]

    assert found[True].outcome == "pass"
    assert "the rate of favourable decisions" in found[True].words
    assert (found[False].outcome, found[False].fix) == ("unknown", "name it: fairness.favourable in the spec")
