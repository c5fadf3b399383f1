"""Leads a running service through a stretch of history: real requests as decisions were made, outcomes as they came.

The clock is pinned before each request, so that service, log and monitors live in the time of the time-lapse. Inputs are
what was known at each decision, by the same join as a training set.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from shipworthy import clock
from shipworthy.data.training_set import features
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.progress import Progress, silent
from shipworthy.gateways import lake
from shipworthy.gateways.engine import memory, quoted
from shipworthy.gateways.service import Client
from shipworthy.gateways.trust import trust_of
from shipworthy.records import Window
from shipworthy.registry.package import load
from shipworthy.spec.project import Project, model

HOUR = timedelta(hours=1)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lapsed:
    """How many decisions were sent and answered, and how many outcomes were told."""

    requests: int
    predictions: int
    outcomes: int


def time_lapse(
    project: Project, name: str, span: Window, client: Client, clock_file: Path, *, artifact: str, progress: Progress = silent
) -> Lapsed:
    """Send every decision of the model `name` in `span` to the service, hour by hour, and every outcome of it that became known.

    `artifact` is the package whose features are sent; they are what the service asks for.
    """
    wanted = list(load(project.state / artifact, trust=trust_of(project)).schema.names)
    decisions = _hourly(_decisions(project, name, span, wanted), "decided_at")
    outcomes = _hourly(_outcomes(project, name, span), "known_at")
    hours = sorted({*decisions, *outcomes})
    sent = answered = told = 0
    for done, hour in enumerate(hours, start=1):
        clock.pin(clock_file, min(hour + HOUR, span.end))
        if hour in decisions:
            answered += len(client.predict(name, decisions[hour]))
            sent += 1
        if hour in outcomes:
            client.outcomes(name, outcomes[hour])
            told += len(outcomes[hour])
        progress(f"{span.start:%d %B}: requests", done, len(hours))
    clock.pin(clock_file, span.end)
    client.close()  # what follows may take longer than a service keeps an idle connection
    return Lapsed(sent, answered, told)


def _decisions(project: Project, name: str, span: Window, wanted: list[str]) -> Iterator[Row]:
    spec, catalog = model(project, name), catalogs.load(project)
    frame = features(
        project.lake, spec, catalogs.relations(catalog, spec), span.end, span.start, span.end, pins=catalogs.pins(catalog, spec)
    ).sort_by("decided_at")
    for batch in frame.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            inputs = {column: int(row[column]) if isinstance(row[column], bool) else row[column] for column in wanted}
            yield {"entity": str(row["entity"]), "decided_at": row["decided_at"].isoformat(), "inputs": inputs}


def _outcomes(project: Project, name: str, span: Window) -> list[Row]:
    spec = model(project, name)
    pin = catalogs.pins(catalogs.load(project), spec)[spec.label.relation]
    entity, value, known = (
        quoted(column) for column in (spec.label.entity or spec.decisions.entity, spec.label.column, spec.label.known_at)
    )
    with memory() as connection:
        lake.attach(connection, project.lake, "labels", pin)
        came = connection.execute(
            f"select {entity}::varchar, {value}::double, {known} from labels where {known} >= $start and {known} < $end"
            f" and {value} is not null order by {known}",
            {"start": span.start, "end": span.end},
        )
        return [{"entity": row[0], "value": row[1], "known_at": row[2].isoformat()} for row in came.fetchall()]


def _hourly(rows: Iterator[Row] | list[Row], time: str) -> Mapping[datetime, list[Row]]:
    def hour(row: Row) -> datetime:
        return datetime.fromisoformat(row[time]).replace(minute=0, second=0, microsecond=0)

    return {key: list(group) for key, group in groupby(rows, key=hour)}
