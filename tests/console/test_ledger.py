from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import Engine

from shipworthy.console import ledger
from shipworthy.console.standing import History, history
from shipworthy.gateways.charts import Theme, svg

from .past import NOW, PROMOTED


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for layer in spec["layer"] for row in layer["data"]["values"]]


@pytest.fixture
def known(book: Engine) -> History:
    return history(book, "arrival_delay", None)


def test_a_promise_holds_while_its_version_answers(known: History) -> None:
    """
    A promise begins with the promotion and ends with the next one; the last holds until now.
    """
    spans = [(found.promise.version, found.start, found.end) for found in ledger.stretches(known, NOW)]

    assert spans == [(1, PROMOTED[1], PROMOTED[2]), (2, PROMOTED[2], PROMOTED[3]), (3, PROMOTED[3], NOW)]


def test_a_version_that_never_answered_is_shown_over_its_own_rows(book: Engine) -> None:
    """
    A refused version promised nothing to anyone: it is drawn where it was measured.
    """
    refused = history(book, "arrival_delay_at_booking", None)

    (stretch,) = ledger.stretches(refused, NOW)

    assert (stretch.start, stretch.end) == (stretch.promise.window.start, stretch.promise.window.end)
    assert ledger.shows(refused) == ["offline", "rule"]


def test_nothing_is_drawn_of_nothing() -> None:
    """
    Without a line in the ledger there is no picture.
    """
    assert ledger.ledger(History("new", None, [], [], [], None, []), NOW, width="wide", unit=None) is None


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize("width", ledger.PIXELS)
def test_the_picture_is_drawn_in_every_width_and_theme(known: History, width: ledger.Width, theme: Theme) -> None:
    """
    Each variant is an SVG of its own width that says in words what it shows.
    """
    spec = ledger.ledger(known, NOW, width=width, unit="minutes")
    assert spec is not None

    drawn = svg(spec, theme=theme)

    assert "Version 3 promised 12.2 minutes; realized over 21 to 27 Aug 2013: 12.3 minutes, the rule 13.9 minutes." in drawn
    assert drawn.count(">v") >= 3


def test_a_window_that_nobody_could_measure_is_marked(known: History) -> None:
    """
    Too few outcomes leave a question mark, not a hole.
    """
    spec = ledger.ledger(known, NOW, width="wide", unit=None)
    assert spec is not None

    marks = [layer for layer in spec["layer"] if layer["mark"].get("text") == "?"]

    assert len(marks[0]["data"]["values"]) == 1
    assert "unknown" in ledger.shows(known)


def test_labels_that_would_meet_lie_in_lanes(known: History) -> None:
    """
    Promotions that follow closely have their labels one above the other.
    """
    close = [known.deployments[0], *(event for event in known.deployments[1:])]
    near = [
        type(event)(event.model, event.version, NOW - timedelta(days=3 - place), event.action, event.who, event.why)
        for place, event in enumerate(close)
    ]

    spec = ledger.ledger(History(known.model, known.metric, known.ledger, near, [], 3, []), NOW, width="wide", unit=None)

    assert spec is not None
    assert sorted(row["lane"] for row in rows(spec) if "lane" in row if row["label"].startswith("v"))[-1] == 2
