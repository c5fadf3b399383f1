"""YAML to spec; a mistake is answered with file, line and the nearest name."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shipworthy.errors import BadSpec, UnknownName

S = TypeVar("S", bound=BaseModel)
Location = Sequence[int | str]

OPEN = "???"  # what a proposal leaves for a person to answer
HIDDEN = "_from"  # fields that name an environment variable: what somebody wrote there by mistake may be the secret itself
BOOLEAN = "tag:yaml.org,2002:bool"


_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, eight times as fast, where PyYAML was built with it


class Words(_SAFE):  # type: ignore[misc, valid-type]
    """The safe loader with YAML 1.2's booleans: `on`, `off`, `yes` and `no` are words, so that a key can be called `on`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML reads it off the class
        letter: [(tag, shape) for tag, shape in found if tag != BOOLEAN]
        for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Words.add_implicit_resolver(BOOLEAN, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def load(file: Path, kind: type[S]) -> S:
    """Return the spec of `kind` that `file` holds; an empty file says nothing, and leaves everything at its default.

    Raises:
        BadSpec: the file is missing, is no YAML, or says something that cannot be so.
        UnknownName: it has a key that nothing reads.
    """
    try:
        text = file.read_text(encoding="utf-8")
        node, said = _read(text)
    except FileNotFoundError:
        raise BadSpec(where=str(file), what="no such file", fix="write it, or run 'shipworthy init'") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSpec(where=_mark(file, error), what=f"not YAML: {_problem(error)}", fix="mend this line") from None
    if not isinstance(said, dict):
        raise BadSpec(where=f"{file}:1", what=f"holds {type(said).__name__}, not keys and values", fix="write 'key: value' lines")
    for location in _questions(node, []):
        path = ".".join(str(part) for part in location)
        what = f"'{path}' is '{OPEN}': a question that nobody has answered"
        raise BadSpec(where=f"{file}:{_line(node, location)}", what=what, fix=_sentence(kind, location) or "answer it")
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        raise _first_mistake(file, kind, node, error) from None


def _read(text: str) -> tuple[Any, Any]:
    """Return the nodes of a YAML text, and what they say; the text is read once."""
    loader = Words(text)
    try:
        node = loader.get_single_node()
        return node, {} if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _questions(node: Any, location: list[int | str]) -> Iterator[Location]:
    """Yield where a question stands, in the order of the file."""
    if isinstance(node, yaml.ScalarNode) and node.value == OPEN:
        yield location
    parts = enumerate(node.value) if isinstance(node, yaml.SequenceNode) else []
    pairs = [(key.value, value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else parts
    for step, part in pairs:
        yield from _questions(part, [*location, step])


def _mark(file: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{file}:{mark.line + 1}" if mark else str(file)


def _problem(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)


def _first_mistake(file: Path, kind: type[BaseModel], node: Any, error: ValidationError) -> BadSpec | UnknownName:
    mistake = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")  # a typo explains what is missing
    location = [part for part in mistake["loc"] if not (isinstance(part, str) and part.endswith("]"))]
    where = f"{file}:{_line(node, location)}"
    path = ".".join(str(part) for part in location) or "the file"
    if mistake["type"] == "extra_forbidden":
        return UnknownName.of("key", str(location[-1]), known=_fields(kind, location[:-1]), where=where)
    if mistake["type"] == "missing":
        return BadSpec(where=where, what=f"'{path}' is missing", fix=f"write it: {_sentence(kind, location)}")
    hidden = str(location[-1] if location else "").endswith(HIDDEN)
    shown = "something that is not shown" if hidden else repr(mistake["input"])[:80]
    return BadSpec(where=where, what=f"'{path}' is {shown}: {mistake['msg']}", fix=_sentence(kind, location) or "mend it")


def _line(node: Any, location: Location) -> int:
    """Return the line (from 1) of the deepest part of `location` that the file has."""
    line = int(node.start_mark.line) + 1 if node else 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if str(part) not in pairs:
                return line
            key, node = pairs[str(part)]
            line = int(key.start_mark.line) + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = int(node.start_mark.line) + 1
    return line


def _fields(kind: type[BaseModel], location: Location) -> list[str]:
    part = _part(kind, location)
    return list(_named(part)) if part else []


def _sentence(kind: type[BaseModel], location: Location) -> str:
    names = [part for part in location if isinstance(part, str)]
    parent = _part(kind, location[:-1]) if names else None
    field = _named(parent).get(str(names[-1])) if parent else None
    return field.description or "" if field else ""


def _named(part: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a part by the names that they have in the file."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def _part(kind: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """Return the model that describes the mapping at `location`, None where there is none."""
    part: Any = kind
    named = False  # whether the next step is the name of an entry of a mapping, not a field
    for step in location:
        if named:
            named = False
        elif isinstance(step, str) and isinstance(part, type) and issubclass(part, BaseModel):
            field = _named(part).get(step)
            named = field is not None and get_origin(field.annotation) is dict
            part = _model_in(field.annotation) if field else None
    return part if isinstance(part, type) and issubclass(part, BaseModel) and not named else None


def _model_in(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType, list, dict):
        inner = [_model_in(argument) for argument in get_args(annotation)]
        return next((found for found in inner if isinstance(found, type) and issubclass(found, BaseModel)), None)
    return annotation
