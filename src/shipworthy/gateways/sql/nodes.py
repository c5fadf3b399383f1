"""Small questions to the nodes of a parsed query."""

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

SEVERAL_ROWS = (exp.AggFunc, exp.Window)


def selects(scope: Scope) -> bool:
    """Return whether `scope` is that of a select."""
    return isinstance(scope.expression, exp.Select)


def order_of(scope: Scope) -> list[exp.Expr]:
    """Return what the rows of `scope` are ordered by."""
    order = scope.expression.args.get("order")
    return list(order.expressions) if order else []


def alias_of(join: exp.Join) -> str:
    """Return what the columns of a joined table are called by."""
    return str(join.this.alias_or_name)


def is_inner(join: exp.Join) -> bool:
    """Return whether a join may only leave rows out, by what it is given on."""
    return not join.args.get("method") and not join.args.get("side") and join.args.get("kind") in (None, "", "INNER", "CROSS")


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the conditions that `condition` asks for all together."""
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        yield from conjuncts(inner.left)
        yield from conjuncts(inner.right)
    else:
        yield inner


def conditions_of(join: exp.Join | None) -> list[exp.Expr]:
    """Return the conditions of a join, none for none."""
    on = join.args.get("on") if join is not None else None
    return list(conjuncts(on)) if on is not None else []


def compares_columns(condition: exp.Expr) -> bool:
    """Return whether a condition is that two columns are equal."""
    return isinstance(condition, exp.EQ) and all(
        isinstance(side.unnest(), exp.Column | exp.Coalesce) for side in (condition.left, condition.right)
    )


def is_over_rows(item: exp.Expr) -> bool:
    """Return whether an expression looks at more than one row; subqueries in it look at theirs."""
    return any(isinstance(node, SEVERAL_ROWS) for node in item.walk(prune=lambda node: isinstance(node, exp.Query)))


def keys_of(group: exp.Group | None, items: list[exp.Expr]) -> list[exp.Expr]:
    """Return what the rows are grouped by."""
    if group is None:
        return []
    if group.args.get("all"):
        return [item for item in items if not is_over_rows(item)]
    sets = [part for name in ("cube", "rollup", "grouping_sets") for part in group.args.get(name) or () if isinstance(part, exp.Expr)]
    return [*group.expressions, *sets]


def operator_of(node: exp.Expr) -> str:
    """Return the name of what a node does; two spellings of one thing have one name."""
    if isinstance(node, exp.Anonymous):
        return f"function {node.name.lower()}"
    if isinstance(node, exp.Filter) and isinstance(node.this, exp.Count) and isinstance(node.this.this, exp.Star):
        return "countif"
    return str(node.key)


def parts_of_node(node: exp.Expr) -> list[exp.Expr | str]:
    """Return the parts of a node in order: expressions, or texts of what is said beside them."""
    if isinstance(node, exp.Filter) and operator_of(node) == "countif":
        return [node.expression.this]
    if isinstance(node, exp.Binary) and node.args.keys() <= {"this", "expression"}:
        return [node.this, node.expression]
    return [
        part
        for name, value in sorted(node.args.items())
        if not (name == "this" and isinstance(node, exp.Anonymous))
        for part in _said(name, value)
    ]


def _said(name: str, value: object) -> list[exp.Expr | str]:
    if value is None or value is False or value == [] or name == "big_int":
        return []
    if isinstance(value, list):
        return [part for item in value for part in _said(name, item)]
    return (
        [f"{name}:", value]
        if isinstance(value, exp.Expr) and name not in ("this", "expressions", "expression")
        else [value if isinstance(value, exp.Expr) else str(value)]
    )


def items_of(scope: Scope) -> list[exp.Expr]:
    """Return what the select of `scope` selects."""
    return list(scope.expression.selects) if isinstance(scope.expression, exp.Select) else []
