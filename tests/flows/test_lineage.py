"""The lineage of a project that was built."""

from pathlib import Path

import pytest

from shipworthy.errors import StepFailed
from shipworthy.flows.lineage import graph
from shipworthy.lineage.graph import Place, origin, reached

from ..conftest import MODEL, Shop, opened


def test_every_column_of_a_built_project_is_told(built: Shop) -> None:
    """
    From the contract of a source over dbt's SQL to each feature and on to the predictions; nothing is left unread.
    """
    found = graph(built.project)

    assert found.unread == {}
    assert {str(one.place) for one in origin(found, "ml." + MODEL, "mean_minutes")} == {
        str(Place(f"source.shop.landed.{name}", column))
        for name, column in (("deliveries", "minutes"), ("deliveries", "delivered_at"), ("orders", "shop"))
    }
    assert Place(f"predictions.{MODEL}", "answer") in reached(found, [Place("source.shop.landed.queue", "waiting")])


def test_the_graph_follows_the_specs_as_they_stand(built: Shop) -> None:
    """
    A feature that is taken out is gone at once, without a build.
    """
    assert "items" in graph(built.project).nodes["ml." + MODEL].columns
    built.rewrite(f"ml/{MODEL}/model.yml", "[shop, distance, items]", "[shop, distance]")

    assert "items" not in graph(built.project).nodes["ml." + MODEL].columns


def test_before_the_first_build_there_is_no_lineage(unbuilt: Path) -> None:
    """
    The error says what to do.
    """
    shop = opened(unbuilt)
    with pytest.raises(StepFailed, match="shipworthy build"):
        graph(shop.project)
    shop.book.dispose()
