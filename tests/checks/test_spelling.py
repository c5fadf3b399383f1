"""Categories of a relation that are one and the same."""

import pytest

from shipworthy.checks.base.shape import levels, measure
from shipworthy.checks.base.spelling import spelled, variants
from shipworthy.gateways import engine


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"new york": 90, "New-York ": 3}, [("New-York ", "new york", True)]),
        ({"Amsterdam": 900, "Amsterdm": 3, "Amstredam": 2}, [("Amsterdm", "Amsterdam", False), ("Amstredam", "Amsterdam", False)]),
        ({"A+": 50, "A": 50, "A-": 50}, []),
        ({"<5": 50, ">5": 50, "-5": 2}, []),
        ({"1.5": 50, "15": 50, "1-5": 9}, []),
        ({"Terminal 1": 900, "Terminal 2": 3}, []),
        ({"Anderson": 60, "Andersen": 40}, []),
        ({f"town {number}": 1 for number in range(2_500)} | {"TOWN 1": 1}, []),
        ({}, []),
    ],
)
def test_only_what_is_no_other_category(counts: dict[str, int], found: list[tuple[str, str, bool]]) -> None:
    """
    Case, spaces and punctuation are no difference; grades, signs, numbers and honest neighbours are.
    """
    assert [(one.text, one.of, one.sure) for one in variants(counts)] == found


def test_a_column_is_told_with_its_rows() -> None:
    """
    From the bins of a build comes the verdict on its spellings, an empty text among them; where each has one there is none.
    """
    with engine.memory() as connection:
        connection.execute(
            "create table people as select unnest(['>50K', '>50K', '>50K.', '', null]) as income, unnest(['a', 'b', 'a', 'b', 'a']) as sex"
        )
        shapes = measure(connection, "people", {"income": "text", "sex": "text"}, {"income": 3.0, "sex": 2.0})

    found = levels(shapes)
    verdict = spelled(found["income"], subject="people.income")

    assert found == {"income": {"": 1, ">50K": 2, ">50K.": 1}, "sex": {"a": 3, "b": 2}}
    assert verdict is not None
    assert verdict.noted
    assert "1 of 4 rows in another spelling: '>50K.' (1) is '>50K' (2)" in verdict.words
    assert spelled(found["sex"], subject="people.sex") is None
