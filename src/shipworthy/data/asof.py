"""Generated SQL of point-in-time frames: for each decision, what was known at that moment.

Of each feature relation a decision gets the row of its entity with the latest event among those whose event and whose
knowledge lie at or before it; among rows of one event the later known. Late rows need no slow join: a row takes effect at
`greatest(event_time, known_time)`, and in order of effect only rows whose event is not older than one already known are
kept, so that one ASOF join on the time of effect finds the row. The moment found is then joined back to its row: two rows
of one moment would multiply the decision, and the count of rows, which is asserted each time, would tell.

The SQL is DuckDB's, with TimeZone UTC; it reads the lake's tables by name (`"published/<relation>"`).
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from textwrap import indent

from shipworthy.data.moments import event_sql, known_sql, length, moment, time_sql
from shipworthy.data.parts import OWN_NAMES, Part, parts, relation_of, require_same_kind
from shipworthy.data.relation import Relation
from shipworthy.errors import BadSpec
from shipworthy.gateways.engine import quoted
from shipworthy.records import Window
from shipworthy.spec.model import ModelSpec

KEPT = "kept"
Relations = Mapping[str, Relation]


def training_set_sql(spec: ModelSpec, relations: Relations, as_of: datetime, *, start: datetime | None = None) -> str:
    """Return the SQL of the training set: `entity`, `decided_at`, the features, `known_at`, `label`.

    A decision is in it if its horizon has passed by `as_of` and its label, known by then and after the decision, is not null.

    Args:
        spec: the model.
        relations: every relation of the spec, by name, with its columns.
        as_of: only what was known by then counts.
        start: no decisions before it.

    Raises:
        UnknownName: the spec names a relation or column that is not there.
        BadSpec: two features of one name, keys that do not fit, a relation without times.
        BadData: a time or key column of the wrong type.
    """
    return _frame(spec, relations, as_of, _kept_decisions(spec, relations, as_of, start), ["known_at", "label"])


def features_sql(spec: ModelSpec, relations: Relations, as_of: datetime, *, start: datetime, end: datetime) -> str:
    """Return the SQL of `entity`, `decided_at` and the features of the decisions in [start, end), made by `as_of`.

    The same join as of a training set, without labels; raises the same errors.
    """
    return _frame(spec, relations, as_of, _window(spec, relations, as_of, start, end), [])


def given_sql(spec: ModelSpec, relations: Relations, as_of: datetime) -> str:
    """Return the SQL of the features of the decisions in the table `given`, as known at each of them, with what they stand on.

    The same join as of a training set. `given` has `entity`, unique, `decided_at`, and the columns of decisions that are keys;
    the columns are `entity`, the features of the relations, and of each part `"<alias> found"`, `"<alias> event_time"` and
    `"<alias> known_time"`, null where no row was found or the relation has no times. Raises the same errors.
    """
    return _frame(spec, relations, as_of, [_step("decisions", "select * from given")], [], given=True)


def window_sql(spec: ModelSpec, relations: Relations, as_of: datetime, *, start: datetime, end: datetime) -> str:
    """Return the SQL of the decisions in [start, end) made by `as_of`: `entity`, `decided_at`, and the columns that the model reads."""
    return with_steps(_window(spec, relations, as_of, start, end), "select * from decisions")


def decided_sql(spec: ModelSpec, relations: Relations, as_of: datetime) -> str:
    """Return the SQL of all decisions made by `as_of`, with the same columns."""
    return with_steps([_decided(spec, relations, as_of)], "select * from decided")


def labels_sql(spec: ModelSpec, relations: Relations, as_of: datetime) -> str:
    """Return the SQL of `entity`, `known_at`, `label` for each label row known by `as_of`; rows that are alike once."""
    return with_steps([_labels(spec, relations, as_of)], "select * from labels")


def found_sql(spec: ModelSpec, relations: Relations, as_of: datetime, *, start: datetime | None = None) -> str:
    """Return the SQL of `entity`, `decided_at` and, by alias of each feature relation with times, the event time of the row found.

    The decisions are those of the training set, and so is the join; null where no row was found or it was too old.
    """
    steps, latest = _kept_decisions(spec, relations, as_of, start), "decisions"
    timed = [part for part in parts(spec, relations) if not part.relation.static]
    for part in timed:
        steps, latest = [*steps, *_found(part, latest, as_of)], f"{part.alias}_found"
    times = "".join(f', "{part.alias} event_time" as {quoted(part.alias)}' for part in timed)
    return with_steps(steps, f"select entity, decided_at{times} from {latest}")


def fates_sql(spec: ModelSpec, relations: Relations, as_of: datetime, *, start: datetime | None = None) -> str:
    """Return the SQL that counts the decisions made by `as_of` by what becomes of them.

    `kept`, or the first reason to leave it out: `before_start`, `excluded` (by the spec), `immature` (the horizon has not passed,
    whether or not the label has come), `unlabelled` (no label known, or a null), `already_known` (the label was known at the decision).
    """
    return with_steps(_fates(spec, relations, as_of, start), "select fate, count(*) from fates group by fate")


def _step(name: str, sql: str, comment: str = "") -> str:
    said = f"-- {comment}\n" if comment else ""
    return f"{said}{name} as (\n{indent(sql, '    ')}\n)"


def _and(conditions: list[str]) -> str:
    return "\n    and ".join(dict.fromkeys(conditions))


def _known_by(relation: Relation, as_of: datetime) -> list[str]:
    """Nothing where nobody said when rows became known: decisions and labels carry times of their own."""
    untimed = relation.known_time is None and relation.latency is None
    return [] if untimed else [f"{known_sql(relation)} <= {moment(as_of)}"]


def _decided(spec: ModelSpec, relations: Relations, as_of: datetime) -> str:
    said, relation = spec.decisions, relation_of(relations, spec.decisions.relation)
    time, own = time_sql(relation, said.time), {said.entity: "entity", said.time: "decided_at"}
    needed = dict.fromkeys(chain(said.features, *(part.keys for part in spec.features)))
    for name in needed:
        if name.lower() in OWN_NAMES and own.get(relation.require(name)) != name:
            what = f"'{name}' of {relation.name} has a name that the training set needs for itself"
            raise BadSpec(where=spec.model, what=what, fix="rename it in its SQL")
    others = [quoted(name) for name in needed if own.get(name) != name]
    columns = ", ".join([f"{quoted(relation.require(said.entity))} as entity", f"{time} as decided_at", *others])
    where = _and([f"{time} <= {moment(as_of)}", *_known_by(relation, as_of)])
    return _step("decided", f"select {columns}\nfrom {quoted(relation.table)}\nwhere {where}", "each prediction to make, up to then")


def _kept_decisions(spec: ModelSpec, relations: Relations, as_of: datetime, start: datetime | None) -> list[str]:
    kept = _step("decisions", f"select * exclude (fate) from fates where fate = '{KEPT}'")
    return [*_fates(spec, relations, as_of, start), kept]


def inside(window: Window) -> str:
    """Return the SQL condition of a decision that was made in `window`."""
    return f"decided_at >= {moment(window.start)} and decided_at < {moment(window.end)}"


def _window(spec: ModelSpec, relations: Relations, as_of: datetime, start: datetime, end: datetime) -> list[str]:
    inside = f"select * from decided\nwhere decided_at >= {moment(start)}\n    and decided_at < {moment(end)}"
    return [_decided(spec, relations, as_of), _step("decisions", inside)]


def _labels(spec: ModelSpec, relations: Relations, as_of: datetime) -> str:
    said, relation = spec.label, relation_of(relations, spec.label.relation)
    entity, known = relation.require(said.entity or spec.decisions.entity), time_sql(relation, said.known_at)
    require_same_kind(relation_of(relations, spec.decisions.relation), spec.decisions.entity, relation, entity)
    value = quoted(relation.require(said.column))
    if relation.columns[said.column].upper() in ("DOUBLE", "FLOAT"):
        value = f"case when not isnan({value}) then {value} end"
    where = _and([f"{known} <= {moment(as_of)}", *_known_by(relation, as_of)])
    columns = f"{quoted(entity)} as entity, {known} as known_at, {value} as label"
    sql = f"select distinct {columns}\nfrom {quoted(relation.table)}\nwhere {where}"
    return _step("labels", sql, "what came true, as far as it was known by then")


def _fates(spec: ModelSpec, relations: Relations, as_of: datetime, start: datetime | None) -> list[str]:
    cases = [
        *([f"when decided_at < {moment(start)} then 'before_start'"] if start else []),
        *(f"when {inside(excluded.window)} then 'excluded'" for excluded in spec.training.exclude),
        f"when decided_at + {length(spec.label.horizon)} > {moment(as_of)} then 'immature'",
        "when label is null then 'unlabelled'",
        "when known_at <= decided_at then 'already_known'",
        f"else '{KEPT}'",
    ]
    fate = "case\n" + indent("\n".join(cases), "    ") + "\nend as fate"
    sql = (
        f"select\n    decided.*, known_at, label,\n{indent(fate, '    ')}\nfrom decided\nleft join labels on labels.entity = decided.entity"
    )
    step = _step("fates", sql, "a decision counts when its horizon has passed and its label has come")
    return [_labels(spec, relations, as_of), _decided(spec, relations, as_of), step]


def _frame(spec: ModelSpec, relations: Relations, as_of: datetime, steps: list[str], tail: list[str], *, given: bool = False) -> str:
    latest = "decisions"
    own = [] if given else [quoted(name) for name in spec.decisions.features]
    selected = [f"decided.{name}" for name in ["entity", "decided_at", *own]]
    used = parts(spec, relations)
    for part in used:
        if not part.relation.static:
            steps, latest = [*steps, *_found(part, latest, as_of)], f"{part.alias}_found"
        selected += [f"{part.alias}_row.{quoted(column)} as {quoted(name)}" for name, column in part.columns.items()]
        selected += _stands_on(part) if given else []
    rows = ",\n".join([*selected, *(f"decided.{name}" for name in tail)])
    return with_steps(steps, "\n".join([f"select\n{indent(rows, '    ')}", f"from {latest} as decided", *map(_joined, used)]))


def _stands_on(part: Part) -> list[str]:
    """Return what says which row a part's features are of."""
    row, times = f"{part.alias}_row", ("null::timestamptz", "null::timestamptz")
    if not part.relation.static:
        times = (f"{row}.{event_sql(part.relation)}", f"{row}.{known_sql(part.relation)}")
    found = f'{row}.{quoted(part.relation.entity[0])} is not null as "{part.alias} found"'
    return [found, f'{times[0]} as "{part.alias} event_time"', f'{times[1]} as "{part.alias} known_time"']


