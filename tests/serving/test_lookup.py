"""A request may give its decision alone: the service looks the features up, says what it found, and logs it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

from shipworthy.flows.absorb import PREDICTIONS, absorb
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.online import shelve
from shipworthy.gateways import lake
from shipworthy.logbook.segments import LookedUp, Prediction
from shipworthy.registry import package
from shipworthy.spec.project import models

from ..kitchen import HOUR, MODEL, NOON, Kitchen, at, decided, opened
from ..servers import Server
from .answering import Served, logged, served

MINUTE = timedelta(minutes=1)
WHOLE = {"distance": 2.0, "waiting": 6.0, "mood": "calm", "mean_price": 10.0, "seats": 20.0}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    found = opened(tmp_path)
    at(monkeypatch, tmp_path, NOON + 30 * MINUTE)
    return found


@pytest.fixture
def service(made: Kitchen) -> Iterator[Served]:
    with served(made.project) as running:
        yield running


def asked(service: Served, *rows: dict[str, Any]) -> httpx.Response:
    return service.predict(*rows, model=MODEL)


def last(service: Served) -> Prediction:
    record = logged(service.project, MODEL)[-1]
    assert isinstance(record, Prediction)
    return record


def refused(service: Served, row: dict[str, Any], status: int = 422) -> dict[str, str]:
    before = len(logged(service.project, MODEL))
    answer = asked(service, row)
    assert answer.status_code == status
    assert len(logged(service.project, MODEL)) == before
    said: dict[str, str] = answer.json()["error"]
    return said


def test_the_answer_is_that_of_the_looked_up_features(service: Served) -> None:
    """
    A decision alone is answered as if the caller had sent what the store holds, and the log has features, rows and version.
    """
    loaded = package.load(service.project.artifacts / MODEL / "1")

    (answer,) = asked(service, decided("o1", NOON + MINUTE)).json()["predictions"]

    assert answer["answer"] == loaded.predict([WHOLE])[0]
    assert "missing" not in answer
    record = last(service)
    assert record.inputs == WHOLE
    assert record.lookups is not None
    assert record.lookups["queue"] == LookedUp("queue", {"shop": "dragon"}, 0, NOON, "first", NOON - HOUR, NOON - 58 * MINUTE)
    assert record.lookups["prices"].keys == {"shop": "dragon", "dish": 7}
    assert record.lookups["tables"].event_time is None


def test_a_row_with_every_feature_looks_nothing_up(service: Served) -> None:
    """
    The first form is as it was: what the caller sends counts, and the log says that nothing was looked up.
    """
    row = {"entity": "o1", "decided_at": NOON.isoformat(), "inputs": WHOLE | {"waiting": 29.0}}
    both = asked(service, row, decided("o2", NOON)).json()["predictions"]

    assert both[0]["answer"] != both[1]["answer"]
    first, second = (record for record in logged(service.project, MODEL) if isinstance(record, Prediction))
    assert (first.lookups, first.inputs["waiting"]) == (None, 29.0)
    assert second.lookups is not None


def test_missing_features_are_null_and_said(service: Served) -> None:
    """
    An unknown shop, a null key, a dish without a price, a decision before what is kept: null, each with its reason.
    """
    rows = [
        decided("o1", NOON, shop="nowhere"), decided("o2", NOON, dish=None), decided("o3", NOON + 30 * MINUTE, dish=8),
        decided("o4", NOON - 2 * HOUR + MINUTE),
    ]  # fmt: skip
    answers = asked(service, *rows).json()["predictions"]

    assert answers[0]["missing"] == {"queue": "absent", "prices": "absent", "tables": "absent"}
    assert answers[1]["missing"] == answers[2]["missing"] == {"prices": "absent"}
    assert answers[3]["missing"] == {"queue": "not kept"}
    record = last(service)
    assert (record.inputs["waiting"], record.inputs["mood"]) == (None, None)
    assert record.lookups is not None
    assert record.lookups["queue"].missing == "not kept"


def test_a_row_that_is_too_old_is_null(made: Kitchen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    At exactly `max_age` it still counts, a moment later it does not; the log says which row it was.
    """
    limit = NOON - HOUR + 3 * HOUR
    at(monkeypatch, tmp_path, limit + HOUR)
    with served(made.project) as service:
        fresh, old = asked(service, decided("o1", limit), decided("o2", limit + timedelta(microseconds=1))).json()["predictions"]

    assert "missing" not in fresh
    assert old["missing"] == {"queue": "too old"}
    first, second = (record.inputs["waiting"] for record in logged(made.project, MODEL) if isinstance(record, Prediction))
    assert (first, second) == (6.0, None)
    assert last(Served(made.project, service.client)).lookups["queue"].event_time == NOON - HOUR  # type: ignore[index]


