"""Cases of behaviour, asked of answers whose truth is known."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.evaluation.behaviour.cases import directed, invariant, known, ordered
from shipworthy.evaluation.behaviour.ground import Ground, Numbers
from shipworthy.evaluation.behaviour.made import made
from shipworthy.evaluation.behaviour.tried import Tried
from shipworthy.spec.behaviours import Direction, Invariance, Known, Order, Thresholds

RANDOM = np.random.default_rng(2)
ROWS = pa.table(
    {
        "distance": RANDOM.uniform(0, 10, 400),
        "items": pa.array(RANDOM.integers(1, 9, 400), pa.int64()),
        "shop": RANDOM.choice(["north", "south"], 400),
        "ticket": RANDOM.choice(["a", "b", "c"], 400),
    }
)
THRESHOLDS = Thresholds.model_validate({})


def minutes(rows: pa.Table) -> Numbers:
    """Return 20 + 3 for each kilometre, and 5 more in the north; of a null distance nothing is added."""
    distance = np.nan_to_num(rows.column("distance").to_numpy().astype(float))
    return 20 + 3 * distance + 5.0 * np.array([shop == "north" for shop in rows.column("shop").to_pylist()])


GROUND = Ground(ROWS, minutes, "ml/late/behaviours.yml")


def invariance(**said: Any) -> Tried:
    return invariant(GROUND, Invariance.model_validate({"name": "a case", **said}))


def direction(**said: Any) -> Tried:
    return directed(GROUND, Direction.model_validate({"name": "a case", **said}))


class TestInvariance:
    def test_what_does_not_matter_passes(self) -> None:
        """
        A feature that the answer does not use may take any value, given or of other rows.
        """
        found = invariance(values={"items": [1, 5, None]}, deal=["ticket"])

        assert (found.rows, found.passed) == (800, 800)

    def test_what_matters_fails_with_input_expected_and_got(self) -> None:
        """
        The failing row is shown, with the answer that it had and the one that it has now.
        """
        found = invariance(values={"shop": ["south"]}, rows=[{"distance": 2.0, "shop": "north"}], within=1)

        assert (found.rows, found.passed) == (1, 0)
        assert found.failures[0].input["shop"] == "north"
        assert (found.failures[0].expected, found.failures[0].got) == ("31 (± 1) also with shop = south", "26")

    def test_a_move_within_the_tolerance_passes(self) -> None:
        """
        Five minutes are let pass where six are allowed.
        """
        assert invariance(deal=["shop"], within=6).share == 1.0


class TestDirection:
    @pytest.mark.parametrize(
        ("answer", "more", "share"), [("rises", 1.0, 1.0), ("falls", -1.0, 1.0), ("does not rise", 1.0, 0.0), ("falls", 1.0, 0.0)]
    )
    def test_the_answer_must_go_its_way(self, answer: str, more: float, share: float) -> None:
        """
        Up with the distance, down with less of it, and not the other way.
        """
        assert direction(add={"distance": more}, answer=answer).share == share

    def test_an_answer_that_stays_does_not_rise(self) -> None:
        """
        What must rise and stays has failed; what must not fall and stays has passed.
        """
        assert direction(add={"items": 1}, answer="rises").share == 0.0
        assert direction(add={"items": 1}, answer="does not fall").share == 1.0

    def test_it_may_be_asked_for_so_much(self) -> None:
        """
        A rise of three minutes is enough where three are asked for, and too little where four are.
        """
        assert direction(add={"distance": 1}, answer="rises", within=2.99).share == 1.0
        found = direction(add={"distance": 1}, answer="rises", within=4, rows=[{"distance": 2, "shop": "south"}])
        assert found.failures[0].words.endswith("expected with distance +1 an answer that rises by at least 4 from 26; got 29")

    def test_a_text_is_put_in_place(self) -> None:
        """
        A category is changed to another.
        """
        assert direction(put={"shop": "north"}, answer="rises", where="shop = 'south'").share == 1.0

    def test_a_row_without_the_number_is_left_out(self) -> None:
        """
        Nothing can be added to null: such a row is not counted, and a case of nothing else is unknown.
        """
        found = direction(add={"distance": 1}, answer="rises", rows=[{"distance": None}])

        assert found.share is None
        assert found.judged("late@1", THRESHOLDS).outcome == "unknown"


class TestKnownAndOrder:
    def test_a_known_answer(self) -> None:
        """
        Within the tolerance it passes; beyond it the three are told.
        """
        row = {"distance": 2.0, "shop": "south"}
        right, wrong = (
            known(GROUND, Known.model_validate({"name": "two km", "row": row, "expected": expected, "within": 1}))
            for expected in (25.5, 30)
        )

        assert right.share == 1.0
        assert wrong.failures[0].words == "input distance=2.0, shop=south; expected 30 (± 1); got 26"

    def test_two_rows_in_their_order(self) -> None:
        """
        The row that must be higher is; turned round it is not.
        """
        near, far = {"distance": 1.0}, {"distance": 9.0}

        assert ordered(GROUND, Order.model_validate({"name": "far is late", "lower": near, "higher": far})).share == 1.0
        assert ordered(GROUND, Order.model_validate({"name": "far is late", "lower": far, "higher": near})).share == 0.0


class TestRows:
    def test_features_left_out_have_their_usual_value(self) -> None:
        """
        The commonest text and the middle number that was really seen.
        """
        row = GROUND.written([{"shop": None}], "a case").to_pylist()[0]

        assert row["shop"] is None
        assert row["distance"] in ROWS.column("distance").to_pylist()
        assert row["ticket"] in ("a", "b", "c")

    def test_a_condition_chooses_rows_of_the_holdout(self) -> None:
        """
        No more than asked for, and only such as meet it.
        """
        found = invariance(deal=["ticket"], where="distance > 5 and shop = 'north'", most=20)

        assert found.rows == 20

    def test_mistakes_are_told(self) -> None:
        """
        A name that is no feature, a condition that is none, a value of another type: each names its case.
        """
        with pytest.raises(UnknownName, match="no feature 'distence'"):
            direction(add={"distence": 1}, answer="rises")
        with pytest.raises(BadSpec, match="is no condition"):
            invariance(deal=["ticket"], where="distance >>> 5")
        with pytest.raises(BadSpec, match="is no value of 'distance'"):
            invariance(values={"distance": ["far"]})
        with pytest.raises(BadSpec, match="no number"):
            direction(add={"shop": 1}, answer="rises")


class TestMade:
    def test_what_dbt_says_is_asked(self) -> None:
        """
        Monotone columns, identifiers and sensitive ones each make a case; any model must be finite and answer a row alone as among others.
        """
        found = {one.name: one for one in made(GROUND, {"distance": "increasing"}, {"ticket": "identifier", "shop": "sensitive"})}

        assert found["the answer follows distance (increasing)"].share == 1.0
        assert found["ticket (identifier) does not matter"].share == 1.0
        assert found["answers are finite, also to a row of nulls"].share == 1.0
        assert found["a row alone is answered as among others"].share == 1.0
        sensitive = found["shop (sensitive) does not matter"]
        assert sensitive.level == "hard"
        assert sensitive.judged("late@1", THRESHOLDS).noted

    def test_the_wrong_way_is_found(self) -> None:
        """
        A column that is said to be decreasing and is not fails.
        """
        wrong = [one for one in made(GROUND, {"distance": "decreasing"}, {}) if one.kind == "direction"]

        assert wrong[0].judged("late@1", THRESHOLDS).outcome == "fail"

    def test_answers_that_depend_on_other_rows_are_found(self) -> None:
        """
        A model that looks at the rows beside it answers a row alone otherwise.
        """
        beside = Ground(ROWS, lambda rows: minutes(rows) - minutes(rows).mean(), "here")

        found = {one.kind: one for one in made(beside, {}, {})}

        assert found["alone"].judged("late@1", THRESHOLDS).outcome == "fail"

    def test_no_other_way_is_known(self) -> None:
        """
        A way that is neither is answered with the nearest.
        """
        with pytest.raises(UnknownName, match="increasing"):
            list(made(GROUND, {"distance": "increasin"}, {}))


def test_levels_have_their_thresholds() -> None:
    """
    One row in fifty is let pass by core and not by sanity; hard only notes it.
    """
    outcomes = {
        level: Tried("a case", "known", level, 50, 49).judged("late@1", THRESHOLDS)  # type: ignore[arg-type]
        for level in ("sanity", "core", "hard")
    }

    assert {level: verdict.outcome for level, verdict in outcomes.items()} == {"sanity": "fail", "core": "pass", "hard": "pass"}
    assert outcomes["hard"].noted
    assert not outcomes["core"].noted


class TestSeveralClasses:
    @staticmethod
    def ground() -> Ground:
        """Return answers with the probabilities of near and far, by distance alone."""

        def shares(rows: pa.Table) -> Numbers:
            far = np.nan_to_num(rows.column("distance").to_numpy().astype(float)) / 10
            return np.column_stack([1 - far, far])

        return Ground(ROWS, shares, "ml/late/behaviours.yml", ("near", "far"))

    def test_a_case_names_the_class_whose_probability_it_means(self) -> None:
        """
        What makes one likelier makes the other less likely.
        """
        said = {"name": "a case", "add": {"distance": 1.0}, "rows": [{"distance": 4.0}], "answer": "rises"}
        cases = [Direction.model_validate(said | {"of": name}) for name in ("far", "near")]

        assert [directed(self.ground().about(case), case).passed for case in cases] == [1, 0]

    def test_without_a_class_none_may_move(self) -> None:
        """
        The class that moved most is the one that is shown.
        """
        case = Invariance.model_validate({"name": "a case", "values": {"distance": [9.0]}, "rows": [{"distance": 1.0}], "within": 0.1})
        found = invariant(self.ground(), case)

        assert found.passed == 0
        assert found.failures[0].by == pytest.approx(0.8)

    def test_the_most_probable_class_may_be_known(self) -> None:
        """
        A wrong one is shown with the class that was got instead.
        """
        cases = [Known.model_validate({"name": "a case", "row": {"distance": 9.0}, "expected": name}) for name in ("far", "near")]
        right, wrong = (known(self.ground(), case) for case in cases)

        assert (right.passed, wrong.passed) == (1, 0)
        assert wrong.failures[0].got == "'far' with 0.900"

    @pytest.mark.parametrize(
        ("of", "error", "words"), [("fra", UnknownName, "'fra'"), (None, BadSpec, "which class's probability is meant")]
    )
    def test_a_class_that_is_none_or_is_not_named_is_refused(self, of: str | None, error: type[Exception], words: str) -> None:
        """
        A typo names the nearest; an order of what is not said names the fix.
        """
        case = Order.model_validate({"name": "a case", "of": of, "lower": {}, "higher": {}})
        with pytest.raises(error, match=words):
            ordered(self.ground().about(case), case)

    def test_a_class_where_there_are_none_is_refused(self) -> None:
        """
        So is a known class of a model that answers with numbers.
        """
        case = Order.model_validate({"name": "a case", "of": "far", "lower": {}, "higher": {}})
        with pytest.raises(BadSpec, match="asks about the class 'far'"):
            GROUND.about(case)
        with pytest.raises(UnknownName, match="'far'"):
            known(GROUND, Known.model_validate({"name": "a case", "row": {}, "expected": "far"}))

    def test_what_any_model_must_do_is_asked_of_every_class(self) -> None:
        """
        Finite and the same alone as among others; what is monotone is not asked, for it does not say which class follows.
        """
        found = {one.name: one for one in made(self.ground(), {"distance": "increasing"}, {"ticket": "identifier"})}

        assert len(found) == 3
        assert all(one.passed == one.rows for one in found.values())
