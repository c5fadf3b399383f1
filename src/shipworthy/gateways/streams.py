"""The way into a stream: finds its broker by the contract, and its address in the environment."""

from collections.abc import Iterator
from contextlib import contextmanager

from shipworthy.families import member
from shipworthy.gateways import brokers
from shipworthy.gateways.brokers.base import Broker, Subscription, Topic
from shipworthy.gateways.secrets import secret
from shipworthy.spec.source import SourceSpec


@contextmanager
def subscribed(contract: SourceSpec) -> Iterator[Subscription]:
    """Hold a place in the stream of `contract`, which has one.

    Raises:
        BadSpec: the environment variable is not set, or holds no address.
        ShipworthyError: the extra `streams` is not installed.
        Disconnected, UnknownName, StepFailed: see `Broker.subscribe`.
    """
    said = contract.stream
    assert said is not None
    where = f"sources/{contract.source}.yml: stream"
    broker = member(brokers, said.broker, Broker, extra="streams", where=where)  # type: ignore[type-abstract]
    topic = Topic(secret(said.address_from, where), said.topic, said.group, where, said.hold.total_seconds())
    place = broker.subscribe(topic)
    try:
        yield place
    finally:
        place.close()
