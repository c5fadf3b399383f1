"""Where features come from, and what they cost a build."""

from shipworthy.flows import catalog as catalogs
from shipworthy.flows.features_from import build_seconds, features_from
from shipworthy.spec.project import model

from ..conftest import MODEL, Shop


def test_a_relation_costs_what_is_built_for_it_alone(built: Shop) -> None:
    """
    dbt's seconds of each feature relation are known after a build; what something else that the model reads needs too is not counted.
    """
    spec, catalog = model(built.project, MODEL), catalogs.load(built.project)
    cost = build_seconds(catalog, spec)
    took = catalog.relations["shop_queue"]["took"]

    assert cost.keys() == features_from(catalog, spec).keys()
    assert any(name.endswith(".shop_queue") for name in took)
    assert cost["shop_queue"] is not None
    assert 0 < cost["shop_queue"] <= sum(took.values())


def test_what_an_earlier_release_built_has_no_known_cost(built: Shop) -> None:
    """
    Where the catalog does not say how long dbt took, nobody knows.
    """
    spec, catalog = model(built.project, MODEL), catalogs.load(built.project)
    del catalog.relations["shop_queue"]["took"]  # type: ignore[attr-defined]

    assert build_seconds(catalog, spec)["shop_queue"] is None
