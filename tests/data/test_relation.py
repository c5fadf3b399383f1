from datetime import timedelta

import pytest

from shipworthy.data.relation import Relation
from shipworthy.errors import BadSpec, UnknownName


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"static": True, "event_time": "day"}, "static, and yet it has times"),
        ({"event_time": "day", "known_time": "told", "latency": timedelta(1)}, "both 'known_time' and 'latency'"),
        ({"known_time": "told"}, "without 'event_time'"),
        ({"event_time": "day", "latency": timedelta(-1)}, "a latency of -1 day"),
    ],
    ids=["static with times", "two times of knowledge", "no event", "known before"],
)
def test_facts_that_contradict_each_other_are_refused(facts, words):
    """
    Where to mend it is the relation's meta.
    """
    with pytest.raises(BadSpec, match=words) as error:
        Relation("weather", ("origin",), **facts)

    assert error.value.where == "weather: config.meta.shipworthy"


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        (Relation("weather", static=True), "no 'entity'"),
        (Relation("weather", ("origin",)), "no 'event_time', and not static"),
        (Relation("weather", ("origin",), "day"), "nothing says when a row of 'day' became known"),
    ],
    ids=["no entity", "no times", "no knowledge"],
)
def test_features_say_when_they_were_known(relation, words):
    """
    A time of knowledge is never assumed.
    """
    with pytest.raises(BadSpec, match=words):
        relation.require_times()


class TestMeta:
    def test_facts_are_read_as_dbt_has_them(self):
        """
        One entity may be written without a list, a latency in words.
        """
        said = {"entity": "origin", "event_time": "day", "latency": "1 day"}
        relation = Relation.of("weather", said, {"origin": "VARCHAR", "day": "DATE"}, {"origin": "identifier"})

        assert relation == Relation(
            "weather", ("origin",), "day", None, timedelta(days=1), False, relation.columns, {"origin": "identifier"}
        )

    @pytest.mark.parametrize(("meta", "roles", "near"), [({"entitty": "a"}, {}, "entity"), ({}, {"a": "identifer"}, "identifier")])
    def test_a_typo_is_answered_with_the_nearest_name(self, meta, roles, near):
        """
        Unknown keys and roles are refused.
        """
        with pytest.raises(UnknownName, match=f"did you mean '{near}'"):
            Relation.of("weather", meta, {}, roles)

    def test_a_latency_that_is_none(self):
        """
        The value and the way to write it are shown.
        """
        with pytest.raises(BadSpec, match="'soon' is not a length of time"):
            Relation.of("weather", {"event_time": "day", "latency": "soon"}, {})
