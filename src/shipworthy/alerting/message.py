"""An alert as a person reads it: what, since when, the evidence, the fix, the owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Literal

from shipworthy.records import Alert, Severity

Cause = Literal["pipeline", "world", "model"]
CAUSES: Mapping[Cause, str] = {"pipeline": "broken data", "world": "a changed world", "model": "the model"}
LOUDEST_FIRST: tuple[Severity, ...] = ("critical", "warning", "info")
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `once` names it: the same conditions in the same state are told once."""

    once: str
    title: str
    body: str
    severity: Severity


def monitor(alert: Alert) -> str:
    """Return the name of the monitor behind `alert`."""
    return alert.key.split("/")[1]


def compose(
    changed: Sequence[Alert], *, firing: Sequence[Alert] = (), causes: Mapping[str, Cause] | None = None, owner: str | None = None
) -> list[Message]:
    """Return a message for each monitor of each model that began to fire or recovered, however many columns it is about.

    An alert that fires names the others that fire for its model, the likeliest cause first: broken data before a changed world
    before the model. Pending alerts, and those that recovered without having fired, are not told.

    Args:
        changed: alerts whose state changed, in their new state.
        firing: all alerts that fire now.
        causes: what each monitor points to, by name.
        owner: who answers for the model.
    """
    told = [alert for alert in changed if alert.fired_at is not None and alert.state != "pending"]
    grouped = groupby(sorted(told, key=_group), key=_group)
    return [_message(list(alerts), firing, causes or {}, owner) for _, alerts in grouped]


def _group(alert: Alert) -> tuple[str, str, str]:
    return alert.model, monitor(alert), alert.state


def _message(alerts: Sequence[Alert], firing: Sequence[Alert], causes: Mapping[str, Cause], owner: str | None) -> Message:
    first, name = alerts[0], monitor(alerts[0])
    subjects = f" ({len(alerts)} subjects)" if len(alerts) > 1 else ""
    over = first.state == "recovered"
    title = f"{first.model}: {name.replace('_', ' ')}{subjects}{' is over' if over else ''}"
    shown = [f"- {alert.words}" if len(alerts) > 1 else alert.words for alert in alerts[:MOST_SHOWN]]
    more = [f"... and {len(alerts) - MOST_SHOWN} more"] if len(alerts) > MOST_SHOWN else []
    since = f"Since the window that ended {min(alert.first_seen for alert in alerts):%Y-%m-%d %H:%M} UTC."
    tail = [] if over else [*_fixes(alerts), *_also(first.model, name, firing, causes)]
    lines = [*(["It was:"] if over else []), *shown, *more, since, *tail, *([f"Owner: {owner}"] if owner else [])]
    severity = next(level for level in LOUDEST_FIRST if any(alert.severity == level for alert in alerts))
    return Message(_once(alerts), title, "\n".join(lines), severity)


def _fixes(alerts: Sequence[Alert]) -> list[str]:
    return [f"Fix: {fix}" for fix in dict.fromkeys(alert.fix for alert in alerts) if fix][:3]


def _also(model: str, name: str, firing: Sequence[Alert], causes: Mapping[str, Cause]) -> list[str]:
    """Return what else fires for `model`, the likeliest cause first."""
    order = list(CAUSES)
    others = [alert for alert in firing if alert.model == model and monitor(alert) != name and monitor(alert) in causes]
    ranked = sorted(others, key=lambda alert: (order.index(causes[monitor(alert)]), alert.key))
    lines = [f"- {CAUSES[causes[monitor(alert)]]}: {alert.words}" for alert in ranked[:MOST_SHOWN]]
    return ["At the same time, the likeliest cause first:", *lines] if lines else []


def _once(alerts: Sequence[Alert]) -> str:
    named = sorted(f"{alert.key} {alert.first_seen.isoformat()} {alert.state}" for alert in alerts)
    return sha256("\n".join(named).encode()).hexdigest()[:32]