def test_what_becomes_known_counts_from_that_moment(made: Kitchen) -> None:
    """
    Noon's queue was in the store before it was known: a decision before two past is answered without it, one after with it.
    """
    made.build(NOON, everything=True)
    with served(made.project) as service:
        asked(service, decided("o1", NOON + 2 * MINUTE - timedelta(microseconds=1)), decided("o2", NOON + 2 * MINUTE)).raise_for_status()

    waiting = [record.inputs["waiting"] for record in logged(made.project, MODEL) if isinstance(record, Prediction)]
    assert waiting == [6.0, 8.0]


def test_a_build_is_followed_by_a_running_service(made: Kitchen, service: Served) -> None:
    """
    The next request after a build is answered from it, without a restart.
    """
    asked(service, decided("o1", NOON + 20 * MINUTE)).raise_for_status()
    assert last(service).inputs["waiting"] == 6.0

    made.build(NOON + 20 * MINUTE)
    asked(service, decided("o2", NOON + 20 * MINUTE)).raise_for_status()
    assert last(service).inputs["waiting"] == 8.0


class TestWhatIsSentAllTheSame:
    def test_it_wins_where_the_spec_allows_it_and_is_logged(self, service: Served) -> None:
        """
        A price of the caller's own, null too, is what the model gets; the log says which were not looked up.
        """
        for price in (7.5, None):
            asked(service, decided("o1", NOON) | {"inputs": {"mean_price": price}}).raise_for_status()
            record = last(service)
            assert record.inputs["mean_price"] == price
            assert record.lookups is not None
            assert (record.lookups["prices"].sent, record.lookups["queue"].sent) == (["mean_price"], [])

    def test_it_is_refused_where_nobody_allowed_it(self, service: Served) -> None:
        """
        The refusal names the field, the relation that it is looked up in, and how to allow it.
        """
        error = refused(service, decided("o1", NOON) | {"inputs": {"waiting": 1.0}})

        assert error["where"] == "rows.0.inputs.waiting"
        assert "is looked up in queue" in error["what"]
        assert "may_be_sent: true" in error["fix"]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"decision": {"distance": 2.0, "shop": "dragon"}}, "rows.0.decision", "missing: dish"),
        ({"decision": {"distance": 2.0, "shp": "dragon", "dish": 7}}, "rows.0.decision.shp", "no field 'shp'"),
        (
            {"decision": {"distance": "far", "shop": "dragon", "dish": 7}},
            "rows.0.decision.distance",
            "'far': Input should be a valid number",
        ),
        ({"decision": {"distance": 2.0, "shop": 3, "dish": 7}}, "rows.0.decision.shop", "3: Input should be a valid string"),
        ({"decision": {"distance": 2.0, "shop": "dragon", "dish": 7.5}}, "rows.0.decision.dish", "7.5: Input should be a valid integer"),
        ({"decision": {"distance": 2.0, "shop": "dragon", "dish": 2**63}}, "rows.0.decision.dish", "less than"),
        ({"decision": [1]}, "rows.0.decision", "should be an object"),
        ({"decision": None}, "rows.0.decision", "should be an object"),
        ({"decided_at": "2026-05-01"}, "rows.0.decided_at", "is not a time with its zone"),
        ({"decided_at": "2026-06-01T00:00:00Z"}, "rows.0.decided_at", "lies in the future"),
        ({"entity": ""}, "rows.0.entity", "at least 1 character"),
        ({"dcision": {}}, "rows.0.dcision", "no field 'dcision'"),
    ],
)
def test_a_mistake_names_its_field(service: Served, change: dict[str, Any], where: str, what: str) -> None:
    """
    A bad decision is a 422 with the field as the caller wrote it and the reason, and nothing of it is logged.
    """
    error = refused(service, decided("o1", NOON) | change)

    assert error["where"] == where
    assert what in error["what"]


