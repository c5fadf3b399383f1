"""The package of a model version: a folder with all from raw feature values to the answer, and no code in it.

    manifest.json   format, model, version, where it comes from, the SHA-256 of each other file
    schema.json     the input schema
    model.txt       LightGBM's text format
    golden.json     raw rows and their exact answers

To load a package takes LightGBM and numpy; nothing in it is ever executed.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.errors import BadArtifact
from shipworthy.gateways import durable
from shipworthy.registry import golden
from shipworthy.registry.encoding import encode, encode_row
from shipworthy.registry.predictor import LightGBMText, Predictor
from shipworthy.registry.schema import Schema

FORMAT = "shipworthy-package"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
FILES = ("golden.json", "model.txt", "schema.json")
AGAIN = "package the model again, or restore the folder from where it was packaged"


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a version comes from: `training_set` is the hash of its rows, `code_version` None where there is no git."""

    training_set: str
    as_of: datetime
    run: str
    created_at: datetime
    code_version: str | None = None


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a package says of itself; `files` has the SHA-256 of each, in hexadecimal."""

    format: str
    format_version: int
    model: str
    version: int
    provenance: Provenance
    files: dict[str, str]

    def same_content(self, other: "Manifest") -> bool:
        """Return whether both hold the same model from the same place; the moment of packaging does not count."""
        at = self.provenance.created_at
        moved = msgspec.structs.replace(other, provenance=msgspec.structs.replace(other.provenance, created_at=at))
        return self == moved


@dataclass(frozen=True)
class Package:
    """A verified package, ready to answer; safe to use from several threads. `digest` names its exact content."""

    manifest: Manifest
    schema: Schema
    predictor: Predictor
    digest: str

    def predict(self, rows: Sequence[Mapping[str, object]]) -> list[float]:
        """Return the answer to each of `rows`: a number in the label's unit, or the probability of a 1.

        Raises:
            BadRequest: a row lacks a feature, or has text for a number or the other way round.
        """
        return [float(answer) for answer in self.predictor.answers(self._matrix(rows))]

    def predict_table(self, frame: pa.Table) -> npt.NDArray[np.float64]:
        """Return the answer to each row of `frame`, shape (n,): the same bits as `predict` for the same row.

        Raises:
            UnknownName: `frame` lacks a feature.
            BadData: a feature has changed its type.
        """
        return self.predictor.answers(encode(self.schema, frame))

    def _matrix(self, rows: Sequence[Mapping[str, object]]) -> npt.NDArray[np.float64]:
        encoded = [encode_row(self.schema, row) for row in rows]
        return np.array(encoded, dtype=np.float64).reshape(len(rows), len(self.schema.columns))


def write(
    folder: Path, *, version: int, schema: Schema, text: str, sample: Sequence[Mapping[str, object]], provenance: Provenance
) -> Package:
    """Write the package `folder` at once or not at all, and return it as loaded from there.

    A version never changes: the same content again is the package that stands, whenever it was made.

    Args:
        folder: `models/<model>/<version>`; its parent is made. One process at a time writes a version.
        version: the number of the version, from 1.
        schema: the input schema that the model was fitted with.
        text: the fitted model in LightGBM's text format.
        sample: raw rows with each feature, to be golden; some dozens of real ones.
        provenance: where the version comes from.

    Raises:
        BadArtifact: the model does not take what the schema says, or `folder` holds something else.
    """
    predictor = LightGBMText(text, schema, where=str(folder / "model.txt"))
    draft = Package(_manifest(schema, version, provenance, {}), schema, predictor, "")
    contents = {"schema.json": schema.to_json(), "model.txt": text.encode()}
    contents["golden.json"] = golden.to_json(golden.rows(schema, sample), draft.predict)
    manifest = _manifest(schema, version, provenance, contents)
    if folder.exists():
        return _standing(folder, manifest)
    contents[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    _put(folder, contents)
    return load(folder)


def _manifest(schema: Schema, version: int, provenance: Provenance, contents: Mapping[str, bytes]) -> Manifest:
    files = {name: _sha256(contents[name]) for name in sorted(contents)}
    return Manifest(FORMAT, FORMAT_VERSION, schema.model, version, provenance, files)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _standing(folder: Path, manifest: Manifest) -> Package:
    package = load(folder)
    if not package.manifest.same_content(manifest):
        raise BadArtifact(where=str(folder), what="this version exists with other content", fix="take the next version: one never changes")
    return package


def _put(folder: Path, contents: Mapping[str, bytes]) -> None:
    beside = folder.with_name(f".{folder.name}.writing")
    shutil.rmtree(beside, ignore_errors=True)  # what a killed process left
    beside.mkdir(parents=True)
    for name, content in contents.items():
        durable.put(beside / name, content)
    durable.rename(beside, folder)


def load(folder: Path, *, digest: str | None = None) -> Package:
    """Return the package in `folder`, after all of it was verified: files, checksums, schema, golden answers.

    Args:
        folder: what `write` wrote.
        digest: the digest that the package must have, as it was recorded elsewhere; None does not ask.

    Raises:
        BadArtifact: names the file that is missing, unknown or changed, or the golden row that differs.
    """
    content = _read(folder, MANIFEST)
    manifest = _read_manifest(content, folder)
    if digest is not None and digest != _sha256(content):
        raise BadArtifact(where=str(folder / MANIFEST), what=f"is not the one that was recorded ({digest[:12]})", fix=AGAIN)
    contents = _verified(folder, manifest)
    schema = Schema.from_json(contents["schema.json"], where=str(folder / "schema.json"))
    if schema.model != manifest.model:
        raise BadArtifact(where=str(folder), what=f"says '{manifest.model}', its schema '{schema.model}'", fix=AGAIN)
    predictor = LightGBMText(contents["model.txt"].decode(errors="replace"), schema, where=str(folder / "model.txt"))
    package = Package(manifest, schema, predictor, _sha256(content))
    golden.verify(contents["golden.json"], package.predict, where=str(folder / "golden.json"))
    return package


def _read(folder: Path, name: str) -> bytes:
    file = folder / name
    if file.is_symlink() or not file.is_file():
        raise BadArtifact(where=str(file), what="is missing, or no plain file", fix=AGAIN)
    return file.read_bytes()


def _read_manifest(content: bytes, folder: Path) -> Manifest:
    where = str(folder / MANIFEST)
    try:
        said = msgspec.json.decode(content)
        kind = (said["format"], said["format_version"]) if isinstance(said, dict) else None
        if kind != (FORMAT, FORMAT_VERSION):
            raise BadArtifact(
                where=where, what=f"is of format {kind}, this reads {(FORMAT, FORMAT_VERSION)}", fix="use the release that packaged it"
            )
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, KeyError) as error:
        raise BadArtifact(where=where, what=f"is no manifest: {error}", fix=AGAIN) from None


def _verified(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the content of each file, all of them just as the manifest says and none beside them."""
    unknown = {entry.name for entry in folder.iterdir()} - {MANIFEST, *FILES}
    if unknown or set(manifest.files) != set(FILES):
        odd = sorted(unknown or set(manifest.files) ^ set(FILES))[0]
        raise BadArtifact(where=str(folder / odd), what="does not belong into a package, or is not accounted for", fix=AGAIN)
    contents = {name: _read(folder, name) for name in FILES}
    for name, content in contents.items():
        if _sha256(content) != manifest.files[name]:
            raise BadArtifact(where=str(folder / name), what="is not what was packaged: its checksum differs", fix=AGAIN)
    return contents
