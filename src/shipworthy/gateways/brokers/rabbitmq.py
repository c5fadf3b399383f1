"""RabbitMQ: a durable or quorum queue, acknowledged by hand."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

import pika
from pika.exceptions import (
    AMQPConnectionError,
    AMQPError,
    ChannelClosedByBroker,
    ChannelWrongStateError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.gateways.brokers.base import Broker, Subscription, Topic

T = TypeVar("T")
NOT_FOUND = 404
MOST_IN_HAND = 10_000
"""How many messages the broker hands out before it wants one acknowledged; a quorum queue allows no unlimited number."""


class RabbitMQ(Broker):
    """RabbitMQ by AMQP 0-9-1. The topic is a queue that exists and is durable; the queue itself is the group.

    What a dead process had in hand is handed out again as soon as its connection is gone.
    """

    def subscribe(self, topic: Topic) -> Subscription:
        """Consume the queue."""
        try:
            asked = pika.URLParameters(topic.address)
        except ValueError:
            raise BadSpec(where=topic.where, what="the address is no AMQP URL", fix="write amqp://USER:PASSWORD@HOST:5672/%2F") from None
        return _asked(topic, lambda: _Consumer(pika.BlockingConnection(asked), topic))


def _asked(topic: Topic, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ChannelClosedByBroker as error:
        if error.reply_code == NOT_FOUND:
            raise UnknownName.of("queue", topic.name, known=[], where=topic.where) from None
        raise topic.refused(str(error.reply_text), "read the broker's log") from None
    except (ProbableAuthenticationError, ProbableAccessDeniedError):
        raise topic.refused("user or password is wrong, or may not enter", "mend the address, or give the user the right") from None
    except (AMQPConnectionError, ChannelWrongStateError, OSError) as error:
        raise topic.lost(error) from None


class _Consumer(Subscription):
    def __init__(self, connection: Any, topic: Topic) -> None:
        self._connection, self._topic = connection, topic
        self._last: int | None = None
        try:
            self._channel = connection.channel()
            self._count()  # an error where the queue is not there
            self._channel.basic_qos(prefetch_count=MOST_IN_HAND)
        except BaseException:
            self.close()
            raise

    def receive(self, most: int, seconds: float) -> list[bytes]:
        return _asked(self._topic, lambda: self._next(most, seconds))

    def _next(self, most: int, seconds: float) -> list[bytes]:
        found: list[bytes] = []
        deadline = monotonic() + seconds
        while len(found) < most and (left := deadline - monotonic()) > 0:
            method, _, body = next(self._channel.consume(self._topic.name, inactivity_timeout=left))
            if method is None:
                break
            found.append(body)
            self._last = method.delivery_tag
        return found

    def acknowledge(self) -> None:
        if self._last is not None:
            _asked(self._topic, lambda: self._channel.basic_ack(self._last, multiple=True))
            self._connection.process_data_events(0)
            self._last = None

    def waiting(self) -> int:
        """Return what the queue has ready and what it has already sent to us; what others hold it does not say."""
        return _asked(self._topic, self._count) + int(self._channel.get_waiting_message_count())

    def _count(self) -> int:
        return int(self._channel.queue_declare(self._topic.name, passive=True).method.message_count)

    def close(self) -> None:
        with suppress(AMQPError, OSError):
            self._connection.close()
