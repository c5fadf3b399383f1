"""Guesses about one table, each with its reason; what cannot be known from the data is a question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.data.propose.manifest import Described
from shipworthy.data.propose.profile import Column, Profile, looks_like_key

OPEN = "???"
PERSONAL = re.compile(r"(^|_)(e?mail|phone|mobile|first_name|last_name|full_name|street|address|iban|birth\w*|ip|ssn)(_|$)", re.IGNORECASE)
SENSITIVE = re.compile(r"(^|_)(sex|gender|race|ethnicity|religion|nationality|age|disability|marital\w*)(_|$)", re.IGNORECASE)
PRESENT = re.compile(r"(^|_)(updated|modified|changed|last_\w+)(_|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guess:
    """A value with what speaks for it; `???` where a person has to say."""

    value: str
    because: str

    @property
    def open(self) -> bool:
        """Whether it is a question."""
        return self.value == OPEN


@dataclass(frozen=True, slots=True)
class Table:
    """One model with its profile, and the guesses about it.

    `present_state` says that it has one row for each thing, of which the past is overwritten.
    """

    model: Described
    profile: Profile
    entity: tuple[str, ...]
    because: str
    event_time: Guess
    known_time: Guess
    present_state: bool


def table(model: Described, profile: Profile, referred: Mapping[str, str]) -> Table:
    """Return the guesses about one model; `referred` is the model whose row each key names, by key."""
    entity, because, within = _entity(model, profile, referred)
    state = len(entity) == 1 and within is None and (referred.get(entity[0]) == model.name or not profile.times)
    event = _event_time(profile, within)
    return Table(model, profile, entity, because, event, _known_time(profile, event), state)


def roles(found: Table) -> dict[str, Guess]:
    """Return the roles that columns seem to have, by column."""
    keys = [name for name in found.profile.columns if name in found.entity or (name in found.model.refers)]
    guesses = {name: Guess("identifier", "a key") for name in keys}
    guesses |= {name: Guess("personal", "by its name") for name in found.profile.columns if PERSONAL.search(name)}
    return guesses | {name: Guess("sensitive", "by its name") for name in found.profile.columns if SENSITIVE.search(name)}


def names_row(model: Described, profile: Profile) -> list[str]:
    """Return the single columns that name a row: unique and never null; those tested in dbt first, then those called like keys."""
    unique = [name for name, column in profile.columns.items() if _unique(column, profile.rows) and column.can_name]
    wanted = [name for name in unique if name in model.unique or looks_like_key(name)]
    return sorted(wanted, key=lambda name: (name not in model.unique, name in model.refers))


def question(asked: str, evidence: list[str]) -> str:
    """Return a question with what the data says about it.

    >>> question("since when?", ["a is never before b", "a has 2 nulls"])
    'since when? a is never before b; a has 2 nulls'
    """
    return f"{asked} {'; '.join(evidence)}".strip()


def span(days: float | None) -> str:
    """Return a length of time in words.

    >>> span(13.2), span(0.25), span(None)
    ('13.2 days', '6 hours', 'an unknown time')
    """
    if days is None:
        return "an unknown time"
    return f"{days:.3g} days" if days >= 2 else f"{days * 24:.3g} hours"


def _entity(model: Described, profile: Profile, referred: Mapping[str, str]) -> tuple[tuple[str, ...], str, str | None]:
    """Return the entity, what speaks for it, and the time that names a row together with it."""
    for grain in model.grains:
        times = [name for name in grain if name in profile.times]
        named = tuple(name for name in grain if name not in times)
        if named and len(times) <= 1:
            return named, f"{', '.join(grain)} tested unique together in dbt", times[0] if times else None
    single = names_row(model, profile)
    if single:
        tested = ", tested unique in dbt" if single[0] in model.unique else ", but nobody tests it in dbt"
        return (single[0],), f"unique over {profile.rows:,} rows{tested}", None
    for (key, time), distinct in profile.grains.items():
        if distinct == profile.rows > 0:
            whose = f"; {key} names a row of {referred[key]}" if key in referred else ""
            return (key,), f"with {time} unique over {profile.rows:,} rows{whose}", time
    return (), "no column, and no key with a time, names one row", None


def _event_time(profile: Profile, within: str | None) -> Guess:
    whole = [name for name in profile.times if profile.columns[name].nulls == 0]
    if within:
        return Guess(within, "part of what names a row")
    first = [name for name in whole if all(profile.lags[other, name].before == 0 for other in profile.times if other != name)]
    if len(first) == 1:
        others = [
            f"{other} is never before it (0 of {profile.lags[other, first[0]].rows:,})" for other in profile.times if other != first[0]
        ]
        return Guess(first[0], "; ".join(others) or "the only time")
    if not profile.times:
        return Guess(OPEN, "there is no column with a time")
    return Guess(OPEN, f"which of {', '.join(profile.times)} is the moment that a row describes?")


def _known_time(profile: Profile, event: Guess) -> Guess:
    """Return the question when a row became known, with the evidence: it is never guessed."""
    evidence = [] if event.open else [_follows(profile, other, event.value) for other in profile.times if other != event.value]
    midnights = None if event.open else profile.columns[event.value].midnights
    if midnights and midnights == profile.rows - profile.columns[event.value].nulls:
        evidence.append(
            f"all {midnights:,} values of {event.value} are at midnight: is such a day known only when it is over (latency: 1 day)?"
        )
    return Guess(OPEN, question("when does a row become known, to the people who use it?", evidence))


def _follows(profile: Profile, later: str, earlier: str) -> str:
    lag = profile.lags.get((later, earlier))
    if lag is None:
        return f"{later} is another time"
    never = "never" if lag.before == 0 else "sometimes"
    missing = profile.columns[later].nulls
    nulls = f", {missing:,} nulls" if missing else ""
    return f"{later} is {never} before {earlier} ({lag.before:,} of {lag.rows:,}{nulls}), {span(lag.median_days)} after it at the median"


def _unique(column: Column, rows: int) -> bool:
    return rows > 1 and column.distinct == rows and column.nulls == 0
