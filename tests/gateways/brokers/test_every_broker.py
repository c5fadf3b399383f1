"""Every broker, against a real server: what was sent is received, and what was not acknowledged comes again."""

from contextlib import closing
from dataclasses import dataclass, replace
from time import monotonic
from typing import get_args
from uuid import uuid4

import pytest
from redis import Redis

from shipworthy.errors import BadSpec, Disconnected, ShipworthyError, StepFailed, UnknownName
from shipworthy.families import members
from shipworthy.gateways import brokers
from shipworthy.gateways.brokers.base import Broker, Subscription, Topic
from shipworthy.spec.source import Stream

from ...publishing import PUBLISHERS, DurableRabbitMQ, Nats, Publisher
from ...servers import LOCAL, Server, free_port

pytestmark = pytest.mark.journey

BROKERS = members(brokers, Broker)  # type: ignore[type-abstract]
TOPIC = Topic("", "orders", "shipworthy", "sources/orders.yml: stream", 6.0)
HOLD_SECONDS = 6.0  # the least that Kafka allows by default
PATIENCE_SECONDS = 40.0


@dataclass
class Bench:
    """A topic of a broker of its own, a way to send to it and a way to receive from it."""

    broker: Broker
    publisher: Publisher
    topic: Topic

    def send(self, *payloads: bytes) -> None:
        self.publisher.send(self.topic.name, payloads)

    def subscribe(self) -> Subscription:
        return self.broker.subscribe(self.topic)

    def all(self, place: Subscription, count: int) -> list[bytes]:
        """Receive `count` messages; fail where they do not come."""
        found: list[bytes] = []
        deadline = monotonic() + PATIENCE_SECONDS
        while len(found) < count:
            assert monotonic() < deadline, found
            found += place.receive(count - len(found), 0.5)
        return found


class Limited(Nats):
    """A stream of at most five messages."""

    def make(self, topic: str) -> None:
        self._run(lambda jetstream: jetstream.add_stream(name=topic, subjects=[topic], max_msgs=5))


@pytest.fixture(params=BROKERS)
def bench(request: pytest.FixtureRequest) -> Bench:
    name = request.param
    server: Server = request.getfixturevalue(name)
    publisher = PUBLISHERS[name](server.address)
    topic = Topic(server.address, f"orders-{uuid4().hex[:8]}", "shipworthy", "sources/orders.yml: stream", HOLD_SECONDS)
    publisher.make(topic.name)
    return Bench(BROKERS[name], publisher, topic)


SENT = [b'{"id": 1}', b"no json\nof two lines", b"", b"\xff\x00", *(b'{"id": %d}' % number for number in range(2, 1500))]


def test_what_was_sent_is_received_as_it_was(bench: Bench) -> None:
    """
    Each message once, byte for byte, from the oldest on, though nobody listened when it was sent; then nothing waits.
    """
    bench.send(*SENT)
    with closing(bench.subscribe()) as place:
        waiting = place.waiting()
        found = bench.all(place, len(SENT))
        place.acknowledge()

        assert sorted(found) == sorted(SENT)
        assert (waiting, place.gone, place.receive(10, 1.0), place.waiting()) == (len(SENT), 0, [], 0)


def test_what_was_acknowledged_does_not_come_again(bench: Bench) -> None:
    """
    Who comes back receives what was sent since.
    """
    bench.send(b"1", b"2")
    with closing(bench.subscribe()) as place:
        assert sorted(bench.all(place, 2)) == [b"1", b"2"]
        place.acknowledge()
    bench.send(b"3")

    with closing(bench.subscribe()) as place:
        assert place.waiting() == 1
        assert bench.all(place, 1) == [b"3"]


def test_what_was_not_acknowledged_comes_again(bench: Bench) -> None:
    """
    Who left with messages in hand, or before it took them all, has lost none of them.
    """
    bench.send(b"1", b"2", b"3")
    with closing(bench.subscribe()) as place:
        bench.all(place, 2)

    with closing(bench.subscribe()) as place:
        assert place.waiting() == 3
        assert sorted(bench.all(place, 3)) == [b"1", b"2", b"3"]


def test_a_topic_that_is_not_there_is_named(bench: Bench) -> None:
    """
    A misspelt topic is an error at once, not a silence for ever.
    """
    wrong = replace(bench.topic, name=f"{bench.topic.name}s")

    with pytest.raises(UnknownName, match=wrong.name) as error:
        bench.broker.subscribe(wrong)
    assert error.value.where == bench.topic.where
    if bench.publisher.__class__.__name__ != "RabbitMQ":  # AMQP has no way to ask for the names of queues
        assert f"did you mean '{bench.topic.name}'" in error.value.fix


