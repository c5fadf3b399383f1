"""The models that answer: the new version is loaded, verified and warmed before the old one goes."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from shipworthy.errors import BadArtifact, ShipworthyError, UnknownName
from shipworthy.gateways.trust import trust_of
from shipworthy.registry import package, pointer
from shipworthy.registry.explaining.explainer import Explainer, explainer_of
from shipworthy.registry.package import Package
from shipworthy.serving.intake import Intake
from shipworthy.spec.project import Project

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.1
RETRY_SECONDS = 2.0  # until a promoted version that could not be taken is tried again
Seen = tuple[int, int]  # of a pointer file: when it was modified, its inode


@dataclass(frozen=True, slots=True)
class LiveModel:
    """One model version that answers, how its requests are read, and what explains its answers; None where nothing can."""

    package: Package
    intake: Intake
    explainer: Explainer | None = None

    @property
    def version(self) -> int:
        """The version that answers."""
        return self.package.manifest.version


@dataclass(frozen=True, slots=True)
class State:
    """What answers, by model, and what could not be taken: the words of the error. Replaced as one, never changed."""

    models: Mapping[str, LiveModel] = field(default_factory=dict)
    trouble: Mapping[str, ShipworthyError] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether something is promoted, and each promoted model has a version that answers."""
        return bool(self.models) and not set(self.trouble) - set(self.models)


class Live:
    """Follows the pointer files of a project. `state` may be read at any moment, from any thread."""

    def __init__(self, project: Project, changed: Callable[[State], None]) -> None:
        self.state = State()
        self._project, self._changed = project, changed
        self._seen: dict[str, Seen] = {}
        self._retry_at = 0.0

    def model(self, name: str) -> LiveModel:
        """Return what answers for the model `name`.

        Raises:
            UnknownName: no version of such a model is promoted.
            BadArtifact: one is promoted, and nothing can answer for it.
        """
        state = self.state
        if name in state.models:
            return state.models[name]
        if name in state.trouble:
            error = state.trouble[name]
            raise BadArtifact(where=name, what=f"what is promoted cannot answer: {error.what}", fix=error.fix)
        raise UnknownName.of("live model", name[:100], known=state.models, where="path")

    def stale(self) -> bool:
        """Return whether a pointer has moved since the last look, or a failed one is due again."""
        return _pointers(self._project.live) != self._seen or bool(self.state.trouble and monotonic() >= self._retry_at)

    def look(self) -> None:
        """Take what the pointers say now. What cannot be loaded leaves the old version answering, and is told of."""
        seen = _pointers(self._project.live)
        again = {name for name in seen if self._seen.get(name) != seen[name]} | set(self.state.trouble)
        models = {name: model for name, model in self.state.models.items() if name in seen}
        trouble: dict[str, ShipworthyError] = {}
        for name in sorted(again & set(seen)):
            try:
                self._take(name, models)
            except ShipworthyError as error:
                trouble[name] = error
            except Exception as error:  # noqa: BLE001 the edge: whatever lies in that folder, the service goes on
                trouble[name] = BadArtifact(
                    where=name, what=f"{type(error).__name__}: {error}", fix="promote another version, or roll back"
                )
            if name in trouble:
                logger.error("%s: not taken: %s", name, trouble[name])
        self._seen, self._retry_at = seen, monotonic() + RETRY_SECONDS
        self.state = State(models, trouble)
        self._changed(self.state)

    def _take(self, name: str, models: dict[str, LiveModel]) -> None:
        pointed = pointer.read(self._project.live, name)
        if pointed is None or pointed.version is None:
            models.pop(name, None)
        elif name not in models or models[name].version != pointed.version:
            models[name] = self._load(name, pointed.version)

    def _load(self, name: str, version: int) -> LiveModel:
        """Return the version, verified; its golden rows have been answered, so that it is warm."""
        folder = self._project.artifacts / name / str(version)
        loaded = package.load(folder, trust=trust_of(self._project))
        said = (loaded.manifest.model, loaded.manifest.version)
        if said != (name, version):
            raise BadArtifact(where=str(folder), what=f"holds {said[0]}@{said[1]}", fix="promote a version that lies where it says")
        intake = Intake(loaded.schema, most_rows=self._project.settings.service.most_rows)
        return LiveModel(loaded, intake, explainer_of(loaded))

    async def follow(self) -> None:
        """Look whenever a pointer moves, until cancelled; what loads, loads beside the event loop."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if self.stale():
                await asyncio.to_thread(self.look)


def _pointers(live: Path) -> dict[str, Seen]:
    """Return the pointer files by model, with what changes when one is replaced."""
    found = {}
    for file in live.glob("[!.]*.json"):
        try:
            facts = file.stat()
        except FileNotFoundError:  # taken away since it was listed
            continue
        found[file.stem] = (facts.st_mtime_ns, facts.st_ino)
    return found
