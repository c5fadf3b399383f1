"""JSON schemas for editors: valid, and of one mind with the loader."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from shipworthy.spec.schema import KINDS, write_schemas

SPEC: dict[str, Any] = {
    "model": "arrival_delay",
    "decisions": {"relation": "flights", "entity": "flight_id", "time": "decided_at", "features": ["distance"]},
    "label": {"relation": "arrivals", "column": "delay", "known_at": "landed_at", "horizon": "1 day"},
}


def parts(kind: type[BaseModel]) -> set[type[BaseModel]]:
    """Return `kind` and every part that its schema is made of."""
    found, waiting = set(), [kind]
    while waiting:
        part = waiting.pop()
        found.add(part)
        inner = {below for field in part.model_fields.values() for below in _models(field.annotation)}
        waiting.extend(inner - found)
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [below for argument in getattr(annotation, "__args__", ()) for below in _models(argument)]


@pytest.fixture
def schemas(tmp_path: Path) -> dict[str, Any]:
    """The schemas as they were written, by file name."""
    return {file.name.partition(".")[0]: json.loads(file.read_text()) for file in write_schemas(tmp_path)}


def test_each_kind_of_file_has_a_schema_that_is_one(schemas: dict[str, Any]) -> None:
    """
    A validator of JSON Schema finds nothing to say of them.
    """
    assert set(schemas) == set(KINDS)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_an_editor_refuses_what_the_loader_refuses(schemas: dict[str, Any]) -> None:
    """
    A good spec fits its schema; a slip in a key and a missing part do not.
    """
    jsonschema.validate(SPEC, schemas["model"])

    for bad in (SPEC | {"labels": {}}, {key: value for key, value in SPEC.items() if key != "label"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schemas["model"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_has_its_sentence(kind: type[BaseModel]) -> None:
    """
    What an editor shows beside a key, and an error as its fix: no field goes without.
    """
    silent = [f"{part.__name__}.{name}" for part in parts(kind) for name, field in part.model_fields.items() if not field.description]

    assert [name for name in silent if name != "SourceColumn.description"] == []


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    """
    The files are the same for the same version, so that git shows no change.
    """
    first = [file.read_bytes() for file in write_schemas(tmp_path)]

    assert [file.read_bytes() for file in write_schemas(tmp_path)] == first
