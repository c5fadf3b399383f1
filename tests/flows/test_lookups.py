"""How the service finds features is said once, in the package, from spec and relations."""

from datetime import timedelta
from pathlib import Path

from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lookups import lookups_of
from shipworthy.registry.schema import Key, Lookup
from shipworthy.spec.project import models

from ..kitchen import MODEL, NOON, SPEC, kitchen


def test_each_relation_is_a_lookup(tmp_path: Path) -> None:
    """
    Keys with the kinds of the columns of decisions, features under the names of the frame, the age in seconds, what may be sent.
    """
    made = kitchen(tmp_path)
    spec, catalog = models(made.project)[MODEL], made.publish(NOON)

    shop, dish = Key("shop", "text"), Key("dish", "integer")
    assert lookups_of(spec, catalogs.relations(catalog, spec)) == (
        Lookup("queue", "queue", (shop,), {"waiting": "waiting", "mood": "mood"}, timedelta(hours=3).total_seconds()),
        Lookup("prices", "prices", (shop, dish), {"mean_price": "price"}, may_be_sent=True),
        Lookup("tables", "tables", (shop,), {"seats": "seats"}),
    )


def test_the_entity_and_a_relation_looked_up_twice(tmp_path: Path) -> None:
    """
    The decision's own entity is known from the row, and two looks into one relation have names of their own.
    """
    made = kitchen(tmp_path)
    twice = SPEC + "  - {relation: tables, on: order_id, prefix: own_}\n"
    (made.project.root / "ml" / MODEL / "model.yml").write_text(twice)
    spec, catalog = models(made.project)[MODEL], made.publish(NOON)

    *_, first, second = lookups_of(spec, catalogs.relations(catalog, spec))
    assert (first.name, second.name) == ("tables", "tables_2")
    assert second.keys == (Key("order_id", "text", "entity"),)
