"""What changed in the SQL of a project, beyond how it is written."""

from collections.abc import Iterator, Mapping

from shipworthy.gateways.manifest import Node
from shipworthy.gateways.sql import Output, Statement
from shipworthy.lineage.change import Change, Side
from shipworthy.lineage.digests import Value, local, text_of, without_casts
from shipworthy.lineage.graph import Place

SQL = ("model", "snapshot")
Outputs = Mapping[str, tuple[Output, str, str]]


def sql_changes(before: Side, after: Side) -> Iterator[Change]:
    """Yield what differs in the relations of two sides: which there are, their columns, what these are made from, their rows."""
    old, new = ({name: node for name, node in side.manifest.nodes.items() if name in side.reading.columns} for side in (before, after))
    for name in old.keys() - new.keys():
        yield Change("removed", _called(before, name), None, f"the {old[name].kind} is gone", old[name].path, before=(Place(name),))
    for name in sorted(new.keys() - old.keys()):
        yield Change("added", _called(after, name), None, f"a new {new[name].kind}", new[name].path, after=(Place(name),))
    for name in sorted(old.keys() & new.keys()):
        if new[name].kind in SQL:
            yield from _of_relation(before, after, old[name], new[name])
        if new[name].kind == "seed" and old[name].checksum != new[name].checksum:
            yield Change("seed", new[name].name, None, "its file holds other rows", new[name].path, (Place(name),), (Place(name),))
        if new[name].kind in ("seed", "source"):
            yield from _declared(before, after, new[name])


def _called(side: Side, name: str) -> str:
    return side.graph.nodes[name].name


def _of_relation(before: Side, after: Side, old: Node, new: Node) -> Iterator[Change]:
    name = new.unique_id
    left, right = before.reading.statements.get(name), after.reading.statements.get(name)
    texts = [(node.code or node.raw).split() for node in (old, new)]
    found = list(_of_statement(new, left, right)) if left and right else []
    untold = [why for why in (after.reading.unread.get(name), before.reading.unread.get(name)) if why]
    if not found and texts[0] != texts[1] and untold:
        words = f"its text changed, and its columns cannot be told: {untold[0]}"
        found = [Change("rewritten", new.name, None, words, new.path, (Place(name),), (Place(name),))]
    if not found and old.raw != new.raw:
        found = [Change("formatting", new.name, None, "written otherwise, and means the same", new.path)]
    yield from found


def _of_statement(new: Node, left: Statement, right: Statement) -> Iterator[Change]:
    name, values = new.unique_id, (local(left), local(right))
    was, now = _outputs(left, values[0]), _outputs(right, values[1])
    gone, come = [column for column in was if column not in now], [column for column in now if column not in was]
    for column in gone:
        place = Place(name, was[column][0].name)
        again = next((other for other in come if now[other][1] == was[column][1]), None)
        if again is not None:
            come.remove(again)
            to = now[again][0].name
            yield Change("renamed", new.name, place.column, f"is now called '{to}'", new.path, (place,), (Place(name, to),))
        else:
            yield Change("dropped", new.name, place.column, "is gone", new.path, (place,))
    for column in come:
        yield Change("added", new.name, now[column][0].name, "a new column", new.path, after=(Place(name, now[column][0].name),))
    for column in now.keys() & was.keys():
        yield from _of_column(new, was[column], now[column])
    if text_of(values[0], left.rows_term) != text_of(values[1], right.rows_term) or (left.open, left.shut) != (right.open, right.shut):
        words = "other rows: its tables, joins, filters or groupings changed"
        yield Change("rows", new.name, None, words, new.path, (Place(name),), (Place(name),))


def _outputs(statement: Statement, values: list[Value]) -> Outputs:
    """Return each column by its name in lower case, with what it is made from, with and without the casts around it."""
    return {
        output.name.lower(): (output, text_of(values, output.term), without_casts(statement, values, output.term))
        for output in statement.outputs
    }


def _of_column(node: Node, was: tuple[Output, str, str], now: tuple[Output, str, str]) -> Iterator[Change]:
    places = (Place(node.unique_id, was[0].name),), (Place(node.unique_id, now[0].name),)
    if was[1] == now[1]:
        return
    if was[2] == now[2]:
        yield Change("retyped", node.name, now[0].name, "is cast to another type", node.path, *places)
    else:
        yield Change("computed", node.name, now[0].name, "is computed otherwise", node.path, *places)


def _declared(before: Side, after: Side, node: Node) -> Iterator[Change]:
    """Yield the columns of a source or seed that came and went."""
    name, called = node.unique_id, _called(after, node.unique_id)
    was, now = before.reading.columns[name], after.reading.columns[name]
    file = after.graph.nodes[name].file
    for column in (column for column in was if column not in now):
        yield Change("dropped", called, column, "is gone", file, before=(Place(name, column),))
    for column in (column for column in now if column not in was):
        yield Change("added", called, column, "a new column", file, after=(Place(name, column),))