def test_a_row_of_neither_form_is_told_of_both(service: Served) -> None:
    """
    Without a decision every feature is wanted, and the fix says what else would do.
    """
    error = refused(service, {"entity": "o1", "decided_at": NOON.isoformat(), "inputs": {"distance": 2.0}})

    assert error["what"] == "missing: waiting, mood, mean_price, seats"
    assert "send 'decision'" in error["fix"]


def test_no_store_is_no_answer(made: Kitchen, service: Served) -> None:
    """
    Where nothing can be looked up nothing is answered, and nothing guessed: 503 with what to run, until the store is there.
    """
    made.project.online.rename(made.project.online.with_suffix(".away"))
    assert "shipworthy build" in refused(service, decided("o1", NOON), 503)["fix"]
    row = {"entity": "o1", "decided_at": NOON.isoformat(), "inputs": WHOLE}
    assert asked(service, row).status_code == 200

    made.build(NOON)
    assert asked(service, decided("o1", NOON)).status_code == 200


def test_a_store_without_a_column_that_the_model_reads_is_no_answer(made: Kitchen, service: Served) -> None:
    """
    A column that left the relation is not null in silence: the champion cannot be asked until it is back.
    """
    catalog = made.publish(NOON)
    rows = lake.read(made.project.lake, "published/queue").drop_columns(["mood"])
    version = lake.overwrite(made.project.lake, "published/queue", rows)
    relations = {**catalog.relations, "queue": {**catalog.relations["queue"], "version": version}}
    shelve(made.project, models(made.project), Catalog(NOON, "key", relations), NOON)

    assert "hold no column 'mood'" in refused(service, decided("o1", NOON), 503)["what"]


