"""Every check of training sets, on the sets that it shows itself."""

import json

import pytest

from shipworthy.checks.training_set.base import TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.judge import CHECKS, ask
from shipworthy.flows.learner import learner


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
class TestEveryTrainingCheck:
    def test_its_good_set_passes(self, check: TrainingCheck) -> None:
        """
        The set it shows as good passes without a note: a check that always fires is switched off in a week.
        """
        found = ask(check, check.passes(), learner)

        assert [(one.verdict.outcome, one.verdict.noted) for one in found] == [("pass", False)]

    def test_its_bad_set_is_found(self, check: TrainingCheck) -> None:
        """
        The set it shows as bad is refused, or reported by a check that only reports, in words, with a fix and with evidence as JSON.
        """
        worst = ask(check, check.fails(), learner)[0].verdict

        assert worst.outcome == "fail" if check.refuses else worst.noted
        assert worst.fix == check.fix
        assert worst.words.startswith(worst.subject)
        assert json.loads(json.dumps(dict(worst.evidence))) == dict(worst.evidence)

    @pytest.mark.parametrize("seed", range(5))
    def test_it_is_quiet_where_all_is_well(self, check: TrainingCheck, seed: int) -> None:
        """
        Sets in which all is well, binary and regression, raise neither a refusal nor a note.
        """
        drawn = sound(seed=seed)
        numbers = drawn["columns"]["amount"] + 3 * drawn["columns"]["visits"] + drawn["label"]

        for set_of_rows in (shown(**drawn), shown(drawn["columns"], numbers, task="regression")):
            assert [one.verdict.outcome for one in ask(check, set_of_rows, learner)] == ["pass"]

    def test_no_rows_are_unknown(self, check: TrainingCheck) -> None:
        """
        A training set without rows is unknown, never a pass: silence is not health.
        """
        (found,) = ask(check, shown({"amount": []}, []), learner)

        assert found.verdict.outcome == "unknown"
        assert "no rows" in found.verdict.words

    def test_it_says_what_it_fires_on_and_what_it_is_blind_to(self, check: TrainingCheck) -> None:
        """
        Whoever meets it learns when it fires and what slips through, without reading its code.
        """
        said = type(check).__doc__ or ""

        assert "Fires when" in said
        assert "Blind to" in said
        assert check.unit
        assert check.refuses or check.notes