def test_nobody_at_the_address(bench: Bench) -> None:
    """
    Where nobody answers, the error shows host and port, and never the password.
    """
    scheme = bench.topic.address.partition("://")[0] if "://" in bench.topic.address else "kafka"
    place = f"{LOCAL}:{free_port()}"
    nobody = replace(bench.topic, address=f"{scheme}://me:s3cr3t@{place}")

    with pytest.raises(Disconnected, match=place) as error:
        bench.broker.subscribe(nobody)
    assert "s3cr3t" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "publisher"), [("nats", PUBLISHERS["nats"]), ("redis", PUBLISHERS["redis"]), ("rabbitmq", DurableRabbitMQ)]
)
def test_a_server_that_is_killed_in_the_middle(name: str, publisher: type[Publisher], request: pytest.FixtureRequest) -> None:
    """
    The next call says that the broker is gone; once it is back, what was not acknowledged comes again.
    """
    server: Server = request.getfixturevalue(name)
    topic = Topic(server.address, f"orders-{uuid4().hex[:8]}", "shipworthy", "sources/orders.yml: stream", HOLD_SECONDS)
    bench = Bench(BROKERS[name], publisher(server.address), topic)
    bench.publisher.make(topic.name)
    bench.send(b"1", b"2")
    with closing(bench.subscribe()) as place:
        bench.all(place, 2)
        server.kill()
        with pytest.raises(Disconnected):
            place.receive(1, 1.0)
    server.start()

    with closing(bench.subscribe()) as place:
        assert sorted(bench.all(place, 2)) == [b"1", b"2"]


def test_an_entry_of_several_fields_is_their_object(redis: Server) -> None:
    """
    Redis has no payload: one field is the message, several are a JSON object of texts.
    """
    topic = Topic(redis.address, f"orders-{uuid4().hex[:8]}", "shipworthy", "sources/orders.yml: stream", HOLD_SECONDS)
    with Redis.from_url(redis.address) as client:
        client.xadd(topic.name, {"any": '{"id": 1}'})
        client.xadd(topic.name, {"id": 2, "said": "\u00e4", "raw": b"\xff"})

    with closing(BROKERS["redis"].subscribe(topic)) as place:
        assert place.receive(10, 1.0) == [b'{"id": 1}', '{"id":"2","said":"\u00e4","raw":"\\\\xff"}'.encode()]


def test_entries_behind_one_that_was_deleted_are_counted(redis: Server) -> None:
    """
    Where Redis has lost count of what waits, it is counted.
    """
    topic = Topic(redis.address, f"orders-{uuid4().hex[:8]}", "shipworthy", "sources/orders.yml: stream", HOLD_SECONDS)
    with Redis.from_url(redis.address) as client:
        names = [client.xadd(topic.name, {"id": number}) for number in range(5)]
        client.xdel(topic.name, names[2])

    with closing(BROKERS["redis"].subscribe(topic)) as place:
        assert place.waiting() == 4


def test_messages_that_a_full_stream_let_go_are_counted(nats: Server) -> None:
    """
    A JetStream with a limit throws the oldest away: who had read some of it is told how many it missed.
    """
    bench = Bench(BROKERS["nats"], PUBLISHERS["nats"](nats.address), replace(TOPIC, address=nats.address, name=f"orders-{uuid4().hex[:8]}"))
    Limited(nats.address).make(bench.topic.name)
    bench.send(b"1", b"2")
    with closing(bench.subscribe()) as place:
        bench.all(place, 2)
        place.acknowledge()
    bench.send(*[b"x"] * 8)

    with closing(bench.subscribe()) as place:
        assert (place.gone, place.waiting()) == (3, 5)


@pytest.mark.parametrize("name", ["redis", "rabbitmq"])
def test_a_wrong_password_is_told_without_it(name: str, request: pytest.FixtureRequest) -> None:
    """
    A broker that does not let us in is no outage: the error says so at once, and does not show the password.
    """
    scheme, _, rest = request.getfixturevalue(name).address.partition("://")
    wrong = f"{scheme}://me:wr0ng@{rest.rpartition('@')[2]}"

    with pytest.raises(StepFailed, match="user or password is wrong") as error:
        BROKERS[name].subscribe(replace(TOPIC, address=wrong))
    assert not isinstance(error.value, Disconnected)
    assert "wr0ng" not in str(error.value)


def test_every_broker_can_be_named_in_a_contract() -> None:
    """
    The spec knows the members of the family, and no others.
    """
    assert sorted(get_args(Stream.model_fields["broker"].annotation)) == list(BROKERS)


@pytest.mark.parametrize("name", ["redis", "rabbitmq"])
def test_an_address_of_another_kind_is_refused(name: str) -> None:
    """
    A URL that the broker's library cannot read is a mistake of the environment, and is not shown.
    """
    with pytest.raises((BadSpec, ShipworthyError)) as error:
        BROKERS[name].subscribe(Topic("http://me:s3cr3t@nowhere:port", "orders", "shipworthy", "sources/orders.yml: stream"))
    assert "s3cr3t" not in str(error.value)
