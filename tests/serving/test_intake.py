import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shipworthy.errors import BadRequest
from shipworthy.records import Task
from shipworthy.registry.schema import Column, Schema
from shipworthy.serving.faults import NotJson
from shipworthy.serving.intake import Intake

from .answering import row

COLUMNS = (
    Column("dep_delay", "number", unit="minutes", description="At departure.", low=-20.0, high=300.0),
    Column("wind speed", "number"),
    Column("carrier", "category", categories=("B6", "UA")),
)


def intake(*, task: Task = "regression", columns: tuple[Column, ...] = COLUMNS) -> Intake:
    return Intake(Schema("delay", task, "arr_delay", columns), most_rows=3)


def refused(body: Any) -> BadRequest:
    with pytest.raises(BadRequest) as refusal:
        intake().read_rows(body if isinstance(body, bytes) else json.dumps(body).encode())
    return refusal.value


def one(**changed: Any) -> dict[str, Any]:
    return {"rows": [{**row(), **changed}]}


class TestRowsThatAreRead:
    def test_null_is_unknown_and_an_integer_is_a_number(self) -> None:
        """
        A whole number is the same as its float, null stays null, and a moment comes out in UTC.
        """
        body = one(inputs={"carrier": None, "wind speed": 3, "dep_delay": None}, decided_at="2013-05-01T14:00:00+02:00")

        (read,) = intake().read_rows(json.dumps(body).encode())

        assert read.inputs == {"dep_delay": None, "wind speed": 3.0, "carrier": None}
        assert isinstance(read.inputs["wind speed"], float)
        assert read.decided_at == datetime(2013, 5, 1, 12, tzinfo=UTC)

    def test_a_category_may_be_any_text(self) -> None:
        """
        A category never seen is an input like another: the model takes it for unknown, and the answer says so.
        """
        (read,) = intake().read_rows(json.dumps(one(inputs=row(carrier="\U0001f6e9 ''")["inputs"])).encode())

        assert read.inputs["carrier"] == "\U0001f6e9 ''"

    @pytest.mark.parametrize("name", ["class", "model_config", "_hidden", "json", "näme mit Raum", "rows", "self", "a.b", ""])
    def test_a_feature_may_have_any_name(self, name: str) -> None:
        """
        Names that Python or a library keeps for itself are names of features too.
        """
        said = {"rows": [{"entity": "x", "decided_at": "2013-05-01T12:00:00Z", "inputs": {name: 1.5}}]}

        (read,) = intake(columns=(Column(name, "number"),)).read_rows(json.dumps(said).encode())

        assert read.inputs == {name: 1.5}

    @given(some.floats(allow_nan=False, allow_infinity=False), some.text(), some.permutations(["dep_delay", "wind speed", "carrier"]))
    def test_values_come_through_exact_and_in_the_order_of_the_schema(self, number: float, text: str, order: list[str]) -> None:
        """
        Whatever the order in the body, each value lies under its own name, bit for bit.
        """
        values = {"dep_delay": number, "wind speed": None, "carrier": text}
        body = msgspec.json.encode({"rows": [{**row(), "inputs": {name: values[name] for name in order}}]})

        (read,) = READER.read_rows(body)

        assert list(read.inputs.items()) == list(values.items())


READER = intake()


