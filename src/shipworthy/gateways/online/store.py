"""What every store of online features can do, and which one a project has."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Protocol

from shipworthy.errors import BadSpec
from shipworthy.gateways.online.entry import Publication
from shipworthy.gateways.online.sqlite import SqliteStore
from shipworthy.gateways.online.written import Written
from shipworthy.spec.project import Project

Shelves = Mapping[str, tuple[Publication, Mapping[bytes, bytes]]]
"""Of each relation its publication, and the packed entries of the entities that were asked for and are there, by key."""


class Store(Protocol):
    """The last rows of each entity, by relation."""

    @property
    def near(self) -> bool:
        """Whether a look takes microseconds: a file of this machine, not a server."""

    def fetch(self, asked: Mapping[str, Sequence[bytes]]) -> Shelves:
        """Return what is there of each relation and entity of `asked`, all of it of one and the same publish.

        Raises:
            NoFeatures: the store cannot be reached, or a relation was never published.
        """

    def publications(self) -> dict[str, Publication]:
        """Return what is published, by relation; nothing before the first publish."""

    def publish(self, shelves: Iterable[tuple[Publication, Iterable[tuple[bytes, bytes]] | None]]) -> dict[str, Written]:
        """Replace the entities of each relation by the given ones (key and packed entries), all at once or not at all.

        Only what differs is written; None leaves the entities of a relation as they are. A reader sees all relations as they
        were before, or all as they are after.
        """

    def close(self) -> None:
        """Let go of it."""


def open_store(project: Project, *, read_only: bool = False) -> Store:
    """Return the store of online features of `project`; it need not be there yet.

    Raises:
        BadSpec: the variable with the URL of Redis is not set, or the extra is not installed.
    """
    settings = project.settings.online
    if settings.store == "sqlite":
        return SqliteStore(project.online, read_only=read_only)
    try:
        redis = import_module("shipworthy.gateways.online.redis")
    except ModuleNotFoundError:
        fix = "install the extra: pip install 'shipworthy[redis]'"
        raise BadSpec(where="shipworthy.yml: online.store", what="redis is not installed", fix=fix) from None
    store: Store = redis.RedisStore(settings.url_from or "", settings.prefix)
    return store
