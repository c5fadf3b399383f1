"""Online features in Redis: one hash for each relation, one for the publications, changed in one transaction."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import redis

from shipworthy.errors import BadSpec, NoFeatures
from shipworthy.gateways.online.entry import Publication, pack_publication, unpack_publication
from shipworthy.gateways.online.written import Written, never_published

PATIENCE_SECONDS = 2.0
BATCH = 5_000  # fields of one command
MOST_TRIES = 5
Entities = Iterable[tuple[bytes, bytes]]


class RedisStore:
    """The store at the URL that the environment variable `url_from` holds; every key begins with `prefix`.

    Raises:
        BadSpec: the variable is not set, or holds no URL of Redis.
    """

    near = False

    def __init__(self, url_from: str, prefix: str) -> None:
        self._variable, self._prefix = url_from, prefix
        url = os.environ.get(url_from)
        if not url:
            raise BadSpec(
                where="shipworthy.yml: online.url_from", what=f"{url_from} is not set", fix=f"export {url_from}=redis://HOST:6379/0"
            )
        try:
            self._client = redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)
        except ValueError:
            fix = "write it as redis://HOST:6379/0, rediss:// or unix://"
            raise BadSpec(where=f"environment variable {url_from}", what="holds no URL of Redis", fix=fix) from None

    @property
    def _publications(self) -> str:
        return f"{self._prefix}:publications"

    def _entities(self, relation: str) -> str:
        return f"{self._prefix}:entities:{relation}"

    def fetch(self, asked: Mapping[str, Sequence[bytes]]) -> dict[str, tuple[Publication, dict[bytes, bytes]]]:
        """Return what is there of each relation and entity of `asked` (at least one of each), all of one publish, in one round trip.

        Raises:
            NoFeatures: the server does not answer, or a relation was never published.
        """
        if not asked:
            return {}
        with self._told(), self._client.pipeline(transaction=True) as pipe:
            pipe.hmget(self._publications, list(asked))
            for relation, keys in asked.items():
                pipe.hmget(self._entities(relation), keys)
            said, *packed = pipe.execute()
        found = {}
        for (relation, keys), publication, held in zip(asked.items(), said, packed, strict=True):
            if publication is None:
                raise never_published(relation)
            found[relation] = (unpack_publication(publication), {key: one for key, one in zip(keys, held, strict=True) if one is not None})
        return found

    def publications(self) -> dict[str, Publication]:
        """Return what is published, by relation; nothing before the first publish."""
        with self._told():
            held: Any = self._client.hvals(self._publications)
        return {found.relation: found for found in map(unpack_publication, held)}

    def publish(self, shelves: Iterable[tuple[Publication, Entities | None]]) -> dict[str, Written]:
        """Replace the entities of each relation by the given ones, all at once or not at all; only what differs is written.

        What is to change is found out first; a publish of another process in the meantime makes it begin again.
        """
        wanted = [(publication, None if entities is None else dict(entities)) for publication, entities in shelves]
        with self._told(), self._client.pipeline(transaction=True) as pipe:
            for _ in range(MOST_TRIES):
                try:
                    return self._replaced(pipe, wanted)
                except redis.WatchError:
                    continue
        raise NoFeatures(where=self._variable, what="other processes publish all the time", fix="let one process at a time build")

    def _replaced(self, pipe: Any, wanted: Sequence[tuple[Publication, dict[bytes, bytes] | None]]) -> dict[str, Written]:
        pipe.watch(self._publications)
        changes = {publication.relation: self._changes(publication.relation, entities) for publication, entities in wanted}
        pipe.multi()
        for publication, _ in wanted:
            changed, gone = changes[publication.relation]
            for some in _batches(changed):
                pipe.hset(self._entities(publication.relation), mapping=dict(some))
            for some in _batches(gone):
                pipe.hdel(self._entities(publication.relation), *some)
            pipe.hset(self._publications, publication.relation, pack_publication(publication))
        pipe.execute()
        return {relation: Written(len(changed), len(gone)) for relation, (changed, gone) in changes.items()}

    def _changes(self, relation: str, entities: Mapping[bytes, bytes] | None) -> tuple[list[tuple[bytes, bytes]], list[bytes]]:
        """Return what is to be written of `entities`, and which keys are to go; None changes nothing."""
        if entities is None:
            return [], []
        changed, gone = dict(entities), []
        for key, packed in self._client.hscan_iter(self._entities(relation), count=BATCH):
            if key not in entities:
                gone.append(key)
            elif entities[key] == packed:
                changed.pop(key, None)
        return list(changed.items()), list(dict.fromkeys(gone))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what Redis complains of into an error that does not show its URL."""
        try:
            yield
        except redis.RedisError as error:
            what = f"Redis does not answer as it should: {type(error).__name__}"
            fix = f"look whether it runs, and whether {self._variable} is right"
            raise NoFeatures(where="online features", what=what, fix=fix) from None


def _batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while some := list(islice(left, BATCH)):
        yield some
