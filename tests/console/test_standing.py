from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shipworthy.console.standing import History, Status, standing
from shipworthy.records import Alert, Deployment, Promise, Severity, Verdict
from shipworthy.spec.model import Decisions, Features, Label, ModelSpec

from .past import promise

START = datetime(2013, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=9)
SPEC = ModelSpec(
    model="delay",
    decisions=Decisions(relation="departed", entity="flight_id", time="at"),
    label=Label(relation="arrivals", column="delay", known_at="landed_at", horizon=timedelta(days=1)),
    features=[Features.model_validate({"relation": "weather", "on": "origin"})],
)
PROMOTED = [Deployment("delay", 1, START, "promote", "ana", "first")]
OFFLINE = promise("delay", 1, "offline", START - timedelta(days=28), 28, 20000, 12.0, 0.5, 14.0)


def realized(value: float | None, rule: float | None = 14.0, *, rows: int = 6000) -> Promise:
    return promise("delay", 1, "realized", START, 7, rows, value, 0.5, rule)


def alert(severity: Severity) -> Alert:
    return Alert("delay/drift", "delay", severity, "firing", "wind moved", "look", START, NOW, START)


def past(*lines: Promise, alerts: tuple[Alert, ...] = (), deployed: list[Deployment] = PROMOTED) -> History:
    return History("delay", "mae", [OFFLINE, *lines], deployed, list(alerts), 1, [])


CASES: dict[str, tuple[History, Status]] = {
    "within the promise": (past(realized(12.2)), "fine"),
    "better than promised": (past(realized(10.0)), "fine"),
    "wholly above the promise": (past(realized(13.2)), "broken"),
    "worse than the rule": (past(realized(14.6, 14.0)), "loses"),
    "a loud alarm": (past(realized(12.2), alerts=(alert("critical"),)), "alarm"),
    "an alarm that only explains": (past(realized(12.2), alerts=(alert("info"),)), "fine"),
    "no outcome yet": (past(), "unknown"),
    "too few outcomes": (past(realized(None, None, rows=41)), "unknown"),
    "outcomes of another version alone": (past(replace(realized(12.2), version=2)), "unknown"),
    "nobody promoted": (past(deployed=[]), "absent"),
    "taken back": (past(realized(12.2), deployed=[*PROMOTED, Deployment("delay", None, NOW, "rollback", "ana", "harm")]), "absent"),
}


@pytest.mark.parametrize(("known", "status"), CASES.values(), ids=CASES)
def test_a_model_stands_as_its_worst_news_says(known: History, status: Status) -> None:
    """
    Each kind of news has its word, and what is not known is never fine.
    """
    assert standing(known, SPEC, NOW).status == status


def test_old_news_is_unknown() -> None:
    """
    A promise that was kept long ago says nothing of today: silence is not health.
    """
    long_after = NOW + timedelta(days=60)

    stands = standing(past(realized(12.2)), SPEC, long_after)

    assert (stands.status, stands.words) == ("unknown", "Nothing was measured since 8 May 2013.")


def test_without_a_spec_nobody_can_say_that_all_is_well() -> None:
    """
    A spec that cannot be read leaves the model unknown, and a loss to the rule a loss.
    """
    assert standing(past(realized(12.2)), None, NOW).status == "unknown"
    assert standing(past(realized(14.6)), None, NOW).status == "loses"


def test_a_refused_version_says_why() -> None:
    """
    The words of the red gates are the words of the page.
    """
    refusal = Verdict("beats_rule", "delay@1", "fail", "the rule is better by 1.4")

    stands = standing(replace(past(deployed=[]), refusals=[refusal]), SPEC, NOW)

    assert (stands.status, stands.words) == ("refused", "the rule is better by 1.4")


def test_a_model_without_a_version_says_what_to_do() -> None:
    """
    Before the first training the page names the command.
    """
    nothing = History("delay", None, [], [], [], None, [])

    assert standing(nothing, SPEC, NOW).words == "No version yet: run 'shipworthy train delay'."
