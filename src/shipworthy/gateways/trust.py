"""What the registry was told to trust: types beyond those of known libraries that a packaged estimator may be made of."""

from dataclasses import dataclass
from pathlib import Path

from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Trust:
    """Full names of types, such as `ml.late.train.Network`, and the folder that a team's own are imported from.

    It comes from the project's settings, never from the artifact itself.
    """

    types: frozenset[str] = frozenset()
    home: Path | None = None


def trust_of(project: Project) -> Trust:
    """Return what the settings of `project` trust."""
    return Trust(frozenset(project.settings.trust), project.root)
