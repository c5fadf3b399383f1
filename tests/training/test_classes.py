"""The names of classes, their codes, and what a rule that names them means."""

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadData, UnknownName
from shipworthy.training.baseline import meaning_of, meant, rule_classes
from shipworthy.training.classes import classes_of, codes_of, texts_of

WHERE = "label of late"


def test_classes_are_texts_or_whole_numbers() -> None:
    """
    A text stands for itself, a whole number for its digits, a dictionary for its values, null for nothing.
    """
    assert texts_of(pa.chunked_array([["b", None]]), WHERE) == ["b", None]
    assert texts_of(pa.chunked_array([[3, 10]]), WHERE) == ["3", "10"]
    assert texts_of(pa.chunked_array([pa.array(["b", "a"]).dictionary_encode()]), WHERE) == ["b", "a"]
    with pytest.raises(BadData, match="type double, and classes have names"):
        texts_of(pa.chunked_array([[0.5]]), WHERE)


def test_too_many_classes_are_no_classes() -> None:
    """
    A number or a free text taken for a label is refused with examples; so is a label without a value.
    """
    with pytest.raises(BadData, match="has 60 classes, for example 'n0', 'n1', 'n10'"):
        classes_of([f"n{number}" for number in range(60)], WHERE)
    with pytest.raises(BadData, match="has no class"):
        classes_of([None], WHERE)


def test_a_code_is_the_place_of_its_class() -> None:
    """
    Codes follow the order of the classes, and what is none of them is not known.
    """
    texts = ["10", "-2", None, "9"]
    classes = classes_of(texts, WHERE)

    assert classes == ("-2", "9", "10")
    assert np.array_equal(codes_of([*texts, "11"], classes), [2, 0, np.nan, 1, np.nan], equal_nan=True)


def test_a_rule_names_classes_and_a_typo_is_answered_with_the_nearest() -> None:
    """
    Each row gets the code of the class that the rule names; where rows are sent by people, one without a class is not known.
    """
    frame, classes = pa.table({"delay": [40, 2, None]}), ("fine", "late")
    sql = "case when delay > 15 then 'late' when delay <= 15 then 'fine' end"

    assert np.array_equal(rule_classes(frame, sql, classes, WHERE, every_row=False), [1, 0, np.nan], equal_nan=True)
    with pytest.raises(BadData, match="no answer for 1 of 3 rows"):
        rule_classes(frame, sql, classes, WHERE)
    with pytest.raises(UnknownName, match="'lat'") as refused:
        rule_classes(frame, "'lat'", classes, WHERE)
    assert "late" in refused.value.fix
    assert np.isnan(rule_classes(frame, "'lat'", classes, WHERE, every_row=False)).all()


def test_a_rule_means_what_it_has_meant() -> None:
    """
    A rule that is right in nine of ten rows says so; one that never names a class means the shares of all by it; no class, nothing known.
    """
    truth = np.array([0.0] * 900 + [1.0] * 100)
    means = meaning_of(np.zeros(1000), truth, 3)

    assert means == pytest.approx(np.array([[0.9, 0.1, 0.0]] * 3))
    assert meant(np.array([2.0, np.nan]), means) == pytest.approx(np.array([[0.9, 0.1, 0.0], [np.nan] * 3]), nan_ok=True)
