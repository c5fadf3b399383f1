"""What runs beside the loop on one machine."""

import shutil
from pathlib import Path
from time import monotonic, sleep

import pytest

from shipworthy.flows.up import receiving

from ..servers import LOCAL, Server, free_port
from ..streaming import streaming

pytestmark = pytest.mark.journey

PATIENCE_SECONDS = 60.0


def test_a_receiver_that_ended_is_started_again(redis: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Its broker is not there at first: it ends, is told, and starts again; once the broker is there, messages are received.
    """
    stream = streaming(tmp_path, "redis", redis, monkeypatch)
    stream.send(b'{"id": 1}')
    monkeypatch.setenv("BROKER", f"redis://{LOCAL}:{free_port()}")
    told: list[str] = []
    deadline = monotonic() + PATIENCE_SECONDS
    with receiving(stream.project, lambda what, *_: told.append(what), rest_seconds=0.1) as look:
        while not stream.delivered():
            assert monotonic() < deadline
            sleep(0.1)
            if told:
                monkeypatch.setenv("BROKER", redis.address)
            look()

    assert told[0].startswith("receive: ended with 2")
    assert stream.delivered() == ['{"id": 1}']
    assert "no broker answers" in (stream.project.state / "logs" / "receive.log").read_text()
    shutil.rmtree(stream.project.state)  # nothing holds it any more
