"""The life of an alert: it begins, holds, fires once, and recovers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shipworthy.alerting.conditions import advance
from shipworthy.records import Alert, Verdict, Window

WEEK = timedelta(days=7)
START = datetime(2026, 3, 2, tzinfo=UTC)
OUTCOMES = {"F": "fail", "P": "pass", "U": "unknown"}


def history(said: str, subject: str = "demand.price", name: str = "drift") -> list[tuple[Window, list[Verdict]]]:
    """Return a window for each letter: F fails, P passes, U is unknown, - says nothing."""
    windows = [Window(START + place * WEEK, START + (place + 1) * WEEK) for place in range(len(said))]
    verdicts = [
        [] if letter == "-" else [Verdict(name, subject, OUTCOMES[letter], f"{letter} {place}", "mend it")]
        for place, letter in enumerate(said)
    ]
    return list(zip(windows, verdicts, strict=True))


def keep(alerts: list[Alert], changed: list[Alert]) -> list[Alert]:
    """Return what the logbook holds after `changed` was kept."""
    return list(({(alert.key, alert.first_seen): alert for alert in (*alerts, *changed)}).values())


def tick(alerts: list[Alert], windows, hold: int = 2, **severities) -> list[Alert]:
    now = windows[-1][0].end + timedelta(days=1)
    return keep(alerts, advance("demand", alerts, windows, hold=hold, severities=severities, now=now))


def lived(said: str, hold: int = 2) -> list[Alert]:
    """Return the alerts after a tick for each window, each given the last three."""
    alerts: list[Alert] = []
    windows = history(said)
    for place in range(len(windows)):
        alerts = tick(alerts, windows[max(0, place - 2) : place + 1], hold)
    return alerts


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ("PPP", []),
        ("UUU", []),
        ("F", ["pending"]),
        ("FF", ["firing"]),
        ("FPF", ["firing"]),
        ("FUF", ["firing"]),
        ("FUUF", ["pending"]),
        ("FPP", ["recovered"]),
        ("FPPF", ["recovered", "pending"]),
        ("FFP", ["firing"]),
        ("FFPP", ["recovered"]),
        ("FFPUP", ["recovered"]),
        ("FFUUU", ["firing"]),
        ("FFPFP", ["firing"]),
        ("FFPPFF", ["recovered", "firing"]),
        ("FFPPFPP", ["recovered", "recovered"]),
    ],
)
def test_two_of_three_windows_fire_and_two_that_pass_recover(said, states):
    """
    An alert fires when two of the last three windows fail and recovers when the last two that could be judged pass; unknown moves nothing.
    """
    assert [alert.state for alert in lived(said)] == states


def test_a_condition_fires_once():
    """
    However long it lasts there is one alert, fired when it began to fire, seen until the last failing window.
    """
    (alert,) = lived("FFFFF")

    assert alert.first_seen == START + WEEK
    assert alert.fired_at == START + 2 * WEEK + timedelta(days=1)
    assert (alert.last_seen, alert.words, alert.fix) == (START + 5 * WEEK, "F 4", "mend it")


def test_one_that_never_fired_recovers_in_silence():
    """
    A pending condition that passes is over without a moment of firing.
    """
    (alert,) = lived("FPP")

    assert (alert.fired_at, alert.recovered_at) == (None, START + 3 * WEEK + timedelta(days=1))


def test_a_hold_of_one_fires_at_once_and_recovers_at_once():
    """
    With a hold of one, a single window decides.
    """
    assert [alert.state for alert in lived("F", hold=1)] == ["firing"]
    assert [alert.state for alert in lived("FPF", hold=1)] == ["recovered", "firing"]


@settings(deadline=None)
@given(some.text("FPU-", min_size=1, max_size=12), some.integers(1, 3))
def test_the_same_tick_again_changes_nothing(said, hold):
    """
    Repeating any tick, or all of them, leaves every alert as it was.
    """
    alerts, windows = lived(said, hold), history(said)

    for place in range(len(windows)):
        assert advance("demand", alerts, windows[max(0, place - 2) : place + 1], hold=hold, severities={}, now=datetime.now(UTC)) == []


@settings(deadline=None)
@given(some.text("FPU", min_size=1, max_size=12), some.integers(1, 3))
def test_windows_that_were_missed_may_be_given_together(said, hold):
    """
    One late tick with all windows brings the alerts that one tick for each would have brought; only the moments of firing are later.
    """
    early, late = lived(said, hold), tick([], history(said), hold)

    assert [(alert.state, alert.first_seen, alert.last_seen) for alert in early] == [
        (alert.state, alert.first_seen, alert.last_seen) for alert in late
    ]


@settings(deadline=None)
@given(some.text("FPU", max_size=12), some.integers(1, 3))
def test_there_are_never_two_open_alerts_of_one_key(said, hold):
    """
    A condition is open once, and each of its alerts began at a moment of its own.
    """
    alerts = lived(said, hold)

    assert sum(alert.state != "recovered" for alert in alerts) <= 1
    assert len({alert.first_seen for alert in alerts}) == len(alerts)
    assert all(alert.fired_at is not None for alert in alerts if alert.state == "firing")


def test_subjects_and_monitors_are_conditions_of_their_own():
    """
    One column's failure never counts towards another's.
    """
    price, age = history("F-"), history("-F", subject="demand.age")
    windows = [(window, [*one, *other]) for (window, one), (_, other) in zip(price, age, strict=True)]
    alerts = tick([], windows, drift="info")

    assert [(alert.key, alert.state, alert.severity) for alert in alerts] == [
        ("demand/drift/demand.price", "pending", "info"),
        ("demand/drift/demand.age", "pending", "info"),
    ]
