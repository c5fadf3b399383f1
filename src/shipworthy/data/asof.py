"""Generated SQL of point-in-time frames: for each decision, what was known at that moment.

Of each feature relation a decision gets the row of its entity with the latest event among those whose event and whose
knowledge lie at or before it; among rows of one event the later known. Late rows need no slow join: a row takes effect at
`greatest(event_time, known_time)`, and in order of effect only rows whose event is not older than one already known are
kept, so that one ASOF join on the time of effect finds the row. The moment found is then joined back to its row: two rows
of one moment would multiply the decision, and the count of rows, which is asserted each time, would tell.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from shipworthy.clock import utc
from shipworthy.data.relation import NEVER_FEATURES, Relation
from shipworthy.errors import BadData, BadSpec, UnknownName
from shipworthy.gateways.engine import quoted
from shipworthy.spec.model import Features, ModelSpec

KEPT = "kept"
OWN_NAMES = ("entity", "decided_at", "known_at", "label")


@dataclass(frozen=True, slots=True)
class Part:
    """One feature relation as one model uses it: `columns` are its own, by their names in the frame."""

    alias: str
    keys: Sequence[str]
    relation: Relation
    columns: Mapping[str, str]
    max_age: timedelta | None


def training_set_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, *, start: datetime | None = None) -> str:
    """Return the SQL of the training set: `entity`, `decided_at`, the features, `known_at`, `label`.

    It reads the lake's tables by name (`"published/<relation>"`), in DuckDB's dialect with TimeZone UTC. A decision is in it
    if its horizon has passed by `as_of` and its label, known by then and after the decision, is not null.

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
    fates = _indented(_fates(spec, relations, as_of, start), "    ")
    decisions = f"decisions as (\n    select * exclude (fate) from (\n    {fates}\n    )\n    where fate = '{KEPT}'\n)"
    heads = [
        "-- what came true, as far as it was known",
        _labels(spec, relations, as_of),
        "-- each decision whose label is mature and has come",
        decisions,
    ]
    return _frame(spec, relations, as_of, heads, ["known_at", "label"])


def features_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, *, start: datetime, end: datetime) -> str:
    """Return the SQL of `entity`, `decided_at` and the features of the decisions in [start, end), made by `as_of`.

    The same join as of a training set, without labels; raises the same errors.
    """
    window = decisions_sql(spec, relations, as_of, start=start, end=end)
    heads = ["-- each decision of the window", f"decisions as (\n    {window}\n)"]
    return _frame(spec, relations, as_of, heads, [])


def decisions_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, *, start: datetime, end: datetime) -> str:
    """Return the SQL of the decisions in [start, end) made by `as_of`: `entity`, `decided_at`, and the columns that the model reads."""
    decided = decided_sql(spec, relations, as_of)
    return f"select * from (\n    {decided}\n    )\n    where decided_at >= {moment(start)} and decided_at < {moment(end)}"


def fates_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, *, start: datetime | None = None) -> str:
    """Return the SQL that counts the decisions made by `as_of` by what becomes of them.

    `kept`, or the first reason to leave it out: `before_start`, `immature` (the horizon has not passed, whether or not the
    label has come), `unlabelled` (no label known, or a null), `already_known` (the label was known at the decision).
    """
    labels, fates = _labels(spec, relations, as_of), _fates(spec, relations, as_of, start)
    return f"with {labels}\nselect fate, count(*) as rows\nfrom (\n{fates}\n)\ngroup by fate"


def decided_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> str:
    """Return the SQL of the decisions made by `as_of`: `entity`, `decided_at`, and the columns that the model reads."""
    said, relation = spec.decisions, relation_of(relations, spec.decisions.relation)
    time = time_sql(relation, said.time)
    needed = list(dict.fromkeys([*said.features, *(key for part in spec.features for key in part.keys)]))
    for name in [said.entity, *needed]:
        require(relation, name)
        if name.lower() in OWN_NAMES and (name.lower(), name) not in (("entity", said.entity), ("decided_at", said.time)):
            raise BadSpec(
                where=spec.model, what=f"'{name}' of {relation.name} has a name that the training set needs", fix="rename it in its SQL"
            )
    others = [quoted(name) for name in needed if name.lower() not in ("entity", "decided_at")]
    columns = ", ".join([f"{quoted(said.entity)} as entity", f"{time} as decided_at", *others])
    return f"select {columns}\n    from {quoted(relation.table)}\n    where {' and '.join([f'{time} <= {moment(as_of)}', *_known_by(relation, as_of)])}"


