"""Receives one batch of a stream as `receive` does, and kills itself with SIGKILL at a moment that it is given.

python -m tests.flows.killed_receiver PROJECT MOMENT
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from shipworthy.data import receiving
from shipworthy.flows.receive import Received, streams, take
from shipworthy.gateways import durable
from shipworthy.gateways.streams import subscribed
from shipworthy.spec.project import find


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(path: Path, content: bytes) -> None:
    path.write_bytes(content[: len(content) // 2])
    die()


def main(folder: str, moment: str) -> None:
    project = find(Path(folder))
    (contract,) = streams(project)
    with subscribed(contract) as place:
        if moment == "received":
            receiving.line = lambda _: die()  # type: ignore[assignment,return-value]
        if moment == "half written":
            durable.put = half_written
        if moment == "written":
            durable.rename = lambda _from, _to: die()
        if moment == "delivered":
            place.acknowledge = die  # type: ignore[method-assign]
        so_far = Received(contract.source)
        while so_far.messages == 0:
            so_far = take(project, place, so_far, seconds=1.0, most=200)
    die()


def moments() -> Sequence[str]:
    """Return the moments at which it can be killed."""
    return ("received", "half written", "written", "delivered", "acknowledged")


if __name__ == "__main__":
    main(*sys.argv[1:])
