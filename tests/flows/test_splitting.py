"""Splits as the spec says, on a project that was really built."""

import numpy as np
import pytest

from shipworthy.data import training_set
from shipworthy.errors import BadSpec, UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.splitting import split_of
from shipworthy.flows.train import train
from shipworthy.spec.project import model

from ..conftest import MODEL, TRAINED, Shop

SPEC = f"ml/{MODEL}/model.yml"
SAID = "evaluation: {metric: mae, holdout: 28 days}"


def split(shop: Shop, said: str):
    shop.rewrite(SPEC, SAID, f"evaluation: {{metric: mae, {said}}}")
    spec, catalog = model(shop.project, MODEL), catalogs.load(shop.project)
    made = training_set.build(shop.project.lake, spec, catalogs.relations(catalog, spec), TRAINED)
    rows = training_set.rows(shop.project.lake, made)
    return rows, split_of(shop.project, spec, made, rows)


def test_a_group_split_keeps_the_rows_of_a_column_of_the_decisions_together(built: Shop) -> None:
    """
    Groups may be a feature, the entity, or a column of the decisions that is no feature.
    """
    rows, found = split(built, "split: group, groups: [order_id, ordered_at], holdout_share: 0.3")

    moments = rows.column("decided_at").to_numpy()
    assert found.by == "group"
    assert not set(moments[found.fit]) & set(moments[found.holdout])
    assert abs(found.holdout.mean() - 0.3) < 0.01


def test_without_a_word_time_splits_what_is_spread_over_time(built: Shop) -> None:
    """
    Declared groups do not turn a history into a draw.
    """
    _, found = split(built, "groups: [shop]")

    assert found.by == "time"
    assert np.diff(found.holdout.astype(int)).min() == 0


def test_a_split_by_both_holds_out_later_decisions_of_shops_that_are_not_fitted(built: Shop) -> None:
    """
    No shop of the holdout is fitted, and all of it is later; what the tail chose was not learnt from the tail's shops.
    """
    rows, found = split(built, "split: both, groups: [shop], holdout: 28 days, holdout_share: 0.4")
    shops, moments = np.array(rows.column("shop").to_pylist()), rows.column("decided_at").to_numpy()

    assert (found.by, found.together) == ("both", None)
    assert not set(shops[found.fit]) & set(shops[found.holdout])
    assert not set(shops[found.learn]) & set(shops[found.tail])
    assert moments[found.fit].max() < moments[found.holdout].min()


def test_a_group_that_is_no_column_is_answered_with_the_nearest(built: Shop) -> None:
    """
    A typo among the groups is no split without groups.
    """
    with pytest.raises(UnknownName, match="did you mean 'shop'"):
        split(built, "split: group, groups: [shopp]")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("split: group", "needs 'groups'"),
        ("split: time, because: rows have no order at all", "argues for a random split"),
        ("split: random, holdout: 7 days", "'holdout' has no meaning in a split by 'random'"),
        ("split: time, holdout_share: 0.1", "'holdout_share' has no meaning"),
    ],
)
def test_what_a_split_would_pass_over_is_refused(built: Shop, said: str, words: str) -> None:
    """
    A setting that the split does not read is a mistake, told with its line.
    """
    with pytest.raises(BadSpec, match=words):
        split(built, said)


def test_a_model_is_trained_on_a_drawn_split(built: Shop) -> None:
    """
    The promise of a random split has an interval over its rows, and beats the rule.
    """
    built.rewrite(SPEC, SAID, "evaluation: {metric: mae, split: random, because: orders of a made-up shop are alike in all weeks}")

    made = train(built.project, built.book, MODEL, TRAINED)

    assert made.promise.interval is not None
    assert made.promise.difference is not None
    assert made.promise.difference.high < 0