def parts(spec: ModelSpec, relations: Mapping[str, Relation]) -> list[Part]:
    """Return the feature relations of `spec` in its order, with the columns that they give.

    Without a list in the spec they are all but keys, times and columns with a role.

    Raises:
        BadSpec: two features of one name, a label or post_outcome column, keys that do not fit.
    """
    found: list[Part] = []
    decided = relation_of(relations, spec.decisions.relation)
    taken: dict[str, str] = {}
    for name in spec.decisions.features:
        _require_feature(spec, decided, name)
        _require_new(spec, name, decided, taken)
    for said in spec.features:
        relation = relation_of(relations, said.relation)
        found.append(_part(spec, decided, said, relation, _alias(said.relation, [part.alias for part in found])))
        for name in found[-1].columns:
            _require_new(spec, name, relation, taken)
    return found


def feature_types(spec: ModelSpec, relations: Mapping[str, Relation]) -> dict[str, str]:
    """Return the SQL type of each feature of the frame, by name, in its order."""
    decided = relation_of(relations, spec.decisions.relation)
    own = {name: decided.columns[require(decided, name)] for name in spec.decisions.features}
    return own | {name: part.relation.columns[column] for part in parts(spec, relations) for name, column in part.columns.items()}


def relation_of(relations: Mapping[str, Relation], name: str) -> Relation:
    """Return the relation `name`; an unknown one is an error with the nearest name."""
    if name not in relations:
        raise UnknownName.of("relation", name, known=relations, where="published relations")
    return relations[name]


def require(relation: Relation, column: str) -> str:
    """Return `column` if `relation` has it; a column that is gone is an error with the nearest name."""
    if column not in relation.columns:
        raise UnknownName.of("column", column, known=relation.columns, where=relation.name)
    return column


def moment(time: datetime) -> str:
    """Return `time` as SQL.

    >>> moment(datetime(2026, 1, 1, 12, tzinfo=UTC))
    "timestamptz '2026-01-01 12:00:00+00:00'"
    """
    return f"timestamptz '{utc(time).isoformat(sep=' ')}'"


def length(span: timedelta) -> str:
    """Return `span` as SQL, in hours or less: a day is not always 24 of them where clocks change.

    >>> length(timedelta(days=1)), length(timedelta(minutes=90)), length(timedelta(microseconds=5))
    ("interval '24 hours'", "interval '90 minutes'", "interval '5 microseconds'")
    """
    for unit in ("hours", "minutes", "seconds"):
        if span % timedelta(**{unit: 1}) == timedelta(0):
            return f"interval '{span // timedelta(**{unit: 1})} {unit}'"
    return f"interval '{span // timedelta(microseconds=1)} microseconds'"


def time_sql(relation: Relation, column: str, *, day_is_enough: bool = False) -> str:
    """Return SQL of `column` as a moment; one without a zone is read as UTC.

    Raises:
        UnknownName: there is no such column.
        BadData: it holds no times, or days where a day does not say when something was known.
    """
    kind = relation.columns[require(relation, column)].upper()
    if kind == "TIMESTAMP WITH TIME ZONE":
        return quoted(column)
    if kind.startswith("TIMESTAMP") or (kind == "DATE" and day_is_enough):
        return f"{quoted(column)}::timestamp at time zone 'UTC'"
    if kind == "DATE":
        fix = "declare a latency (a day is known when it is over: '1 day'), or give the moment itself"
        raise BadData(where=f"{relation.name}.{column}", what="holds days, which do not say when a row was known", fix=fix)
    fix = f"cast it in the SQL of {relation.name}: cast({column} as timestamptz)"
    raise BadData(where=f"{relation.name}.{column}", what=f"holds {kind}, not times", fix=fix)


def event_sql(relation: Relation) -> str:
    """Return SQL of the moment that a row of a feature relation describes."""
    day_is_enough = relation.latency is not None or relation.late
    return time_sql(relation, relation.event_time or "", day_is_enough=day_is_enough)


def known_sql(relation: Relation) -> str:
    """Return SQL of the moment at which a row of a relation with times became known."""
    if relation.latency is not None:
        return f"{event_sql(relation)} + {length(relation.latency)}"
    return time_sql(relation, relation.known_time or "")


