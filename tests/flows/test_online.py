"""A build puts published features into the online store: what counts now and next, and only what changed."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shipworthy.flows import catalog as catalogs
from shipworthy.flows.online import shelve
from shipworthy.gateways.online.entry import in_effect, key, unpack
from shipworthy.gateways.online.store import open_store
from shipworthy.gateways.online.written import Written
from shipworthy.spec.project import models

from ..kitchen import HOUR, MODEL, NOON, SPEC, Kitchen, opened

DAY = timedelta(days=1)


@pytest.fixture
def made(tmp_path: Path) -> Kitchen:
    return opened(tmp_path)


def waiting(made: Kitchen, at: datetime, shop: str = "dragon") -> float | str | None:
    store = open_store(made.project, read_only=True)
    publication, packed = store.fetch({"queue": [key([shop])]})["queue"]
    store.close()
    entry = in_effect(unpack(packed[key([shop])]), at)
    return dict(zip(publication.columns, entry.values, strict=True))["waiting"] if entry else None


def test_the_store_holds_what_was_known_at_the_build(made: Kitchen) -> None:
    """
    Noon's queue becomes known at two past: it is not there before a build after that.
    """
    assert waiting(made, NOON + HOUR) == 6.0
    made.build(NOON + 2 * timedelta(minutes=1))
    assert waiting(made, NOON + HOUR) == 8.0
    assert waiting(made, NOON) == 6.0


def test_a_build_writes_only_what_changed(made: Kitchen) -> None:
    """
    One shop has news: one entity is written. The same build again writes none, and only moves the moment on.
    """
    made.build(NOON + 2 * HOUR)
    made.queued("lotus", NOON + HOUR, 2.0)

    assert made.build(NOON + 2 * HOUR) == {"queue": Written(1, 0), "prices": Written(0, 0), "tables": Written(0, 0)}
    assert set(made.build(NOON + 3 * HOUR).values()) == {Written(0, 0)}
    store = open_store(made.project)
    assert {one.as_of for one in store.publications().values()} == {NOON + 3 * HOUR}
    store.close()


def test_an_entity_that_is_gone_goes(made: Kitchen) -> None:
    """
    What the relation no longer has, the store no longer has.
    """
    made.rows["tables"].pop()

    assert made.build(NOON + HOUR)["tables"] == Written(0, 1)


def test_a_relation_that_is_not_sound_keeps_what_is_there(made: Kitchen) -> None:
    """
    Its last sound version goes on being looked up, and its publication goes on saying how old it is.
    """
    made.queued("dragon", NOON + HOUR, 99.0)
    catalog = made.publish(NOON + DAY)
    relations = {name: {**facts, "sound": name != "queue"} for name, facts in catalog.relations.items()}

    shelve(made.project, models(made.project), catalogs.Catalog(NOON + DAY, "key", relations), NOON + DAY)

    assert waiting(made, NOON + DAY) == 6.0
    store = open_store(made.project)
    assert {name: one.as_of for name, one in store.publications().items()} == {"queue": NOON, "prices": NOON + DAY, "tables": NOON + DAY}
    store.close()


def test_rows_that_wait_too_far_ahead_come_with_a_later_build(made: Kitchen) -> None:
    """
    The same version is read again while rows of it wait beyond what is put there, until none does.
    """
    made.queued("dragon", NOON, 77.0, known=NOON + 3 * DAY)
    made.build(NOON, everything=True)
    assert waiting(made, NOON + 4 * DAY) == 8.0

    made.build(NOON + 2 * DAY, everything=True)
    assert waiting(made, NOON + 4 * DAY) == 77.0
    assert waiting(made, NOON + 3 * DAY - HOUR) == 8.0


def test_a_build_for_an_earlier_moment_is_followed(made: Kitchen) -> None:
    """
    The last build says what is looked up, also where somebody built for the past on purpose.
    """
    made.build(NOON + HOUR)
    made.build(NOON)

    assert waiting(made, NOON + HOUR) == 6.0


def test_what_only_batch_scoring_reads_is_not_put_there(made: Kitchen) -> None:
    """
    A model that answers no requests needs no store.
    """
    file = made.project.root / "ml" / MODEL / "model.yml"
    file.write_text(SPEC + "deployment: {mode: batch}\n")
    made.project.online.unlink()

    assert made.build(NOON + HOUR) == {}
    assert not made.project.online.exists()
