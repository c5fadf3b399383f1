"""A project at one moment, compiled without a warehouse: the working tree, a revision of git, or what a manifest says.

Both sides are compiled in one folder that is thrown away, one after the other, so that dbt parses again only what differs.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from shipworthy.errors import ShipworthyError
from shipworthy.flows.prepare import VENDORED, prepare, vendor_ours
from shipworthy.flows.written import kinds
from shipworthy.gateways import dbt_profile, history, transform
from shipworthy.lineage.build import build
from shipworthy.lineage.change import Side
from shipworthy.lineage.statements import Memory, read
from shipworthy.spec.load import load
from shipworthy.spec.project import SETTINGS, Project, models, sources
from shipworthy.spec.settings import Settings

PACKAGES, OURS = "dbt_packages", "shipworthy"
LISTS = ("packages.yml", "dependencies.yml")


def working_tree(project: Project, bench: Path, memory: Memory) -> Side:
    """Return the project as its files stand, those included that git does not know yet; it is compiled in the folder `bench`.

    Raises:
        ShipworthyError: git does not keep the project, a spec is wrong, dbt cannot read it.
    """
    with _folder(bench, "the working tree", lambda folder: history.copy(project.root, folder)) as folder:
        return _compiled(project, folder, "the working tree", memory)


def revision(project: Project, name: str, bench: Path, memory: Memory) -> Side:
    """Return the project as it was where this work left the revision `name`; it is compiled in the folder `bench`.

    Raises:
        ShipworthyError: git knows no such revision, a spec was wrong, dbt cannot read it.
    """
    commit = history.resolve(project.root, name)
    called = f"{name} ({commit[:7]})"
    with _folder(bench, called, lambda folder: history.extract(project.root, commit, folder)) as folder:
        return _compiled(project, folder, called, memory)


def of_manifest(project: Project, file: Path, memory: Memory) -> Side:
    """Return what a manifest says, with the specs of the project as they stand.

    Raises:
        StepFailed: it is no manifest.
    """
    return _side(project, transform.read_manifest(file), str(file), memory)


@contextmanager
def _folder(bench: Path, called: str, fill: Callable[[Path], None]) -> Iterator[Path]:
    """Yield a folder that is filled anew; errors that name it speak of what it stands for."""
    folder = bench.resolve() / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        fill(folder)
        yield folder
    except ShipworthyError as error:
        said = [part.replace(f"{folder}/", "").replace(str(folder), called) for part in (error.where, error.what, error.fix)]
        raise type(error)(where=f"{called}: {said[0]}", what=said[1], fix=said[2]) from None


def _compiled(project: Project, folder: Path, called: str, memory: Memory) -> Side:
    then = Project(folder, load(folder / SETTINGS, Settings) if (folder / SETTINGS).is_file() else project.settings)
    (folder.parent / "profile").mkdir(exist_ok=True)
    dbt_profile.stand_in(_with_profile(folder, project.root), folder.parent / "profile", folder.parent / "warehouse.duckdb")
    _packages(project.root, folder)
    prepare(then, models(then), {}, kinds(project))
    if _asked(folder) and not (folder / PACKAGES).is_dir():
        transform.dependencies(folder, warehouse=folder.parent / "warehouse.duckdb", log=folder.parent / "dbt-deps.log")
    target = folder.parent / "target"
    failed = transform.compile_all(
        folder,
        profiles=folder.parent / "profile",
        warehouse=folder.parent / "warehouse.duckdb",
        target=target,
        log=folder.parent / "dbt.log",
    )
    return _side(then, transform.read_manifest(target / "manifest.json"), called, memory, uncompiled=failed)


def _with_profile(folder: Path, root: Path) -> Path:
    """Return where the profile is looked for: with the files of this side, else where the team keeps it now."""
    return folder if (folder / "profiles.yml").is_file() else root


def _packages(root: Path, folder: Path) -> None:
    """Lend this side the installed packages, if it asks for the same ones, and put ours in its place."""
    same = all(_text(root / name) == _text(folder / name) for name in LISTS)
    if same and (root / PACKAGES).is_dir():
        shutil.copytree(root / PACKAGES, folder / PACKAGES, ignore=shutil.ignore_patterns(OURS))
    if (folder / PACKAGES).is_dir() or _asked(folder) == [{"local": VENDORED}]:
        vendor_ours(folder)
        shutil.copytree(folder / VENDORED, folder / PACKAGES / OURS)


def _asked(folder: Path) -> list[object]:
    """Return the packages that a project asks for."""
    return [one for name in LISTS for one in (yaml.safe_load(_text(folder / name) or "") or {}).get("packages") or []]


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _side(
    project: Project, manifest: transform.Manifest, called: str, memory: Memory, *, uncompiled: Mapping[str, str] | None = None
) -> Side:
    reading = read(manifest, project.root, memory)
    asking = [name for name, node in manifest.nodes.items() if node.path in (uncompiled or {}) and name in reading.unread]
    reading.unread.update(dict.fromkeys(asking, "its template asks the warehouse, and none is asked here"))
    specs, contracts = models(project), sources(project)
    code = {str(file.relative_to(project.root)): file.read_text(encoding="utf-8") for file in sorted(project.root.glob("ml/*/*.py"))}
    return Side(called, manifest, reading, build(manifest, reading, specs.values(), contracts), specs, contracts, code)
