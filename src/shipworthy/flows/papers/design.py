"""The design paper: why the model is as it is, from the data to its retirement; for whoever keeps it or builds the next."""

from collections.abc import Sequence
from typing import ClassVar

from shipworthy.flows.papers.base import NOT_KNOWN, NOT_SAID, Line, Paper, Section, Shown, Source, evidence, sources, statements
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.flows.papers.base.figures import listed
from shipworthy.lineage.graph import Graph, Place, between_nodes
from shipworthy.records import Table
from shipworthy.registry.schema import Column
from shipworthy.spec.duration import in_words
from shipworthy.spec.model import ModelSpec

NEAR = 3  # steps of the data flow that are told


class Design(Paper):
    """A design paper: problem, data, features, split, rule, metric, alternatives, deployment, monitoring, retraining, decisions."""

    title: ClassVar[str] = "Design paper"

    def lead(self, dossier: Dossier) -> Sequence[str]:
        """Return how the version stands, and whether the team wrote down its reasons."""
        notes = "The team's notes are at the end." if dossier.notes else f"The team has written no ml/{dossier.model}/notes.md."
        return [statements.standing(dossier), notes]

    def sections(self, dossier: Dossier) -> Sequence[Section]:
        """Return the paper from the problem to the reasons."""
        spec = dossier.spec
        said = _decided(spec, dossier) if spec else []
        kept = [*_deployed(spec, dossier), *_watched(spec, dossier), *_retrained(spec, dossier)] if spec else []
        unsaid = () if dossier.notes else (Line("Notes", None, fill=f"write ml/{dossier.model}/notes.md"),)
        tried = (*(statements.study(dossier, one) for one in ("candidates", "ablation")), evidence.more_history(dossier))
        return [
            Section("Problem", (), tuple(statements.brief(dossier))),
            Section("What is decided and what comes true", (), (*said, statements.rule(dossier))),
            _flow(dossier),
            _features(dossier),
            Section("Training data", (), (*statements.training_rows(dossier), statements.found_in_data(dossier))),
            Section("Split, metric and promise", (), (*_split(dossier), statements.promise(dossier))),
            Section("Alternatives tried", (), tried),
            Section("In production", (), tuple(kept)),
            _upkeep(dossier),
            statements.limits(dossier),
            Section("Decisions and their reasons", (), unsaid, text=dossier.notes),
        ]  # fmt: skip


def _decided(spec: ModelSpec, dossier: Dossier) -> list[Line]:
    place = sources.lineage(dossier)
    decisions, label = spec.decisions, spec.label
    truth = f"{label.column} of {label.relation}, known at {label.known_at}, mature after {in_words(label.horizon)}"
    return [
        Line("A prediction for each", f"{decisions.entity} and {decisions.time} of {decisions.relation}", place),
        Line("What comes true", truth, place),
    ]


def _flow(dossier: Dossier) -> Section:
    """Return what the model is made from, by distance, and who reads its answers."""
    graph, node = dossier.graph, f"ml.{dossier.model}"
    if graph is None or node not in graph.nodes:
        return Section("Data flow", (), (Line("Made from", None, None, NOT_KNOWN, "run 'shipworthy build': there is no lineage yet"),))
    source = sources.lineage(dossier)
    up, down = _beside(graph, node, up=True), _beside(graph, node, up=False)
    steps = [f"{step} step{'' if step == 1 else 's'} before it" for step in range(1, NEAR + 1)]
    lines = [Line(step, _named(graph, layer), source) for step, layer in zip(steps, up, strict=False)]
    readers = _named(graph, down[0]) if down else None
    lines.append(Line("Read by", readers, source, NOT_KNOWN, "nobody reads its answers in dbt's graph"))
    return Section("Data flow", (), tuple(lines))


def _named(graph: Graph, layer: Sequence[str]) -> str:
    return listed([graph.nodes[one].name for one in layer], most=12)


def _beside(graph: Graph, node: str, *, up: bool) -> list[list[str]]:
    """Return the nodes before `node` (`up`) or after it, by their distance, the nearest first."""
    pairs = [pair if up else pair[::-1] for pair, how in between_nodes(graph).items() if how != {"meant"}]
    seen, layers = {node}, [[node]]
    while layers[-1]:
        near = dict.fromkeys(source for source, target in pairs if target in layers[-1] and source not in seen)
        seen |= near.keys()
        layers.append(list(near))
    return layers[1:-1]


