"""Fairness on real people: adult and german credit, proxies of sex, and a control in which nobody is treated differently."""

from functools import cache

import numpy as np
import pyarrow as pa
from fairlearn.metrics import MetricFrame, equalized_odds_difference, selection_rate, true_positive_rate

from shipworthy.evaluation.fairness.disparity import Limit, judge
from shipworthy.evaluation.fairness.groups import Groups, grouped
from shipworthy.evaluation.fairness.outcomes import APPROVED, DESERVING, UNDESERVING, measured, outcomes
from shipworthy.flows.assessment import Assessed, assess
from shipworthy.flows.assessment_words import in_words
from shipworthy.flows.mitigation import compared
from shipworthy.flows.studies.base import Subject
from shipworthy.records import Chapter
from shipworthy.registry.encoding import encode
from shipworthy.training.fitted import Rows

from .sets import adult, german_credit
from .studied import subject

RESAMPLES = 400


@cache
def of_adult(*without: str) -> tuple[Subject, Assessed, Chapter]:
    frame = adult()
    seen = subject(frame, fairness={"sensitive": ["sex"], "policy": "approval_ratio"}, without=without)
    found = assess(seen, [grouped("sex", frame.rows.column("sex"))])
    return seen, found, in_words(seen, found)


def test_income_is_seen_in_women_a_third_as_often_as_in_men():
    """
    The ratio of selection rates is surely below four fifths: refused, whether the model is told the sex or not.
    """
    for without in ((), ("sex",)):
        _, found, chapter = of_adult(*without)
        (judged,) = [one.judged for one in found.compared]
        assert judged is not None
        assert judged.outcome == "fail"
        assert judged.pairs[0].value is not None
        assert 0.25 < judged.pairs[0].value < 0.42
        assert "for Female" in chapter.words[0]


def test_leaving_sex_out_does_not_hide_it_and_the_proxies_are_named():
    """
    The other columns tell it with an AUC of .93; relationship (husband, wife) tells most, and the gap runs through it.
    """
    _, found, _ = of_adult("sex")
    (traced,) = found.traced

    assert traced.joint is not None
    assert 0.90 < traced.joint.auc < 0.96
    assert traced.alone[0].name == "relationship"
    base = max(one.gap for one in traced.holds)
    through = {one.name: one.gap for one in traced.holds}
    assert through["relationship"] < 0.75 * base


def test_figures_are_those_of_fairlearn_called_by_hand():
    """
    Rates, ratio and difference agree to twelve places.
    """
    seen, found, _ = of_adult()
    decided, sex = seen.answers >= found.threshold, np.array(adult().rows.column("sex").to_pylist())[adult().holdout]
    frame = MetricFrame(
        metrics={APPROVED: selection_rate, DESERVING: true_positive_rate}, y_true=seen.truth, y_pred=decided, sensitive_features=sex
    )
    (compared,) = found.compared

    for name in (APPROVED, DESERVING):
        for group, spread in zip(compared.groups.names, compared.metrics[name], strict=True):
            assert spread.value is not None
            assert abs(spread.value - frame.by_group[name][group]) < 1e-12
    odds = equalized_odds_difference(seen.truth, decided, sensitive_features=sex)
    ours = [[one.value or 0 for one in compared.metrics[name]] for name in (DESERVING, UNDESERVING)]
    assert abs(max(max(rates) - min(rates) for rates in ours) - odds) < 1e-12


def test_sex_inside_the_personal_status_of_german_credit_is_found():
    """
    The ninth attribute holds sex and marriage; asked for sex alone, it tells it outright, and 1 is a harm there.
    """
    frame = german_credit()
    sex = pa.chunked_array([["female" if value in ("A92", "A95") else "male" for value in frame.rows.column("a9").to_pylist()]])
    seen = subject(frame, fairness={"policy": "approval_ratio", "favourable": 0})

    found = assess(seen, [grouped("sex", sex)])

    (traced,) = found.traced
    assert (traced.alone[0].name, traced.alone[0].auc) == ("a9", 1.0)
    (compared,) = found.compared
    assert compared.judged is not None
    assert compared.judged.outcome in ("pass", "unknown")


def test_groups_by_chance_are_not_refused_and_nothing_stands_for_them():
    """
    A control: of 400 columns of groups drawn at random, at most one in a hundred fails four fifths or a tenth.
    """
    seen, found, _ = of_adult()
    random, held = np.random.default_rng(11), len(seen.truth)
    result = outcomes("binary", seen.answers, seen.truth, np.arange(held), threshold=found.threshold or 0.5, favourable=1)
    refused = {"approval_ratio": 0, "demographic_parity": 0}
    for draw in range(RESAMPLES):
        part = random.choice(held, 1500, replace=False)
        names = tuple("abcde"[: 2 if draw % 2 else 5])
        groups = Groups("chance", names, random.integers(0, len(names), 1500))
        some = type(result)("binary", result.decided[part], result.true[part], np.arange(1500))
        rates = {APPROVED: measured(some, groups)[APPROVED]}
        for policy, limit in (("approval_ratio", Limit(least_ratio=0.8)), ("demographic_parity", Limit(most_difference=0.1))):
            refused[policy] += judge(rates, names, limit, least=50).outcome == "fail"

    assert max(refused.values()) <= RESAMPLES // 100


def test_a_column_by_chance_has_no_proxy_and_no_verdict_against_it():
    """
    What nobody can tell is not told, and people who differ by nothing are treated alike.
    """
    frame = adult()
    seen = subject(frame, fairness={"policy": "demographic_parity", "at_most": 0.1})
    drawn = pa.chunked_array([np.random.default_rng(3).choice(["a", "b"], frame.rows.num_rows)])

    found = assess(seen, [grouped("chance", drawn)])

    (traced,), (compared,) = found.traced, found.compared
    assert traced.joint is not None
    assert traced.joint.interval.low < 0.5 < traced.joint.interval.high
    assert compared.judged is not None
    assert compared.judged.outcome == "pass"


def test_every_mitigation_brings_women_and_men_nearer_and_says_what_it_costs():
    """
    Of adult: nothing leaves a ratio near .26; each way raises it, and its right decisions are some hundredths fewer at most.
    """
    frame = adult()
    seen = subject(frame, fairness={"sensitive": ["sex"], "policy": "approval_ratio"}, without=("sex",))
    levels = Rows(encode(seen.schema, seen.material.features), frame.label, seen.schema.names, seen.schema.categorical)

    chapter = compared(seen.spec, seen.material, levels, [grouped("sex", frame.rows.column("sex"))])

    ways = chapter.figures["sex"]["ways"]
    plain = ways["nothing"]
    for name, way in ways.items():
        if not name.startswith("nothing"):
            assert way["apart"] > plain["apart"] + 0.1
            assert way["right"] > plain["right"] - 0.05
