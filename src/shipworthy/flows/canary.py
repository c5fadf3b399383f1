"""The canary against values from the future: build again from sources cut in the past, and compare.

A row that was known at the cut must be the same whether or not what came later is there. Exact, without a
threshold; it sees a window over the whole partition that no column of times can show.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from shipworthy.data.canary import future_rows
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.pins import write_pins
from shipworthy.flows.progress import Progress, within
from shipworthy.gateways import transform
from shipworthy.gateways.engine import warehouse
from shipworthy.logbook.latest import verdicts_on
from shipworthy.records import Verdict
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, sources

NAME = "future_values"


def future_values(
    project: Project,
    specs: Mapping[str, ModelSpec],
    relations: Mapping[str, Mapping[str, Any]],
    *,
    key: str,
    book: Engine,
    progress: Progress,
) -> list[Verdict]:
    """Return a verdict for each relation that a model reads; those of the last build where nothing has changed since."""
    wanted = [name for name in relations if any(name in spec.relations for spec in specs.values())]
    before = catalogs.last(project)
    if before and before.key == key:
        return [verdict for verdict in verdicts_on(book, wanted) if verdict.name == NAME]
    dated = [name for name, contract in sources(project).items() if contract.known_time]
    if not dated:
        return [_uncut(name) for name in wanted]
    cut_at = _cut(project, specs)
    if cut_at is None:
        return [_uncut(name) for name in wanted]
    cut = project.state / "canary.duckdb"
    pins = write_pins(project, project.state / "canary-pins.json", cut_at)
    built = transform.build(
        project.root, warehouse=cut, target=project.state / "dbt-canary", log=project.state / "logs" / "dbt-canary.log", pins=pins,
        tests=False, progress=within(progress, f"dbt as of {cut_at:%Y-%m-%d}"),
    )  # fmt: skip
    if built.failed:
        return [_unbuilt(name, built) for name in wanted]
    return [future_rows(project.warehouse, cut, catalogs.relation(name, relations[name]), cut_at) for name in wanted]


def _cut(project: Project, specs: Mapping[str, ModelSpec]) -> datetime | None:
    """Return the middle of the decisions that were built: half of the history is compared."""
    spec = next(iter(specs.values()))
    with warehouse(project.warehouse) as connection:
        question = f'select quantile_disc("{spec.decisions.time}"::timestamptz, 0.5) from "{spec.decisions.relation}"'
        found: datetime | None = connection.execute(question).fetchall()[0][0]
    return found


def _uncut(name: str) -> Verdict:
    words = f"nobody can tell whether rows of {name} change with what comes later: its sources have no known time to cut them at"
    return Verdict(NAME, name, "unknown", words, "land its sources with a contract (sources/*.yml) that has a known_time")


def _unbuilt(name: str, built: transform.Built) -> Verdict:
    node, words = next(iter(built.failed.items()))
    return Verdict(NAME, name, "unknown", f"the project does not build from its past: {node}: {words}", "let it build on less history")
