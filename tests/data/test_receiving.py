"""From messages to deliveries: written whole, each message a line, whatever it holds."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from shipworthy.clock import wall
from shipworthy.data import receiving
from shipworthy.data.landing import land
from shipworthy.data.receiving import deliver, gather, line, sweep
from shipworthy.errors import BadData
from shipworthy.gateways.brokers.base import Subscription

from .landing.delivering import AT, Delivering


class Waiting(Subscription):
    """Messages that wait in memory."""

    def __init__(self, messages: Sequence[bytes]) -> None:
        self.messages, self.asked = list(messages), list[int]()

    def receive(self, most: int, seconds: float) -> list[bytes]:
        self.asked.append(most)
        taken, self.messages = self.messages[:most], self.messages[most:]
        return taken

    def acknowledge(self) -> None: ...

    def waiting(self) -> int:
        return len(self.messages)

    def close(self) -> None: ...


def test_no_more_are_gathered_than_wanted() -> None:
    """
    In slices, up to the number that is asked for; the rest stays with the broker.
    """
    place = Waiting([b"x"] * 2000)

    assert len(gather(place, seconds=60, most=1200)) == 1200
    assert place.asked == [500, 500, 200]
    assert place.waiting() == 800


def test_no_more_are_gathered_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Large messages end a batch before its number is reached.
    """
    monkeypatch.setattr(receiving, "MOST_BYTES", 1000)

    assert len(gather(Waiting([b"x" * 10] * 2000), seconds=60)) == 500


def test_it_ends_when_it_is_asked_to() -> None:
    """
    What has come until then is what there is.
    """
    place = Waiting([b"x"] * 2000)

    assert len(gather(place, seconds=60, ended=lambda: len(place.asked) == 2)) == 1000


def test_a_delivery_is_whole_and_has_a_name_of_its_own(tmp_path: Path) -> None:
    """
    One line for each message, nothing else in the folder; the next one comes behind it by name.
    """
    first, second = (deliver(tmp_path / "received" / "orders", [b'{"id": 1}', b"x"]) for _ in range(2))

    assert first.read_bytes() == b'{"id": 1}\n"x"\n'
    assert sorted(first.parent.iterdir()) == [first, second]


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        (b'{"id": 1, "said": "\xc3\xa4"}', b'{"id": 1, "said": "\xc3\xa4"}'),
        (b' {"id": 1}', b' {"id": 1}'),
        (b'{\r\n  "id": 1\r\n}', b'{    "id": 1  }'),
        (b'{"said": "a\\nb"}', b'{"said": "a\\nb"}'),
        (b'{"said": "a\nb"}', b'"{\\"said\\": \\"a\\nb\\"}"'),
        (b'{"id": 1', b'{"id": 1'),
        (b"\xef\xbb\xbf{}", b'"\\ufeff{}"'),
        (b'{"said": "\xff"}', b'"{\\"said\\": \\"\\\\xff\\"}"'),
        (b"\x00", b'"\\u0000"'),
        (b"[1]", b'"[1]"'),
        (b"12", b'"12"'),
        (b"", b'""'),
    ],
)
def test_a_message_is_one_line(payload: bytes, written: bytes) -> None:
    """
    A JSON object is what it was; whatever else is a text in JSON, which is no record, and is held with what it says.
    """
    assert line(payload) == written


def test_what_is_no_record_does_not_keep_others_from_landing(tmp_path: Path) -> None:
    """
    Messages of every shape, in one delivery: the good one is landed, each of the others is in quarantine.
    """
    delivering = Delivering(tmp_path, path=None, stream={"broker": "nats", "address_from": "NATS", "topic": "orders"})
    good = {"id": 1, "at": "2026-01-01T10:00:00Z", "day": "2026-01-01", "price": 1.5, "paid": True, "said": "x"}
    strange = [b"[1]", b"", b"\n", b"no\njson", b"\x00\xff", b'{"id": ', b"null", b"\xef\xbb\xbf{}", b'{"id": 2, "at": "a\nb"}']
    for order in ([json.dumps(good).encode(), *strange], [*strange, json.dumps(good | {"id": 3}).encode()]):
        deliver(delivering.project.received / "orders", order)
    landed = land(delivering.project, delivering.contract(), AT)

    assert landed.rows == 2
    assert len(delivering.quarantine()) == 2 * len(strange)


def test_one_bad_message_among_few_does_not_stop_a_stream(tmp_path: Path) -> None:
    """
    A stream hands over what there is: of few messages as many may be bad as of a hundred; more are refused with all that came.
    """
    stream = {"broker": "nats", "address_from": "NATS", "topic": "orders"}
    delivering = Delivering(tmp_path, path=None, stream=stream, quarantine_at_most=0.02)
    folder = delivering.project.received / "orders"
    deliver(folder, [b'{"id": 1}', b"no record"])

    assert land(delivering.project, delivering.contract(), AT).rows == 1

    deliver(folder, [b'{"id": 2}', b"no record", b"none either", b"nor this"])
    with pytest.raises(BadData, match="3 of 4 new records"):
        land(delivering.project, delivering.contract(), AT)


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    """
    What was not finished an hour ago is nobody's; what another process is writing now stays.
    """
    old, new = tmp_path / ".a.jsonl.part", tmp_path / ".b.jsonl.part"
    for file in (old, new):
        file.write_text("half")
    os.utime(old, (wall().timestamp() - 4000,) * 2)
    sweep(tmp_path)

    assert list(tmp_path.iterdir()) == [new]
