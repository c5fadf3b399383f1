"""The pointer file that says which version of a model answers: read by every service worker, replaced at once."""

import os
from pathlib import Path

import msgspec

from shipworthy.errors import BadArtifact
from shipworthy.gateways import durable


class Pointer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which `version` answers, None if none does; `generation` grows with each change."""

    version: int | None
    generation: int


def file(live: Path, model: str) -> Path:
    """Return the pointer file of `model` in the folder `live`."""
    return live / f"{model}.json"


def read(live: Path, model: str) -> Pointer | None:
    """Return where the pointer of `model` points, None before it first did.

    Raises:
        BadArtifact: the file holds something else.
    """
    path = file(live, model)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Pointer)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise BadArtifact(where=str(path), what=f"is no pointer: {error}", fix="promote the version that should answer again") from None


def write(live: Path, model: str, version: int | None) -> Pointer:
    """Point `model` at `version`, on disk before this returns; a reader sees the old pointer or the new one.

    Pointing where it already points changes nothing. One process at a time writes: the lease of the model.
    """
    standing = read(live, model)
    if standing and standing.version == version:
        return standing
    pointer = Pointer(version, standing.generation + 1 if standing else 1)
    path = file(live, model)
    live.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    durable.put(beside, msgspec.json.encode(pointer))
    durable.rename(beside, path)
    return pointer
