"""Which candidate is kept on real sets: a linear model where it is as good, and what a rule is worth on the same rows."""

from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.choosing import choose
from shipworthy.flows.chosen_words import words
from shipworthy.flows.fitting import fitted_on
from shipworthy.flows.material import Material
from shipworthy.flows.train import offline
from shipworthy.gateways.engine import query
from shipworthy.registry.encoding import encode
from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.registry.gates.beats_rule import BeatsRule
from shipworthy.spec.model import ModelSpec

from ..subjects import features_of, material_of, spec_of
from .looked import without
from .sets import bike_sharing, telco_churn

LAST_WEEK = "same_hour_last_week"


def told(frame: Frame, **said: object) -> tuple[ModelSpec, Catalog, Material]:
    """Return spec, catalog and material of a set."""
    spec = spec_of(frame, **said)
    texts = {name: pa.types.is_string(frame.rows.schema.field(name).type) for name in (*features_of(frame), "label")}
    columns = {name: {"description": "", "sql_type": "VARCHAR" if text else "DOUBLE"} for name, text in texts.items()}
    facts = {"role": "published", "columns": columns, "meta": {}, "version": 0}
    return spec, Catalog(frame.as_of, "key", {frame.model: {**facts, "sound": True}}), material_of(frame, spec)


@cache
def bikes() -> Frame:
    """Hours of bicycle hire with what was hired in the same hour of the week before; the parts of the label left out."""
    frame = without(bike_sharing(), "casual", "registered")
    sql = "select *, lag(label, 168) over (order by decided_at)::double as same_hour_last_week from rows order by decided_at, entity"
    rows = query(sql, {"rows": frame.rows})
    feature = replace(next(iter(frame.features.values())), kind="number", column=LAST_WEEK)
    return replace(frame, rows=rows, features={**frame.features, LAST_WEEK: feature})


def test_on_telco_churn_the_linear_model_is_kept() -> None:
    """
    LightGBM is not surely better at who leaves, and the linear model is simpler; the constant is surely worse.
    """
    made = told(telco_churn(), evaluation={"split": "time", "holdout": "28 days"}, training={"search": {"trials": 5}})
    chosen = choose(*made)

    assert chosen.selection is not None
    assert chosen.learner == "linear", words(chosen, "log_loss")
    assert chosen.selection.of("constant").surely_worse


def test_on_bike_sharing_the_rule_stands_on_the_rows_of_the_folds() -> None:
    """
    What was hired in the same hour a week ago is surely beaten on the folds, by LightGBM alone.
    """
    rule = {"sql": f"coalesce({LAST_WEEK}, 150)", "words": "As many as in the same hour a week ago."}
    chosen = choose(*told(bikes(), baseline=rule, training={"search": {"trials": 0}}))

    assert chosen.learner == "lightgbm", words(chosen, "mae")
    assert chosen.rule is not None
    assert chosen.rule.interval is not None
    assert chosen.rule.interval.high < 0


def test_a_year_later_the_rule_wins_and_the_model_is_refused() -> None:
    """
    What was learnt from 2011 knows nothing of the growth of 2012: the same hour a week ago is off by less, and the gate refuses.
    """
    frame = bikes()
    years = frame.rows.column("decided_at").cast(pa.timestamp("us")).to_numpy().astype("datetime64[Y]").astype(int) + 1970
    yearly = replace(frame, fit=years == 2011, holdout=years == 2012)
    rule = {"sql": f"coalesce({LAST_WEEK}, 150)", "words": "As many as in the same hour a week ago."}
    spec, catalog, material = told(yearly, baseline=rule, training={"search": {"trials": 0}})
    blind = replace(material, features=material.features.drop_columns([LAST_WEEK]))

    fitted, schema = fitted_on(spec, catalog, blind)
    answers = fitted.answers(encode(schema, blind.features.filter(pa.array(blind.split.holdout))))
    promised = offline(spec, 1, blind, answers, frame.as_of)
    verdict = BeatsRule().judge(replace(EXAMPLE, spec=spec, offline=promised))

    assert promised.rule is not None
    assert promised.value is not None
    assert promised.rule == pytest.approx(71.6, abs=0.5)
    assert promised.value > promised.rule
    assert verdict.outcome == "fail", verdict.words
