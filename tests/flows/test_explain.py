"""One prediction from raw rows to action, of a model that was really trained."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from shipworthy.data import training_set
from shipworthy.errors import BadData, UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.explain import explain
from shipworthy.gateways import lake
from shipworthy.spec.project import model

from ..conftest import MODEL, Said, Shop

WHEN = datetime(2026, 6, 12, tzinfo=UTC)


def decided(shop: Shop) -> tuple[str, datetime]:
    """Return an order of June with its moment."""
    rows = lake.read(shop.project.lake, "published/orders").select(["order_id", "ordered_at"])
    times = rows.column("ordered_at").cast(pa.timestamp("us", "UTC")).to_pylist()
    place = next(place for place, time in enumerate(times) if datetime(2026, 6, 1, tzinfo=UTC) < time < WHEN)
    return str(rows.column("order_id")[place].as_py()), times[place]


@pytest.fixture
def order(promoted: Shop) -> tuple[str, datetime]:
    return decided(promoted)


class TestExplain:
    def test_everything_from_rows_to_action(self, promoted: Shop, order: tuple[str, datetime], command: Callable[..., Said]) -> None:
        """
        It says which row gave each value, what each adds, what the rule says and what is decided; contributions add up, nothing was known
        later than the decision, and the answer is the one that scoring gave.
        """
        entity, moment = order

        found = explain(promoted.project, promoted.book, MODEL, entity, WHEN)

        assert (found.entity, found.decided_at, found.version) == (entity, moment, 2)
        assert found.base + sum(reason.contribution for reason in found.reasons) == pytest.approx(found.total, abs=1e-9)
        assert {origin.relation for origin in found.origins} == {"shop_queue", "recent_minutes"}
        assert all(origin.known_time is None or origin.known_time <= moment for origin in found.origins)
        assert any(origin.found for origin in found.origins)
        values = {reason.feature: reason.value for reason in found.reasons}
        assert found.rule == pytest.approx(20 + 3 * float(values["distance"] or 0))
        assert found.decision == "The time that the page shows when an order is placed."
        scores = lake.read(promoted.project.lake, f"scores/{MODEL}").to_pylist()
        assert found.answer == next(one["answer"] for one in scores if one["entity"] == entity)

        shown = command("explain", MODEL, entity, "--at", "2026-06-12", "--project", promoted.root)
        told = command("explain", MODEL, entity, "--at", "2026-06-12", "--json", "--project", promoted.root)

        assert shown.code == 0, shown.err
        assert f"{MODEL}@2 says" in shown.out
        assert "the rule says" in shown.out
        assert "shop_queue" in shown.out
        said = json.loads(told.out)
        assert said["answer"] == found.answer
        assert {reason["feature"] for reason in said["reasons"]} == set(values)

    def test_the_values_are_those_of_a_training_set(self, promoted: Shop, order: tuple[str, datetime]) -> None:
        """
        The features of the decision are the ones that the join of training sets gives for it.
        """
        entity, moment = order
        found = explain(promoted.project, promoted.book, MODEL, entity, WHEN)

        spec, catalog = model(promoted.project, MODEL), catalogs.load(promoted.project)
        frame = training_set.features(
            promoted.project.lake, spec, catalogs.relations(catalog, spec), WHEN, moment, moment + timedelta(microseconds=1),
            pins=catalogs.pins(catalog, spec),
        ).to_pylist()  # fmt: skip
        row = next(one for one in frame if str(one["entity"]) == entity)
        assert {reason.feature: reason.value for reason in found.reasons} == {
            name: value for name, value in row.items() if name not in ("entity", "decided_at")
        }

    def test_what_is_not_there_is_told(self, promoted: Shop, order: tuple[str, datetime]) -> None:
        """
        No such entity, a moment before its decision, and no such version are each answered with what to do.
        """
        entity, moment = order

        with pytest.raises(BadData, match="no decision about 'nobody'"):
            explain(promoted.project, promoted.book, MODEL, "nobody", WHEN)
        with pytest.raises(BadData, match=f"--at {moment:%Y-%m-%d}"):
            explain(promoted.project, promoted.book, MODEL, entity, moment - timedelta(days=1))
        with pytest.raises(UnknownName, match="no version '9'"):
            explain(promoted.project, promoted.book, MODEL, entity, WHEN, number=9)
