"""What changed in what a project says of its relations: contracts, facts, types, settings, tests, exposures, macros."""

from collections.abc import Iterator, Mapping
from typing import Any

from shipworthy.gateways.manifest import Node
from shipworthy.lineage.change import Change, Side, readers
from shipworthy.lineage.graph import Place, reached
from shipworthy.lineage.statements import LANDED

ONLY_STORED = frozenset({"table", "view", "ephemeral", "materialized_view", "external"})  # the same rows, wherever they lie
NO_ROWS = frozenset(
    {"freshness", "persist_docs", "grants", "access", "contract", "docs", "loaded_at_field", "static_analysis", "quoting", "event_time"}
)
TESTS = ("test", "unit_test")
WORDLESS = frozenset({"description", "unit"})


def said_changes(before: Side, after: Side) -> Iterator[Change]:
    """Yield what differs in YAML, macros, tests and exposures of the relations that both sides have."""
    both = [name for name in after.manifest.nodes if name in before.manifest.nodes]
    for name in both:
        old, new = before.manifest.nodes[name], after.manifest.nodes[name]
        if name in after.reading.columns and name in before.reading.columns:
            yield from _facts(before, after, old, new)
            yield from _columns(before, after, old, new)
            yield from _settings(after, old, new)
    yield from _contracts(before, after)
    yield from _tests(before, after)
    yield from _exposures(before, after)
    for name in sorted(after.manifest.macros.keys() & before.manifest.macros.keys()):
        if before.manifest.macros[name].split() != after.manifest.macros[name].split():
            yield Change(
                "macro", name.split(".", 1)[-1], None, "is another text; the models that it makes are told where their SQL changed", ""
            )


def differences(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield each key in which two mappings differ, with both values; keys of inner mappings with dots.

    >>> list(differences({"a": 1, "b": {"c": 2}}, {"b": {"c": 3}}))
    [('a', 1, None), ('b.c', 2, 3)]
    """
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from differences(was, now, f"{path}{key}.")
        elif was != now:
            yield f"{path}{key}", was, now


def shown(value: object) -> str:
    """Return a value in words: nothing is `not said`."""
    text = "not said" if value is None or value == "" else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _facts(before: Side, after: Side, old: Node, new: Node) -> Iterator[Change]:
    for key, was, now in differences(old.meta, new.meta):
        places = readers(before.graph, new.unique_id), readers(after.graph, new.unique_id)
        yield Change("facts", _called(after, new), None, f"{key}: {shown(was)}, now {shown(now)}", new.path, *places)
    if old.description != new.description:
        yield Change("described", _called(after, new), None, "is described otherwise", new.path)


def _columns(before: Side, after: Side, old: Node, new: Node) -> Iterator[Change]:
    for column in (name for name in new.columns if name in old.columns):
        for key, was, now in differences(old.columns[column], new.columns[column]):
            words = f"{key}: {shown(was)}, now {shown(now)}"
            if key == "description":
                yield Change("described", _called(after, new), column, "is described otherwise", new.path)
            elif key == "type":
                place = (Place(new.unique_id, column),)
                yield Change("retyped", _called(after, new), column, words, new.path, place, place)
            else:
                places = readers(before.graph, new.unique_id, column), readers(after.graph, new.unique_id, column)
                yield Change("facts", _called(after, new), column, words, new.path, *places)


def _called(side: Side, node: Node) -> str:
    return side.graph.nodes[node.unique_id].name


def _settings(after: Side, old: Node, new: Node) -> Iterator[Change]:
    for key, was, now in differences(old.config, new.config):
        harmless = key.partition(".")[0] in NO_ROWS or (key == "materialized" and {was, now} <= ONLY_STORED) or new.kind == "source"
        place = () if harmless else (Place(new.unique_id),)
        yield Change("configuration", _called(after, new), None, f"{key}: {shown(was)}, now {shown(now)}", new.path, place, place)
    if old.location != new.location and new.source != LANDED:
        place = (Place(new.unique_id),)
        yield Change("configuration", _called(after, new), None, "it is read from elsewhere", new.path, place, place)


def _contracts(before: Side, after: Side) -> Iterator[Change]:
    for source in sorted(after.contracts.keys() & before.contracts.keys()):
        node = next((name for name, found in after.manifest.nodes.items() if found.source == LANDED and found.name == source), None)
        old, new = (side.contracts[source].model_dump(mode="json") for side in (before, after))
        for key, was, now in differences(old, new):
            part, _, rest = key.partition(".")
            column = rest.partition(".")[0] if part == "columns" else None
            if key == "description" or rest.endswith(".description") or (column and None in (was, now) and rest == column) or node is None:
                continue  # a column that came or went is told as such
            place = () if part in ("freshness", "period", "quarantine_at_most") or rest.endswith(".unit") else (Place(node, column),)
            words = f"{rest.partition('.')[2] if column else key}: {shown(was)}, now {shown(now)}"
            yield Change("contract", f"{LANDED}.{source}", column, words, f"sources/{source}.yml", place, place)


def _tests(before: Side, after: Side) -> Iterator[Change]:
    old, new = ({name: node for name, node in side.manifest.nodes.items() if node.kind in TESTS} for side in (before, after))
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        said = [(node.test, node.config, node.raw.split()) for node in (was, now) if node]
        if len(said) == 2 and said[0] == said[1]:
            continue
        verb = "is gone" if now is None else "is new" if was is None else "is another"
        side, node = (before, was) if now is None else (after, now)
        if node is not None:
            yield Change("test", node.name, None, f"the test {verb}{_guarded(side, node)}", node.path)


def _guarded(side: Side, node: Node) -> str:
    """Return whom a test guards: the models built from what it looks at."""
    watched = [Place(parent) for parent in node.parents if parent in side.graph.nodes]
    names = sorted(
        {side.graph.nodes[place.node].name for place in reached(side.graph, watched) if side.graph.nodes[place.node].kind == "ml"}
    )
    return f"; it guards {', '.join(names)}" if names else ""


def _exposures(before: Side, after: Side) -> Iterator[Change]:
    readers_of = [
        {name: node for name, node in side.graph.nodes.items() if node.kind in ("exposure", "metric")} for side in (before, after)
    ]
    for name in dict.fromkeys([*readers_of[0], *readers_of[1]]):
        was, now = before.manifest.nodes.get(name), after.manifest.nodes.get(name)
        if was is None or now is None or set(was.parents) != set(now.parents):
            words = "is gone" if now is None else "is new" if was is None else "reads other relations"
            node = now or was
            place = (Place(name),) if was and now else ()
            yield Change("exposure", node.name if node else name, None, words, node.path if node else "", place, place)
