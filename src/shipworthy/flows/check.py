"""`check`: everything that can be said before training: brief, contracts, grain, leakage, split, feasibility of the rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.bounds import Outcome, worst
from shipworthy.data import training_set
from shipworthy.errors import ShipworthyError
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lineage import lineage
from shipworthy.flows.material import Material, prepare
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.sensitive import sensitive_places, stated
from shipworthy.flows.training_data import look
from shipworthy.flows.ways_in import ways_in
from shipworthy.lineage.duplicates import duplicates
from shipworthy.lineage.graph import upstream
from shipworthy.logbook.latest import verdicts_on
from shipworthy.records import Verdict
from shipworthy.registry.gates.brief_complete import missing_parts
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model, models

LANDED = "landed"  # what verdicts on sources begin with


@dataclass(frozen=True, slots=True)
class Checked:
    """What was said, model by model."""

    verdicts: tuple[Verdict, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of it."""
        return worst([verdict.outcome for verdict in self.verdicts])


def check(project: Project, book: Engine, as_of: datetime, *, only: str | None = None, progress: Progress = silent) -> Checked:
    """Return what can be said of each model (or of `only`) before it is trained; what cannot be told is unknown.

    What is said of a training set is kept in the logbook. What the last build said of landed
    sources comes last, and whether they come in the way that they should.
    """
    specs = [model(project, only)] if only else list(models(project).values())
    told = [verdict for spec in specs for verdict in _one(project, book, spec, as_of, within(progress, spec.model))]
    return Checked((*told, *verdicts_on(book, [LANDED]), *ways_in(project, book)))


def _one(project: Project, book: Engine, spec: ModelSpec, as_of: datetime, progress: Progress) -> list[Verdict]:
    catalog = catalogs.last(project)
    if catalog is None:
        return [_brief(spec), Verdict("data", spec.model, "unknown", "nothing has been built yet", "shipworthy build")]
    learnable, material = _learnable(project, spec, catalog, as_of)
    looked = look(project, book, spec, catalog, material, progress=progress) if material else []
    first = [_brief(spec), _described(spec, catalog), _fairness(spec, catalog), *_twice(project, spec)]
    return [*first, learnable, *looked, *verdicts_on(book, spec.relations)]


def _brief(spec: ModelSpec) -> Verdict:
    missing = missing_parts(spec.brief)
    if not missing:
        return Verdict("brief", spec.model, "pass", "the brief is complete")
    return Verdict(
        "brief", spec.model, "fail", f"the brief says nothing of {', '.join(missing)}", f"write them into ml/{spec.model}/model.yml"
    )


def _described(spec: ModelSpec, catalog: catalogs.Catalog) -> Verdict:
    described = catalogs.descriptions(catalog, spec) | catalogs.foundations(catalog, spec)
    bare = [name for name, words in described.items() if not words.strip()]
    if not bare:
        return Verdict("descriptions", spec.model, "pass", "every feature is described, and so is what the model stands on")
    return Verdict(
        "descriptions",
        spec.model,
        "fail",
        f"{len(bare)} features or foundations have no description, for example {bare[0]}",
        "describe them in dbt's YAML",
    )


def _fairness(spec: ModelSpec, catalog: catalogs.Catalog) -> Verdict:
    """Say whether the spec states whose fair treatment is owed and by which policy, or why nobody's is; a training compares the groups."""
    try:
        return stated(spec, [place.name for place in sensitive_places(catalog, spec)])
    except ShipworthyError as error:
        return Verdict("fairness", spec.model, "fail", f"{error.where}: {error.what}", error.fix)


def _twice(project: Project, spec: ModelSpec) -> list[Verdict]:
    """Say which expressions that the model's features come from are computed elsewhere as well: noted, and no reason to refuse."""
    found = lineage(project)
    above = upstream(found.graph, f"ml.{spec.model}")
    twice = [
        one
        for one in duplicates(found.manifest, found.reading, found.graph)
        if any((spot.relation, spot.column) in above for spot in one.spots)
    ]
    if not twice:
        return [Verdict("duplicates", spec.model, "pass", "nothing that it is made from is computed twice")]
    spots = " and ".join(spot.words for spot in twice[0].spots)
    words = f"{len(twice)} expressions that it is made from are computed more than once, for example in {spots}"
    evidence = {"noted": True, "duplicates": [[spot.words for spot in one.spots] for one in twice]}
    return [Verdict("duplicates", spec.model, "pass", words, "compute it once and read it from there", evidence)]


def _learnable(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, as_of: datetime) -> tuple[Verdict, Material | None]:
    """Say whether a training set, its split and the rule's answers can be had, and return them; the error is the counter-example."""
    try:
        made = training_set.build(project.lake, spec, catalogs.relations(catalog, spec), as_of, pins=catalogs.pins(catalog, spec))
        material = prepare(project, spec, made)
    except ShipworthyError as error:
        return Verdict("training_set", spec.model, "fail", f"{error.where}: {error.what}", error.fix), None
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in made.exclusions.items()) or "none"
    split = f"{int(material.split.fit.sum()):,} to learn from, {int(material.split.holdout.sum()):,} in the holdout"
    words = f"{made.rows:,} rows, {split}; left out: {left_out}"
    return Verdict("training_set", spec.model, "pass", words), material
