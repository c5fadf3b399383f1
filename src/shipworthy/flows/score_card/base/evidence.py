"""What a project left behind that tests of the score card look at; gathered once for each model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import Engine

from shipworthy.flows.lineage import Lineage
from shipworthy.flows.lineage import lineage as lineage_of
from shipworthy.flows.papers.base.dossier import columns_of, dossier, maybe
from shipworthy.flows.roles import PERSONS, reaching
from shipworthy.lineage.graph import ancestors_of
from shipworthy.logbook import read
from shipworthy.logbook.latest import latest_verdicts
from shipworthy.records import Chapter, Deployment, ModelVersion, Promise, Step, Verdict
from shipworthy.spec.by_hand import Done, by_hand
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project
from shipworthy.training.code import first_said, reviewer

DELICATE = (*PERSONS, "post_outcome")
Said = tuple[tuple[datetime, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A feature that a later version has and the one before had not: when it was first written, and first in a version."""

    feature: str
    written: datetime
    learnt: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one model that tests of the score card look at; empty and None are no evidence.

    Args:
        model: its name.
        now: as of when.
        spec: None where it cannot be read.
        version: the version that answers, or the newest where none does.
        answers: whether that one answers.
        chapters: what studies found out about the version.
        gates: the last word of each gate on the version, with its moment.
        said: the last word of each guard on relations that the model reads, on landed sources above, on the model, its features.
        promises: of all versions.
        deployments: oldest first.
        steps: of all runs, in order of start.
        features: of the version.
        added: features that came after the first version, as far as git says when they were written; newest first.
        persons: features made from personal or sensitive columns; None where none is declared.
        delicate: the same with columns that are filled after the outcome.
        untested: dbt models above the features that no unit test is about; None where there is no lineage.
        sources: the landed sources above the model.
        code: the version of the code.
        reviewer: who reviewed the last change of the model's folder.
        routed: whether alarms have somewhere to go.
        by_hand: what was done by hand, by test.
    """

    model: str
    now: datetime
    spec: ModelSpec | None = None
    version: ModelVersion | None = None
    answers: bool = False
    chapters: Mapping[str, Chapter] = field(default_factory=dict)
    gates: Said = ()
    said: Said = ()
    promises: tuple[Promise, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    steps: tuple[Step, ...] = ()
    features: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    persons: Mapping[str, tuple[str, ...]] | None = None
    delicate: Mapping[str, tuple[str, ...]] | None = None
    untested: tuple[str, ...] | None = None
    sources: tuple[str, ...] = ()
    code: str | None = None
    reviewer: str | None = None
    routed: bool = False
    by_hand: Mapping[str, Done] = field(default_factory=dict)

    @property
    def relations(self) -> tuple[str, ...]:
        """What the model reads."""
        return tuple(self.spec.relations) if self.spec else ()


NOTHING = Evidence("arrival_delay", datetime(2026, 5, 1, tzinfo=UTC))


def gather(project: Project, book: Engine, spec: ModelSpec, now: datetime) -> Evidence:
    """Return the evidence of one model.

    Raises:
        BadSpec: its `by_hand.yml` cannot be read.
    """
    name, known = spec.model, maybe(lambda: lineage_of(project))
    sources, untested = _above(known, name)
    done = by_hand(project, name)
    steps = tuple(step for step in read.steps(book) if step.name.rpartition(" ")[2] == name or " " not in step.name)
    subjects = {*spec.relations, *sources, name}
    said = tuple(one for one in latest_verdicts(book) if _about(one[1].subject, subjects))
    persons, delicate = (reaching(known, name, roles) if known else None for roles in (PERSONS, DELICATE))
    common = Evidence(
        name, now, spec, said=said, promises=tuple(read.promises(book, name)), deployments=tuple(read.deployments(book, name)),
        steps=steps, untested=untested, sources=sources, routed=bool(project.settings.alerts),
        persons=persons, delicate=delicate, by_hand=done,
    )  # fmt: skip
    return _of_version(project, book, common) if read.versions(book, name) else common


def _of_version(project: Project, book: Engine, common: Evidence) -> Evidence:
    name = common.model
    held = dossier(project, book, name, None, common.now)
    gates = {verdict.name: (at, verdict) for at, verdict in reversed(read.verdicts(book, subject=f"{name}@{held.version.version}"))}
    commit = held.code.split()[0] if held.code else None
    return replace(
        common, version=held.version, answers=held.answers, chapters=held.chapters, gates=tuple(gates.values()),
        features=tuple(column.name for column in held.columns), added=_added(project, book, name), code=held.code,
        reviewer=reviewer(project.root, commit, f"ml/{name}") if commit else None,
    )  # fmt: skip


def _about(subject: str, wanted: set[str]) -> bool:
    parts = subject.split(".")
    return any(".".join(parts[:count]) in wanted for count in range(1, len(parts) + 1))


def _above(known: Lineage | None, name: str) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Return the sources above a model, and the dbt models above it that no unit test is about."""
    node = f"ml.{name}"
    if known is None or node not in known.graph.nodes:
        return (), None
    above = [known.graph.nodes[one] for one in sorted(ancestors_of(known.graph, node))]
    tested = {parent for one in known.manifest.nodes.values() if one.kind == "unit_test" for parent in one.parents}
    bare = tuple(one.name for one in above if one.kind == "model" and one.id not in tested)
    return tuple(one.name for one in above if one.kind == "source"), bare


def _added(project: Project, book: Engine, name: str) -> tuple[Added, ...]:
    """Return what later versions have and the one before had not; git is asked for the newest of them alone."""
    versions = read.versions(book, name)
    held = [(one, {column.name for column in columns_of(project, one)}) for one in versions]
    fresh = [(new, now - before) for (_, before), (new, now) in pairwise(held) if before and now - before]
    if not fresh:
        return ()
    version, features = fresh[-1]
    dates = {feature: first_said(project.root, feature) for feature in sorted(features)}
    return tuple(Added(feature, at, version.created_at) for feature, at in dates.items() if at)
