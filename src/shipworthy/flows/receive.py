"""`receive`: takes what streams hand out into deliveries, for as long as it is asked to, or what is there now."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event, Timer
from time import monotonic

from shipworthy import clock
from shipworthy.data.landing import land
from shipworthy.data.receiving import LOOK_SECONDS, MOST_MESSAGES, batch_seconds, deliver, gather, landing_seconds, sweep
from shipworthy.errors import BadSpec, Disconnected, ShipworthyError, UnknownName
from shipworthy.flows.progress import Progress, silent
from shipworthy.gateways.brokers.base import Subscription
from shipworthy.gateways.streams import subscribed
from shipworthy.spec.project import Project, sources
from shipworthy.spec.source import SourceSpec

PATIENCE = 1.5
"""How long a drain waits for what is in other hands, in terms of how long a broker keeps it for a process that died."""

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a stream.

    `left` counts messages that wait, those in other hands too; `gone` those that the broker let go before anybody read them.
    """

    source: str
    messages: int = 0
    deliveries: int = 0
    left: int | None = None
    gone: int = 0

    @property
    def words(self) -> str:
        """It in words."""
        gone = f"; the broker let go of {self.gone:,} before they were read" if self.gone else ""
        left = f", {self.left:,} are in other hands" if self.left else ""
        return f"{self.messages:,} messages in {self.deliveries:,} deliveries{left}{gone}"


def streams(project: Project, only: str | None = None) -> list[SourceSpec]:
    """Return the contracts that have a stream; that of the source `only` if given.

    Raises:
        UnknownName: there is no such source.
        BadSpec: it has no stream, or no source has one.
    """
    known = sources(project)
    if only is not None and only not in known:
        raise UnknownName.of("source", only, known=known, where=str(project.root / "sources"))
    found = [contract for name, contract in known.items() if contract.stream and only in (None, name)]
    if not found:
        where = f"sources/{only}.yml" if only else str(project.root / "sources")
        raise BadSpec(where=where, what="no stream is named", fix="write 'stream' into the contract, or run 'shipworthy build'")
    return found


def drain(project: Project, contract: SourceSpec, *, progress: Progress = silent) -> Received:
    """Take what the stream holds now, and no more, into deliveries.

    What a process that died had in hand is waited for; what a living one has in hand is left to it.

    Raises:
        Disconnected, BadSpec, UnknownName, StepFailed: the stream cannot be read; what was received is safe or comes again.
    """
    assert contract.stream is not None
    patience = contract.stream.hold.total_seconds() * PATIENCE
    with subscribed(contract) as place:
        came = Received(contract.source, gone=place.gone)
        goal, idle_since = place.waiting(), monotonic()
        while came.messages < goal:
            progress(f"{contract.source}: messages received", came.messages, goal)
            before, came = came, take(project, place, came, seconds=LOOK_SECONDS, most=min(MOST_MESSAGES, goal - came.messages))
            if came.messages > before.messages:
                idle_since = monotonic()
            elif not (left := place.waiting()) or monotonic() - idle_since > patience:
                return replace(came, left=left)
    return replace(came, left=0)


def take(
    project: Project,
    place: Subscription,
    so_far: Received,
    *,
    seconds: float,
    most: int = MOST_MESSAGES,
    ended: Callable[[], bool] = lambda: False,
) -> Received:
    """Receive what comes within `seconds`, write it, and only then acknowledge it; return `so_far` with it."""
    payloads = gather(place, seconds=seconds, most=most, ended=ended)
    if not payloads:
        return so_far
    deliver(project.received / so_far.source, payloads)
    place.acknowledge()
    return replace(so_far, messages=so_far.messages + len(payloads), deliveries=so_far.deliveries + 1)


def receive(
    project: Project, contracts: Sequence[SourceSpec], stop: Event, *, length: timedelta | None = None, progress: Progress = silent
) -> list[Received]:
    """Take what streams hand out into deliveries until `stop` is set, or for `length`; each stream in a thread of its own.

    A source that wants freshness is landed too, twice in that time.

    A broker that goes away is waited for, longer each time up to a minute. One that is not there at the beginning is an error.
    Once `stop` is set, what was received is written and acknowledged before this returns.

    Raises:
        Disconnected, BadSpec, UnknownName, StepFailed: a stream cannot be read.
    """
    listeners = [Listener(project, contract, stop, progress) for contract in contracts]
    timer = Timer(length.total_seconds() if length else threading.TIMEOUT_MAX, stop.set)
    timer.daemon = True
    timer.start()
    with ThreadPoolExecutor(max_workers=len(listeners)) as threads:
        running = [threads.submit(one.listen) for one in listeners]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
            timer.cancel()
    return [one.result() for one in running]


@dataclass
class Listener:
    """Listens to one stream, through outages of its broker."""

    project: Project
    contract: SourceSpec
    stop: Event
    progress: Progress

    def __post_init__(self) -> None:
        self._came = Received(self.contract.source)
        self._retry_seconds: float | None = None  # None: it never answered
        self._land_at = 0.0

    def listen(self) -> Received:
        """Return what came, once it is asked to stop."""
        sweep(self.project.received / self.contract.source)
        while not self.stop.is_set():
            try:
                self._while_it_answers()
            except Disconnected as lost:
                if self._retry_seconds is None:
                    raise
                self._say(f"{lost.what}; tries again in {self._retry_seconds:.0f} s")
                self.stop.wait(self._retry_seconds)
                self._retry_seconds = min(LONGEST_RETRY_SECONDS, self._retry_seconds * 2)
        return self._came

    def _while_it_answers(self) -> None:
        with subscribed(self.contract) as place:
            self._came = replace(self._came, gone=self._came.gone + place.gone)
            self._retry_seconds = FIRST_RETRY_SECONDS
            self._say("listening")
            while not self.stop.is_set():
                before = self._came
                self._came = take(self.project, place, before, seconds=batch_seconds(self.contract), ended=self.stop.is_set)
                if self._came is not before:
                    self._say(self._came.words)
                    self._land()

    def _land(self) -> None:
        """Land where freshness is wanted and it is time to; what cannot be landed now is safe, and `build` says why."""
        if self.contract.freshness is None or monotonic() < self._land_at:
            return
        self._land_at = monotonic() + landing_seconds(self.contract)
        try:
            landed = land(self.project, self.contract, clock.now())
        except ShipworthyError as error:
            self._say(f"not landed: {error}")
        else:
            self._say(f"landed, {landed.rows:,} rows")

    def _say(self, words: str) -> None:
        self.progress(f"{self.contract.source}: {words}", self._came.messages, self._came.messages)
