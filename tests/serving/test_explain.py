"""Explanations over HTTP, of a service that really runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.spec.project import Project, find

from .answering import MODEL, Served, inputs, logged, packaged, promoted, row, served


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root: Path = tmp_path_factory.mktemp("explained")
    (root / "shipworthy.yml").write_text("service: {most_rows: 500}\n")
    project = find(root)
    for version, model, task in ((1, MODEL, "regression"), (2, "late", "binary")):
        packaged(project, version, model=model, task=task)  # type: ignore[arg-type]
        promoted(project, version, model)
    return project


@pytest.fixture(scope="module")
def service(project: Project) -> Iterator[Served]:
    with served(project) as running:
        yield running


def test_reasons_add_up_to_the_answer_and_are_said_in_words(service: Served) -> None:
    """
    Base and contributions are the answer, in its unit; the weightiest comes first, with its value and in words.
    """
    found = service.client.post(f"/models/{MODEL}/explain", json={"rows": [row(dep_delay=45.0)]}).json()
    (one,) = found["explanations"]

    assert (found["model"], found["version"], one["entity"], one["scale"]) == (MODEL, 1, "UA 1", "label")
    assert one["base"] + sum(reason["contribution"] for reason in one["reasons"]) == pytest.approx(one["answer"], abs=1e-9)
    assert one["total"] == one["answer"]
    assert (one["reasons"][0]["feature"], one["reasons"][0]["value"]) == ("dep_delay", 45.0)
    assert one["words"][0].startswith("dep_delay is 45: adds ")
    assert one["words"][0].endswith(" minutes")


def test_the_answer_is_the_one_that_predict_gives(service: Served) -> None:
    """
    What is explained is what is answered, for each row in its order, missing and unknown values among them.
    """
    rows = [row("a"), row("b", carrier=None), row("c", carrier="never seen"), row("d", dep_delay=None)]

    explained = service.client.post(f"/models/{MODEL}/explain", json={"rows": rows}).json()["explanations"]
    predicted = service.client.post(f"/models/{MODEL}/predict", json={"rows": rows}).json()["predictions"]

    assert [(one["entity"], one["answer"]) for one in explained] == [(one["entity"], one["answer"]) for one in predicted]
    said = [reason["words"] for one in explained for reason in one["reasons"]]
    assert any(words.startswith("carrier is not known: ") for words in said)
    assert any(words.startswith("carrier is never seen, which the model does not know: ") for words in said)


def test_a_probability_is_explained_in_odds(service: Served) -> None:
    """
    The contributions to a probability are on the log-odds, and words say by what the odds are multiplied.
    """
    (one,) = service.client.post("/models/late/explain", json={"rows": [row(dep_delay=45.0)]}).json()["explanations"]

    assert one["scale"] == "log-odds"
    assert 0 < one["answer"] < 1
    assert "the odds by" in one["words"][0]


def test_nothing_is_logged(service: Served, project: Project) -> None:
    """
    A question about an answer is no decision: the prediction log stays as it is.
    """
    before = len(logged(project, "late"))

    service.client.post("/models/late/explain", json={"rows": [row()]})

    assert len(logged(project, "late")) == before


def test_mistakes_are_told_as_by_predict(service: Served) -> None:
    """
    A wrong field, an unknown model and too many rows are refused with where, what and fix.
    """
    wrong = service.client.post(f"/models/{MODEL}/explain", json={"rows": [{**row(), "inputs": inputs(carrier=3)}]})
    unknown = service.client.post("/models/nope/explain", json={"rows": [row()]})
    many = service.client.post(f"/models/{MODEL}/explain", json={"rows": [row()] * 21})

    assert (wrong.status_code, wrong.json()["error"]["where"]) == (422, "rows.0.inputs.carrier")
    assert unknown.status_code == 404
    assert (many.status_code, many.json()["error"]["what"]) == (422, "21 to explain, at most 20 at once")


def test_it_is_in_the_description(service: Served) -> None:
    """
    OpenAPI has the path with its typed request and answer.
    """
    document = service.client.get("/openapi.json").json()

    operation = document["paths"][f"/models/{MODEL}/explain"]["post"]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Explanations"}
    assert "reasons" in document["components"]["schemas"]["Explanation"]["properties"]
