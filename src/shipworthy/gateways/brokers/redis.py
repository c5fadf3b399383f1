"""Redis streams: a consumer group; what a dead consumer had is claimed."""

import os
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import redis

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.gateways.brokers.base import ANSWER_SECONDS, Broker, Subscription, Topic

T = TypeVar("T")
MOST_KEYS_LOOKED_AT = 10_000
LEAST_VERSION = (6, 2)


class RedisStreams(Broker):
    """Redis streams, from Redis 6.2 on. The topic is the key of the stream.

    The value of an entry with one field is the message, whatever the field's name; an entry of several fields is the JSON object
    of its fields, each a text.
    """

    def subscribe(self, topic: Topic) -> Subscription:
        """Join the consumer group of the stream; one that is new begins with the oldest entry."""
        try:
            client = redis.Redis.from_url(topic.address, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS)
        except ValueError:
            raise BadSpec(where=topic.where, what="the address is no Redis URL", fix="write redis://HOST:6379/0") from None
        try:
            _asked(topic, lambda: _join(client, topic))
            return _Consumer(client, topic)
        except BaseException:
            client.close()
            raise


def _join(client: Any, topic: Topic) -> None:
    version = tuple(int(part) for part in client.info("server")["redis_version"].split(".")[:2])
    if version < LEAST_VERSION:
        raise topic.refused(f"it is Redis {version[0]}.{version[1]}, which cannot claim what a dead consumer had", "take 6.2 or later")
    kind = client.type(topic.name)
    if kind == b"none":
        streams = [key.decode() for key, _ in zip(client.scan_iter(_type="stream"), range(MOST_KEYS_LOOKED_AT), strict=False)]
        raise UnknownName.of("Redis stream", topic.name, known=streams, where=topic.where)
    if kind != b"stream":
        raise topic.refused(f"it is a {kind.decode()}, not a stream", "name a key that XADD writes to")
    try:
        client.xgroup_create(topic.name, topic.group, id="0")
    except redis.ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


def _asked(topic: Topic, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        raise topic.refused("user or password is wrong, or may not do it", "mend the address, or give the user the right") from None
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise topic.lost(error) from None


class _Consumer(Subscription):
    def __init__(self, client: Any, topic: Topic) -> None:
        self._client, self._topic = client, topic
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._held: list[bytes] = []
        self._claim_from, self._claim_at = b"0-0", 0.0
        self.gone = _asked(topic, self._trimmed)

    def receive(self, most: int, seconds: float) -> list[bytes]:
        entries = _asked(self._topic, lambda: self._claimed(most) or self._new(most, seconds))
        self._held += [key for key, _ in entries]
        return [_payload(fields) for _, fields in entries]

    def _new(self, most: int, seconds: float) -> list[Any]:
        wait = max(1, int(min(seconds, ANSWER_SECONDS / 2) * 1000))
        found = self._client.xreadgroup(self._topic.group, self._name, {self._topic.name: ">"}, count=most, block=wait)
        return _entries(found)

    def _claimed(self, most: int) -> list[Any]:
        """Take over what has been in other hands for too long; looked for twice in that time."""
        if monotonic() < self._claim_at:
            return []
        idle = int(self._topic.hold_seconds * 1000)
        said = self._client.xautoclaim(self._topic.name, self._topic.group, self._name, idle, start_id=self._claim_from, count=most)
        self._claim_from = said[0]
        if said[0] == b"0-0":
            self._claim_at = monotonic() + self._topic.hold_seconds / 2
        self.gone += len(said[2]) if len(said) > 2 else 0
        return [(key, fields) for key, fields in said[1] if fields]

    def acknowledge(self) -> None:
        if self._held:
            _asked(self._topic, lambda: self._client.xack(self._topic.name, self._topic.group, *self._held))
            self._held = []

    def waiting(self) -> int:
        group = _asked(self._topic, self._group)
        lag = group.get("lag")
        unread = _asked(self._topic, lambda: self._unread(group)) if lag is None else int(lag)
        return unread + int(group["pending"])

    def _group(self) -> dict[str, Any]:
        groups = self._client.xinfo_groups(self._topic.name)
        return next(group for group in groups if group["name"] == self._topic.group.encode())

    def _unread(self, group: dict[str, Any]) -> int:
        """Count the entries behind the last that was handed out: Redis does not know it where entries were deleted."""
        return len(self._client.xrange(self._topic.name, min=b"(" + group["last-delivered-id"]))

    def _trimmed(self) -> int:
        """Return how many entries were trimmed before they were handed out to the group; 0 where Redis cannot say."""
        stream, read = self._client.xinfo_stream(self._topic.name), self._group().get("entries-read")
        if not read or stream.get("entries-added") is None:
            return 0
        return max(0, int(stream["entries-added"]) - int(stream["length"]) - int(read))

    def close(self) -> None:
        try:
            if not self._held:  # a consumer that holds something takes it along when it is deleted
                self._client.xgroup_delconsumer(self._topic.name, self._topic.group, self._name)
            self._client.close()
        except redis.RedisError:
            return


def _entries(found: Any) -> list[Any]:
    streams = found.items() if isinstance(found, dict) else found or []
    return [entry for _, entries in streams for entry in (entries[0] if isinstance(found, dict) else entries)]


def _payload(fields: dict[bytes, bytes]) -> bytes:
    if len(fields) == 1:
        return next(iter(fields.values()))
    return msgspec.json.encode({_text(key): _text(value) for key, value in fields.items()})


def _text(part: bytes) -> str:
    """Return `part` as text; a byte that is none is shown as one, not lost."""
    return part.decode(errors="backslashreplace")
