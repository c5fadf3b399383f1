import itertools
import json
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from shipworthy.errors import BadSpec
from shipworthy.logbook.segments import Outcome, Prediction
from shipworthy.serving.run import bound, running_file
from shipworthy.spec.project import Project

from .answering import MODEL, SERVE, Served, row, served_apart

SMALL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n" + SERVE
UNWANTED = ("mlflow", "dbt", "duckdb", "deltalake", "sqlalchemy", "altair", "vl_convert", "matplotlib")


def test_the_service_loads_nothing_that_it_does_not_need() -> None:
    """
    Neither the warehouse nor tracking nor charts are loaded to answer a request.
    """
    script = f"import sys, shipworthy.serving.run; print([name for name in {UNWANTED} if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.strip() == "[]"


def test_a_port_that_is_taken_is_named() -> None:
    """
    Where the port is not free the service says which one.
    """
    with bound("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(BadSpec, match="cannot listen"):
            bound("127.0.0.1", taken.getsockname()[1])


def test_a_request_under_way_is_finished_before_the_service_stops(live_project: Project) -> None:
    """
    A caller who is half through a body when the service is told to stop is answered, and the answer is in the log.
    """
    body = json.dumps({"rows": [row("the last one")]}).encode()
    head = f"POST /models/{MODEL}/predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    with served_apart(live_project) as service, socket.create_connection(("127.0.0.1", service.client.base_url.port or 0)) as caller:
        caller.sendall(head.encode() + body[:20])
        service.until(lambda: service.client.get("/health").status_code == 200)
        service.process.send_signal(signal.SIGTERM)
        service.until(lambda: not running_file(live_project).exists())
        caller.sendall(body[20:])

        answer = caller.recv(65536)
        said = service.process.communicate(timeout=60)[1]

    assert answer.startswith(b"HTTP/1.1 200")
    assert [record.entity for record in service.logged()] == ["the last one"]
    assert said == ""


def test_every_acknowledged_record_outlives_a_kill_under_load(live_project: Project) -> None:
    """
    The service is killed while three callers ask without a pause: what they were answered is in the log, all of it, as answered.
    """
    acknowledged, outcomes, many = {}, set(), threading.Event()
    numbers = itertools.count()

    def ask(client: httpx.Client) -> None:
        rows = [row(f"UA {next(numbers)}") for _ in range(3)]
        for one in client.post(f"/models/{MODEL}/predict", json={"rows": rows}).raise_for_status().json()["predictions"]:
            acknowledged[one["id"]] = (one["entity"], one["answer"])
        told = {"entity": rows[0]["entity"], "value": 1.5, "known_at": "2013-05-02T00:00:00Z"}
        client.post(f"/models/{MODEL}/outcomes", json={"outcomes": [told]}).raise_for_status()
        outcomes.add(told["entity"])

    def caller(service: Served) -> None:
        with httpx.Client(base_url=service.client.base_url, timeout=60, verify=False) as client:
            while True:
                try:
                    ask(client)
                except httpx.TransportError:
                    return
                if len(outcomes) > 100:
                    many.set()

    with served_apart(live_project) as service, ThreadPoolExecutor(3) as pool:
        callers = [pool.submit(caller, service) for _ in range(3)]
        assert many.wait(60)
        service.stop(signal.SIGKILL)
    for one in callers:
        one.result()

    records = service.logged()
    found = {record.id: (record.entity, record.answer) for record in records if isinstance(record, Prediction)}
    assert acknowledged.items() <= found.items()
    assert outcomes <= {record.entity for record in records if isinstance(record, Outcome)}


def test_a_full_disk_refuses_what_it_cannot_log(live_project: Project) -> None:
    """
    When the log takes no more, requests are refused with 503, nothing of them is in the log, and the service stays up.
    """
    with served_apart(live_project, SMALL_DISK) as service:
        answers = [service.predict(row(f"UA {number}"), row(f"B6 {number}")) for number in range(60)]
        alive = service.client.get("/health").status_code

    statuses = [answer.status_code for answer in answers]
    full = statuses.index(503)
    assert statuses == [200] * full + [503] * (60 - full)
    assert "takes no more" in answers[-1].json()["error"]["what"]
    assert len(service.logged()) == 2 * full
    assert alive == 200
