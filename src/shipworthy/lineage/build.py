"""Makes the graph of a project: dbt's nodes and columns, then the models of the project with their features and predictions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shipworthy.gateways.transform import Manifest
from shipworthy.gateways.transform import Node as DbtNode
from shipworthy.lineage.graph import Edge, Graph, How, Kind, Node, Place
from shipworthy.lineage.statements import LANDED, OURS, SNAPSHOT_COLUMNS, Reading, complete
from shipworthy.spec.model import Features, ModelSpec

WHOLE_READERS: Mapping[str, Kind] = {"exposure": "exposure", "metric": "metric", "semantic_model": "metric", "saved_query": "metric"}
KINDS: Mapping[str, Kind] = {"source": "source", "seed": "seed", "snapshot": "snapshot", "model": "model"}
ANSWERS = ("predictions", "scores")  # the tables of ours that hold what a model said


@dataclass(slots=True)
class _Draft:
    """A graph in the making; columns that are found on the way are added to their nodes."""

    nodes: dict[str, Node] = field(default_factory=dict)
    columns: dict[str, dict[str, None]] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    whole: dict[str, frozenset[str]] = field(default_factory=dict)  # the columns, in lower case, of nodes of which all are known
    missing: dict[Edge, None] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        self.nodes[node.id] = node
        self.columns[node.id] = dict.fromkeys(node.columns)

    def edge(self, source: Place, target: Place, how: How) -> None:
        if source.column is not None and source.column.lower() not in self.whole.get(source.node, {source.column.lower()}):
            self.missing.setdefault(Edge(source, target, how))
            return
        for place in (source, target):
            if place.column is not None:
                self.columns[place.node].setdefault(place.column)
        self.edges.setdefault(Edge(source, target, how))

    def graph(self) -> Graph:
        found = {
            name: Node(node.id, node.kind, node.name, tuple(self.columns[name]), node.file, node.description, node.owner)
            for name, node in self.nodes.items()
        }
        return Graph(found, tuple(self.edges), dict(self.unread), tuple(self.missing))


def build(manifest: Manifest, reading: Reading, specs: Iterable[ModelSpec] = (), contracts: Iterable[str] = ()) -> Graph:
    """Return the graph of a project.

    Args:
        manifest: what dbt knows.
        reading: what its SQL says.
        specs: the models of the project.
        contracts: the names of the landed sources: each is written in `sources/NAME.yml`.
    """
    draft, specs, landed = _Draft(unread=dict(reading.unread)), list(specs), set(contracts)
    for node in manifest.nodes.values():
        if node.kind in KINDS:
            file = f"sources/{node.name}.yml" if node.source == LANDED and node.name in landed else node.path
            name = f"{node.source}.{node.name}" if node.kind == "source" else node.name
            columns = (*reading.columns.get(node.unique_id, ()), *([] if complete(node, reading) else node.columns))
            draft.add(Node(node.unique_id, KINDS[node.kind], name, tuple(dict.fromkeys(columns)), file, node.description, node.owner))
            if complete(node, reading):
                draft.whole[node.unique_id] = frozenset(column.lower() for column in reading.columns.get(node.unique_id, ()))
    for node in manifest.nodes.values():
        if node.kind in KINDS:
            _tables(draft, node)
            _columns(draft, node, reading)
    _readers(draft, manifest, {spec.model for spec in specs})
    for spec in specs:
        _model(draft, manifest, spec)
    _handed_on(draft, reading)
    return draft.graph()


def _tables(draft: _Draft, node: DbtNode) -> None:
    how: How = "whole" if node.unique_id in draft.unread else "reads"
    for parent in node.parents:
        if parent in draft.nodes:
            draft.edge(Place(parent), Place(node.unique_id), how)


def _columns(draft: _Draft, node: DbtNode, reading: Reading) -> None:
    statement = reading.statements.get(node.unique_id)
    if statement is None:
        return
    for name in statement.outside:
        draft.add(Node(f"outside.{name}", "outside", name)) if f"outside.{name}" not in draft.nodes else None
        draft.edge(Place(f"outside.{name}"), Place(node.unique_id), "reads")
    for output in statement.outputs:
        for read in output.reads:
            draft.edge(Place(read.table, read.column), Place(node.unique_id, output.name), output.how)
    for read in statement.rows:
        draft.edge(Place(read.table, read.column), Place(node.unique_id), "rows")
    updated_at = node.config.get("updated_at")
    for column in SNAPSHOT_COLUMNS if node.kind == "snapshot" and isinstance(updated_at, str) else ():
        for source in [edge.source for edge in draft.edges if edge.target == Place(node.unique_id, updated_at)]:
            draft.edge(source, Place(node.unique_id, column), "computed")


def _readers(draft: _Draft, manifest: Manifest, models: set[str]) -> None:
    """Add who reads whole relations; the exposures that stand for our models are left to these."""
    readers = [
        node
        for node in manifest.nodes.values()
        if node.kind in WHOLE_READERS and not (node.name in models and node.config.get("type") == "ml")
    ]
    for node in readers:
        draft.add(Node(node.unique_id, WHOLE_READERS[node.kind], node.name, (), node.path, node.description, node.owner))
    for node in readers:
        for parent in node.parents:
            if parent in draft.nodes:
                draft.edge(Place(parent), Place(node.unique_id), "whole")


def _model(draft: _Draft, manifest: Manifest, spec: ModelSpec) -> None:
    own, file = f"ml.{spec.model}", f"ml/{spec.model}/model.yml"
    by_name = {node.name: node for node in manifest.nodes.values() if node.kind in ("model", "seed", "snapshot")}
    draft.add(Node(own, "ml", spec.model, (), file, spec.brief.goal or "", spec.brief.owner))
    missing = [name for name in spec.relations if name not in by_name]
    if missing:
        draft.unread[own] = f"the dbt project has no relation {', '.join(missing)}"
    for relation, column, how, feature in _reads(draft, by_name, spec):
        if relation in by_name:
            draft.edge(Place(by_name[relation].unique_id, column), Place(own, feature), how)
    metric = spec.brief.business_metric
    if metric and metric.relation in by_name:
        draft.edge(Place(own), Place(by_name[metric.relation].unique_id, metric.column), "meant")
    _predictions(draft, manifest, spec.model)


def _reads(draft: _Draft, by_name: Mapping[str, DbtNode], spec: ModelSpec) -> Iterator[tuple[str, str | None, How, str | None]]:
    """Yield what a model reads: relation, column, how, and the feature that it becomes or finds."""
    decisions, label = spec.decisions, spec.label
    for relation in spec.relations:
        yield relation, None, "rows" if relation in (decisions.relation, label.relation) else "reads", None
    for column in decisions.features:
        yield decisions.relation, column, "same", column
    yield label.relation, label.column, "same", "label"
    keys = [(decisions.relation, decisions.entity), (decisions.relation, decisions.time)]
    keys += [(label.relation, label.entity or decisions.entity), (label.relation, label.known_at)]
    for relation, column in dict.fromkeys(keys):
        yield relation, column, "rows", None
    for part in spec.features:
        node = by_name.get(part.relation)
        if node is not None:
            yield from _of_part(draft, node, part, decisions.relation)


def _of_part(draft: _Draft, node: DbtNode, part: Features, decisions: str) -> Iterator[tuple[str, str | None, How, str | None]]:
    named = node.meta.get("entity") or []
    keys = [named] if isinstance(named, str) else list(named)
    keys += [node.meta[time] for time in ("event_time", "known_time") if node.meta.get(time)]
    usual = [name for name in draft.columns[node.unique_id] if name not in keys and not node.columns.get(name, {}).get("role")]
    for column in usual if part.columns is None else part.columns:
        yield part.relation, column, "same", part.prefix + column
        for key in dict.fromkeys(keys):
            yield part.relation, key, "rows", part.prefix + column
        for key in part.keys:
            yield decisions, key, "rows", part.prefix + column
    if part.columns is None and node.unique_id in draft.unread:
        yield part.relation, None, "whole", None


def _predictions(draft: _Draft, manifest: Manifest, model: str) -> None:
    """Add what the model says: the tables of its answers, or a place for them where there are none yet."""
    own = Place(f"ml.{model}")
    wanted = {f"{table}_{model}" for table in ANSWERS}
    tables = [node.unique_id for node in manifest.nodes.values() if node.kind == "source" and node.source == OURS and node.name in wanted]
    for unique_id in tables:
        node = draft.nodes[unique_id]
        draft.add(Node(node.id, "predictions", node.name, node.columns, node.file, node.description, node.owner))
    if not tables:
        tables = [f"predictions.{model}"]
        draft.add(Node(tables[0], "predictions", f"predictions_{model}", ("answer",), "", "What the model answers."))
    for table in tables:
        draft.edge(own, Place(table), "whole")


def _handed_on(draft: _Draft, reading: Reading) -> None:
    """Add the edges of columns that go through a `select *` nobody could spell out: those that somebody asks for."""
    waiting = [Place(node, column) for node in reading.statements for column in draft.columns[node]]
    while waiting:
        place = waiting.pop()
        statement = reading.statements.get(place.node)
        spelled = {output.name for output in statement.outputs} if statement else set()
        if statement is None or place.column is None or place.column in spelled or len(statement.open) != 1:
            continue
        if place.column.lower() not in statement.shut and statement.open[0] in draft.nodes:
            source = Place(statement.open[0], place.column)
            draft.edge(source, place, "same")
            waiting.append(source)
