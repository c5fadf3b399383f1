"""From verdicts on single windows to lasting conditions: a state machine without a clock or a store of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shipworthy.bounds import Outcome
from shipworthy.records import Alert, Severity, Verdict, Window

LOOKED_BACK = 3  # windows
History = Sequence[tuple[Window, Sequence[Verdict]]]


def key(model: str, verdict: Verdict) -> str:
    """Return what the condition behind `verdict` is about: model, monitor and subject.

    >>> key("demand", Verdict("drift", "demand.price", "fail", "moved"))
    'demand/drift/demand.price'
    """
    return f"{model}/{verdict.name}/{verdict.subject}"


def advance(
    model: str, alerts: Sequence[Alert], history: History, *, hold: int, severities: Mapping[str, Severity], now: datetime
) -> list[Alert]:
    """Return the alerts of `model` that the windows of `history` begin or change, each in its last state.

    A failing window begins a condition: pending. Once `hold` of the last three windows fail, it fires, once. It recovers when the
    last `hold` windows that could be judged all pass. Unknown neither fires nor recovers. A condition that was
    pending and passes recovers without ever having fired. A later failure begins a new one.

    The same windows again change nothing, so a tick may be repeated; windows that were missed may be given together.

    Args:
        model: the model's name.
        alerts: all that the logbook has of the model, recovered ones too.
        history: windows, oldest first, with the monitors' verdicts; give at least the last three.
        hold: how many windows must fail, and pass; 1 or more.
        severities: of each monitor, by name; "warning" where not said.
        now: when an alert is said to fire or recover.
    """
    changed: dict[tuple[str, datetime], Alert] = {}
    newest = _newest(alerts)
    keys = dict.fromkeys(key(model, verdict) for _, verdicts in history for verdict in verdicts)
    for about in keys:
        judged = [(window, verdict) for window, verdicts in history for verdict in verdicts if key(model, verdict) == about]
        for alert in _steps(model, about, newest.get(about), judged, hold=hold, severities=severities, now=now):
            changed[about, alert.first_seen] = alert
    known = {(alert.key, alert.first_seen): alert for alert in alerts}
    return [alert for place, alert in changed.items() if known.get(place) != alert]


def _newest(alerts: Sequence[Alert]) -> dict[str, Alert]:
    return {alert.key: alert for alert in sorted(alerts, key=lambda alert: alert.first_seen)}


def _steps(
    model: str,
    about: str,
    alert: Alert | None,
    judged: Sequence[tuple[Window, Verdict]],
    *,
    hold: int,
    severities: Mapping[str, Severity],
    now: datetime,
) -> list[Alert]:
    """Return every state that the condition `about` goes through, window by window."""
    states: list[Alert] = []
    for place, (window, verdict) in enumerate(judged):
        seen = judged[max(0, place + 1 - max(hold, LOOKED_BACK)) : place + 1]
        outcomes = [said.outcome for then, said in seen if _counts(alert, then)]
        after = _after(alert, outcomes, window, hold, now) if alert and alert.state != "recovered" else None
        if after is None and verdict.outcome == "fail" and _counts(alert, window):
            begun = Alert(about, model, severities.get(verdict.name, "warning"), "pending", "", "", window.end, window.end)
            after = _after(begun, outcomes, window, hold, now)
        if after is not None:
            alert = _said(after, verdict, window)
            states.append(alert)
    return states


def _counts(alert: Alert | None, window: Window) -> bool:
    """Return whether `window` belongs to the condition, and not to an earlier one."""
    if alert is None:
        return True
    return window.end > alert.last_seen if alert.state == "recovered" else window.end >= alert.first_seen


def _after(alert: Alert, outcomes: Sequence[Outcome], window: Window, hold: int, now: datetime) -> Alert:
    known = [outcome for outcome in outcomes if outcome != "unknown"][-hold:]
    if len(known) == hold and set(known) == {"pass"} and window.end > alert.last_seen:
        return replace(alert, state="recovered", recovered_at=now)
    if alert.state == "pending" and list(outcomes).count("fail") >= hold:
        return replace(alert, state="firing", fired_at=now)
    return alert


def _said(alert: Alert, verdict: Verdict, window: Window) -> Alert:
    """Return `alert` with the words of its last failing window."""
    if verdict.outcome != "fail" or (alert.words and window.end < alert.last_seen):
        return alert
    return replace(alert, words=verdict.words, fix=verdict.fix, last_seen=window.end)
