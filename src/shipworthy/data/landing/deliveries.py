"""What there is to land: files that a contract's path matches, objects in a store, what a database or stream has handed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from shipworthy.errors import BadData, BadSpec
from shipworthy.gateways import objects
from shipworthy.spec.project import Project
from shipworthy.spec.source import FileFormat, SourceSpec

FORMATS: dict[str, FileFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
}
RECEIVED = ("*.jsonl", "*.parquet")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to land: its name (a path from the project's folder, or an object's), where it lies, and how it stands there.

    `size` is in bytes, `modified` in ns: both unchanged, the content is the same. `file` is None for an object in a store
    until it is fetched.
    """

    name: str
    kind: FileFormat
    size: int
    modified: int
    file: Path | None
    delimiter: str = ","


def found(project: Project, contract: SourceSpec) -> list[Delivery]:
    """Return the deliveries of `contract`, by name: all are read by the same code, wherever they come from.

    Raises:
        BadSpec: the format of a file is not known.
        StepFailed: the store cannot be asked.
    """
    received = project.received / contract.source
    theirs = [_local(project, file, contract, FORMATS[file.suffix]) for pattern in RECEIVED for file in received.glob(pattern)]
    return sorted([*_at_path(project, contract), *theirs], key=lambda delivery: delivery.name)


def _at_path(project: Project, contract: SourceSpec) -> Iterator[Delivery]:
    if contract.path is None:
        return
    if objects.is_stored(contract.path):
        for stored in objects.listed(contract.path):
            kind = format_of(Path(stored.name), contract)
            yield Delivery(stored.name, kind, stored.size, stored.modified, None, _delimiter(stored.name, contract))
    else:
        for file in project.root.glob(contract.path):
            if file.is_file():
                yield _local(project, file, contract, format_of(file, contract))


def format_of(file: Path, contract: SourceSpec) -> FileFormat:
    """Return what the contract says that `file` is, else what its name says; `.gz` behind it is looked through.

    Raises:
        BadSpec: neither says.
    """
    suffix = Path(file.stem).suffix if file.suffix == ".gz" else file.suffix
    kind = contract.format or FORMATS.get(suffix.lower())
    if kind is None:
        what = f"the format of '{file.name}' is not known"
        raise BadSpec(where=f"sources/{contract.source}.yml", what=what, fix="write 'format': csv, json, parquet or excel")
    return kind


def _delimiter(name: str, contract: SourceSpec) -> str:
    return contract.delimiter or ("\t" if ".tsv" in name else ",")


def _local(project: Project, file: Path, contract: SourceSpec, kind: FileFormat) -> Delivery:
    about = file.stat()
    name = str(file.relative_to(project.root)) if file.is_relative_to(project.root) else str(file)
    return Delivery(name, kind, about.st_size, about.st_mtime_ns, file, _delimiter(file.name, contract))


def content_of(file: Path) -> str:
    """Return the hash of what `file` holds."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def require_still(delivery: Delivery) -> None:
    """Do nothing if the file of `delivery` stands as it did when it was found.

    Raises:
        BadData: somebody wrote to it while it was read.
    """
    if delivery.file is None or objects.is_stored(delivery.name):
        return
    about = delivery.file.stat()
    if (about.st_size, about.st_mtime_ns) != (delivery.size, delivery.modified):
        what = "was written to while it was read"
        raise BadData(where=delivery.name, what=what, fix="write it elsewhere and rename it when it is whole, then build again")
