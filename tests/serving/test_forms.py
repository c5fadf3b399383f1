"""What names an entity in a request: typed by the relation of decisions, the decision's own entity and moment among it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shipworthy.errors import BadRequest
from shipworthy.registry.schema import Column, Key, KeyKind, Lookup, Schema
from shipworthy.serving.forms import from_text
from shipworthy.serving.intake import Intake

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def schema(*keys: Key) -> Schema:
    lookup = Lookup("queue", "queue", keys, {"waiting": "waiting"})
    return Schema("late", "regression", "y", (Column("shop", "category"), Column("waiting", "number")), lookups=(lookup,))


def read(asked: Schema, entity: str = "12", **decision: Any) -> Any:
    row = {"entity": entity, "decided_at": NOON.isoformat(), "decision": {"shop": "dragon"} | decision}
    (found,) = Intake(asked, most_rows=3).read_rows(json.dumps({"rows": [row]}).encode())
    return found


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("text", "a", "a"),
        ("integer", 3, 3),
        ("number", 2.5, 2.5),
        ("boolean", True, True),
        ("date", "2026-05-01", date(2026, 5, 1)),
        ("timestamp", "2026-05-01T14:00:00+02:00", NOON),
        ("integer", None, None),
    ],
)
def test_a_key_is_of_its_kind(kind: KeyKind, said: Any, value: Any) -> None:
    """
    Each kind that a column of decisions may be of, as JSON says it; null finds nothing, and is no mistake.
    """
    row = read(schema(Key("k", kind)), k=said)

    assert (row.keys, row.inputs) == ({"k": value}, {"shop": "dragon"})


def test_the_decisions_own_entity_and_moment_are_not_asked_for_twice() -> None:
    """
    Where features are found by them they come from the row itself, the entity as the kind that it is of.
    """
    asked = schema(Key("order_id", "integer", "entity"), Key("ordered_at", "timestamp", "decided_at"), Key("shop", "text"))

    assert read(asked).keys == {"order_id": 12, "ordered_at": NOON, "shop": "dragon"}
    with pytest.raises(BadRequest, match="'twelve' is no integer") as refusal:
        read(asked, entity="twelve")
    assert refusal.value.where == "rows.0.entity"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "1.5"), ("integer", ""), ("number", "x"), ("boolean", "perhaps"), ("date", "1 May"), ("timestamp", "2026-05-01T12:00:00")],
)
def test_a_text_that_is_of_another_kind_is_refused(kind: KeyKind, text: str) -> None:
    """
    A query or an entity says everything in text: what does not read as its kind names itself.
    """
    with pytest.raises(BadRequest, match=f"is no {kind}"):
        from_text(Key("k", kind), text, where="k")


def test_a_number_that_is_not_finite_is_no_key() -> None:
    """
    NaN and infinity name no entity.
    """
    for text in ("nan", "inf"):
        with pytest.raises(BadRequest, match="is no number"):
            from_text(Key("k", "number"), text, where="k")
