"""Runs every study of a freshly fitted model, keeps what they found beside the version, and finds it again."""

from pathlib import Path

import msgspec

from shipworthy.errors import BadArtifact
from shipworthy.families import members
from shipworthy.flows import studies
from shipworthy.flows.progress import Progress
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.gateways import durable
from shipworthy.records import Chapter
from shipworthy.spec.project import Project


def study(subject: Subject, progress: Progress) -> list[Chapter]:
    """Return the chapter of each study that has something to say, in alphabetical order of their names."""
    known = members(studies, Study)  # type: ignore[type-abstract]
    found = []
    for done, (name, one) in enumerate(known.items()):
        progress(name.replace("_", " "), done, len(known))
        found.append(one.look(subject))
    return [chapter for chapter in found if chapter is not None]


def keep(project: Project, model: str, version: int, chapters: list[Chapter]) -> None:
    """Write each chapter to a file of its own; what an earlier training of this number left goes."""
    folder = _folder(project, model, version)
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.json"):
        file.unlink()
    for chapter in chapters:
        durable.put(folder / f"{chapter.name}.json", msgspec.json.format(msgspec.json.encode(chapter), indent=1))


def chapters(project: Project, model: str, version: int) -> dict[str, Chapter]:
    """Return what was found out about a version, by study; nothing where nobody looked.

    Raises:
        BadArtifact: a file is no chapter.
    """
    return {file.stem: _read(file) for file in sorted(_folder(project, model, version).glob("*.json"))}


def _read(file: Path) -> Chapter:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Chapter)
    except msgspec.DecodeError as error:
        raise BadArtifact(where=str(file), what=f"is no chapter: {error}", fix="train again") from None


def _folder(project: Project, model: str, version: int) -> Path:
    return project.studies / model / str(version)
