import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from shipworthy.logbook.segments import Outcome, Prediction
from shipworthy.spec.project import find

from .answering import MODEL, Served, packaged, promoted, row, served

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all the tests of this file: none of them may disturb it."""
    root: Path = tmp_path_factory.mktemp("project")
    (root / "shipworthy.yml").write_text("service: {largest_body_bytes: 200000, most_rows: 500}\n")
    project = find(root)
    packaged(project, 1)
    promoted(project, 1)
    packaged(project, 3, model="late", task="binary")
    promoted(project, 3, "late")
    with served(project) as running:
        yield running


def bodies() -> dict[str, tuple[int, str, Any]]:
    """Return bad bodies by name: the status, where the mistake is, and the body."""

    def changed(**values: Any) -> dict[str, Any]:
        return {"rows": [row(**values)]}

    incomplete = row()
    del incomplete["inputs"]["carrier"]
    long = b'{"rows": [' + b" " * 300_000
    return {
        "wrong type": (422, "rows.0.inputs.dep_delay", changed(dep_delay="late")),
        "flag for a number": (422, "rows.0.inputs.dep_delay", changed(dep_delay=True)),
        "number for a category": (422, "rows.0.inputs.carrier", changed(carrier=3)),
        "missing field": (422, "rows.0.inputs", {"rows": [row(), incomplete][::-1]}),
        "second row bad": (422, "rows.1.inputs.dep_delay", {"rows": [row(), row(dep_delay="x")]}),
        "unknown field": (422, "rows.0.inputs.carier", changed(carier="UA")),
        "NaN": (422, "rows.0.inputs.dep_delay", json.dumps(changed(dep_delay=float("nan"))).encode()),
        "Infinity": (422, "rows.0.inputs.dep_delay", json.dumps(changed(dep_delay=float("inf"))).encode()),
        "no rows": (422, "rows", {"rows": []}),
        "too many rows": (422, "rows", {"rows": [row()] * 501}),
        "huge": (413, "body", long),
        "huge, told late": (413, "body", iter([long[:150_000], long[150_000:]])),
        "not JSON": (400, "body", b"{rows"),
        "empty": (400, "body", b""),
        "not text": (400, "body", b"\xff\xfe"),
        "future": (422, "rows.0.decided_at", {"rows": [{**row(), "decided_at": "2999-01-01T00:00:00Z"}]}),
        "no zone": (422, "rows.0.decided_at", {"rows": [{**row(), "decided_at": "2013-05-01T12:00:00"}]}),
    }


@pytest.mark.parametrize("name", bodies())
def test_a_bad_body_is_refused_with_the_field_and_leaves_no_trace(service: Served, name: str) -> None:
    """
    Each is a 4xx in the one shape that says where, what and how to mend it; nothing is logged, and the next request is answered.
    """
    status, where, body = bodies()[name]
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    before = service.logged()

    response = service.client.post(f"/models/{MODEL}/predict", content=content, headers=JSON)

    assert (response.status_code, response.json()["error"]["where"]) == (status, where)
    assert all(response.json()["error"].values())
    assert service.logged() == before
    assert service.predict(row()).status_code == 200


def test_an_unknown_category_is_answered_marked_and_counted(service: Served) -> None:
    """
    A category never seen is no mistake: the answer names it, and the metrics count it.
    """
    answer = service.predict(row(carrier="ZZ"), row()).json()["predictions"]

    assert [one["unseen"] for one in answer] == [["carrier"], []]
    assert 'shipworthy_unseen_values_total{column="carrier",model="delay"}' in service.client.get("/metrics").text


def test_many_rows_are_answered_as_few_are(service: Served) -> None:
    """
    A large body, answered beside the event loop, has the answers of its rows sent one by one.
    """
    rows = [row(f"UA {number}", dep_delay=number / 7) for number in range(500)]

    many = service.predict(*rows).json()["predictions"]

    assert [one["entity"] for one in many] == [one["entity"] for one in rows]
    assert [many[place]["answer"] for place in (0, 250, 499)] == [
        service.predict(rows[place]).json()["predictions"][0]["answer"] for place in (0, 250, 499)
    ]


def test_every_answer_is_in_the_log_before_it_is_given(service: Served) -> None:
    """
    What comes back over HTTP is what stands in the log, under the same id.
    """
    answer = service.predict(row("DL 7")).json()["predictions"][0]

    record = service.logged()[-1]
    assert isinstance(record, Prediction)
    assert (record.id, record.entity, record.answer, record.version) == (answer["id"], "DL 7", answer["answer"], 1)


def test_outcomes_are_on_disk_before_they_are_acknowledged(service: Served) -> None:
    """
    An outcome that was accepted stands in the log of its model; a bad one among good ones refuses them all.
    """
    good = {"entity": "UA 1", "decided_at": "2013-05-01T12:00:00Z", "value": 1, "known_at": "2013-05-01T15:00:00Z"}

    accepted = service.client.post("/models/late/outcomes", json={"outcomes": [good, good]})
    refused = service.client.post("/models/late/outcomes", json={"outcomes": [good, {**good, "value": 2}]})

    assert accepted.json() == {"model": "late", "accepted": 2}
    assert (refused.status_code, refused.json()["error"]["where"]) == (422, "outcomes.1.value")
    assert [record.value for record in service.logged("late") if isinstance(record, Outcome)] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("PUT", "/models", 405),
        ("GET", f"/models/{MODEL}/predict", 405),
        ("GET", "/models/dealy", 404),
        ("GET", "/docs", 404),
    ],
)
def test_what_is_not_there_is_refused_in_the_one_shape(service: Served, method: str, path: str, status: int) -> None:
    """
    Unknown paths, models and methods are answered as every other mistake is.
    """
    response = service.client.request(method, path)

    assert response.status_code == status
    assert set(response.json()["error"]) == {"where", "what", "fix"}


def test_an_unknown_model_is_answered_with_the_nearest(service: Served) -> None:
    """
    A typo in the model's name is answered with the name that was meant.
    """
    assert "did you mean 'delay'?" in service.predict(row(), model="dealy").json()["error"]["fix"]


def test_a_body_that_is_not_said_to_be_json_is_refused(service: Served) -> None:
    """
    What a foreign page could make a browser send is not taken.
    """
    body = json.dumps({"rows": [row()]})

    assert service.client.post(f"/models/{MODEL}/predict", content=body, headers={"content-type": "text/plain"}).status_code == 415


def test_it_says_what_answers(service: Served) -> None:
    """
    Which models, which versions, and what they take.
    """
    models = service.client.get("/models").json()["models"]
    one = service.client.get(f"/models/{MODEL}").json()

    assert [(model["model"], model["version"], model["task"]) for model in models] == [("delay", 1, "regression"), ("late", 3, "binary")]
    assert [column["name"] for column in one["schema"]["columns"]] == ["dep_delay", "wind speed", "carrier"]
    assert service.client.get("/health").json() == {"alive": True}
    assert service.client.get("/ready").json() == {"ready": True, "versions": {"delay": 1, "late": 3}, "trouble": {}}


def schema_of(document: dict[str, Any], path: str, *, of: str) -> dict[str, Any]:
    operation = document["paths"][path]["post"]
    content = operation["requestBody"] if of == "request" else operation["responses"][of]
    return {**content["content"]["application/json"]["schema"], "components": document["components"]}


class TestOpenApi:
    def test_it_tells_good_bodies_from_bad_ones(self, service: Served) -> None:
        """
        The document accepts what the service answers, and refuses what the service refuses.
        """
        document = service.client.get("/openapi.json").json()
        schema = schema_of(document, f"/models/{MODEL}/predict", of="request")

        jsonschema.validate({"rows": [row(), row(carrier=None, dep_delay=3)]}, schema)
        for name in (
            "wrong type",
            "flag for a number",
            "number for a category",
            "missing field",
            "unknown field",
            "no rows",
            "too many rows",
        ):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(bodies()[name][2], schema)

    def test_it_describes_the_answers_and_the_refusals(self, service: Served) -> None:
        """
        Answers and errors are of the shape that the document says.
        """
        document = service.client.get("/openapi.json").json()
        path = f"/models/{MODEL}/predict"

        jsonschema.validate(service.predict(row()).json(), schema_of(document, path, of="200"))
        jsonschema.validate(service.predict(row(dep_delay="x")).json(), schema_of(document, path, of="4XX"))

    def test_every_reference_leads_somewhere(self, service: Served) -> None:
        """
        No part of the document points to one that it does not have.
        """
        document = service.client.get("/openapi.json").json()
        pointed = {part.split('"')[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]}

        assert pointed <= set(document["components"]["schemas"])


def test_requests_are_counted_by_route_and_a_stranger_adds_no_series(service: Served) -> None:
    """
    Metrics are labelled with routes and models of ours; a made-up path or name adds none.
    """
    for name in ("made-up-1", "made-up-2"):
        service.predict(row(), model=name)
        service.client.get(f"/{name}")

    text = httpx.get(f"{service.client.base_url}/metrics").text

    assert 'shipworthy_requests_total{model="delay",route="/models/{model}/predict",status="200"}' in text
    assert 'shipworthy_model_version{model="late"} 3.0' in text
    assert "made-up" not in text
