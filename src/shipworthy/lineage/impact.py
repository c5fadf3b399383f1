"""What a change touches: services, models, features, and whoever reads what they say; worst first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shipworthy.lineage.change import Change, Side
from shipworthy.lineage.graph import Graph, Place, path, reached
from shipworthy.lineage.said_changes import said_changes
from shipworthy.lineage.spec_changes import spec_changes
from shipworthy.lineage.sql_changes import sql_changes

Kind = Literal["broken", "service", "model", "label", "feature", "metric", "predictions", "exposure"]
WORST_FIRST: tuple[Kind, ...] = ("broken", "service", "model", "label", "feature", "metric", "predictions", "exposure")

WORDS: Mapping[Kind, str] = {
    "label": "what is learnt from has other values",
    "feature": "has other values",
    "metric": "what a model is to move is counted otherwise",
    "predictions": "hold other answers once the model is trained again",
    "exposure": "shows other values",
}


@dataclass(frozen=True, slots=True)
class Touched:
    """Something that somebody reads and that a change reaches.

    Args:
        kind: broken (asks for a column that is not there), service (a version that answers now), model, label, feature, metric (the
            number that a model is to move), predictions, exposure.
        name: what it is: `model.feature` for features and labels.
        words: what that means.
        because: the changes that reach it.
        path: the way from the first of them, by names of places.
        owner: who answers for it; None where nobody said.
    """

    kind: Kind
    name: str
    words: str
    because: tuple[Change, ...]
    path: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """What differs between two sides, and what that touches.

    Args:
        before: the name of one side.
        after: the name of the other.
        changes: those that touch something first.
        touched: worst first.
        between: the relations on the way that will hold other values, by name.
        untold: the relations whose columns cannot be told, each with the reason: a change above them reaches all of them.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    touched: tuple[Touched, ...]
    between: tuple[str, ...] = ()
    untold: Mapping[str, str] = field(default_factory=dict)

    def touches(self, change: Change) -> bool:
        """Return whether `change` reaches anything that somebody reads."""
        return any(change in one.because for one in self.touched)


@dataclass(slots=True)
class _Found:
    """What was reached so far: the changes that reach it, and the first way there."""

    because: dict[Change, None] = field(default_factory=dict)
    path: tuple[str, ...] = ()


def impact(before: Side, after: Side, live: Mapping[str, int]) -> Impact:
    """Return what differs between `before` and `after` and what it touches; `live` is the version of each model that answers."""
    changes = [*sql_changes(before, after), *said_changes(before, after), *spec_changes(before, after)]
    found: dict[tuple[Kind, str], _Found] = {}
    between: dict[str, None] = {}
    for change in changes:
        for side, places in ((after, change.after), (before, change.before)):
            came = reached(side.graph, [place for place in places if place.node in side.graph.nodes])
            for place in came:
                _note(found, side.graph, change, place, path(came, place))
                node = side.graph.nodes[place.node]
                between.update({node.name: None} if node.kind in ("model", "snapshot") else {})
    touched = [*_broken(before, after, changes), *_services(found, after, live), *_said(found, before, after)]
    touched.sort(key=lambda one: (WORST_FIRST.index(one.kind), one.name))
    reaching = {change for one in touched for change in one.because}
    ordered = sorted(changes, key=lambda change: (change not in reaching, not (change.before or change.after)))
    untold = {side.graph.nodes[name].name: why for side in (before, after) for name, why in side.graph.unread.items()}
    return Impact(before.name, after.name, tuple(ordered), tuple(touched), tuple(sorted(between)), untold)


def _note(found: dict[tuple[Kind, str], _Found], graph: Graph, change: Change, place: Place, way: Sequence[Place]) -> None:
    for kind, name in _kinds(graph, place):
        one = found.setdefault((kind, name), _Found())
        one.because.setdefault(change)
        one.path = one.path or tuple(_name(graph, step) for step in way)


def _kinds(graph: Graph, place: Place) -> Iterator[tuple[Kind, str]]:
    node = graph.nodes[place.node]
    if node.kind == "ml":
        yield "model", node.name
        if place.column is not None:
            yield "label" if place.column == "label" else "feature", f"{node.name}.{place.column}"
    elif node.kind == "predictions":
        yield "predictions", node.name
    elif node.kind in ("exposure", "metric"):
        yield "exposure", node.name
    if any(edge.how == "meant" for edge in graph.into.get(place, ())):
        yield "metric", _name(graph, place)


def _name(graph: Graph, place: Place) -> str:
    name = graph.nodes[place.node].name
    return f"{name}.{place.column}" if place.column else name


def _services(found: Mapping[tuple[Kind, str], _Found], after: Side, live: Mapping[str, int]) -> Iterator[Touched]:
    for model, version in live.items():
        one = found.get(("model", model))
        if one is not None:
            what = "which is gone" if model not in after.specs else "and was trained on what was before"
            yield Touched(
                "service", f"{model}@{version}", f"answers in production, {what}", tuple(one.because), one.path, _owner(after, model)
            )


def _owner(side: Side, model: str) -> str | None:
    return side.specs[model].brief.owner if model in side.specs else None


def _said(found: Mapping[tuple[Kind, str], _Found], before: Side, after: Side) -> Iterator[Touched]:
    owners = {node.name: node.owner for side in (before, after) for node in side.graph.nodes.values()}
    for (kind, name), one in found.items():
        owner = _owner(after, name.partition(".")[0]) if kind in ("model", "feature", "label") else owners.get(name.partition(".")[0])
        yield Touched(kind, name, _words(kind, name, found), tuple(one.because), one.path, owner)


def _words(kind: Kind, name: str, found: Mapping[tuple[Kind, str], _Found]) -> str:
    if kind != "model":
        return WORDS[kind]
    features = [other for of, other in found if of == "feature" and other.startswith(f"{name}.")]
    label = " and the label" if ("label", f"{name}.label") in found else ""
    reached_by = f"{len(features)} features{label}" if features or label else "its spec, or which rows it learns from"
    return f"train and evaluate it again: {reached_by} changed"


def _broken(before: Side, after: Side, changes: Sequence[Change]) -> Iterator[Touched]:
    """Yield who asks for a column that is not there any more."""
    known = {(edge.source, edge.target.node) for edge in before.graph.missing}
    told: set[tuple[Place, str]] = set()
    for edge in after.graph.missing:
        key = (edge.source, edge.target.node)
        if key not in known and key not in told:
            told.add(key)
            because = tuple(change for change in changes if edge.source in change.before or Place(edge.source.node) in change.before)
            reader = after.graph.nodes[edge.target.node]
            words = f"asks for {_name(after.graph, edge.source)}, which is not there"
            yield Touched("broken", reader.name, words, because, (_name(after.graph, edge.source), reader.name), reader.owner)
    gone = {name: why for name, why in after.graph.unread.items() if name.startswith("ml.") and name not in before.graph.unread}
    for name, why in gone.items():
        because = tuple(change for change in changes if change.what == "removed" and change.subject in why)
        yield Touched("broken", after.graph.nodes[name].name, why, because, (), after.graph.nodes[name].owner)
