"""The facts of a published relation: what names a row, when it happened, when it became known.

They are written once, in the dbt YAML under `config.meta.shipworthy`, for all models that read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.spec.duration import duration

KEYS = ("entity", "event_time", "known_time", "latency", "static")
ROLES = ("identifier", "label", "sensitive", "personal", "post_outcome")
NEVER_FEATURES = ("label", "post_outcome")
COLUMN_KEYS = ("role", "unit", "monotone", "known_time")


@dataclass(frozen=True, slots=True)
class Relation:
    """What is known of one relation; a time that nobody declared is None, never guessed.

    Args:
        name: the dbt relation; in the lake it is `published/<name>`.
        entity: the columns that name the thing described, in order.
        event_time: the column with the moment that a row describes.
        known_time: the column with the moment at which a row became known.
        latency: in place of `known_time`: how long after its event a row is known.
        static: a fact that was always known; it has no times.
        columns: the SQL type of each column, by name, in the relation's order.
        roles: the role of the columns that have one.
        known_times: for columns whose values became known later than their row: the column with the moment.

    Raises:
        BadSpec: the facts contradict each other.
    """

    name: str
    entity: tuple[str, ...] = ()
    event_time: str | None = None
    known_time: str | None = None
    latency: timedelta | None = None
    static: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    known_times: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse facts that contradict each other."""
        for wrong, what, fix in self._contradictions():
            if wrong:
                raise BadSpec(where=self.where, what=what, fix=fix)
        for role in self.roles.values():
            if role not in ROLES:
                raise UnknownName.of("role", role, known=ROLES, where=self.where)

    @property
    def where(self) -> str:
        """Where a person mends these facts."""
        return f"{self.name}: config.meta.shipworthy"

    @property
    def table(self) -> str:
        """The relation's name in the lake."""
        return f"published/{self.name}"

    @property
    def late(self) -> bool:
        """Whether rows may become known out of the order of their events."""
        return self.known_time is not None and self.known_time != self.event_time

    def require(self, column: str) -> str:
        """Return `column` if the relation has it.

        Raises:
            UnknownName: it has not, or no longer; with the nearest name.
        """
        if column not in self.columns:
            raise UnknownName.of("column", column, known=self.columns, where=self.name)
        return column

    @classmethod
    def of(
        cls,
        name: str,
        meta: Mapping[str, Any],
        columns: Mapping[str, str],
        roles: Mapping[str, str] | None = None,
        known_times: Mapping[str, str] | None = None,
    ) -> "Relation":
        """Return the relation `name` with the facts in `meta`, as dbt's YAML has them under `config.meta.shipworthy`.

        Raises:
            UnknownName: a key or role that nothing reads.
            BadSpec: a fact that cannot be so.

        >>> Relation.of("weather", {"entity": ["origin"], "event_time": "hour", "latency": "1 hour"}, {}).latency
        datetime.timedelta(seconds=3600)
        """
        where = f"{name}: config.meta.shipworthy"
        for key in meta:
            if key not in KEYS:
                raise UnknownName.of("key", key, known=KEYS, where=where)
        entity = meta.get("entity", [])
        return cls(
            name,
            entity=(entity,) if isinstance(entity, str) else tuple(entity),
            event_time=meta.get("event_time"),
            known_time=meta.get("known_time"),
            latency=_latency(meta.get("latency"), where),
            static=bool(meta.get("static", False)),
            columns=dict(columns),
            roles=dict(roles or {}),
            known_times=dict(known_times or {}),
        )

    def require_times(self) -> None:
        """Do nothing if it is said when a row of a feature relation became known.

        Raises:
            BadSpec: nobody said so. A time of knowledge is never assumed: a row for a day that is stamped with the day's
                beginning would tell the rest of the day beforehand.
        """
        if not self.entity:
            raise BadSpec(where=self.where, what="no 'entity'", fix="write which columns name the thing described: entity: [customer_id]")
        if self.static:
            return
        if self.event_time is None:
            raise BadSpec(
                where=self.where, what="no 'event_time', and not static", fix="write 'event_time' and 'known_time', or 'static: true'"
            )
        if self.known_time is None and self.latency is None:
            fix = "write 'known_time: <column>', or 'latency: 1 day' (a row for a day, stamped with its beginning, is known a day later)"
            raise BadSpec(where=self.where, what=f"nothing says when a row of '{self.event_time}' became known", fix=fix)

    def _contradictions(self) -> list[tuple[bool, str, str]]:
        timed = any(fact is not None for fact in (self.event_time, self.known_time, self.latency))
        untimed = self.event_time is None and not self.static
        return [
            (self.static and timed, "static, and yet it has times", "drop 'static', or drop the times"),
            (self.known_time is not None and self.latency is not None, "both 'known_time' and 'latency'", "keep the one that is so"),
            (untimed and timed, "'known_time' or 'latency' without 'event_time'", "write 'event_time', the moment that a row describes"),
            (
                self.latency is not None and self.latency < timedelta(0),
                f"a latency of {self.latency}",
                "write how long after its event a row is known",
            ),
        ]


def _latency(said: object, where: str) -> timedelta | None:
    if said is None:
        return None
    try:
        return duration(said)
    except ValueError as error:
        raise BadSpec(where=where, what=f"'latency': {error}", fix="write it as '1 hour' or '1 day'") from None
