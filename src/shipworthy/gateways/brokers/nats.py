"""NATS JetStream: a durable pull consumer."""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, TypeVar

import nats
from nats.errors import Error, NoServersError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from shipworthy.errors import UnknownName
from shipworthy.gateways.brokers.base import ANSWER_SECONDS, Broker, Subscription, Topic

T = TypeVar("T")
MOST_IN_HAND = 20_000
"""How many messages JetStream hands out before it wants one acknowledged; its own 1,000 would cap a batch."""


class JetStream(Broker):
    """NATS JetStream. The topic is a subject that a stream keeps.

    The durable consumer is named after group and subject: `shipworthy-orders`.
    """

    def subscribe(self, topic: Topic) -> Subscription:
        """Take or make the durable consumer of the subject; one that is new begins with the oldest message."""
        return _Consumer(topic)


class _Consumer(Subscription):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self._runner = asyncio.Runner()
        self._held: list[Any] = []
        try:
            self._run(self._open())
        except BaseException:
            self.close()
            raise

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._runner.run(work)
        except nats.errors.AuthorizationError:
            raise self._topic.refused("user or password is wrong", "mend the address") from None
        except ServiceUnavailableError:
            raise self._topic.refused("JetStream is not switched on", "start nats-server with --jetstream") from None
        except APIError as error:
            raise self._topic.refused(str(error.description), "mend what it says") from None
        except (NoServersError, Error, OSError) as error:
            raise self._topic.lost(error) from None

    async def _open(self) -> None:
        self._client = await nats.connect(
            self._topic.address,
            connect_timeout=ANSWER_SECONDS,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0.1,
            error_cb=_kept_for_the_next_call,
        )
        self._jetstream = self._client.jetstream(timeout=ANSWER_SECONDS)
        self._stream = await self._found()
        durable = re.sub(r"[^\w-]", "_", f"{self._topic.group}-{self._topic.name}")
        config = ConsumerConfig(
            durable_name=durable,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._topic.hold_seconds,
            max_ack_pending=MOST_IN_HAND,
            filter_subject=self._topic.name,
        )
        await self._jetstream.add_consumer(self._stream, config)
        self._pull = await self._jetstream.pull_subscribe_bind(durable, self._stream)
        self.gone = await self._discarded()

    async def _found(self) -> str:
        try:
            return await self._jetstream.find_stream_name_by_subject(self._topic.name)
        except NotFoundError:
            streams = await self._jetstream.streams_info()
            known = [subject for stream in streams for subject in stream.config.subjects or []]
            raise UnknownName.of("JetStream subject", self._topic.name, known=known, where=self._topic.where) from None

    async def _discarded(self) -> int:
        """Return how many messages the stream let go before we had them, where it keeps this subject alone."""
        stream = await self._jetstream.stream_info(self._stream)
        read = (await self._pull.consumer_info()).ack_floor
        if read is None or not read.stream_seq or stream.config.subjects != [self._topic.name]:
            return 0
        return max(0, stream.state.first_seq - 1 - read.stream_seq)

    def receive(self, most: int, seconds: float) -> list[bytes]:
        found = self._run(self._fetch(most, seconds))
        self._held += found
        return [message.data for message in found]

    async def _fetch(self, most: int, seconds: float) -> list[Any]:
        try:
            found: list[Any] = await self._pull.fetch(most, timeout=max(seconds, 0.1))
        except (nats.errors.TimeoutError, TimeoutError):
            if not self._client.is_connected:
                raise NoServersError from None
            return []
        return found

    def acknowledge(self) -> None:
        held, self._held = self._held, []
        self._run(self._acknowledge(held))

    async def _acknowledge(self, held: list[Any]) -> None:
        for message in held:
            await message.ack()
        await self._client.flush(int(ANSWER_SECONDS))

    def waiting(self) -> int:
        info = self._run(self._pull.consumer_info())
        return int(info.num_pending or 0) + int(info.num_ack_pending or 0)

    def close(self) -> None:
        try:
            self._runner.run(self._leave())
        finally:
            self._runner.close()

    async def _leave(self) -> None:
        client = getattr(self, "_client", None)
        if client is not None and not client.is_closed:
            await client.close()


async def _kept_for_the_next_call(_error: Exception) -> None:
    """Say nothing: a connection that is lost is an error of the next call."""