def usable(part: Part, as_of: datetime) -> tuple[list[str], str]:
    """Return the steps of the rows of a part that count at some moment up to `as_of`, and the name of the last of them.

    Its columns are those of the entity, `event_time`, `known_time` and `effect_time`, from which on the row counts.
    """
    relation, alias = part.relation, part.alias
    event, known = event_sql(relation), known_sql(relation)
    columns = [
        *map(quoted, relation.entity),
        f"{event} as event_time",
        f"{known} as known_time",
        f"greatest({event}, {known}) as effect_time",
    ]
    where = _and([f"{event} is not null", *_known_by(relation, as_of)])
    rows = f"select {', '.join(columns)}\nfrom {quoted(relation.table)}\nwhere {where}"
    steps = [_step(f"{alias}_known", rows, f"{relation.name}: what was known by then, and from when on it counts")]
    steps += [_kept(part)] if relation.late else []
    return steps, f"{alias}_kept" if relation.late else f"{alias}_known"


def _found(part: Part, latest: str, as_of: datetime) -> list[str]:
    """Return the steps that add to each decision the moment of the row that it gets."""
    relation, alias = part.relation, part.alias
    steps, name = usable(part, as_of)
    found = f'{_young_enough(part)} as "{alias} event_time"' + (f', known.known_time as "{alias} known_time"' if relation.late else "")
    on = _and([*_same_entity(part, "known"), "decided.decided_at >= known.effect_time"])
    sql = f"select decided.*, {found}\nfrom {latest} as decided\nasof left join {name} as known\n    on {on}"
    return [*steps, _step(f"{alias}_found", sql, "the latest of them at each decision")]


