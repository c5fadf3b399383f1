"""Alerts in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shipworthy.alerting.message import compose
from shipworthy.records import Alert

START = datetime(2026, 3, 2, tzinfo=UTC)
CAUSES = {"drift": "world", "null_share": "pipeline", "realized_decay": "model"}


def alert(monitor: str, column: str = "", **change) -> Alert:
    subject = f"demand.{column}" if column else "demand"
    begun = Alert(
        f"demand/{monitor}/{subject}", "demand", "warning", "firing", f"{subject} {monitor}", f"mend {monitor}", START, START, START
    )
    return replace(begun, **change)


DECAY = alert("realized_decay", severity="critical")


def test_many_columns_of_one_monitor_make_one_message():
    """
    Twenty columns that drift are one message that names ten of them and counts the rest.
    """
    (message,) = compose([alert("drift", f"c{place:02}") for place in range(20)])

    assert message.title == "demand: drift (20 subjects)"
    assert message.body.count("- demand.c") == 10
    assert "... and 10 more" in message.body
    assert message.body.count("Fix: mend drift") == 1


def test_a_message_says_what_since_when_the_fix_and_the_owner():
    """
    A message holds all that its reader needs to act.
    """
    (message,) = compose([DECAY], owner="data@example.org")

    assert (message.title, message.severity) == ("demand: realized decay", "critical")
    assert message.body.splitlines() == [
        "demand realized_decay",
        "Since the window that ended 2026-03-02 00:00 UTC.",
        "Fix: mend realized_decay",
        "Owner: data@example.org",
    ]


def test_what_else_fires_is_ranked_by_cause():
    """
    Broken data is named before a changed world: what is to be mended first comes first.
    """
    others = [alert("drift", "price"), alert("null_share", "age"), alert("drift", "x", model="other")]
    (message,) = compose([DECAY], firing=[DECAY, *others], causes=CAUSES)

    assert message.body.splitlines()[3:] == [
        "At the same time, the likeliest cause first:",
        "- broken data: demand.age null_share",
        "- a changed world: demand.price drift",
    ]


def test_pending_and_silently_recovered_alerts_are_not_told():
    """
    Only what fired, or had fired, is worth a message.
    """
    assert compose([alert("drift", "x", state="pending", fired_at=None), alert("drift", "y", state="recovered", fired_at=None)]) == []


def test_a_recovery_is_told_as_over():
    """
    An alert that fired and recovered says that it is over, and asks nobody to mend it.
    """
    (message,) = compose(
        [replace(DECAY, state="recovered", recovered_at=START + timedelta(days=7))], firing=[alert("drift", "x")], causes=CAUSES
    )

    assert message.title == "demand: realized decay is over"
    assert "Fix" not in message.body
    assert "At the same time" not in message.body


def test_the_same_conditions_are_named_once():
    """
    The name of a message depends on what it is about, not on order, words or the moment.
    """
    two = [alert("drift", "x"), alert("drift", "y")]
    again = [replace(one, words="other words", fired_at=START + timedelta(days=1)) for one in reversed(two)]

    assert compose(two)[0].once == compose(again)[0].once
    assert compose(two)[0].once != compose(two[:1])[0].once
    assert compose(two)[0].once != compose([replace(one, state="recovered") for one in two])[0].once
