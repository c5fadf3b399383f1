"""The lineage of a project as it stands: its last compiled manifest, its specs and contracts, and what was read before."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shipworthy.gateways import transform
from shipworthy.gateways.transform import Manifest
from shipworthy.lineage.build import build
from shipworthy.lineage.graph import Graph
from shipworthy.lineage.statements import Memory, Reading, read
from shipworthy.spec.project import SETTINGS, Project, find, models, sources

MEMORY = "lineage.json"
TARGET = "dbt"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The graph of a project, with what it was made from."""

    manifest: Manifest
    reading: Reading
    graph: Graph


def graph(project: Project) -> Graph:
    """Return what is made from what in `project`, as of its last build and its specs as they stand.

    The first call reads the SQL of every model; later ones only what changed since.

    Raises:
        StepFailed: nothing has been built: there is no manifest.
    """
    return lineage(project).graph


def lineage(project: Project) -> Lineage:
    """Return the graph of `project` with the manifest and the statements that it was made from.

    Raises:
        StepFailed: nothing has been built: there is no manifest.
    """
    written = [file for pattern in ("ml/*/model.yml", "sources/*.yml") for file in sorted(project.root.glob(pattern))]
    files = [file for file in (project.root / SETTINGS, project.state / TARGET / "manifest.json", *written) if file.is_file()]
    return _lineage(project.root, tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=8)
def _lineage(root: Path, _stamps: tuple[tuple[Path, int, int], ...]) -> Lineage:
    project = find(root)
    manifest = transform.read_manifest(project.state / TARGET / "manifest.json")
    return read_lineage(project, manifest, Memory.of(project.state / MEMORY))


def read_lineage(project: Project, manifest: Manifest, memory: Memory, *, keep: bool = True) -> Lineage:
    """Return the lineage of `project` by `manifest`; what was read is kept in the state folder, unless not to `keep` it."""
    reading = read(manifest, project.root, memory)
    if keep:
        memory.keep(project.state / MEMORY)
    return Lineage(manifest, reading, build(manifest, reading, models(project).values(), sources(project)))
