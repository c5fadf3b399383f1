"""Online features on a real dbt project: build, serve by the decision alone, build again, replay."""

from datetime import datetime, timedelta

import pytest

from shipworthy.flows.build import build
from shipworthy.flows.promote import promote
from shipworthy.flows.replay import Replayed, replay
from shipworthy.flows.train import train
from shipworthy.records import Window

from ..conftest import BUILT, MODEL, Shop
from ..kitchen import at
from ..serving.answering import served

HOUR = timedelta(hours=1)
DAY = Window(BUILT, BUILT + timedelta(days=1))


def asked(shop: Shop, monkeypatch: pytest.MonkeyPatch, *moments: datetime) -> None:
    """Answer an order of each shop at each moment, by its decision alone."""
    for place, moment in enumerate(moments):
        at(monkeypatch, shop.root, moment)
        with served(shop.project) as service:
            rows = [
                {
                    "entity": f"{name} {place}",
                    "decided_at": moment.isoformat(),
                    "decision": {"shop": name, "distance": 3.5, "items": 2},
                }
                for name in ("dragon", "lotus", "pagoda")
            ]
            service.predict(*rows, model=MODEL).raise_for_status()


def replayed(shop: Shop, start: datetime, end: datetime) -> Replayed:
    return replay(shop.project, shop.book, MODEL, Window(start, end), DAY.end)


@pytest.mark.journey
def test_what_dbt_builds_is_looked_up_and_replayed(built: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Right after a build every cell is what the lake gives a day later. Hours later the store is stale, and the replay says of which
    columns and why. After a change of SQL the same answers are of another definition.
    """
    train(built.project, built.book, MODEL, BUILT)
    promote(built.project, built.book, MODEL, 1, who="ana", why="first", at=BUILT)
    asked(built, monkeypatch, BUILT, BUILT + HOUR / 2, BUILT + 14 * HOUR)
    monkeypatch.undo()
    build(built.project, built.book, DAY.end)

    sound = replayed(built, BUILT, BUILT + HOUR)
    assert (sound.outcome, sound.share, sound.rows) == ("pass", 1.0, 6)
    assert set(sound.cells) >= {"waiting", "mean_minutes"}
    stale = replayed(built, BUILT + HOUR, DAY.end)
    assert (stale.outcome, [one.cause for one in stale.differences]) == ("fail", ["stale"])
    assert set(stale.differences[0].features) == {"waiting", "mean_minutes"}

    built.rewrite("models/recent_minutes.sql", "avg(deliveries.minutes)", "2 * avg(deliveries.minutes)")
    build(built.project, built.book, DAY.end, force=True)
    assert {one.cause: one.features for one in replayed(built, BUILT, BUILT + HOUR).differences} == {"definition": ("mean_minutes",)}