class TestRetrieval:
    def test_a_decision_by_its_keys(self, service: Served) -> None:
        """
        What it would be answered with, and where from; now unless a moment is given. Nothing is logged.
        """
        said = service.client.get(f"/models/{MODEL}/features", params={"shop": "dragon", "dish": 7}).json()

        assert said["features"] == {name: value for name, value in WHOLE.items() if name != "distance"}
        assert said["decided_at"] == "2026-05-01T12:30:00Z"
        assert said["lookups"]["queue"]["event_time"] == "2026-05-01T11:00:00Z"
        earlier = {"shop": "nowhere", "dish": 7, "decided_at": "2026-05-01T12:00:00Z"}
        said = service.client.get(f"/models/{MODEL}/features", params=earlier).json()
        assert set(said["features"].values()) == {None}
        assert {one["missing"] for one in said["lookups"].values()} == {"absent"}
        assert logged(service.project, MODEL) == []

    @pytest.mark.parametrize(
        ("query", "what"),
        [
            ("shop=dragon", "missing: dish"),
            ("shop=dragon&dish=x", "'x' is no integer"),
            ("shop=dragon&dish=7&shp=1", "no parameter 'shp'"),
            ("shop=dragon&dish=7&dish=8", "more than once"),
            ("shop=dragon&dish=7&decided_at=2026", "'2026' is no timestamp"),
        ],
    )
    def test_a_mistake_in_the_query_is_named(self, service: Served, query: str, what: str) -> None:
        """
        422, with the parameter and the reason.
        """
        answer = service.client.get(f"/models/{MODEL}/features?{query}")

        assert answer.status_code == 422
        assert what in answer.json()["error"]["what"]

    def test_reading_is_enough(self, made: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A key with the role read retrieves features and gets no predictions; without a key nobody gets either.
        """
        monkeypatch.setenv("SHIPWORTHY_KEYS", "bi:read:k1,app:predict:k2")
        with served(made.project) as service:
            path, reader = f"/models/{MODEL}/features?shop=dragon&dish=7", {"authorization": "Bearer k1"}
            assert service.client.get(path).status_code == 401
            assert service.client.get(path, headers=reader).status_code == 200
            body = {"rows": [decided("o1", NOON)]}
            assert service.client.post(f"/models/{MODEL}/predict", json=body, headers=reader).status_code == 403


def test_the_description_has_both_forms(service: Served) -> None:
    """
    OpenAPI says of a row that it is of one form or the other, and which parameters a retrieval takes.
    """
    document = service.client.get("/openapi.json").json()

    items = document["components"]["schemas"]["MinutesPredict"]["properties"]["rows"]["items"]
    assert {one["$ref"].rpartition("/")[2] for one in items["oneOf"]} == {"MinutesRow", "MinutesDecisionRow"}
    decision = document["components"]["schemas"]["MinutesDecision"]
    assert set(decision["required"]) == {"distance", "shop", "dish"}
    asked_for = document["paths"][f"/models/{MODEL}/features"]["get"]["parameters"]
    assert [(one["name"], one["required"]) for one in asked_for] == [("shop", True), ("dish", True), ("decided_at", False)]


def test_looks_are_counted(service: Served) -> None:
    """
    Prometheus sees by relation how many looks found something, and why the others did not.
    """
    asked(service, decided("o1", NOON), decided("o2", NOON, shop="nowhere")).raise_for_status()

    text = service.client.get("/metrics").text
    assert 'shipworthy_lookups_total{model="minutes",relation="queue",result="found"} 1.0' in text
    assert 'shipworthy_lookups_total{model="minutes",relation="queue",result="absent"} 1.0' in text


def test_the_log_reaches_the_lake_beside_records_of_older_logs(made: Kitchen, service: Served) -> None:
    """
    What was looked up is in the lake as JSON, null for a row that was sent whole: an older table gains the column.
    """
    before = PREDICTIONS.remove(PREDICTIONS.get_field_index("lookups"))
    lake.append(made.project.lake, f"predictions/{MODEL}", pa.Table.from_pylist([{"id": "old", "inputs": "{}"}], before))
    asked(service, decided("o1", NOON), {"entity": "o2", "decided_at": NOON.isoformat(), "inputs": WHOLE}).raise_for_status()

    assert absorb(made.project, MODEL) == 2
    rows = {row["entity"]: row["lookups"] for row in lake.read(made.project.lake, f"predictions/{MODEL}").to_pylist()}
    assert json.loads(rows["o1"])["queue"]["event_time"] == "2026-05-01T11:00:00Z"
    assert (rows["o2"], rows[None]) == (None, None)


def test_a_service_on_redis_answers_the_same(redis: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same requests out of Redis; while it is gone there is no answer, and once it is back there is.
    """
    monkeypatch.setenv("ONLINE_URL", redis.address)
    made = opened(tmp_path, f"online: {{store: redis, url_from: ONLINE_URL, prefix: '{tmp_path.name}'}}\n")
    at(monkeypatch, tmp_path, datetime(2026, 5, 1, 12, 30, tzinfo=UTC))
    with served(made.project) as service:
        assert asked(service, decided("o1", NOON)).status_code == 200
        assert last(service).inputs == WHOLE
        redis.kill()
        assert "ONLINE_URL" in refused(service, decided("o2", NOON), 503)["fix"]
        redis.start()
        assert asked(service, decided("o3", NOON)).status_code == 200
