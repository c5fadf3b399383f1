"""Kafka's protocol: a consumer group; offsets are committed by hand."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from shipworthy.errors import BadSpec, StepFailed, UnknownName
from shipworthy.gateways.brokers.base import ANSWER_SECONDS, Broker, Subscription, Topic

T = TypeVar("T")
NO_OFFSET = -1001
TAKEN_AWAY = {
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError._NO_OFFSET,
    KafkaError._STATE,
}
"""Answers to a commit that say: another process reads it now, and will be handed what was not committed."""

REFUSALS = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError._AUTHENTICATION,
}


class Kafka(Broker):
    """What speaks Kafka's protocol: Apache Kafka, Redpanda, and others.

    The address is `HOST:9092,HOST:9092`, or `kafka://USER:PASSWORD@HOST:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN` with
    librdkafka's own options.
    """

    def subscribe(self, topic: Topic) -> Subscription:
        """Join the consumer group; one that is new begins with the oldest message."""
        return _Consumer(topic)


def settings(topic: Topic) -> dict[str, Any]:
    """Return librdkafka's configuration for an address.

    >>> topic = Topic("kafka://me:s3%40@a:1,b:2?security.protocol=SASL_SSL", "orders", "shipworthy", "sources/orders.yml")
    >>> {key: value for key, value in settings(topic).items() if key in ("bootstrap.servers", "sasl.password", "security.protocol")}
    {'bootstrap.servers': 'a:1,b:2', 'security.protocol': 'SASL_SSL', 'sasl.password': 's3@'}
    """
    said = urlsplit(topic.address if "://" in topic.address else f"kafka://{topic.address}")
    user, _, password = said.netloc.rpartition("@")[0].partition(":")
    known = {"sasl.username": unquote(user), "sasl.password": unquote(password)} if user else {}
    return {
        "bootstrap.servers": topic.place,
        "group.id": topic.group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
        "allow.auto.create.topics": False,
        "session.timeout.ms": int(topic.hold_seconds * 1000),
        "heartbeat.interval.ms": int(topic.hold_seconds * 1000 / 10),
        "log_level": 0,
        **dict(parse_qsl(said.query)),
        **known,
    }


class _Consumer(Subscription):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self._read: dict[int, int] = {}
        self._ended: dict[int, int] = {}
        self._trouble: KafkaError | None = None
        try:
            self._consumer = Consumer({**settings(topic), "error_cb": self._noted})
        except (KafkaException, ValueError) as error:
            raise BadSpec(where=topic.where, what=f"the address is none of Kafka ({type(error).__name__})", fix="write HOST:9092") from None
        try:
            self._partitions = self._asked(self._found)
            self.gone = self._asked(self._deleted)
            self._consumer.subscribe([topic.name], on_revoke=self._revoked, on_lost=self._revoked)
        except BaseException:
            self.close()
            raise

    def _noted(self, error: KafkaError) -> None:
        if error.code() in (KafkaError._ALL_BROKERS_DOWN, *REFUSALS):
            self._trouble = error

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            said = ask()
        except KafkaException as error:
            raise self._error(error.args[0]) from None
        if self._trouble:
            raise self._error(self._trouble)
        return said

    def _error(self, error: KafkaError) -> StepFailed:
        told, self._trouble = self._trouble or error, None
        if REFUSALS & {told.code(), error.code()}:
            return self._topic.refused("user or password is wrong, or may not read it", "mend the address, or the rights")
        return self._topic.lost(KafkaException(error))

    def _found(self) -> list[int]:
        said = self._consumer.list_topics(self._topic.name, timeout=ANSWER_SECONDS).topics[self._topic.name]
        if said.error is None and said.partitions:
            return sorted(said.partitions)
        if said.error is not None and said.error.code() in REFUSALS:
            raise KafkaException(said.error)
        topics = self._consumer.list_topics(timeout=ANSWER_SECONDS).topics
        known = [name for name in topics if not name.startswith("__") and name != self._topic.name]
        raise UnknownName.of("Kafka topic", self._topic.name, known=known, where=self._topic.where)

    def receive(self, most: int, seconds: float) -> list[bytes]:
        found = []
        for message in self._asked(lambda: self._consumer.consume(most, timeout=seconds)):
            error, partition, offset = message.error(), message.partition() or 0, message.offset() or 0
            if error is None:
                self._read[partition] = offset + 1
                self._ended.pop(partition, None)
                found.append(message.value() or b"")
            elif error.code() == KafkaError._PARTITION_EOF:
                self._ended[partition] = offset
            elif not error.retriable():
                raise self._error(error)
        return found

    def _revoked(self, _consumer: Any, partitions: list[TopicPartition]) -> None:
        for partition in partitions:
            self._ended.pop(partition.partition, None)

    def acknowledge(self) -> None:
        offsets = [TopicPartition(self._topic.name, partition, offset) for partition, offset in self._read.items()]
        self._read = {}
        if offsets:
            self._asked(lambda: self._commit(offsets))

    def _commit(self, offsets: list[TopicPartition]) -> None:
        try:
            self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            if error.args[0].code() not in TAKEN_AWAY:
                raise

    def waiting(self) -> int:
        return self._asked(lambda: sum(self._behind(*place) for place in self._places()))

    def _behind(self, partition: int, committed: int, low: int, high: int) -> int:
        """Count what is not committed of a partition; nothing where we stand at its end, for not all offsets are messages."""
        at_end = self._ended.get(partition, NO_OFFSET) >= high
        return 0 if at_end else max(0, high - max(committed, low))

    def _deleted(self) -> int:
        return sum(max(0, low - committed) for _, committed, low, _ in self._places() if committed >= 0)

    def _places(self) -> list[tuple[int, int, int, int]]:
        """Return partition, committed offset (negative: none), first and next offset of each partition."""
        asked = [TopicPartition(self._topic.name, partition) for partition in self._partitions]
        committed = self._consumer.committed(asked, timeout=ANSWER_SECONDS)
        marks = [self._consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS, cached=False) for place in asked]
        return [(place.partition, place.offset, *mark) for place, mark in zip(committed, marks, strict=True)]

    def close(self) -> None:
        with suppress(KafkaException, RuntimeError):
            self._consumer.close()
