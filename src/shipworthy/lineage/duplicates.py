"""The same expression computed in two places, by what it is made of down to the sources, whatever it is called."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shipworthy.gateways.manifest import Manifest, Node
from shipworthy.gateways.sql import Output, Statement
from shipworthy.lineage.digests import Value, digests, short, text_of
from shipworthy.lineage.graph import Graph, origin
from shipworthy.lineage.statements import Reading

TOLD_APART = frozenset({"over", "across", "joined"})  # their first part is the expression, the rest what brings its rows together
NOTHING_DONE = frozenset({"cast", "trycast", "paren", "alias"})
LEAST = 2  # operators, and columns beyond the first: below that an expression is too small to be anybody's invention


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an expression is computed; `line` is None where the column's name does not stand in the file."""

    relation: str
    column: str
    file: str
    line: int | None

    @property
    def words(self) -> str:
        """The spot in one line."""
        return f"{self.relation}.{self.column} ({self.file}{f':{self.line}' if self.line else ''})"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One expression that is computed in several spots, and the source columns that it is made from."""

    spots: tuple[Spot, ...]
    made_from: tuple[str, ...]


def duplicates(manifest: Manifest, reading: Reading, graph: Graph) -> list[Duplicate]:
    """Return the expressions that are computed more than once, those with most spots first.

    Found by meaning: names, CTEs, formatting, and the order of what may be swapped do not count, and models in between are
    looked through. What a model hands on, casts, renames, keys and groupings are nobody's invention, and neither is a single
    operation on a single column.
    """
    found: dict[str, list[Spot]] = {}
    columns: dict[tuple[str, str], str] = {}
    rows: dict[str, frozenset[str]] = {}
    for name, statement in reading.statements.items():
        values = digests(statement, lambda table, column: _column(reading, columns, table, column), lambda table: _rows(rows, table))
        rows[name] = _set(values[statement.rows_term])
        for output in statement.outputs:
            text = text_of(values, output.term)
            columns[name, output.name.lower()] = text
            if _invented(statement, output, manifest.nodes[name], vague=name in reading.unread):
                found.setdefault(text, []).append(_spot(manifest.nodes[name], output.name))
    several = [spots for spots in found.values() if len(spots) > 1]
    return [
        Duplicate(tuple(spots), _sources(graph, spots[0])) for spots in sorted(several, key=lambda spots: (-len(spots), spots[0].words))
    ]


def _column(reading: Reading, known: Mapping[tuple[str, str], str], table: str, column: str) -> str:
    """Return the digest of a column: of what it is made from, or of itself where it is a source's."""
    if (table, column.lower()) in known:
        return known[table, column.lower()]
    statement = reading.statements.get(table)
    if statement is not None and len(statement.open) == 1 and column.lower() not in statement.shut:
        return _column(reading, known, statement.open[0], column)
    return short("col", table, column.lower())


def _rows(known: Mapping[str, frozenset[str]], table: str) -> frozenset[str]:
    return known.get(table) or frozenset({short("rows", table)})


def _set(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset({value})


def _invented(statement: Statement, output: Output, node: Node, *, vague: bool) -> bool:
    if output.how == "same" or vague or output.name in _keys_of(node) or output.term in _grouped(statement):
        return False
    inside = list(_inside(statement, output.term))
    operators = [term[0] for term in inside if term[0] not in {*NOTHING_DONE, *TOLD_APART, "col", "atom"}]
    named = {term for term in inside if term[0] == "col"}
    over_rows = any(term[0] == "over" for term in inside)
    return bool(named or over_rows) and (over_rows or len(operators) + len(named) - 1 >= LEAST)


def _keys_of(node: Node) -> set[str]:
    entity = node.meta.get("entity") or []
    keys = [entity] if isinstance(entity, str) else list(entity)
    return {*keys, *(str(node.meta[time]) for time in ("event_time", "known_time") if node.meta.get(time))}


def _grouped(statement: Statement) -> set[int]:
    return {part for operator, *parts in statement.terms if operator == "keys" for part in parts if isinstance(part, int)}


def _inside(statement: Statement, number: int) -> Iterator[tuple[int | str, ...]]:
    """Yield the terms of an expression, once each, without what brings its rows together."""
    seen, waiting = set(), [number]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            term = statement.terms[current]
            yield term
            parts = [part for part in term[1:] if isinstance(part, int)]
            waiting += parts[:1] if term[0] in TOLD_APART else parts


def _spot(node: Node, column: str) -> Spot:
    return Spot(node.name, column, node.path, _line(node.raw, column))


def _line(text: str, column: str) -> int | None:
    r"""Return the line on which a column is named, the last that names it after `as`, else the last that names it at all.

    >>> _line("select a,\n  b + c as total\nfrom t", "total")
    2
    """
    name = re.escape(column)
    for shape in (rf'\bas\s+["`]?{name}\b', rf"\b{name}\b"):
        lines = [number for number, line in enumerate(text.splitlines(), start=1) if re.search(shape, line, re.IGNORECASE)]
        if lines:
            return lines[-1]
    return None


def _sources(graph: Graph, spot: Spot) -> tuple[str, ...]:
    places = [found.place for found in origin(graph, spot.relation, spot.column)]
    return tuple(sorted({f"{graph.nodes[place.node].name}.{place.column or '*'}" for place in places}))
