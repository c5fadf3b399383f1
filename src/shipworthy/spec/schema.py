"""JSON schemas of the YAML files, for editors."""

import json
from pathlib import Path

from pydantic import BaseModel

from shipworthy.spec.behaviours import Behaviours
from shipworthy.spec.by_hand import ByHand
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec

KINDS: dict[str, type[BaseModel]] = {
    "behaviours": Behaviours, "model": ModelSpec, "shipworthy": Settings, "source": SourceSpec, "by_hand": ByHand,
}  # fmt: skip
FOLDER = "schemas"


def write_schemas(root: Path) -> list[Path]:
    """Write the schema of each kind of file to `schemas/<kind>.schema.json` below `root`, and return the files.

    A YAML file points an editor to it by its first line:
    `# yaml-language-server: $schema=../../schemas/model.schema.json`.
    """
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, kind in KINDS.items():
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(kind.model_json_schema(), indent=1) + "\n", encoding="utf-8")
        files.append(file)
    return files
