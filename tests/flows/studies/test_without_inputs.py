"""What a model is worth without a feature, alone with one, and with inputs missing: on data whose truth is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.families import members
from shipworthy.flows import studies
from shipworthy.flows.chapters import chapters
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter

from ...conftest import MODEL, Shop
from ...real_data.sets import IN_ORDER, LATER, made
from ...subjects import subject_of

STUDIES = members(studies, Study)  # type: ignore[type-abstract]
SMALL = {"parameters": {"num_iterations": 80, "min_data_in_leaf": 20}}
ROWS = 3000


def drawn(label: str, **said: Any) -> Subject:
    """Return a model of `label`, SQL over `weight`, `width`, `noise` , `place` (a category) and `chance`; none is null."""
    random = np.random.default_rng(11)
    table = pa.table(
        {
            "n": np.arange(1, ROWS + 1), "weight": random.normal(size=ROWS), "width": random.normal(size=ROWS),
            "noise": random.normal(size=ROWS), "place": random.choice(["in", "out", "by"], ROWS), "chance": random.normal(size=ROWS),
        }
    )  # fmt: skip
    features = "weight, width, noise, place"
    sql = f"select n as entity, {IN_ORDER} as decided_at, {features}, {LATER} as known_at, {label} as label from drawn"
    frame: Frame = made("drawn", sql, task="regression", tables={"drawn": table})
    return subject_of(frame, training=SMALL, **said)


def look(subject: Subject, name: str) -> Chapter:
    found = STUDIES[name].look(subject)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def honest() -> Subject:
    """Two numbers and a category that matter, one that does not."""
    return drawn("10 * weight + 6 * width + 5 * (place = 'in')::int + chance")


@pytest.fixture(scope="module")
def snow() -> Subject:
    """One number that tells all."""
    return drawn("10 * weight + 0.3 * chance")


class TestWorth:
    @pytest.mark.parametrize("name", ["importance", "ablation"])
    def test_what_matters_is_worth_something_and_noise_is_not(self, honest: Subject, name: str) -> None:
        """
        Both ways order the features as they were made, and say that of the noise nothing can be seen.
        """
        found = look(honest, name)

        worth = found.figures["worth"]
        assert worth["weight"] > worth["width"] > worth["place"] > abs(worth["noise"])
        assert found.words[0].startswith("weight is worth ")
        assert "noise nothing can be seen" in found.words[1]

    def test_a_model_of_one_feature_has_nothing_to_leave_out(self, honest: Subject) -> None:
        """
        Ablation needs two groups of features: with one there is no chapter.
        """
        own = honest.spec.decisions.model_copy(update={"features": ["weight"]})
        alone = replace(honest, spec=honest.spec.model_copy(update={"decisions": own}))

        assert STUDIES["ablation"].look(alone) is None


class TestShortcut:
    def test_a_score_of_several_features_is_none(self, honest: Subject) -> None:
        """
        Where two features matter no one carries the score.
        """
        found = look(honest, "shortcut")

        assert [verdict.outcome for verdict in found.verdicts] == ["pass", "pass"]
        assert not any(verdict.noted for verdict in found.verdicts)

    def test_one_feature_that_tells_all_is_refused(self, snow: Subject) -> None:
        """
        It is named, with what it brings alone and what is left without it.
        """
        verdict = look(snow, "shortcut").verdicts[0]

        assert verdict.outcome == "fail"
        assert verdict.evidence["feature"] == "weight"
        assert verdict.evidence["alone"] > 0.97
        assert verdict.evidence["left"] < 0.1
        assert verdict.fix

    def test_one_that_the_rule_names_is_noted(self) -> None:
        """
        The team knows of it: its rule is made of it. It is worth a look and is not refused.
        """
        known = drawn("10 * weight + 0.3 * chance", baseline={"sql": "9 * weight"})

        verdict = look(known, "shortcut").verdicts[0]

        assert verdict.outcome == "pass"
        assert verdict.noted

    def test_a_part_that_has_all_the_gain_is_noted(self) -> None:
        """
        Where only a tenth of the decisions can be told anything about, its words say where.
        """
        easy = drawn("case when width > 1.28 then 40 * weight else chance end", baseline={"sql": "0"})

        verdict = look(easy, "shortcut").verdicts[1]

        assert verdict.noted
        assert verdict.evidence["part"].startswith("width is ")
        assert verdict.evidence["gain_share"] > 0.8

    def test_a_label_of_chance_has_no_shortcut(self) -> None:
        """
        Where nothing is gained nothing carries it.
        """
        found = look(drawn("chance"), "shortcut")

        assert found.verdicts[0].outcome == "pass"


class TestRobustness:
    def test_what_a_missing_feature_costs_is_told(self, honest: Subject) -> None:
        """
        The metric after each feature is missing is in the table, worst first; the useless one changes it least.
        """
        found = look(honest, "robustness")

        after = found.figures["after"]
        assert after["weight missing"] > after["width missing"] > after["noise missing"]
        assert after["noise missing"] == pytest.approx(found.figures["value"], rel=0.2)
        assert all(verdict.outcome == "pass" for verdict in found.verdicts)

    def test_answers_that_are_no_numbers_are_refused(self, honest: Subject) -> None:
        """
        A model that cannot take a missing value is told by name.
        """
        fragile = replace(honest, fitted=replace(honest.fitted, answers=lambda matrix: matrix[:, 0] * 10))

        verdict = look(fragile, "robustness").verdicts[0]

        assert verdict.outcome == "fail"
        assert "weight missing" in verdict.words

    def test_a_model_that_noise_unsettles_is_refused(self, honest: Subject) -> None:
        """
        One that knows its rows by their last digits loses its gain to noise of a hundredth.
        """
        known = {round(row[1], 9): told for row, told in zip(rows_of(honest), honest.truth, strict=True)}

        def by_heart(matrix: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
            return np.array([known.get(round(row[1], 9), 0.0) for row in np.nan_to_num(matrix)])

        learnt_by_heart = replace(honest, fitted=replace(honest.fitted, answers=by_heart), answers=honest.truth)

        verdict = look(learnt_by_heart, "robustness").verdicts[1]

        assert verdict.outcome == "fail"
        assert verdict.evidence["lost"] > 0.5

    def test_what_the_rule_does_better_is_noted(self) -> None:
        """
        Where the rule would be better than a model without an input, that is worth a look.
        """
        found = look(drawn("10 * weight + 6 * width + chance", baseline={"sql": "10 * weight"}), "robustness")

        assert found.verdicts[2].noted
        assert "weight missing" in found.verdicts[2].evidence["changes"]


def rows_of(subject: Subject) -> np.ndarray[Any, Any]:
    return np.array([subject.held.column(name).to_numpy() for name in ("weight", "width", "noise")]).T


def test_relations_are_named_where_a_model_was_trained(trained: Shop) -> None:
    """
    In a project with relations each has its line: what it is worth, and what is lost where it cannot be looked up.
    """
    found = chapters(trained.project, MODEL, 2)

    assert {"shop_queue", "recent_minutes"} <= set(found["ablation"].figures["worth"])
    assert {"without shop_queue", "without recent_minutes"} <= set(found["robustness"].figures["after"])
    assert all(verdict.outcome == "pass" for verdict in (*found["robustness"].verdicts, *found["shortcut"].verdicts))
