"""The catalog for people: every column of the dbt project and every feature, with all that is known of it, and how to find it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from re import findall
from typing import Any, Literal

from sqlalchemy import Engine

from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lineage import Lineage, lineage
from shipworthy.gateways.manifest import Node as DbtNode
from shipworthy.lineage.duplicates import Duplicate
from shipworthy.lineage.duplicates import duplicates as found_twice
from shipworthy.lineage.graph import Graph, Node, Place, origin
from shipworthy.lineage.users import Users, users
from shipworthy.logbook import read
from shipworthy.registry.importance import MODEL, importance
from shipworthy.spec.project import Project

NAME, WORDS, BESIDE = 6.0, 2.0, 1.0  # what a word counts for in a name, in a description, in what lies around it
BEGINS, ALIKE = 0.7, 0.5  # and how much of that where a word only begins with it, or is spelt almost so
CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """One relation, column or feature, with all that is known of it; None and empty are not known.

    Args:
        kind: relation, column, or feature (a column as a model knows it).
        name: `relation`, `relation.column` or `model.feature`.
        of: what sort of thing it belongs to: source, seed, snapshot, model, ml, predictions.
        description: what it means.
        owner: who answers for it.
        type: what a column holds.
        unit: of a number.
        role: identifier, label, sensitive, personal, post_outcome.
        tests: what dbt tests in it.
        known_by: how rows become known: a column, a latency, or static.
        rows: of the relation, when it was last published.
        null_share: of the column then.
        distinct: values of the column then, about.
        age_days: of the newest row then.
        comes_from: the source columns.
        used_by: models' features, predictions, dashboards that it reaches.
        importance: share of the gain that a feature brings to its model; of a column, the largest of its features.
        file: where it is written.
        duplicates: where the same expression is computed as well.
    """

    kind: Literal["relation", "column", "feature"]
    name: str
    of: str
    description: str = ""
    owner: str | None = None
    type: str | None = None
    unit: str | None = None
    role: str | None = None
    tests: tuple[str, ...] = ()
    known_by: str | None = None
    rows: int | None = None
    null_share: float | None = None
    distinct: int | None = None
    age_days: float | None = None
    comes_from: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    importance: float | None = None
    file: str = ""
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries are made from."""

    lineage: Lineage
    relations: Mapping[str, Mapping[str, Any]]
    gains: Mapping[str, float]  # by `model.feature`
    tests: Mapping[tuple[str, str | None], Sequence[str]]
    twice: Mapping[str, Sequence[str]]
    users: Users
    nodes: Mapping[str, DbtNode] = field(default_factory=dict)


def search(project: Project, book: Engine, words: str = "") -> list[Entry]:
    """Return what `words` are about, the best first: all of them must be met, in a name, a description, or close by.

    A word that is spelt almost right, or only begun, counts for less. Without words all is returned, what is used most first.

    Raises:
        StepFailed: nothing has been built yet.
    """
    found = entries(project, book)
    asked = _words(words)
    if not asked:
        return sorted(found, key=lambda entry: (-len(entry.used_by), -(entry.importance or 0), entry.name))
    texts = [_texts(entry) for entry in found]
    known = sorted({word for text in texts for word in text})
    near = {word: get_close_matches(word, known, n=12, cutoff=CLOSE) for word in asked}
    scores = [sum(parts) if all(parts) else 0.0 for parts in ([_met(word, text, near[word]) for word in asked] for text in texts)]
    ranked = sorted(zip(scores, found, strict=True), key=lambda pair: (-pair[0], -len(pair[1].used_by), pair[1].name))
    return [entry for score, entry in ranked if score > 0]


def duplicates(project: Project) -> list[Duplicate]:
    """Return the expressions that the project computes more than once.

    Raises:
        StepFailed: nothing has been built yet.
    """
    known = lineage(project)
    return found_twice(known.manifest, known.reading, known.graph)


def entries(project: Project, book: Engine) -> list[Entry]:
    """Return every relation, column and feature of the project.

    Raises:
        StepFailed: nothing has been built yet.
    """
    known = _known(project, book)
    return [entry for node in known.lineage.graph.nodes.values() for entry in _of_node(known, node)]


def _known(project: Project, book: Engine) -> _Known:
    found, last = lineage(project), catalogs.last(project)
    tests: dict[tuple[str, str | None], list[str]] = {}
    for node in found.manifest.nodes.values():
        for parent in node.parents if node.kind in ("test", "unit_test") else ():
            column = node.test.get("column") or (node.test.get("arguments") or {}).get("column_name")
            tests.setdefault((parent, column), []).append(str(node.test.get("name") or node.name))
    twice = {
        f"{spot.relation}.{spot.column}": [other.words for other in one.spots if other != spot]
        for one in found_twice(found.manifest, found.reading, found.graph)
        for spot in one.spots
    }
    gains, readers = _gains(project, book, found.graph), users(found.graph)
    return _Known(found, last.relations if last else {}, gains, tests, twice, readers, found.manifest.nodes)


