"""Which version is meant where nobody, or somebody, names one."""

import pytest

from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.flows.versions import chosen

from ..conftest import MODEL, Shop


def test_without_one_that_answers_the_newest_counts(trained: Shop) -> None:
    """
    Two versions, nothing promoted.
    """
    assert chosen(trained.book, MODEL).version == 2


def test_a_number_wins_over_the_one_that_answers(promoted: Shop) -> None:
    """
    The newest may be asked for too; a number that is none is answered with those that are.
    """
    assert chosen(promoted.book, MODEL).version == 2
    assert chosen(promoted.book, MODEL, 1).version == 1
    assert chosen(promoted.book, MODEL, newest=True).version == 2
    with pytest.raises(UnknownName, match="no version '9'"):
        chosen(promoted.book, MODEL, 9)


def test_before_a_training_the_command_that_trains_is_named(built: Shop) -> None:
    """
    There is nothing to choose from yet, and what to do about it.
    """
    with pytest.raises(ShipworthyError, match="no version has been trained yet") as refused:
        chosen(built.book, MODEL)
    assert refused.value.fix == f"shipworthy train {MODEL}"
