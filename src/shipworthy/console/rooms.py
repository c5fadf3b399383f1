"""A project as of one moment: what every page is made from; the live console and the export see the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from shipworthy.console.catalog import Relation, built, relations
from shipworthy.console.history import Said, by_subject
from shipworthy.console.lineage import Known as Lineage
from shipworthy.console.lineage import known_lineage
from shipworthy.console.quality import Past, past
from shipworthy.console.specs import Known, known_models
from shipworthy.errors import UnknownName
from shipworthy.flows.papers.base.dossier import Dossier, dossier
from shipworthy.flows.provenance import Origin, origins
from shipworthy.flows.studied import chapters, of_model
from shipworthy.logbook import read
from shipworthy.logbook.latest import latest_verdicts
from shipworthy.records import Chapter, Measurement, ModelVersion
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, sources
from shipworthy.spec.source import SourceSpec


@dataclass(frozen=True)
class Rooms:
    """A project, its logbook, its models and the relations of the last build, as of one moment.

    What many pages need is read once.
    """

    project: Project
    book: Engine
    known: Known
    built: list[Relation]
    now: datetime

    @property
    def name(self) -> str:
        """What the project is called: its folder's name."""
        return self.project.root.name

    @cached_property
    def said(self) -> Said:
        """The newest verdict of each guard on each subject."""
        return latest_verdicts(self.book)

    @cached_property
    def relations(self) -> list[Relation]:
        """Every relation that somebody described or the lake has, sources first."""
        return relations(self.project)

    @cached_property
    def sources(self) -> dict[str, SourceSpec]:
        """The contract of each landed table."""
        return sources(self.project)

    @cached_property
    def lineage(self) -> Lineage:
        """What is made from what, as of the last build."""
        return known_lineage(self.project)

    @cached_property
    def measured(self) -> Mapping[str, Mapping[str, list[Measurement]]]:
        """The null shares and row counts of all relations over the builds, by name and subject."""
        return {name: by_subject(read.measurements(self.book, name=name)) for name in ("null_share", "row_count", "quarantine_share")}

    def relation(self, name: str) -> Relation:
        """Return the relation `name`; the published one where a source shares its name.

        Raises:
            UnknownName: there is no such relation.
        """
        known = self.named
        if name not in known:
            raise UnknownName.of("relation", name, known=known, where=f"/data/{name}")
        return known[name]

    @property
    def named(self) -> dict[str, Relation]:
        """The relations by name: those that have pages."""
        return {relation.name: relation for relation in self.relations}

    def past(self, relation: Relation) -> Past:
        """Return what the last builds said and measured of `relation`."""
        if relation.subject not in self._pasts:
            self._pasts[relation.subject] = past(self.book, relation.subject)
        return self._pasts[relation.subject]

    @cached_property
    def _pasts(self) -> dict[str, Past]:
        return {}

    def version(self, model: str, number: str) -> ModelVersion:
        """Return the version of `model` whose number is written `number`.

        Raises:
            UnknownName: there is no such model, or no such version.
        """
        self.spec(model)
        known = {str(one.version): one for one in self.versions(model)}
        if number not in known:
            raise UnknownName.of("version", number, known=known, where=f"/models/{model}/{number}")
        return known[number]

    def versions(self, model: str) -> list[ModelVersion]:
        """Return the versions of `model`, oldest first."""
        return [one for one in self._versions if one.model == model]

    @cached_property
    def _versions(self) -> list[ModelVersion]:
        return read.versions(self.book)

    def dossier(self, version: ModelVersion) -> Dossier:
        """Return all that is known of a version: what its papers are written from."""
        key = (version.model, version.version)
        if key not in self._dossiers:
            self._dossiers[key] = dossier(self.project, self.book, *key, self.now)
        return self._dossiers[key]

    @cached_property
    def _dossiers(self) -> dict[tuple[str, int], Dossier]:
        return {}

    @cached_property
    def origins(self) -> list[Origin]:
        """What each version of each model was made from."""
        return origins(self.project, self.book)

    def chapters(self, model: str, version: int) -> Mapping[str, Chapter]:
        """Return what studies found out about a version, by study."""
        if (model, version) not in self._chapters:
            self._chapters[model, version] = chapters(self.project, model, version)
        return self._chapters[model, version]

    def chapters_of_model(self, model: str) -> Mapping[str, Chapter]:
        """Return what commands found out about `model`, whatever its version, by name."""
        if model not in self._chapters_of_models:
            self._chapters_of_models[model] = of_model(self.project, model)
        return self._chapters_of_models[model]

    @cached_property
    def _chapters_of_models(self) -> dict[str, Mapping[str, Chapter]]:
        return {}

    @cached_property
    def _chapters(self) -> dict[tuple[str, int], Mapping[str, Chapter]]:
        return {}

    def spec(self, model: str) -> ModelSpec | None:
        """Return the spec of `model`, None where it cannot be read.

        Raises:
            UnknownName: there is no such model.
        """
        if model not in self.known.models:
            raise UnknownName.of("model", model, known=self.known.models, where=f"/models/{model}")
        return self.known.models[model]


def rooms(project: Project, book: Engine, now: datetime) -> Rooms:
    """Return `project` as of `now`."""
    return Rooms(project, book, known_models(project, book), built(project), now)
