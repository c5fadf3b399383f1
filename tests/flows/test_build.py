"""Building: nothing twice, nothing lost, nothing published that is not fit."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shipworthy.errors import StepFailed
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.build import BuildResult, build
from shipworthy.flows.train import train
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.records import Verdict

from ..conftest import BUILT, MODEL, TRAINED, Shop, opened

LEAKY = "partition by orders.shop order by deliveries.delivered_at rows 30 preceding"


def test_the_same_build_again_does_nothing(built: Shop) -> None:
    """
    With the same sources and the same SQL nothing is due, for this moment and for earlier ones; the verdicts are the last ones.
    """
    before = {table: lake.pin(built.project.lake, table) for table in lake.tables(built.project.lake)}

    for moment in (BUILT, TRAINED):
        again = build(built.project, built.book, moment)
        assert (again.new, again.outcome) == (False, "pass")

    assert {table: lake.pin(built.project.lake, table) for table in lake.tables(built.project.lake)} == before


def test_a_build_shows_what_was_known(built: Shop) -> None:
    """
    Built as of a moment, a relation holds no row that became known later, though its source has them.
    """
    orders = lake.read(built.project.lake, "published/orders")["ordered_at"].to_pylist()
    landed = lake.read(built.project.lake, "sources/orders")["ordered_at"].to_pylist()

    assert max(orders) <= BUILT < max(landed)


def test_dbt_sees_the_whole_chain(built: Shop) -> None:
    """
    Landed sources and the model's exposure are written into the dbt project, the exposure with its owner.
    """
    folder = built.root / "models" / "shipworthy"

    assert "kitchen@example.org" in (folder / "_exposures.yml").read_text()
    assert "getvariable('sw_orders')" in (folder / "_landed.yml").read_text()


@pytest.fixture(scope="module")
def broken(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, BuildResult]]:
    folder = tmp_path_factory.mktemp("broken") / "shop"
    shutil.copytree(trained_once, folder, symlinks=True)
    shop = opened(folder)
    shop.rewrite(
        "models/orders.sql",
        "from",
        "from (select * replace (nullif(order_id, 'o00007') as order_id) from {{ source('landed', 'orders') }}) --",
    )
    shop.rewrite("models/deliveries.sql", "delivered_at, minutes,", "delivered_at, minutes::varchar as minutes,")
    shop.rewrite("models/shop_queue.sql", ", waiting from", " from")
    shop.rewrite("models/recent_minutes.sql", LEAKY, "partition by orders.shop")
    shop.rewrite("models/models.yml", "      - {name: waiting, description: Orders not yet cooked.}\n", "")
    shop.rewrite("models/kpi_daily.sql", "(minutes > 45)", "(minutes::double > 45)")
    shop.rewrite("models/kpi_daily.sql", "group by all", "where false group by all")
    yield shop, build(shop.project, shop.book, BUILT + timedelta(days=1))
    shop.book.dispose()


@pytest.mark.journey
class TestBroken:
    """One build of a project in which each relation is broken in its own way."""

    def words(self, broken: tuple[Shop, BuildResult], name: str, subject: str) -> Verdict:
        return next(verdict for verdict in broken[1].verdicts if (verdict.name, verdict.subject) == (name, subject))

    def test_a_failing_dbt_test_is_named(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A relation whose dbt test fails is not published; the verdict names the test and the file to mend.
        """
        verdict = self.words(broken, "dbt_tests", "orders")

        assert verdict.outcome == "fail"
        assert "not_null_orders_order_id" in verdict.words
        assert "models.yml" in verdict.fix

    def test_a_column_that_is_gone_is_named(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A column that the last version had and this one lacks is told by name.
        """
        verdict = self.words(broken, "column_contract", "shop_queue.waiting")

        assert (verdict.outcome, verdict.words) == ("fail", "shop_queue.waiting (double) is gone")

    def test_a_type_that_changed_is_named(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A column of another type is told with both types.
        """
        verdict = self.words(broken, "column_contract", "deliveries.minutes")

        assert verdict.words == "deliveries.minutes was double and is now varchar"

    def test_an_empty_relation_is_not_published(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A relation without rows is never a pass.
        """
        shop, result = broken
        said = {verdict.outcome for verdict in result.verdicts if verdict.subject.startswith("kpi_daily")}

        assert said & {"fail", "unknown"}
        assert lake.read(shop.project.lake, "published/kpi_daily").num_rows > 0

    def test_a_window_over_the_future_is_shown_by_a_row(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A mean over the whole history changes with what comes later: the canary shows one value with and without the future.
        """
        verdict = self.words(broken, "future_values", "recent_minutes")

        assert verdict.outcome == "fail", verdict.words
        assert verdict.evidence["column"] == "mean_minutes"
        assert verdict.evidence["with_future"] != verdict.evidence["without"]

    def test_the_last_published_versions_stay(self, broken: tuple[Shop, BuildResult], built_once: Path) -> None:
        """
        What was published before is what readers still find, row for row.
        """
        shop, _ = broken

        for name in ("orders", "deliveries", "shop_queue"):
            before = lake.read(built_once / ".shipworthy" / "lake", f"published/{name}")
            assert lake.read(shop.project.lake, f"published/{name}").equals(before)

    def test_nothing_learns_from_it(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        Training is refused with what is wrong, and the versions that were there remain.
        """
        shop, result = broken

        assert result.outcome == "fail"
        with pytest.raises(StepFailed, match="orders: not fit to learn from"):
            train(shop.project, shop.book, MODEL, BUILT)
        assert len(read.versions(shop.book, MODEL)) == 2

    def test_the_next_build_tries_again(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        Unsound relations are due: what failed is not remembered as done.
        """
        shop, _ = broken
        catalog = catalogs.load(shop.project)

        assert not all(facts["sound"] for facts in catalog.relations.values())
        assert catalog.relations["orders"]["version"] == lake.pin(shop.project.lake, "published/orders").version

    def test_a_change_stays_refused_until_somebody_accepts_it(self, broken: tuple[Shop, BuildResult]) -> None:
        """
        A relation that was not published is held to the columns of the last one that was, also by the next build.
        """
        shop, _ = broken

        facts = catalogs.load(shop.project).relations["shop_queue"]

        assert facts["columns"]["waiting"]["sql_type"] == "double"
        assert ["null_share", "shop_queue.waiting", 0.0, lake.read(shop.project.lake, "published/shop_queue").num_rows] in facts["measured"]