def _features(dossier: Dossier) -> Section:
    """Return each feature with what it means, who answers for it and what it held in training."""
    if not dossier.columns:
        return Section("Features", (), (Line("Features", None, None, NOT_KNOWN, "restore the package of the version, or train again"),))
    known = [_origin(dossier, column.name) for column in dossier.columns]
    rows = tuple(
        (column.name, column.description or NOT_SAID, owner or NOT_SAID, relation or NOT_KNOWN, _seen(column), column.null_share)
        for column, (relation, owner, _) in zip(dossier.columns, known, strict=True)
    )
    head = ("feature", "means", "owner", "from", "seen in training", "null share")
    return Section("Features", (), (), (Shown(Table(f"{len(rows)} features", head, rows), None, tuple(one[2] for one in known)),))


def _seen(column: Column) -> str:
    if column.kind == "category":
        return f"{len(column.categories):,} levels"
    if column.low is None or column.high is None:
        return NOT_KNOWN
    return f"{column.low:,.4g} to {column.high:,.4g}{f' {column.unit}' if column.unit else ''}"


def _origin(dossier: Dossier, feature: str) -> tuple[str | None, str | None, Source | None]:
    """Return the relation that a feature is a column of, who answers for that, and where its lineage is shown."""
    graph, node = dossier.graph, f"ml.{dossier.model}"
    if graph is None:
        return None, None, None
    edge = next((one for one in graph.into.get(Place(node, feature), ()) if one.how == "same"), None)
    relation = graph.nodes[edge.source.node] if edge else None
    return (relation.name if relation else None, relation.owner if relation else None, sources.column(dossier, node, feature))


def _split(dossier: Dossier) -> list[Line]:
    easier = statements.study(dossier, "split_gap", label="How much an easier split would flatter it")
    return [statements.split(dossier), easier, statements.measured_by(dossier)]


def _deployed(spec: ModelSpec, dossier: Dossier) -> list[Line]:
    last, words = dossier.deployments[-1] if dossier.deployments else None, None
    if last:
        version = "no version" if last.version is None else f"version {last.version}"
        words = f"{last.action} of {version} at {last.at:%Y-%m-%d %H:%M} by {last.who}: {last.why}"
    approval = "a person's word is needed" if spec.deployment.approval == "person" else "green gates are enough"
    mode = {"online": "requests", "batch": "tables", "both": "requests and tables"}[spec.deployment.mode]
    return [
        Line("Answers", mode, sources.spec(dossier)),
        Line("Approval", approval, sources.spec(dossier)),
        Line("Last change", words, sources.of_model(dossier, "deployments", "deployments"), NOT_KNOWN, "nothing was promoted yet"),
    ]


def _watched(spec: ModelSpec, dossier: Dossier) -> list[Line]:
    watch = spec.monitoring
    words = (
        f"windows of {in_words(watch.window)}, from {watch.minimum_rows:,} rows on; an alarm fires when {watch.hold} of the last three "
        f"fail; {watch.parity:.3f} of served values must be what the lake gives"
    )
    return [Line("Monitoring", words, sources.spec(dossier)), statements.realized(dossier)]


def _retrained(spec: ModelSpec, dossier: Dossier) -> list[Line]:
    policy = spec.retraining
    reasons = [
        f"when it is {in_words(policy.every)} old" if policy.every else "",
        "when what came true decays" if policy.decay else "",
        f"when new labels are {policy.new_labels:g} of what it learnt from" if policy.new_labels else "",
    ]
    said = ", ".join(filter(None, reasons))
    words = f"{said}; not again within {in_words(policy.cool_down)}" if said else None
    fill = f"write retraining in ml/{spec.model}/model.yml: it is never trained again by itself"
    return [Line("Retraining", words, sources.spec(dossier), fill=fill)]


def _upkeep(dossier: Dossier) -> Section:
    name = dossier.model
    commands = {
        "Train again": f"shipworthy train {name}",
        "Let a version answer": f"shipworthy promote {name}",
        "Go back": f"shipworthy rollback {name}",
        "See how it does": f"shipworthy ledger {name}",
        "Who answers for it": dossier.spec.brief.owner if dossier.spec else None,
    }
    return Section("Upkeep", (), tuple(Line(what, words, fill="write brief.owner") for what, words in commands.items()))
