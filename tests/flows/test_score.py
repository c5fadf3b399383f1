"""Batch scores: each decision once, with what was known at it."""

from datetime import UTC, datetime, timedelta
from json import loads

import pyarrow.compute as pc
import pytest

from shipworthy.errors import ShipworthyError
from shipworthy.flows.score import score
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.registry.package import load

from ..conftest import MODEL, TRAINED, Shop

SCORED = datetime(2026, 6, 12, tzinfo=UTC)


def test_every_decision_is_scored_once(promoted: Shop) -> None:
    """
    Two scorings give each decision from the promotion to the later moment exactly one score.
    """
    later = SCORED + timedelta(days=7)
    more = score(promoted.project, promoted.book, MODEL, later)

    scores = lake.read(promoted.project.lake, f"scores/{MODEL}")
    orders = lake.read(promoted.project.lake, "published/orders")
    wanted = orders.filter(pc.and_(pc.greater_equal(orders["ordered_at"], TRAINED), pc.less(orders["ordered_at"], later)))
    assert more.rows > 0
    assert sorted(scores["entity"].to_pylist()) == sorted(wanted["order_id"].to_pylist())


def test_the_same_moment_again_writes_nothing(promoted: Shop) -> None:
    """
    A repeated scoring leaves the table's version as it was.
    """
    before = lake.pin(promoted.project.lake, f"scores/{MODEL}")

    again = score(promoted.project, promoted.book, MODEL, SCORED)

    assert (again.rows, lake.pin(promoted.project.lake, f"scores/{MODEL}")) == (0, before)


def test_a_score_is_what_the_package_says(promoted: Shop) -> None:
    """
    The answer in the table is the package's answer to the inputs beside it, bit for bit.
    """
    version = read.version(promoted.book, MODEL, 2)
    assert version is not None
    rows = lake.read(promoted.project.lake, f"scores/{MODEL}").slice(0, 20).to_pylist()

    answers = load(promoted.project.state / version.artifact).predict([loads(row["inputs"]) for row in rows])

    assert answers == [row["answer"] for row in rows]


def test_nothing_promoted_nothing_scored(trained: Shop) -> None:
    """
    Without a champion there is nothing to score with, and the error says what to do first.
    """
    with pytest.raises(ShipworthyError, match="no version is promoted") as refusal:
        score(trained.project, trained.book, MODEL, SCORED)

    assert "shipworthy promote" in refusal.value.fix
