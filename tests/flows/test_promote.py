"""Which version answers: gates, the append-only history, the pointer that follows it."""

from datetime import UTC, datetime, timedelta

import pytest

from shipworthy.errors import BadArtifact, ShipworthyError, UnknownName
from shipworthy.flows.promote import follow, promote, rollback
from shipworthy.flows.train import train
from shipworthy.logbook import read
from shipworthy.registry import pointer

from ..conftest import MODEL, TRAINED, Shop

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)


def put(shop: Shop, number: int | None, at: datetime = NOON) -> None:
    assert promote(shop.project, shop.book, MODEL, number, who="ana", why="better", at=at).deployment


def pointed(shop: Shop) -> int | None:
    found = pointer.read(shop.project.live, MODEL)
    return found.version if found else None


def test_the_pointer_follows_the_history(trained: Shop) -> None:
    """
    After each promotion and rollback the service is pointed to the version that the logbook names, and the history keeps all of it.
    """
    put(trained, 1)
    put(trained, 2, NOON + timedelta(hours=1))
    assert pointed(trained) == 2

    back = rollback(trained.project, trained.book, MODEL, who="ben", why="complaints", at=NOON + timedelta(hours=2))

    assert (back.version, pointed(trained)) == (1, 1)
    assert [(line.version, line.action, line.who) for line in read.deployments(trained.book, MODEL)] == [
        (1, "promote", "ana"),
        (2, "promote", "ana"),
        (1, "rollback", "ben"),
    ]


def test_a_repeated_promotion_adds_nothing(trained: Shop) -> None:
    """
    Promoting the version that answers already leaves one line in the history.
    """
    put(trained, 2)
    put(trained, 2, NOON + timedelta(hours=1))

    assert len(read.deployments(trained.book, MODEL)) == 1


def test_a_pointer_that_was_left_behind_is_mended(trained: Shop) -> None:
    """
    A crash between the logbook's line and the pointer is mended by the next flow.
    """
    put(trained, 2)
    pointer.write(trained.project.live, MODEL, 1)

    follow(trained.project, trained.book, MODEL)

    assert pointed(trained) == 2


def test_a_red_version_does_not_answer(trained: Shop) -> None:
    """
    A version that its gates refused is not promoted, and the refusal names the gate with its figures.
    """
    put(trained, 2)
    trained.rewrite(f"ml/{MODEL}/model.yml", "num_iterations: 150", "num_iterations: 1")
    worse = train(trained.project, trained.book, MODEL, TRAINED).version

    refused = promote(trained.project, trained.book, MODEL, worse.version, who="ana", why="hope", at=NOON)

    assert refused.deployment is None
    assert "beats_rule" in {verdict.name for verdict in refused.red}
    assert read.champion(trained.book, MODEL) == pointed(trained) == 2


def test_a_person_must_say_so_where_the_spec_asks_for_one(trained: Shop) -> None:
    """
    With `approval: person` a promotion that nobody stands behind is unknown, and unknown is never a pass.
    """
    trained.rewrite(f"ml/{MODEL}/model.yml", "deployment: {mode: both}", "deployment: {mode: both, approval: person}")

    alone = promote(trained.project, trained.book, MODEL, 2, who="loop", why="due", at=NOON, approved=False)

    assert [(verdict.name, verdict.outcome) for verdict in alone.red] == [("approval", "unknown")]
    put(trained, 2)


def test_nothing_to_go_back_to_is_said(trained: Shop) -> None:
    """
    A rollback without an earlier version is refused, as is one to a version that has never answered.
    """
    put(trained, 2)

    with pytest.raises(ShipworthyError, match="no version has answered before"):
        rollback(trained.project, trained.book, MODEL, who="ben", why="complaints", at=NOON)
    with pytest.raises(UnknownName, match="no earlier version '1'"):
        rollback(trained.project, trained.book, MODEL, who="ben", why="complaints", at=NOON, number=1)


def test_a_damaged_package_is_not_promoted(trained: Shop) -> None:
    """
    A package that is not what was packaged does not answer, and what answered before goes on.
    """
    put(trained, 1)
    with (trained.project.artifacts / MODEL / "2" / "model.txt").open("a") as model:
        model.write("\n")

    with pytest.raises(BadArtifact, match="checksum differs"):
        promote(trained.project, trained.book, MODEL, 2, who="ana", why="better", at=NOON)

    assert pointed(trained) == 1


def test_an_unknown_version_is_answered_with_the_known_ones(trained: Shop) -> None:
    """
    A version that does not exist is told with those that do.
    """
    with pytest.raises(UnknownName, match="Known: 1, 2"):
        promote(trained.project, trained.book, MODEL, 7, who="ana", why="better", at=NOON)
