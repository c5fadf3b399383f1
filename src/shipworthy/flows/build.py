"""`build`: land sources, run dbt with its tests, check, publish; a relation that fails keeps its last sound version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine

from shipworthy.bounds import Outcome, worst
from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.canary import future_values
from shipworthy.flows.fetch import fetch
from shipworthy.flows.inspection import inspect_relation, unfit
from shipworthy.flows.landing import land_all
from shipworthy.flows.online import shelve
from shipworthy.flows.pins import write_pins
from shipworthy.flows.prepare import generated_folder, prepare
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.written import kinds
from shipworthy.gateways import lake, transform
from shipworthy.gateways.engine import Connection, warehouse
from shipworthy.logbook import read, write
from shipworthy.logbook.latest import verdicts_on
from shipworthy.records import Verdict
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, models, sources

RELATION_KINDS = ("model", "seed", "snapshot")
DBT_FILES = ("*.sql", "*.yml", "*.yaml", "*.csv")


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build came to: what was published, and what the guards said; `new` is False where nothing was due."""

    run: str
    verdicts: tuple[Verdict, ...]
    published: tuple[str, ...]
    nodes: int
    new: bool = True

    @property
    def outcome(self) -> Outcome:
        """The worst of the verdicts."""
        return worst([verdict.outcome for verdict in self.verdicts])


def build(project: Project, book: Engine, as_of: datetime, *, progress: Progress = silent, force: bool = False) -> BuildResult:
    """Bring the published relations to what was known at `as_of`.

    Nothing is done where the same sources and the same dbt project were built as of this moment or later. With `force` it is
    done all the same, and columns, nulls and rows that changed are taken as they are now.

    Raises:
        ShipworthyError: a source breaks its contract, dbt cannot run, a spec names what is not there.
    """
    specs = models(project)
    run = f"build-{as_of:%Y%m%dT%H%M%S}"
    brought = fetch(project, book, run, as_of, progress=progress)
    landed, told = land_all(project, book, as_of, progress)
    prepare(project, specs, _status(book, specs), kinds(project))
    key = _key(project, landed)
    before = catalogs.last(project)
    if not force and before and before.key == key and before.as_of >= as_of and all(facts["sound"] for facts in before.relations.values()):
        shelve(project, specs, before, before.as_of, progress=progress)  # a build may have been killed before it came to this
        return BuildResult(run, (*brought, *told, *verdicts_on(book, before.relations)), tuple(before.relations), 0, new=False)
    pins = write_pins(project, project.state / "pins.json", as_of)
    target = project.state / "dbt"
    say = within(progress, "dbt")
    built = transform.build(
        project.root, warehouse=project.warehouse, target=target, log=project.state / "logs" / "dbt.log", pins=pins, progress=say
    )
    nodes = transform.manifest(target)
    relations, verdicts = _publish(project, book, specs, nodes, built, as_of, accept=force)
    verdicts += future_values(project, specs, relations, key=key, book=book, progress=progress)
    sound = _judged(relations, verdicts)
    catalog = catalogs.Catalog(as_of, key, {**_landed_facts(project, landed), **sound})
    catalogs.save(project, catalog)
    write.verdicts(book, run, as_of, verdicts)
    shelve(project, specs, catalog, as_of, progress=progress)
    return BuildResult(run, (*brought, *told, *verdicts), tuple(relations), built.nodes)


def _status(book: Engine, specs: Mapping[str, ModelSpec]) -> dict[str, dict[str, Any]]:
    return {name: {"champion": read.champion(book, name)} for name in specs}


def _key(project: Project, landed: Mapping[str, lake.Pin]) -> str:
    """Return a hash of all that a build depends on: dbt's files, the contracts, the landed versions."""
    digest = sha256(repr(sorted((name, pin.version) for name, pin in landed.items())).encode())
    skipped = {project.state.name, "dbt_packages", "target", "data", "logs"}
    generated = generated_folder(project.root)
    for path in sorted(path for kind in DBT_FILES for path in project.root.rglob(kind)):
        inside = path.relative_to(project.root)
        if inside.parts[0] not in skipped and path.parent != generated:
            digest.update(str(inside).encode() + path.read_bytes())
    return digest.hexdigest()


def _publish(
    project: Project,
    book: Engine,
    specs: Mapping[str, ModelSpec],
    nodes: Mapping[str, transform.Node],
    built: transform.Built,
    as_of: datetime,
    *,
    accept: bool,
) -> tuple[dict[str, dict[str, Any]], list[Verdict]]:
    by_name = {node.name: node for node in nodes.values() if node.kind in RELATION_KINDS}
    relations: dict[str, dict[str, Any]] = {}
    verdicts: list[Verdict] = []
    with warehouse(project.warehouse) as connection:
        for name, where in _wanted(specs).items():
            if name not in by_name:
                raise UnknownName.of("dbt relation", name, known=by_name, where=where)
            dbt = _dbt_verdict(by_name[name], nodes, built)
            verdicts.append(dbt)
            if dbt.outcome == "pass":
                facts, found = _inspected(project, book, connection, by_name[name], specs, nodes, as_of, accept=accept)
                relations[name] = facts | {"took": _took(by_name[name], nodes, built)}
                verdicts += found
            else:
                relations[name] = _kept(project, name, by_name[name], dbt)
    return relations, verdicts


