"""The package of a model version: a folder with all from raw feature values to the answer, and no code in it.

    manifest.json    format, model, version, where it comes from, the SHA-256 of each other file
    schema.json      the input schema
    decision.json    calibration of the answers and threshold, where there are any
    background.json  some rows of the training set, encoded, that explanations compare with
    golden.json      raw rows and their exact answers
    model.*          the model in its format: LightGBM's text, scikit-learn in the format of skops, a constant

Loading takes the library of the format; nothing in a package is ever executed, and no type is made that nobody was told to trust.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.errors import BadArtifact, UnknownName
from shipworthy.families import member
from shipworthy.gateways import durable
from shipworthy.gateways.trust import Trust
from shipworthy.registry import background, formats, golden
from shipworthy.registry.decision import AS_IT_IS, Decision
from shipworthy.registry.encoding import encode, encode_row
from shipworthy.registry.formats.base import Format, Predictor
from shipworthy.registry.golden import Said
from shipworthy.registry.schema import Schema

FORMAT = "shipworthy-package"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
NO_TRUST = Trust()
ALWAYS = ("golden.json", "schema.json")
MAY = ("background.json", "decision.json")
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
    model_format: str = "lightgbm"

    def same_content(self, other: "Manifest") -> bool:
        """Return whether both hold the same model from the same place; the moment of packaging does not count."""
        at = self.provenance.created_at
        moved = msgspec.structs.replace(other, provenance=msgspec.structs.replace(other.provenance, created_at=at))
        return self == moved


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model on its way into a package: its format and content, what its answers mean, rows to compare with, shape (b, k)."""

    format: str
    content: bytes
    decision: Decision = AS_IT_IS
    background: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Package:
    """A verified package, ready to answer; safe to use from several threads. `digest` names its exact content."""

    manifest: Manifest
    schema: Schema
    predictor: Predictor
    digest: str
    decision: Decision = AS_IT_IS
    background: npt.NDArray[np.float64] | None = None
    tolerance: float = 0.0

    def predict(self, rows: Sequence[Mapping[str, object]]) -> list[Said]:
        """Return the answer to each of `rows`: a number in the label's unit, the probability of a 1, or those of the classes.

        Raises:
            BadRequest: a row lacks a feature, or has text for a number or the other way round.
        """
        said: list[Said] = self.answers(self._matrix(rows)).tolist()
        return said

    def predict_table(self, frame: pa.Table) -> npt.NDArray[np.float64]:
        """Return the answer to each row of `frame`, shape (n,), or (n, c) for classes: the same bits as `predict` for the same row.

        Raises:
            UnknownName: `frame` lacks a feature.
            BadData: a feature has changed its type.
        """
        return self.answers(encode(self.schema, frame))

    def answers(self, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the answer to each row of an encoded `matrix`, shape (n, k), calibrated where the package says how."""
        return self.decision.meaning(self.predictor.answers(matrix))

    def _matrix(self, rows: Sequence[Mapping[str, object]]) -> npt.NDArray[np.float64]:
        encoded = [encode_row(self.schema, row) for row in rows]
        return np.array(encoded, dtype=np.float64).reshape(len(rows), len(self.schema.columns))


def write(
    folder: Path,
    *,
    version: int,
    schema: Schema,
    model: Model,
    sample: Sequence[Mapping[str, object]],
    provenance: Provenance,
    trust: Trust = NO_TRUST,
) -> Package:
    """Write the package `folder` at once or not at all, and return it as loaded from there.

    A version never changes: the same content again is the package that stands, whenever it was made.

    Args:
        folder: `models/<model>/<version>`; its parent is made. One process at a time writes a version.
        version: the number of the version, from 1.
        schema: the input schema that the model was fitted with.
        model: the fitted model, and what belongs to its answers.
        sample: raw rows with each feature, to be golden; some dozens of real ones.
        provenance: where the version comes from.
        trust: types beyond those of known libraries that it may be made of.

    Raises:
        BadArtifact: the model does not take what the schema says, or `folder` holds something else.
    """
    kind = format_of(model.format, where=str(folder))
    contents = {"schema.json": schema.to_json(), kind.file: model.content}
    if model.decision != AS_IT_IS:
        contents["decision.json"] = model.decision.to_json()
    if model.background is not None:
        contents["background.json"] = background.to_json(model.background)
    draft = _opened(_manifest(schema, version, provenance, {}, model.format), contents, schema, folder, trust)
    contents["golden.json"] = golden.to_json(golden.rows(schema, sample), draft.predict)
    manifest = _manifest(schema, version, provenance, contents, model.format)
    if folder.exists():
        return _standing(folder, manifest, trust)
    contents[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    _put(folder, contents)
    return load(folder, trust=trust)


def format_of(name: str, *, where: str) -> Format:
    """Return the format of this name; no other is imported.

    Raises:
        BadArtifact: there is none.
    """
    try:
        return member(formats, name, Format, extra="", where=where)  # type: ignore[type-abstract]
    except UnknownName as error:
        raise BadArtifact(where=where, what=error.what, fix="use the release that packaged it") from None


def _opened(manifest: Manifest, contents: Mapping[str, bytes], schema: Schema, folder: Path, trust: Trust) -> Package:
    """Return the package of these contents; its digest is that of nothing."""
    kind = format_of(manifest.model_format, where=str(folder / MANIFEST))
    predictor = kind.predictor(contents[kind.file], schema, trust=trust, where=str(folder / kind.file))
    said, rows = contents.get("decision.json"), contents.get("background.json")
    decision = Decision.from_json(said, where=str(folder / "decision.json")) if said else AS_IT_IS
    compared = background.from_json(rows, len(schema.columns), where=str(folder / "background.json")) if rows else None
    return Package(manifest, schema, predictor, "", decision, compared, kind.tolerance)


def _manifest(schema: Schema, version: int, provenance: Provenance, contents: Mapping[str, bytes], model_format: str) -> Manifest:
    files = {name: _sha256(contents[name]) for name in sorted(contents)}
    return Manifest(FORMAT, FORMAT_VERSION, schema.model, version, provenance, files, model_format)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _standing(folder: Path, manifest: Manifest, trust: Trust) -> Package:
    package = load(folder, trust=trust)
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


def load(folder: Path, *, digest: str | None = None, trust: Trust = NO_TRUST) -> Package:
    """Return the package in `folder`, after all of it was verified: files, checksums, schema, golden answers.

    Args:
        folder: what `write` wrote.
        digest: the digest that the package must have, as it was recorded elsewhere; None does not ask.
        trust: types beyond those of known libraries that the model may be made of.

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
    package = replace(_opened(manifest, contents, schema, folder, trust), digest=_sha256(content))
    golden.verify(contents["golden.json"], package.predict, where=str(folder / "golden.json"), tolerance=package.tolerance)
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
    model = format_of(manifest.model_format, where=str(folder / MANIFEST)).file
    there, told = {entry.name for entry in folder.iterdir()} - {MANIFEST}, set(manifest.files)
    odd = (there - told) | (told - {*ALWAYS, *MAY, model}) | ({*ALWAYS, model} - told)
    if odd:
        what = "does not belong into a package, or is not accounted for"
        raise BadArtifact(where=str(folder / min(odd)), what=what, fix=AGAIN)
    contents = {name: _read(folder, name) for name in sorted(told)}
    for name, content in contents.items():
        if _sha256(content) != manifest.files[name]:
            raise BadArtifact(where=str(folder / name), what="is not what was packaged: its checksum differs", fix=AGAIN)
    return contents
