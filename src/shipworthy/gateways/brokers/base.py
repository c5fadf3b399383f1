"""What a broker does for us: it hands out messages, and forgets them once they are acknowledged."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from urllib.parse import urlsplit

from shipworthy.errors import Disconnected, StepFailed

ANSWER_SECONDS = 10.0
"""How long a broker may take to answer before it counts as gone."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is read, and under which name the broker remembers how far.

    `address` may hold a password: no error shows it, `place` can be shown. `where` is said by errors. What a process had in
    hand when it died is handed to another after `hold_seconds`.
    """

    address: str
    name: str
    group: str
    where: str
    hold_seconds: float = 30.0

    @property
    def place(self) -> str:
        """The address without user, password and options.

        >>> Topic("amqp://me:s3cr3t@rabbit:5672/%2F?heartbeat=5", "orders", "shipworthy", "sources/orders.yml").place
        'rabbit:5672'
        """
        return shown(self.address)

    def lost(self, error: BaseException) -> Disconnected:
        """Return the error of a broker that cannot be reached; the library's own words stay out, for they may hold the address."""
        what = f"no broker answers at {self.place} ({type(error).__name__})"
        return Disconnected(where=self.where, what=what, fix="start it, or mend the address; nothing is lost: it comes again")

    def refused(self, words: str, fix: str) -> StepFailed:
        """Return the error of a broker that answers, and does not let us read."""
        return StepFailed(where=self.where, what=f"{self.place} refuses to hand out '{self.name}': {words}", fix=fix)


def shown(address: str) -> str:
    """Return `address` without user, password, path and options."""
    return urlsplit(address if "://" in address else f"//{address}").netloc.rpartition("@")[2]


class Subscription(ABC):
    """A place in a topic. What it has received and not acknowledged when it is closed or dies is handed out again.

    `gone` counts messages that the broker let go before anybody read them, as far as it can say.
    """

    gone: int = 0

    @abstractmethod
    def receive(self, most: int, seconds: float) -> list[bytes]:
        """Return up to `most` messages as they were sent; fewer, or none, where `seconds` pass before."""

    @abstractmethod
    def acknowledge(self) -> None:
        """Tell the broker that all that was received is safe; one that it could not be told comes again."""

    @abstractmethod
    def waiting(self) -> int:
        """Return how many messages are not acknowledged yet, those in the hands of other processes too, if the broker can say."""

    @abstractmethod
    def close(self) -> None:
        """Leave; never an error."""


class Broker(ABC):
    """A kind of broker."""

    @abstractmethod
    def subscribe(self, topic: Topic) -> Subscription:
        """Take a place in `topic`.

        Raises:
            Disconnected: nobody answers at the address.
            UnknownName: there is no such topic.
            StepFailed: it may not be read.
        """
