"""Whether each source comes in the way that its freshness asks for."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Engine

from shipworthy.data.ways_in import Rhythm, judge
from shipworthy.flows.schedule import longest_wait
from shipworthy.gateways import transform
from shipworthy.logbook import read
from shipworthy.records import Verdict
from shipworthy.spec.project import Project, models, sources

LANDED = "landed"  # the dbt source of all that is landed


def ways_in(project: Project, book: Engine) -> list[Verdict]:
    """Return one verdict for each source: what batch and stream would cost, and whether it comes as it should.

    Raises:
        BadSpec: the schedule is no cron expression.
    """
    contracts = sources(project)
    if not contracts:
        return []
    schedule = project.settings.schedule
    rhythm = Rhythm(schedule, longest_wait(schedule), _build_takes(book))
    readers = _readers(project)
    return [judge(contract, rhythm, read_by=None if readers is None else readers.get(name, [])) for name, contract in contracts.items()]


def _build_takes(book: Engine) -> timedelta | None:
    """Return how long the last build that was done took."""
    done = [step for step in read.steps(book) if step.name == "build" and step.status == "done" and step.ended_at]
    return done[-1].ended_at - done[-1].started_at if done and done[-1].ended_at else None


def _readers(project: Project) -> Mapping[str, list[str]] | None:
    """Return the models that are built from each source, by its name; None before dbt has run."""
    target = project.state / "dbt"
    if not (target / "manifest.json").is_file():
        return None
    nodes = transform.manifest(target)
    by_name = {node.name: unique_id for unique_id, node in nodes.items() if node.kind in ("model", "seed", "snapshot")}
    found: dict[str, list[str]] = {}
    for name, spec in models(project).items():
        upstream = {one for relation in spec.relations if relation in by_name for one in transform.ancestors(nodes, by_name[relation])}
        for unique_id in upstream:
            if unique_id.startswith("source.") and unique_id.split(".")[-2] == LANDED:
                found.setdefault(unique_id.rpartition(".")[2], []).append(name)
    return found
