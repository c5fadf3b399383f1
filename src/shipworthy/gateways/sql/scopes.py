"""Follows columns through the scopes of a qualified query: CTEs, subqueries, joins, unions, down to its tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from shipworthy.gateways.sql.nodes import (
    alias_of,
    compares_columns,
    conditions_of,
    conjuncts,
    is_inner,
    is_over_rows,
    items_of,
    keys_of,
    operator_of,
    order_of,
    parts_of_node,
    selects,
)
from shipworthy.gateways.sql.statement import Read
from shipworthy.gateways.sql.terms import Terms


@dataclass(frozen=True, slots=True)
class Value:
    """An expression: what it reads, its term, whether it is a column of a table as it stands, and of which sources of its scope."""

    reads: frozenset[Read]
    term: int
    bare: bool = False
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rows:
    """What decides which rows there are."""

    reads: frozenset[Read]
    term: int


class Reader:
    """Reads one query. `names` has the table of each short name, `spelling` a table's columns by their name in lower case."""

    def __init__(self, root: Scope, names: Mapping[str, str], spelling: Mapping[str, Mapping[str, str]]) -> None:
        self.names, self.spelling = names, spelling
        self.terms = Terms()
        self.vague: list[str] = []
        self._scopes = {id(scope.expression): scope for scope in root.traverse()}
        self._columns: dict[int, dict[str, Value]] = {}
        self._rows: dict[int, Rows] = {}
        self._steps: dict[tuple[str, int], Rows] = {}

    def columns(self, scope: Scope) -> dict[str, Value]:
        """Return what each column of `scope` is, by its name in lower case."""
        scope = self._scopes.get(id(scope.expression), scope)  # of a recursive CTE, sqlglot hands out a copy that knows nothing
        key = id(scope)
        if key not in self._columns:
            self._columns[key] = {}  # a recursive query meets itself here, and adds nothing to what it starts from
            self._columns[key] = self._columns_of(scope)
        return self._columns[key]

    def _columns_of(self, scope: Scope) -> dict[str, Value]:
        if scope.set_operation_scopes:
            return self._united(scope)
        if not isinstance(scope.expression, exp.Select):
            inner = scope.table_scopes[0] if scope.table_scopes else None
            return self.columns(inner) if inner else {}
        items = [item for item in items_of(scope) if not item.is_star]
        return {(item.alias_or_name or f"column_{place}").lower(): self._item(item, scope) for place, item in enumerate(items)}

    def _united(self, scope: Scope) -> dict[str, Value]:
        left, right = (self.columns(one) for one in scope.set_operation_scopes)
        if not isinstance(scope.expression, exp.Union):  # except, intersect: the values are those of the left
            return left
        if scope.expression.args.get("by_name"):
            pairs = [(name, left.get(name), right.get(name)) for name in {**left, **right}]
        else:
            lasts: list[Value | None] = [*right.values(), *[None] * len(left)]
            pairs = [(name, value, other) for (name, value), other in zip(left.items(), lasts, strict=False)]
        return {name: self._either([value for value in (one, other) if value]) for name, one, other in pairs}

    def _either(self, values: list[Value]) -> Value:
        first = values[0]
        if all(value.term == first.term for value in values):
            return first
        reads = frozenset().union(*(value.reads for value in values))
        return Value(reads, self.terms.add("union", *(value.term for value in values)), all(value.bare for value in values))

    def _item(self, item: exp.Expr, scope: Scope) -> Value:
        """Return a column of a select; one over several rows or several tables is told apart by what brings these together."""
        value = self.value(item, scope)
        grouped = scope.expression.args.get("group") is not None
        if not grouped and not is_over_rows(item):
            context = self._once(self._joined_rows, scope).term if len(value.sources) > 1 else None
            return replace(
                value, term=self.terms.add("across", value.term, context) if context is not None else value.term, sources=frozenset()
            )
        if grouped and not is_over_rows(item):  # a key of the grouping, or of all of them
            return replace(value, sources=frozenset())
        return Value(value.reads, self.terms.add("over", value.term, self._once(self._before_qualify, scope).term))

    def open(self, scope: Scope) -> tuple[list[str], list[str]]:
        """Return the tables that `scope` hands on by a star that nobody could spell out, and the names that it leaves out."""
        opened: list[str] = []
        shut: list[str] = []
        for one in scope.set_operation_scopes:
            more = self.open(one)
            opened, shut = opened + more[0], shut + more[1]
        if not isinstance(scope.expression, exp.Select):
            inner = self.open(scope.table_scopes[0]) if scope.table_scopes and not scope.set_operation_scopes else ([], [])
            return opened + inner[0], shut + inner[1]
        for item in items_of(scope) if not scope.set_operation_scopes else ():
            if item.is_star:
                star = item.this if isinstance(item, exp.Column) else item
                named = item.table if isinstance(item, exp.Column) and item.table else None
                shut += [column.name.lower() for column in star.args.get("except_") or ()]
                for name, (_, source) in scope.selected_sources.items():
                    if named in (None, name):
                        more = (
                            self.open(source)
                            if isinstance(source, Scope)
                            else ([self.names[source.name.lower()]] if source.name.lower() in self.names else [], [])
                        )
                        opened, shut = opened + more[0], shut + more[1]
        return list(dict.fromkeys(opened)), list(dict.fromkeys(shut))

    def value(self, node: exp.Expr, scope: Scope, *, context: bool = True) -> Value:
        """Return what `node` is; `context` tells a column of a joined table apart by how it was joined."""
        if isinstance(node, exp.Alias | exp.Paren | exp.Subquery):
            return self.value(node.this, scope, context=context)
        if isinstance(node, exp.Column):
            return self._column(node, scope, context=context)
        if isinstance(node, exp.Query):
            return self._query(node)
        if isinstance(node, exp.TableColumn):
            self.vague.append(f"the whole row of '{node.name}' is one value")
        if isinstance(node, exp.Star):
            return Value(frozenset(Read(table, None) for table in self._tables(scope)), self.terms.add("atom", "*"))
        if isinstance(node, exp.Literal | exp.DataType):
            return Value(frozenset(), self.terms.add("atom", node.sql()))
        if isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
            node = exp.Case(ifs=[exp.If(this=node.this, true=node.args["true"])], default=node.args.get("false"))
        parts = [self._part(part, scope, context) for part in parts_of_node(node)]
        reads = frozenset().union(*(part.reads for part in parts if isinstance(part, Value)))
        sources = frozenset().union(*(part.sources for part in parts if isinstance(part, Value)))
        term = self.terms.add(operator_of(node), *(part.term if isinstance(part, Value) else part for part in parts))
        return Value(reads, term, sources=sources)

    def _part(self, part: exp.Expr | str, scope: Scope, context: bool) -> Value | str:  # noqa: FBT001 - private, and passed on
        return part if isinstance(part, str) else self.value(part, scope, context=context)

    def _query(self, query: exp.Query) -> Value:
        scope = self._scopes.get(id(query))
        if scope is None:
            return Value(frozenset(), self.terms.add("atom", query.sql()))
        columns, rows = self.columns(scope).values(), self.rows(scope)
        reads = rows.reads.union(*(value.reads for value in columns))
        return Value(reads, self.terms.add("query", rows.term, *(value.term for value in columns)))

    def _tables(self, scope: Scope) -> set[str]:
        """Return the tables that the rows of `scope` are rows of."""
        found: set[str] = set()
        for _, source in scope.selected_sources.values():
            if isinstance(source, exp.Table) and source.name.lower() in self.names:
                found.add(self.names[source.name.lower()])
            elif isinstance(source, Scope):
                for inner in source.set_operation_scopes or [source]:
                    found |= self._tables(inner)
        return found

    def _column(self, node: exp.Column, scope: Scope, *, context: bool) -> Value:
        found, holder = self._source(node, scope)
        if found is None or holder is None:
            self.vague.append(f"which table '{node.name}' belongs to")
            return Value(frozenset(), self.terms.add("unknown", node.sql().lower()))
        alias, source = found
        value = self._of_source(source, node.name, holder)
        if holder is scope and context and not self._plain(alias, scope):
            value = replace(value, term=self.terms.add("joined", value.term, self._join_of(alias, scope)))
        return replace(value, sources=frozenset({alias}) if holder is scope else frozenset())

    def _source(self, node: exp.Column, scope: Scope) -> tuple[tuple[str, exp.Table | Scope] | None, Scope | None]:
        """Return what a column is a column of, and the scope that has it: its own, or one that it is correlated with."""
        looked: Scope | None = scope
        while looked is not None:
            sources = {name: source for name, (_, source) in looked.selected_sources.items()} if selects(looked) else dict(looked.sources)
            if not node.table and len(sources) == 1:
                return next(iter(sources.items())), looked
            if node.table in sources:
                return (node.table, sources[node.table]), looked
            looked = looked.parent
        return None, None

    def _of_source(self, source: exp.Table | Scope, name: str, scope: Scope) -> Value:
        if isinstance(source, exp.Table):
            table = self.names.get(source.name.lower())
            return self._leaf(table, name) if table else self._made(source.this, name, scope)
        if isinstance(source.expression, exp.UDTF):
            return self._made(source.expression, name, scope)
        columns = self.columns(source)
        if name.lower() in columns:
            return columns[name.lower()]
        opened, shut = self.open(source)
        if len(opened) == 1 and name.lower() not in shut:
            return self._leaf(opened[0], name)
        self.vague.append(f"where '{name}' comes from")
        return Value(frozenset(), self.terms.add("unknown", name.lower()))

    def _leaf(self, table: str, name: str) -> Value:
        spelled = self.spelling.get(table, {}).get(name.lower(), name)
        return Value(frozenset({Read(table, spelled)}), self.terms.add("col", table, spelled), bare=True)

    def _made(self, function: exp.Expr, name: str, scope: Scope) -> Value:
        """Return a column of a table function such as unnest: made from all that the function is given."""
        parts = [
            self._part(part, scope, False)
            for part in parts_of_node(function)
            if isinstance(part, exp.Expr) and not isinstance(part, exp.TableAlias)
        ]
        reads = frozenset().union(*(part.reads for part in parts if isinstance(part, Value)))
        given = [part.term for part in parts if isinstance(part, Value)]
        return Value(reads, self.terms.add("made", operator_of(function), name.lower(), *given))

    def rows(self, scope: Scope) -> Rows:
        """Return what decides the rows of `scope`."""
        scope = self._scopes.get(id(scope.expression), scope)
        key = id(scope)
        if key not in self._rows:
            self._rows[key] = Rows(frozenset(), self.terms.add("itself"))  # a recursive query meets itself here
            self._rows[key] = self._rows_of(scope)
        return self._rows[key]

    def _rows_of(self, scope: Scope) -> Rows:
        if scope.set_operation_scopes:
            left, right = (self.rows(one) for one in scope.set_operation_scopes)
            kind = f"{scope.expression.key} {scope.expression.args.get('distinct')}"
            return Rows(left.reads | right.reads, self.terms.add("united", kind, left.term, right.term))
        if not isinstance(scope.expression, exp.Select):
            return self.rows(scope.table_scopes[0]) if scope.table_scopes else Rows(frozenset(), self.terms.add("all"))
        found = self._once(self._before_qualify, scope)
        for step in (self._qualified, self._distinct, self._limited):
            found = step(scope, found)
        return found

    def _once(self, step: Callable[[Scope], Rows], scope: Scope) -> Rows:
        """Return what `step` finds out about `scope`, asked for by each of its columns."""
        key = (step.__name__, id(scope))
        if key not in self._steps:
            self._steps[key] = step(scope)
        return self._steps[key]

    def _before_qualify(self, scope: Scope) -> Rows:
        found = self._once(self._joined_rows, scope)
        where = scope.expression.args.get("where")
        if where is not None:
            found = self._and(found, [self.value(part, scope) for part in conjuncts(where.this)])
        multiplied = [self.value(item, scope) for item in items_of(scope) if item.find(exp.Explode)]
        return self._grouped(scope, self._and(found, multiplied))

    def _and(self, rows: Rows, conditions: Iterable[Value]) -> Rows:
        conditions = list(conditions)
        reads = rows.reads.union(*(condition.reads for condition in conditions))
        return Rows(reads, self.terms.add("all", rows.term, *(condition.term for condition in conditions)))

    def _joined_rows(self, scope: Scope) -> Rows:
        sources = scope.selected_sources
        joined = {alias_of(join): join for join in scope.expression.args.get("joins") or ()}
        found = Rows(frozenset(), self.terms.add("all"))
        for alias, (_, source) in sources.items():
            own, join = self._rows_of_source(source, scope), joined.get(alias)
            if join is not None and join.args.get("method") == "NATURAL":
                self.vague.append("which columns a natural join compares")
            if join is None or is_inner(join):
                found = Rows(found.reads | own.reads, self.terms.add("all", found.term, own.term))
                found = self._and(found, [self.value(part, scope, context=False) for part in conditions_of(join)])
            else:
                given = [self.value(part, scope, context=False) for part in conditions_of(join)]
                found = Rows(
                    found.reads.union(own.reads, *(value.reads for value in given)),
                    self.terms.add("all", found.term, self._join_of(alias, scope)),
                )
        return found

    def _rows_of_source(self, source: exp.Table | Scope, scope: Scope) -> Rows:
        if isinstance(source, Scope) and not isinstance(source.expression, exp.UDTF):
            return self.rows(source)
        if isinstance(source, exp.Table) and source.name.lower() in self.names:
            return Rows(frozenset(), self.terms.add("rows", self.names[source.name.lower()]))
        made = self._made(source.this if isinstance(source, exp.Table) else source.expression, "", scope)
        return Rows(made.reads, made.term)

    def _grouped(self, scope: Scope, rows: Rows) -> Rows:
        group, having = scope.expression.args.get("group"), scope.expression.args.get("having")
        items = [item for item in items_of(scope) if not item.is_star]
        if group is None and not any(item.find(exp.AggFunc) and not item.find(exp.Window) for item in items):
            return rows
        keys = [self.value(key, scope) for key in keys_of(group, items)]
        more = [self.value(having.this, scope)] if having else []
        sets = [key for key in ("cube", "rollup", "grouping_sets") if group is not None and group.args.get(key)]
        parts = [key.term for key in keys] + [value.term for value in more]
        reads = rows.reads.union(*(value.reads for value in (*keys, *more)))
        return Rows(reads, self.terms.add("group", rows.term, self.terms.add("keys", *sorted(parts)), *sets))

    def _qualified(self, scope: Scope, rows: Rows) -> Rows:
        qualify = scope.expression.args.get("qualify")
        return self._and(rows, [self.value(part, scope) for part in conjuncts(qualify.this)]) if qualify else rows

    def _distinct(self, scope: Scope, rows: Rows) -> Rows:
        distinct = scope.expression.args.get("distinct")
        if distinct is None:
            return rows
        values = list(self.columns(scope).values())
        on = [self.value(part, scope) for part in (distinct.args["on"], *order_of(scope))] if distinct.args.get("on") else []
        reads = rows.reads.union(*(value.reads for value in on or values))
        return Rows(reads, self.terms.add("distinct", rows.term, *(value.term for value in on), *(value.term for value in values)))

    def _limited(self, scope: Scope, rows: Rows) -> Rows:
        cuts = [scope.expression.args[name] for name in ("limit", "offset", "sample") if scope.expression.args.get(name)]
        if not cuts:
            return rows
        by = [self.value(part, scope) for part in order_of(scope)]
        reads = rows.reads.union(*(value.reads for value in by))
        return Rows(reads, self.terms.add("limit", rows.term, *(cut.sql() for cut in cuts), *(value.term for value in by)))

    def _join_of(self, alias: str, scope: Scope) -> int:
        join = next((join for join in scope.expression.args.get("joins") or () if alias_of(join) == alias), None)
        source = scope.selected_sources[alias][1]
        if join is None:
            return self.terms.add("first", self._rows_of_source(source, scope).term)
        conditions = [self.value(part, scope, context=False).term for part in conditions_of(join)]
        how = " ".join(str(join.args.get(part) or "").lower() for part in ("method", "side", "kind")).strip()
        return self.terms.add("join", how, self._rows_of_source(source, scope).term, self.terms.add("all", *conditions))

    def _plain(self, alias: str, scope: Scope) -> bool:
        """Return whether a source stands once in its scope and is looked up by equal columns: its values then speak for themselves."""
        if not selects(scope):
            return True
        sources = scope.selected_sources
        same = [name for name, (_, source) in sources.items() if self._identity(source) == self._identity(sources[alias][1])]
        join = next((join for join in scope.expression.args.get("joins") or () if alias_of(join) == alias), None)
        if len(same) > 1:
            return join is None
        return join is None or (not join.args.get("method") and all(compares_columns(part) for part in conditions_of(join)))

    def _identity(self, source: exp.Table | Scope) -> object:
        return self.names.get(source.name.lower(), id(source)) if isinstance(source, exp.Table) else id(source.expression)