def _gains(project: Project, book: Engine, graph: Graph) -> dict[str, float]:
    """Return the importance of each feature: of the version that answers, else of the newest."""
    gains: dict[str, float] = {}
    for node in graph.nodes.values():
        version = read.champion(book, node.name) or max((one.version for one in read.versions(book, node.name)), default=0)
        folder = project.artifacts / node.name / str(version)
        if node.kind == "ml" and (folder / MODEL).is_file():
            gains |= {f"{node.name}.{feature}": share for feature, share in importance(folder).items()}
    return gains


def _of_node(known: _Known, node: Node) -> Iterator[Entry]:
    if node.kind not in ("source", "seed", "snapshot", "model", "ml", "predictions"):
        return
    said, built = known.nodes.get(node.id), known.relations.get(node.name, {})
    measured = {(name, subject): (value, rows) for name, subject, value, rows in built.get("measured", [])}
    rows = measured.get(("row_count", node.name), (None, None))[0]
    ages = [value for (name, _), (value, _) in measured.items() if name == "freshness"]
    yield Entry(
        "relation", node.name, node.kind, node.description, node.owner, tests=tuple(known.tests.get((node.id, None), ())),
        known_by=_known_by(said), rows=None if rows is None else int(rows), age_days=min(ages, default=None),
        used_by=tuple(sorted(known.users[Place(node.id)])), file=node.file,
    )  # fmt: skip
    for column in node.columns:
        yield _of_column(known, node, column, built.get("columns", {}).get(column, {}), measured)


def _of_column(known: _Known, node: Node, column: str, built: Mapping[str, Any], measured: Mapping[tuple[str, str], Any]) -> Entry:
    graph, place, name = known.lineage.graph, Place(node.id, column), f"{node.name}.{column}"
    said: Mapping[str, Any] = known.nodes[node.id].columns.get(column, {}) if node.id in known.nodes else {}
    if node.kind == "ml":
        return _feature(known, node, column)
    distinct = measured.get(("distinct_count", name), (None, None))[0]
    readers = tuple(sorted(known.users[place]))
    return Entry(
        "column", name, node.kind, said.get("description") or built.get("description") or "", node.owner,
        type=built.get("type") or said.get("type"), unit=said.get("unit"), role=said.get("role"),
        tests=tuple(known.tests.get((node.id, column), ())), null_share=measured.get(("null_share", name), (None, None))[0],
        distinct=None if distinct is None else int(distinct), comes_from=_sources(graph, place), used_by=readers,
        importance=max((known.gains[user] for user in readers if user in known.gains), default=None), file=node.file,
        duplicates=tuple(known.twice.get(name, ())),
    )  # fmt: skip


def _feature(known: _Known, node: Node, feature: str) -> Entry:
    graph, place, name = known.lineage.graph, Place(node.id, feature), f"{node.name}.{feature}"
    column = next((edge.source for edge in graph.into.get(place, ()) if edge.how == "same"), None)
    said = known.nodes[column.node].columns.get(column.column or "", {}) if column and column.node in known.nodes else {}
    return Entry(
        "feature", name, node.kind, said.get("description") or "", node.owner, unit=said.get("unit"), role=said.get("role"),
        comes_from=_sources(graph, place), used_by=(node.name,), importance=known.gains.get(name), file=node.file,
    )  # fmt: skip


def _known_by(said: DbtNode | None) -> str | None:
    meta = said.meta if said else {}
    if meta.get("static"):
        return "static"
    return meta.get("known_time") or (f"{meta['latency']} after {meta.get('event_time')}" if meta.get("latency") else None)


def _sources(graph: Graph, place: Place) -> tuple[str, ...]:
    found = [one.place for one in origin(graph, place.node, place.column or "") if one.place != place]
    return tuple(sorted({f"{graph.nodes[one.node].name}.{one.column or '*'}" for one in found}))


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case.

    >>> _words("Mean delay of_route (28d)")
    ['mean', 'delay', 'of', 'route', '28d']
    """
    return findall(r"[^\W_]+", text.lower())


def _texts(entry: Entry) -> dict[str, float]:
    """Return the words by which an entry is found, with what each counts for."""
    beside = " ".join([*entry.comes_from, entry.owner or "", entry.unit or "", entry.role or "", entry.file, *entry.tests])
    told: dict[str, float] = dict.fromkeys(_words(beside), BESIDE)
    told |= dict.fromkeys(_words(entry.description), WORDS)
    relation, _, last = entry.name.rpartition(".")
    return told | dict.fromkeys(_words(relation), NAME / 2) | dict.fromkeys(_words(last), NAME)


def _met(word: str, text: Mapping[str, float], near: Sequence[str]) -> float:
    """Return what the best place counts for at which `word` stands in `text`; 0 where it does not."""
    exact = text.get(word, 0.0)
    begun = max((weight * BEGINS for other, weight in text.items() if len(word) > 2 and other.startswith(word)), default=0.0)
    alike = max((text[other] * ALIKE for other in near if other in text), default=0.0)
    return max(exact, begun, alike)
