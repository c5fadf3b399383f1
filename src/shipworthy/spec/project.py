"""Where a project and all that belongs to it lies; reads its files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec

S = TypeVar("S", ModelSpec, SourceSpec)
SETTINGS = "shipworthy.yml"


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folder and settings; the rest is where its parts lie."""

    root: Path
    settings: Settings

    @property
    def state(self) -> Path:
        """The folder of all that the system keeps."""
        return self.root / self.settings.state

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file that dbt writes."""
        return self.root / self.settings.warehouse if self.settings.warehouse else self.state / "warehouse.duckdb"

    @property
    def lake(self) -> Path:
        """The folder of Delta tables."""
        return self.state / "lake"

    @property
    def logbook(self) -> str:
        """The SQLAlchemy URL of the logbook."""
        return self.settings.logbook or f"sqlite:///{self.state / 'logbook.db'}"

    @property
    def tracking(self) -> str:
        """The MLflow tracking URI."""
        return self.settings.tracking or f"sqlite:///{self.state / 'mlflow.db'}"

    @property
    def artifacts(self) -> Path:
        """The folder of packaged models: `<model>/<version>/`."""
        return self.state / "models"

    @property
    def studies(self) -> Path:
        """The folder of what was found out about versions: `<model>/<version>/<study>.json`."""
        return self.state / "studies"

    @property
    def trainings(self) -> Path:
        """The folder of what each training was made from and ran on: `<model>/<version>/`."""
        return self.state / "trainings"

    @property
    def live(self) -> Path:
        """The folder of pointer files that say which version answers."""
        return self.state / "live"

    @property
    def received(self) -> Path:
        """The folder of what came from databases and streams and is to be landed: `<source>/*.{jsonl,parquet}`."""
        return self.state / "received"

    @property
    def online(self) -> Path:
        """The SQLite file of online features."""
        return self.state / "online.db"

    @property
    def segments(self) -> Path:
        """The folder of the prediction log's segments."""
        return self.state / "segments"


def find(folder: Path) -> Project:
    """Return the project that `folder` lies in: the nearest one with a `shipworthy.yml`.

    Raises:
        BadSpec: there is none, or its settings are wrong.
    """
    start = folder.resolve()
    for candidate in (start, *start.parents):
        if (candidate / SETTINGS).is_file():
            return Project(candidate, load(candidate / SETTINGS, Settings))
    raise BadSpec(
        where=str(start),
        what=f"no {SETTINGS} here or above",
        fix="run 'shipworthy init' in a dbt project, or 'shipworthy init --template flights'",
    )


def models(project: Project) -> dict[str, ModelSpec]:
    """Return the spec of each model of `project`, by name.

    Raises:
        BadSpec: a spec is wrong, or calls its model otherwise than its folder.
    """
    return _named(project.root / "ml", "*/model.yml", ModelSpec, "model", lambda file: (file.parent.name, f"folder '{file.parent.name}'"))


def model(project: Project, name: str) -> ModelSpec:
    """Return the spec of the model `name`.

    Raises:
        UnknownName: the project has no such model.
    """
    known = models(project)
    if name not in known:
        raise UnknownName.of("model", name, known=known, where=str(project.root / "ml"))
    return known[name]


def sources(project: Project) -> dict[str, SourceSpec]:
    """Return the contract of each landed table, by name.

    Raises:
        BadSpec: a contract is wrong, or calls its table otherwise than its file.
    """
    return _named(project.root / "sources", "*.yml", SourceSpec, "source", lambda file: (file.stem, f"file '{file.name}'"))


def source(project: Project, name: str) -> SourceSpec:
    """Return the contract of the landed table `name`.

    Raises:
        UnknownName: the project has no such source.
    """
    known = sources(project)
    if name not in known:
        raise UnknownName.of("source", name, known=known, where=str(project.root / "sources"))
    return known[name]


def _named(folder: Path, files: str, kind: type[S], what: str, home: Callable[[Path], tuple[str, str]]) -> dict[str, S]:
    """Return the spec of each of `files` by the name in its field `what`, which must be that of its `home`."""
    specs = {file: load(file, kind) for file in sorted(folder.glob(files))}
    for file, spec in specs.items():
        name, place = home(file)
        if getattr(spec, what) != name:
            raise BadSpec(where=f"{file}:1", what=f"{what} '{getattr(spec, what)}' lies in {place}", fix="give both one name")
    return {getattr(spec, what): spec for spec in specs.values()}