def _young_enough(part: Part) -> str:
    """Return the event time of what was found, null where it is too old; in the join of the rows it would make a loop of it."""
    if part.max_age is None:
        return "known.event_time"
    return f"case when known.event_time >= decided.decided_at - {length(part.max_age)} then known.event_time end"


def _kept(part: Part) -> str:
    entity = ", ".join(map(quoted, part.relation.entity))
    sql = (
        f"select * from {part.alias}_known\n"
        f"window by_effect as (partition by {entity} order by effect_time, event_time, known_time rows unbounded preceding)\n"
        "qualify event_time >= max(event_time) over by_effect\n"
        "    and effect_time is distinct from lead(effect_time) over by_effect"
    )
    return _step(f"{part.alias}_kept", sql, "a row that comes after news of a later event tells nothing new")


def with_steps(steps: list[str], last: str) -> str:
    """Return the SQL of `last`, which reads what `steps` name."""
    return "with\n" + ",\n".join(steps) + "\n" + last


def _joined(part: Part) -> str:
    """Return the join of a part's rows, by the moment that was found."""
    relation, row = part.relation, f"{part.alias}_row"
    event = f'decided."{part.alias} event_time"'
    conditions = _same_entity(part, row)
    if not relation.static:
        conditions.append(f"{row}.{event_sql(relation)} = {event}")
        conditions += [f'{row}.{known_sql(relation)} = decided."{part.alias} known_time"'] if relation.late else []
    return f"left join {quoted(relation.table)} as {row}\n    on {_and(conditions)}"


def _same_entity(part: Part, row: str) -> list[str]:
    return [f"{row}.{quoted(own)} = decided.{quoted(key)}" for own, key in zip(part.relation.entity, part.keys, strict=True)]
