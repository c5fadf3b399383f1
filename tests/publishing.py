"""How tests make topics and send messages: by each broker's own library, as a team's producer would."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import nats
import pika
import redis
from confluent_kafka import Producer


@dataclass(frozen=True, slots=True)
class Publisher(ABC):
    """What makes topics and sends messages at an address."""

    address: str

    @abstractmethod
    def make(self, topic: str) -> None:
        """Make the topic, empty."""

    @abstractmethod
    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        """Send all, and return once the broker has them."""


class Kafka(Publisher):
    def make(self, topic: str) -> None:
        """Ask for it as a producer does: librdkafka's mock cluster knows no other way."""
        producer = Producer({"bootstrap.servers": self.address, "log_level": 0})
        deadline = monotonic() + 30
        while producer.list_topics(topic, timeout=30).topics[topic].error is not None:
            assert monotonic() < deadline

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        producer = Producer({"bootstrap.servers": self.address, "log_level": 0, "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
        for payload in payloads:
            producer.produce(topic, payload)
        assert producer.flush(60) == 0


class Nats(Publisher):
    def make(self, topic: str) -> None:
        self._run(lambda jetstream: jetstream.add_stream(name=topic.replace(".", "_"), subjects=[topic]))

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        async def all_of_them(jetstream: Any) -> None:
            for begin in range(0, len(payloads), 200):
                await asyncio.gather(*(jetstream.publish(topic, payload) for payload in payloads[begin : begin + 200]))

        self._run(all_of_them)

    def _run(self, work: Callable[[Any], Coroutine[Any, Any, Any]]) -> None:
        async def connected() -> None:
            client = await nats.connect(self.address)
            await work(client.jetstream(timeout=30))
            await client.close()

        asyncio.run(connected())


class Redis(Publisher):
    def make(self, topic: str) -> None:
        with redis.Redis.from_url(self.address) as client:
            client.xgroup_create(topic, "tests", mkstream=True)

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        with redis.Redis.from_url(self.address) as client:
            for begin in range(0, len(payloads), 1000):
                sent = client.pipeline(transaction=False)
                for payload in payloads[begin : begin + 1000]:
                    sent.xadd(topic, {"payload": payload})
                sent.execute()


class RabbitMQ(Publisher):
    kind = "quorum"

    def make(self, topic: str) -> None:
        with pika.BlockingConnection(pika.URLParameters(self.address)) as connection:
            connection.channel().queue_declare(topic, durable=True, arguments={"x-queue-type": self.kind})

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        with pika.BlockingConnection(pika.URLParameters(self.address)) as connection:
            channel = connection.channel()
            for payload in payloads:
                channel.basic_publish("", topic, payload, pika.BasicProperties(delivery_mode=2))
            channel.queue_declare(topic, passive=True)  # all that was sent before has come


class DurableRabbitMQ(RabbitMQ):
    """A durable queue that is no quorum queue: on one node, one that is killed finds it again at once."""

    kind = "classic"

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        with pika.BlockingConnection(pika.URLParameters(self.address)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for payload in payloads:
                channel.basic_publish("", topic, payload, pika.BasicProperties(delivery_mode=2))  # on disk when it returns


PUBLISHERS: dict[str, type[Publisher]] = {"kafka": Kafka, "nats": Nats, "rabbitmq": RabbitMQ, "redis": Redis}