def _inspected(
    project: Project,
    book: Engine,
    connection: Connection,
    node: transform.Node,
    specs: Mapping[str, ModelSpec],
    nodes: Mapping[str, transform.Node],
    as_of: datetime,
    *,
    accept: bool,
) -> tuple[dict[str, Any], list[Verdict]]:
    """Look at a relation with what the manifest knows of it: its SQL, its parents, the values that its columns may have."""
    facts, verdicts = inspect_relation(
        project, book, connection, node, specs, as_of, definition=transform.definition(nodes, node.unique_id),
        parents=_parents(node, nodes), accept=accept,
    )  # fmt: skip
    _allow(facts, node, nodes)
    return facts, verdicts


def _took(node: transform.Node, nodes: Mapping[str, transform.Node], built: transform.Built) -> dict[str, float]:
    """Return the seconds that dbt spent on a relation and on each node that it is built from, tests left out."""
    return {one: built.took[one] for one in sorted(transform.ancestors(nodes, node.unique_id)) if one in built.took}


def _allow(facts: dict[str, Any], node: transform.Node, nodes: Mapping[str, transform.Node]) -> None:
    """Add to the columns of a relation the values that dbt's `accepted_values` allows them."""
    for test in (found.test for found in nodes.values() if found.test.get("name") == "accepted_values"):
        column = facts["columns"].get(test.get("column") or "")
        if test.get("of") == node.unique_id and column is not None:
            column["allowed"] = list(test["arguments"].get("values") or [])


def _parents(node: transform.Node, nodes: Mapping[str, transform.Node]) -> dict[str, str]:
    """Return the SQL of each relation of the warehouse that a node is built from; what lies in the lake alone is not asked."""
    kin = [nodes[parent] for parent in node.parents if parent in nodes]
    return {parent.name: parent.relation for parent in kin if parent.kind in RELATION_KINDS and parent.relation}


def _wanted(specs: Mapping[str, ModelSpec]) -> dict[str, str]:
    named = [(relation, spec.model) for spec in specs.values() for relation in spec.relations]
    named += [(spec.brief.business_metric.relation, spec.model) for spec in specs.values() if spec.brief.business_metric]
    return {relation: f"ml/{model}/model.yml" for relation, model in reversed(named)}


def _dbt_verdict(node: transform.Node, nodes: Mapping[str, transform.Node], built: transform.Built) -> Verdict:
    """Judge a relation by dbt: it, all it is built from, and every test of those must have passed."""
    upstream = transform.ancestors(nodes, node.unique_id)
    tests = {unique_id for unique_id, test in nodes.items() if test.kind in ("test", "unit_test") and upstream & set(test.parents)}
    bad = {unique_id: words for unique_id, words in built.failed.items() if unique_id in upstream | tests}
    own = {unique_id: words for unique_id, words in bad.items() if not words.startswith("skipped")} or bad
    if not own:
        return Verdict("dbt_tests", node.name, "pass", f"{node.name}, what it is built from and {len(tests)} tests of these passed")
    first, words = next(iter(own.items()))
    what = f"{len(own)} of its dbt nodes failed, first {first.split('.')[2]}: {words}"
    return Verdict("dbt_tests", node.name, "fail", what, f"mend {nodes[first].path if first in nodes else first}", {"failed": own})


def _kept(project: Project, name: str, node: transform.Node, dbt: Verdict) -> dict[str, Any]:
    before = catalogs.last(project)
    known = dict(before.relations[name]) if before and name in before.relations else {}
    facts: dict[str, Any] = {"role": "published", "description": node.description, "columns": {}, "entity": [], "meta": {}, "version": None}
    return facts | known | {"sound": False, "trouble": dbt.words}


def _judged(relations: dict[str, dict[str, Any]], verdicts: list[Verdict]) -> dict[str, dict[str, Any]]:
    bad = {verdict.subject.split(".")[0]: verdict.words for verdict in reversed(verdicts) if unfit(verdict)}
    return {name: facts | {"sound": name not in bad, "trouble": bad.get(name, "")} for name, facts in relations.items()}


def _landed_facts(project: Project, landed: Mapping[str, lake.Pin]) -> dict[str, dict[str, Any]]:
    return {
        f"landed.{name}": {
            "role": "source",
            "description": contract.description,
            "version": landed[name].version,
            "entity": contract.key,
            "known_time": contract.known_time,
            "sound": True,
            "trouble": "",
            "columns": {column: about.model_dump() for column, about in contract.columns.items()},
        }
        for name, contract in sources(project).items()
    }
