"""Proposes what a dbt project needs to get its first model: from its manifest and its data, for a person to correct.

Nothing is guessed silently: each value stands beside what speaks for it, and what neither manifest nor data
can tell, above all when a row became known, is a question, `???`, that no run goes past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shipworthy.data.propose.guess import OPEN, Table, table
from shipworthy.data.propose.manifest import Described, described
from shipworthy.data.propose.profile import Profile, profiles
from shipworthy.data.propose.spec_text import model_name, outcomes, spec
from shipworthy.data.propose.text import meta
from shipworthy.gateways.engine import Connection

__all__ = ["OPEN", "Described", "Profile", "Proposal", "described", "profiles", "proposal", "propose"]

NO_LABEL = "no relation has a key, two times and a column with two values: what should be predicted, and where does it come true?"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Texts for a person to correct, and what was left aside.

    Args:
        meta: YAML to paste into a schema file, by relation.
        models: text of `ml/<name>/model.yml`, by model.
        questions: what only a person can say, one sentence each.
    """

    meta: Mapping[str, str]
    models: Mapping[str, str]
    questions: tuple[str, ...]


def propose(manifest: Mapping[str, Any], connection: Connection) -> Proposal:
    """Return what is proposed for a dbt project, from its parsed `manifest.json` and the database that it was built in."""
    models = described(manifest)
    return proposal(models, profiles(connection, models))


def proposal(models: Mapping[str, Described], profiles: Mapping[str, Profile]) -> Proposal:
    """Return what is proposed for `models`; one that has no profile or no rows becomes a question."""
    referred = _referred(models, profiles)
    seen = {name: profiles[name] for name in models if name in profiles and profiles[name].rows}
    tables = {name: table(models[name], found, referred) for name, found in seen.items()}
    labels = {_unlike(column, name, tables): (column, name) for name, found in tables.items() for column in outcomes(found)}
    return Proposal(
        meta={name: meta(found) for name, found in tables.items()},
        models={model: spec(model, column, tables[name], tables) for model, (column, name) in labels.items()},
        questions=(*([] if labels else [NO_LABEL]), *_questions(models, tables)),
    )


def _referred(models: Mapping[str, Described], profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Return the model whose row a key names, by the key's name: what dbt tests as a relationship, else a shared unique key."""
    tested = {column: to for model in models.values() for column, (to, field) in model.refers.items() if to in models and field == column}
    holders = {
        column: [name for name, found in profiles.items() if column in found.columns and name in models]
        for model in models.values()
        for column in model.unique
    }
    shared = {
        column: next(name for name in names if column in models[name].unique)
        for column, names in holders.items()
        if len(names) > 1 and any(column in models[name].unique for name in names)
    }
    return shared | tested


def _unlike(column: str, relation: str, tables: Mapping[str, Table]) -> str:
    """Return a model name for the outcome `column`: with its relation where two relations have such a column."""
    several = sum(column in outcomes(found) for found in tables.values()) > 1
    return model_name(f"{relation}_{column}" if several else column)


def _questions(models: Mapping[str, Described], tables: Mapping[str, Table]) -> list[str]:
    moving = {name: found for name, found in tables.items() if not found.present_state}
    entities = [f"{name}: {found.because}: what is one row?" for name, found in tables.items() if not found.entity]
    events = [f"{name}: {found.event_time.because}" for name, found in moving.items() if found.event_time.open]
    known = [f"{name}: {found.known_time.because}" for name, found in moving.items()]
    states = [f"{name}: does a row of it ever change?" for name in tables if name not in moving]
    empty = [f"{name}: not built, or without rows: nothing can be said of it" for name in models if name not in tables]
    return [*entities, *events, *known, *states, *empty]
