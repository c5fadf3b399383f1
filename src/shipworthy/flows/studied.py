"""What was found out about versions and models, as it is kept: one file for each chapter, beside the packages.

`studies/MODEL/VERSION/NAME.json` is what a training found out, `studies/MODEL/NAME.json` what a command did, whatever the version.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from shipworthy.errors import BadArtifact
from shipworthy.families import names
from shipworthy.flows import studies
from shipworthy.gateways import durable
from shipworthy.records import Chapter
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Asked:
    """What a study says of itself: what people read above it, what it finds out, what it is blind to; "" where it does not say."""

    title: str
    finds: str
    blind: str


def keep(project: Project, model: str, version: int, chapters: list[Chapter]) -> None:
    """Write each chapter to a file of its own; what an earlier training of this number left goes."""
    folder = _folder(project, model, version)
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.json"):
        file.unlink()
    for chapter in chapters:
        _write(folder, chapter)


def chapters(project: Project, model: str, version: int) -> dict[str, Chapter]:
    """Return what was found out about a version, by study; nothing where nobody looked.

    Raises:
        BadArtifact: a file is no chapter.
    """
    return {file.stem: _read(file) for file in sorted(_folder(project, model, version).glob("*.json"))}


def keep_of_model(project: Project, model: str, chapter: Chapter) -> None:
    """Write what a command found out about a model, whatever its version, in place of what it found before."""
    folder = project.studies / model
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, chapter)


def of_model(project: Project, model: str) -> dict[str, Chapter]:
    """Return what commands found out about a model, whatever its version, by name; nothing where nobody asked.

    Raises:
        BadArtifact: a file is no chapter.
    """
    return {file.stem: _read(file, "run the command again") for file in sorted((project.studies / model).glob("*.json"))}


def asked() -> dict[str, Asked]:
    """Return what each study says of itself, by name; read off its text, so that no study is imported.

    >>> asked()["over_time"].title
    'Over time'
    """
    folder = Path(studies.__path__[0])
    return {name: _asked((folder / f"{name}.py").read_text(encoding="utf-8")) for name in names(studies)}


def _asked(text: str) -> Asked:
    """Return what the study that a module's `text` holds says of itself: the class that has a title."""
    held = [(one, _title(one)) for one in ast.parse(text).body if isinstance(one, ast.ClassDef)]
    study, title = next((pair for pair in held if pair[1]), (None, ""))
    words = " ".join((ast.get_docstring(study) or "").partition("Source:")[0].replace("`", "").split()) if study else ""
    before, found, after = words.partition("Blind ")
    return Asked(title, before.strip(), f"{found}{after}")


def _title(held: ast.ClassDef) -> str:
    """Return the value of the class's `title`, "" where it has none in plain text."""
    for line in held.body:
        target = line.target if isinstance(line, ast.AnnAssign) else line.targets[0] if isinstance(line, ast.Assign) else None
        value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "title" and isinstance(value, ast.Constant):
            return str(value.value)
    return ""


def _write(folder: Path, chapter: Chapter) -> None:
    durable.put(folder / f"{chapter.name}.json", msgspec.json.format(msgspec.json.encode(chapter, enc_hook=_plain), indent=1))


def _read(file: Path, fix: str = "train again") -> Chapter:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Chapter)
    except msgspec.DecodeError as error:
        raise BadArtifact(where=str(file), what=f"is no chapter: {error}", fix=fix) from None


def _folder(project: Project, model: str, version: int) -> Path:
    return project.studies / model / str(version)


def _plain(value: object) -> object:
    """Return a number of numpy as one of Python.

    Raises:
        TypeError: it is something else, which no file of a chapter holds.
    """
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a chapter holds no {type(value).__name__}")
