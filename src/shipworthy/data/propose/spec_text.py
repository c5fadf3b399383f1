"""A model's spec as YAML for a person to correct: from a column that looks like an outcome to all that was known before it."""

import re
from collections.abc import Mapping

from shipworthy.data.propose.guess import OPEN, SENSITIVE, Guess, Table, names_row, question, span
from shipworthy.data.propose.text import entry, name, names, remark


def outcomes(found: Table) -> list[str]:
    """Return the columns of a table that look like an outcome: two values, in rows with a key and at least two times."""
    if len(found.profile.times) < 2 or not names_row(found.model, found.profile):
        return []
    return [column for column, about in found.profile.columns.items() if about.share is not None]


def spec(model: str, label: str, found: Table, tables: Mapping[str, Table]) -> str:
    """Return `ml/<model>/model.yml` for a model that predicts the column `label` of `found`."""
    return "\n".join(
        [
            *remark(f"Proposed from dbt's manifest and the data. Answer every {OPEN}, check every reason, strike out what is not so."),
            f"model: {model}",
            *_brief(found),
            *_decisions(label, found),
            *_label(label, found),
            *_features(label, found, tables),
            *_baseline(label, found),
            *_fairness(found, tables),
            "",
        ]
    )


def model_name(label: str) -> str:
    """Return a name for the model that predicts `label`.

    >>> model_name("Is Churned?")
    'is_churned'
    """
    cleaned = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return cleaned if re.match(r"[a-z]", cleaned) else f"model_{cleaned}"


def _brief(found: Table) -> list[str]:
    owner = [f"  owner: {name(found.model.owner)}  # owns {found.model.name} in dbt"] if found.model.owner else []
    return [
        "brief:  # no promotion before all of it is written",
        f"  goal: null  # {OPEN} what should become better, and for whom?",
        f"  decision: null  # {OPEN} what is done differently because of a prediction?",
        *(owner or [f"  owner: null  # {OPEN} who answers for it?"]),
        f"  business_metric: null  # {OPEN} {{relation: ..., column: ..., better: higher}}",
        f"  target: null  # {OPEN} {{metric: log_loss, at_most: ...}}",
    ]


def _decisions(label: str, found: Table) -> list[str]:
    key = names_row(found.model, found.profile)[0]
    others = [
        column for column in found.profile.columns if column not in (label, key, *found.profile.times) and column not in found.model.refers
    ]
    asked = f"{', '.join(others)}: name those that are known at the moment of the decision already, and never change after it"
    return [
        "decisions:  # one row for each prediction to make",
        *remark(
            f"Is a row there when the decision is made, or only when {label} is known? Then decisions need a relation of their own.", "  "
        ),
        f"  relation: {name(found.model.name)}",
        *entry("entity", Guess(key, f"unique over {found.profile.rows:,} rows"), "  "),
        *entry("time", found.event_time, "  "),
        *(remark(asked, "  ") if others else []),
        "  features: []",
    ]


def _label(label: str, found: Table) -> list[str]:
    about = found.profile.columns[label]
    nulls = f", {about.nulls:,} nulls" if about.nulls else ""
    return [
        "label:  # what comes true later",
        f"  relation: {name(found.model.name)}",
        f"  column: {name(label)}  # true in a share of {about.share or 0:.3f} of {found.profile.rows - about.nulls:,} rows{nulls}",
        *entry("known_at", _known_at(found), "  "),
        *entry("horizon", _horizon(found), "  "),
    ]


def _known_at(found: Table) -> Guess:
    event = found.event_time.value
    candidates = [
        f"{time}: {span(lag.median_days)} after {event} at the median, {found.profile.columns[time].nulls:,} nulls"
        for time in found.profile.times
        if (lag := found.profile.lags.get((time, event)))
    ]
    return Guess(OPEN, question("when did the outcome become known, not when did it happen?", candidates))


def _horizon(found: Table) -> Guess:
    event = found.event_time.value
    spans = [
        f"95 of 100 rows have {time} within {span(lag.most_days)} of {event}"
        for time in found.profile.times
        if (lag := found.profile.lags.get((time, event))) and lag.before == 0
    ]
    return Guess(OPEN, question("how long after the decision is the outcome final, at the latest?", spans))


def _features(label: str, found: Table, tables: Mapping[str, Table]) -> list[str]:
    joinable = {relation: _on(found, other) for relation, other in tables.items() if relation != found.model.name}
    usable = {relation: columns for relation, columns in joinable.items() if columns}
    lines = [line for relation, columns in usable.items() for line in _feature(label, found, tables[relation], columns)]
    lines += [line for relation in tables if relation not in usable for line in _too_fine(found, tables[relation])]
    if all(line.lstrip().startswith("#") for line in lines):
        lines += [f'  - {{relation: "{OPEN}", on: "{OPEN}"}}  # which relation says something that was known before?']
    return ["features:  # of each, the latest row that was known at the decision", *lines]


def _too_fine(found: Table, other: Table) -> list[str]:
    """Return a remark on a table that has several rows for each thing that a decision names."""
    shared = [column for column in other.model.refers if column in found.model.refers and column not in other.entity]
    if not shared or other.model.name == found.model.name:
        return []
    row = f"{other.model.name} has one row for each {', '.join(other.entity)}"
    text = f"{row}: as features it needs an SQL model with a row for each {shared[0]} and time"
    return remark(text, "  ")


def _on(found: Table, other: Table) -> list[str]:
    """Return the columns of the decisions that name the entity of `other`, none if they do not."""
    own = names_row(found.model, found.profile)[:1]
    by_field = {field: column for column, (model, field) in found.model.refers.items() if model == other.model.name}
    keys = [by_field.get(key, key) for key in other.entity]
    return keys if keys and keys != own and all(key in found.profile.columns for key in keys) else []


def _feature(label: str, found: Table, other: Table, on: list[str]) -> list[str]:
    line = f"  - {{relation: {name(other.model.name)}, on: {name(on[0]) if len(on) == 1 else names(on)}}}"
    if found.model.name in other.model.ancestors:
        text = f"built from {found.model.name}, which holds {label}: use it only if its known_time is right to the minute"
        return [*remark(text, "  "), f"  #{line[1:]}"]
    if other.present_state:
        return [*remark("shows the present state, not what was known then: see its questions first", "  "), f"  #{line[1:]}"]
    return [f"{line}  # {other.because}"]


def _fairness(found: Table, tables: Mapping[str, Table]) -> list[str]:
    """Return the question whose fair treatment is owed, with the columns that look as if somebody's were."""
    columns = dict.fromkeys(column for table in (found, *tables.values()) for column in table.profile.columns if SENSITIVE.search(column))
    seen = f"{', '.join(columns)} by name: " if columns else ""
    asked = f"{seen}whose fair treatment is owed, by which policy, or why nobody's?"
    return [*remark(f"{OPEN} {asked} {{sensitive: [...], policy: approval_ratio}} or {{not_applicable: why}}"), "fairness: null"]


def _baseline(label: str, found: Table) -> list[str]:
    share = found.profile.columns[label].share or 0.0
    because = f"the share of true over all rows of {found.model.name}; write the rule that is used today, if there is one"
    return ["baseline:", *remark(because, "  "), f'  sql: "{share:.4f}"', "  words: the same share for everybody"]