class TestRowsThatAreRefused:
    @pytest.mark.parametrize("value", ["12", True, [12], {"x": 1}])
    def test_a_wrong_type_is_named_with_its_value(self, value: object) -> None:
        """
        A text, a flag, a list for a number are refused: nothing is guessed.
        """
        refusal = refused(one(inputs=row(dep_delay=value)["inputs"]))

        assert refusal.where == "rows.0.inputs.dep_delay"
        assert repr(value) in refusal.what
        assert "null" in refusal.fix

    @pytest.mark.parametrize("value", [12, 1.5, False, ["UA"]])
    def test_a_number_is_no_category(self, value: object) -> None:
        """
        A number for a category is refused: whether 1 is '1' or '1.0' is not for the service to say.
        """
        refusal = refused(one(inputs=row(carrier=value)["inputs"]))

        assert (refusal.where, refusal.fix) == ("rows.0.inputs.carrier", "send a text, or null where it is not known")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400, "9" * 5000])
    def test_what_is_no_finite_number_is_refused(self, number: str) -> None:
        """
        NaN, infinities and numbers beyond the floats are refused; null is how to say unknown.
        """
        refusal = refused(json.dumps(one()).replace("12.0", number).encode())

        assert "null" in refusal.fix or isinstance(refusal, NotJson)

    def test_a_missing_field_is_named_and_null_offered(self) -> None:
        """
        Every field must be there: a caller who forgot one is told, rather than answered by a guess.
        """
        refusal = refused(one(inputs={"dep_delay": 1.0}))

        assert (refusal.where, refusal.what) == ("rows.0.inputs", "missing: wind speed, carrier")
        assert "null means unknown" in refusal.fix

    @pytest.mark.parametrize(
        ("body", "where", "fix"),
        [
            (one(inputs={**row()["inputs"], "dep_dealy": 1}), "rows.0.inputs.dep_dealy", "did you mean 'dep_delay'?"),
            (one(desided_at="x"), "rows.0.desided_at", "did you mean 'decided_at'?"),
            ({**one(), "row": []}, "row", "did you mean 'rows'?"),
        ],
    )
    def test_an_unknown_field_is_answered_with_the_nearest(self, body: object, where: str, fix: str) -> None:
        """
        A field that nothing reads is refused at every depth, with the name that was probably meant.
        """
        refusal = refused(body)

        assert refusal.where == where
        assert fix in refusal.fix

    @pytest.mark.parametrize(
        "moment", ["2013-05-01T12:00:00", "2013-05-01", "1367409600", 1367409600, "soon", "", None, "0001-01-01T00:00:00+14:00", "9" * 400]
    )
    def test_what_is_no_moment_is_refused(self, moment: object) -> None:
        """
        A time without a zone could be any of 24 moments, and digits could be seconds or milliseconds.
        """
        refusal = refused(one(decided_at=moment))

        assert refusal.where == "rows.0.decided_at"
        assert "zone" in refusal.fix

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"rows": []}, "rows"),
            ({"rows": [row()] * 4}, "rows"),
            ({"rows": row()}, "rows"),
            ({"rows": None}, "rows"),
            ({}, "body"),
            ([], "body"),
            (one(entity=""), "rows.0.entity"),
            (one(entity=17), "rows.0.entity"),
            (one(entity="x" * 1001), "rows.0.entity"),
            (one(inputs=None), "rows.0.inputs"),
        ],
    )
    def test_another_shape_is_refused_where_it_parts(self, body: object, where: str) -> None:
        """
        None, too many, or another thing than rows of the one form.
        """
        assert refused(body).where == where

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff", b"[" * 100_000, b"\xef\xbb\xbf{}", b'{"rows": []} x', b'{"rows": "\\ud800"}', b"rows=1"]
    )
    def test_what_is_no_json_is_told_so(self, body: bytes) -> None:
        """
        Broken, cut short, nested without end, with half a character: not JSON.
        """
        assert isinstance(refused(body), NotJson)

    def test_a_long_value_is_not_repeated_in_full(self) -> None:
        """
        A refusal shows enough of a value to find it, and no more.
        """
        refusal = refused(one(inputs=row(dep_delay="x" * 5000)["inputs"]))

        assert len(refusal.what) < 150


class TestOutcomes:
    def body(self, **changed: Any) -> bytes:
        outcome = {"entity": "UA 1", "value": 1, "known_at": "2013-05-01T13:00:00Z", **changed}
        return json.dumps({"outcomes": [outcome]}).encode()

    def test_the_decision_may_be_left_out(self) -> None:
        """
        An outcome is of a decision, or of the entity alone.
        """
        (alone,) = intake().read_outcomes(self.body())
        (decided,) = intake().read_outcomes(self.body(decided_at="2013-05-01T12:00:00Z"))

        assert (alone.decided_at, decided.decided_at) == (None, datetime(2013, 5, 1, 12, tzinfo=UTC))

    @pytest.mark.parametrize(
        "changed", [{"value": None}, {"value": "1"}, {"value": True}, {"known_at": "yesterday"}, {"entity": ""}, {"vale": 1}]
    )
    def test_what_is_no_outcome_is_refused(self, changed: dict[str, object]) -> None:
        """
        An unknown outcome is none, and the rest is as strict as for predictions.
        """
        with pytest.raises(BadRequest, match=f"outcomes.0.{next(iter(changed))}"):
            intake().read_outcomes(self.body(**changed))

    def test_a_binary_label_is_0_or_1(self) -> None:
        """
        Another number cannot be the outcome of a yes or no.
        """
        assert intake(task="binary").read_outcomes(self.body())[0].value == 1.0
        with pytest.raises(BadRequest, match=r"outcomes.0.value: 0.5 is neither 0 nor 1"):
            intake(task="binary").read_outcomes(self.body(value=0.5))