def _known_by(relation: Relation, as_of: datetime) -> list[str]:
    """Nothing where nobody said when rows became known: decisions and labels carry their own times."""
    if relation.known_time is None and relation.latency is None:
        return []
    return [f"{known_sql(relation)} <= {moment(as_of)}"]


def _labels(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> str:
    said, relation = spec.label, relation_of(relations, spec.label.relation)
    entity, known = require(relation, said.entity or spec.decisions.entity), time_sql(relation, said.known_at)
    _require_same_kind(relation_of(relations, spec.decisions.relation), spec.decisions.entity, relation, entity)
    value = quoted(require(relation, said.column))
    if relation.columns[said.column].upper() in ("DOUBLE", "FLOAT"):
        value = f"case when not isnan({value}) then {value} end"
    where = "\n      and ".join(dict.fromkeys([f"{known} <= {moment(as_of)}", *_known_by(relation, as_of)]))
    columns = f"{quoted(entity)} as entity, {known} as known_at, {value} as label"
    return f"labels as (\n    select distinct {columns}\n    from {quoted(relation.table)}\n    where {where}\n)"


def labels_sql(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> str:
    """Return the SQL of `entity`, `known_at`, `label` for each label row known by `as_of`; rows that are alike once."""
    return f"with {_labels(spec, relations, as_of)}\nselect * from labels"


def _fates(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, start: datetime | None) -> str:
    before = f"when decided_at < {moment(start)} then 'before_start' " if start else ""
    immature = f"when decided_at + {length(spec.label.horizon)} > {moment(as_of)} then 'immature' "
    others = "when label is null then 'unlabelled' when known_at <= decided_at then 'already_known' "
    fate = f"case {before}{immature}{others}else '{KEPT}' end as fate"
    decided = decided_sql(spec, relations, as_of)
    return f"select decided.*, known_at, label, {fate}\n    from (\n    {decided}\n    ) as decided\n    left join labels on labels.entity = decided.entity"


def _frame(spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime, heads: list[str], tail: list[str]) -> str:
    latest, steps, joins = "decisions", heads[:], []
    columns = ["entity", "decided_at", *(quoted(name) for name in spec.decisions.features)]
    selected = [f"decided.{name}" for name in columns]
    for part in parts(spec, relations):
        if not part.relation.static:
            steps += _found(part, latest, as_of)
            latest = f"{part.alias}_found"
        selected += [f"{part.alias}_row.{quoted(column)} as {quoted(name)}" for name, column in part.columns.items()]
        joins.append(_joined(part))
    selected += [f"decided.{name}" for name in tail]
    rows = ",\n    ".join(selected)
    return f"with\n{_listed(steps)}\nselect\n    {rows}\nfrom {latest} as decided\n" + "\n".join(joins)


def _listed(steps: list[str]) -> str:
    """Return pairs of a comment and a step, with commas between."""
    return ",\n".join(f"{comment}\n{step}" for comment, step in zip(steps[::2], steps[1::2], strict=True))


def _indented(sql: str, by: str) -> str:
    return sql.replace("\n", f"\n{by}")


def _found(part: Part, latest: str, as_of: datetime) -> list[str]:
    """Return the steps that add to each decision the moment of the row that it gets."""
    relation, alias = part.relation, part.alias
    entity = ", ".join(quoted(name) for name in relation.entity)
    event, known = event_sql(relation), known_sql(relation)
    times = f"{event} as event_time, {known} as known_time, greatest({event}, {known}) as effect_time"
    where = f"{event} is not null and {known} <= {moment(as_of)}"
    steps = [
        f"-- {relation.name}: what was known by then, and from when on it counts",
        f"{alias}_known as (\n    select {entity}, {times}\n    from {quoted(relation.table)}\n    where {where}\n)",
    ]
    usable = f"{alias}_known"
    if relation.late:
        usable = f"{alias}_kept"
        steps += ["-- a row that came after the news of a later event tells nothing new", f"{usable} as (\n{_kept(alias, entity)}\n)"]
    on = " and ".join(f"known.{quoted(own)} = decided.{quoted(key)}" for own, key in zip(relation.entity, part.keys, strict=True))
    found = f'known.event_time as "{alias} event_time"' + (f', known.known_time as "{alias} known_time"' if relation.late else "")
    step = (
        f"{alias}_found as (\n    select decided.*, {found}\n    from {latest} as decided\n"
        f"    asof left join {usable} as known\n        on {on} and decided.decided_at >= known.effect_time\n)"
    )
    return [*steps, "-- the latest of them at each decision", step]


def _kept(alias: str, entity: str) -> str:
    order = "order by effect_time, event_time, known_time rows between unbounded preceding and current row"
    return (
        f"    select * from {alias}_known\n"
        f"    window by_effect as (partition by {entity} {order})\n"
        "    qualify event_time >= max(event_time) over by_effect\n"
        "        and lead(effect_time) over by_effect is distinct from effect_time"
    )


def _joined(part: Part) -> str:
    """Return the join of a part's rows, by the moment that was found."""
    relation, row = part.relation, f"{part.alias}_row"
    conditions = [f"{row}.{quoted(own)} = decided.{quoted(key)}" for own, key in zip(relation.entity, part.keys, strict=True)]
    if not relation.static:
        event = f'decided."{part.alias} event_time"'
        conditions.append(f"{row}.{event_sql(relation)} = {event}")
        conditions += [f'{row}.{known_sql(relation)} = decided."{part.alias} known_time"'] if relation.late else []
        conditions += [f"{event} >= decided.decided_at - {length(part.max_age)}"] if part.max_age else []
    return f"left join {quoted(relation.table)} as {row}\n    on " + "\n    and ".join(conditions)


def _alias(name: str, taken: Sequence[str]) -> str:
    """A name for a part's steps that needs no quotes: a relation that is used twice gets a number."""
    plain = re.sub(r"\W", "_", name).lower()
    plain = plain if plain[0].isalpha() else f"r_{plain}"
    numbered = (plain if number == 1 else f"{plain}_{number}" for number in count(1))
    return next(alias for alias in numbered if alias not in taken)


def _part(spec: ModelSpec, decided: Relation, said: Features, relation: Relation, alias: str) -> Part:
    relation.require_times()
    if len(said.keys) != len(relation.entity):
        what = f"'on' names {len(said.keys)} columns ({', '.join(said.keys)}), the entity of {relation.name} has {len(relation.entity)}"
        raise BadSpec(where=spec.model, what=what, fix=f"name the columns of decisions for {', '.join(relation.entity)}, in this order")
    for key, own in zip(said.keys, relation.entity, strict=True):
        _require_same_kind(decided, key, relation, own)
    times = (relation.event_time, relation.known_time)
    usual = [name for name in relation.columns if name not in (*relation.entity, *times) and name not in relation.roles]
    chosen = usual if said.columns is None else said.columns
    for name in chosen:
        _require_feature(spec, relation, name)
    return Part(alias, said.keys, relation, {f"{said.prefix}{name}": name for name in chosen}, said.max_age)


def _require_feature(spec: ModelSpec, relation: Relation, name: str) -> None:
    role = relation.roles.get(require(relation, name))
    if role in NEVER_FEATURES:
        what = f"{relation.name}.{name} is a feature, and its role is {role}: it is filled in after the outcome"
        raise BadSpec(where=spec.model, what=what, fix="take it out of the features")


def _require_new(spec: ModelSpec, name: str, relation: Relation, taken: dict[str, str]) -> None:
    if name.lower() in OWN_NAMES:
        what = f"'{name}' of {relation.name} has a name that the training set needs for itself"
        raise BadSpec(where=spec.model, what=what, fix="give the relation a 'prefix', or rename the column in its SQL")
    if name.lower() in taken:
        what = f"two features are named '{name}': of {taken[name.lower()]} and of {relation.name}"
        raise BadSpec(where=spec.model, what=what, fix="give one of them a 'prefix'")
    taken[name.lower()] = relation.name


def _require_same_kind(decided: Relation, key: str, relation: Relation, own: str) -> None:
    left, right = decided.columns[require(decided, key)].upper(), relation.columns[require(relation, own)].upper()
    if (left == "VARCHAR") != (right == "VARCHAR"):
        what = f"is {right}, and {decided.name}.{key}, which it is joined to, is {left}"
        raise BadData(where=f"{relation.name}.{own}", what=what, fix="cast one of them in its SQL")
