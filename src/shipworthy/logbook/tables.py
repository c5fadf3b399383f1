"""All tables of the logbook, with a comment for each column. Times are aware and in UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, Float, Index, Integer, MetaData, String, Table, Text, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware time: stored without a zone as UTC (SQLite knows no zones), read back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody could tell what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def _text(name: str, comment: str, *, key: bool = False) -> Column[Any]:
    return Column(name, Text if not key else String(400), primary_key=key, nullable=False, comment=comment)


def _moment(name: str, comment: str, *, known: bool = True, key: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=not known, primary_key=key, comment=comment)


def _number(name: str, comment: str) -> Column[Any]:
    return Column(name, Float, nullable=True, comment=comment)


def _count(name: str, comment: str, *, known: bool = True, key: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=not known, primary_key=key, comment=comment, autoincrement=False)


METADATA = MetaData()

steps = Table(
    "steps",
    METADATA,
    _text("run", "run that the step belongs to", key=True),
    _text("name", "step's name within the run", key=True),
    _text("status", "running, done, failed or interrupted"),
    _moment("started_at", "start of the last try"),
    _moment("ended_at", "end of the last try; null while it runs", known=False),
    _text("words", "what it said of itself"),
    Column("detail", JSON, nullable=False, comment="inputs, outputs, versions and environment"),
    comment="every step of every run",
)

versions = Table(
    "versions",
    METADATA,
    _text("model", "model's name", key=True),
    _count("version", "number within the model, from 1", key=True),
    _moment("as_of", "moment whose knowledge it was trained on"),
    _moment("created_at", "when it was packaged"),
    _text("run_id", "MLflow run"),
    _text("training_set", "hash of the training set"),
    _text("artifact", "folder of the package, from the state folder"),
    Column("sound", Boolean, nullable=False, comment="whether every gate was green or waived when it was trained"),
    _text("note", "why it was trained"),
    comment="every packaged model",
)

verdicts = Table(
    "verdicts",
    METADATA,
    _text("run", "run that judged", key=True),
    _text("name", "check, gate or monitor", key=True),
    _text("subject", "what was judged", key=True),
    _moment("at", "when it was judged"),
    _text("outcome", "pass, fail or unknown"),
    _text("words", "the verdict in words, with its counter-example"),
    _text("fix", "what to do about it"),
    Column("evidence", JSON, nullable=False, comment="figures behind the words"),
    Column("waived_by", Text, nullable=True, comment="who waived it, until when, why; null if nobody did"),
    comment="what every guard said",
)

deployments = Table(
    "deployments",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True, comment="order of events"),
    _text("model", "model's name"),
    _count("version", "version that answers from then on; null if none does", known=False),
    _moment("at", "when"),
    _text("action", "promote or rollback"),
    _text("who", "who did it"),
    _text("why", "for what reason"),
    comment="append-only: which version answered when",
)

promises = Table(
    "promises",
    METADATA,
    _text("model", "model's name", key=True),
    _count("version", "model version", key=True),
    _text("stage", "offline, backtest or realized", key=True),
    _text("metric", "metric; lower is better", key=True),
    _moment("window_start", "first decision time, included", key=True),
    _moment("window_end", "last decision time, excluded", key=True),
    _count("rows", "decisions measured"),
    _number("value", "metric of the model; null if not known"),
    _number("low", "lower end of its interval"),
    _number("high", "upper end of its interval"),
    _number("rule", "metric of the rule on the same rows"),
    _number("difference_low", "lower end of model minus rule"),
    _number("difference_high", "upper end of model minus rule"),
    _moment("measured_at", "when it was measured"),
    _number("level", "share of such intervals that hold the truth; 0.95 where null"),
    comment="the ledger of promises",
)

measurements = Table(
    "measurements",
    METADATA,
    _text("name", "what was measured", key=True),
    _text("subject", "model, model@version, model.column, relation or relation.column", key=True),
    _moment("at", "moment it speaks of", key=True),
    _number("value", "the number; null if not known"),
    _count("rows", "rows behind it", known=False),
    _number("low", "lower end of its interval"),
    _number("high", "upper end of its interval"),
    _moment("window_start", "start of its window", known=False),
    _moment("window_end", "end of its window", known=False),
    Index("measurements_by_subject", "subject", "name"),
    comment="every number that was measured",
)

alerts = Table(
    "alerts",
    METADATA,
    _text("key", "what the condition is about", key=True),
    _moment("first_seen", "when it began", key=True),
    _text("model", "model's name, or empty"),
    _text("severity", "info, warning or critical"),
    _text("state", "pending, firing or recovered"),
    _text("words", "what is the matter"),
    _text("fix", "what to do about it"),
    _moment("last_seen", "when it was last seen"),
    _moment("fired_at", "when it fired; null if not yet", known=False),
    _moment("recovered_at", "when it recovered; null if not yet", known=False),
    comment="every lasting condition, one line for each time it began",
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True, comment="order of messages"),
    Column("once", String(400), nullable=False, unique=True, comment="key, first_seen, state and route: a message is queued once"),
    _text("route", "environment variable with the Apprise URL; never the URL"),
    _text("title", "title of the message"),
    _text("body", "text of the message"),
    _text("severity", "info, warning or critical"),
    _moment("queued_at", "when it was queued"),
    _count("attempts", "deliveries tried"),
    _moment("next_at", "when to try next"),
    _moment("sent_at", "when it was delivered; null if not yet", known=False),
    _text("trouble", "what went wrong last; empty if nothing"),
    comment="messages to deliver, kept until they are",
)

leases = Table(
    "leases",
    METADATA,
    _text("name", "what is held", key=True),
    _text("holder", "who holds it"),
    _moment("until", "when it lapses, by the wall clock"),
    comment="who may write now",
)
