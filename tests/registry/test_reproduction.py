from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.registry.encoding import encode
from shipworthy.registry.reproduction import MOST_ROWS, largest_difference, rows_to_ask


def test_a_true_package_is_no_bit_away(fitted: Any, folder: Path) -> None:
    """
    The package of the fitted model gives its answers exactly: the difference is 0, not small.
    """
    assert largest_difference(fitted.write(folder), fitted.frame, fitted.answers) == 0.0


def test_one_other_answer_is_found(fitted: Any, folder: Path) -> None:
    """
    A single answer that differs among thousands is what is reported.
    """
    answers = fitted.answers.copy()
    answers[1234] += 0.25

    assert largest_difference(fitted.write(folder), fitted.frame, answers) == pytest.approx(0.25)


def test_nothing_compared_is_unknown(fitted: Any, folder: Path) -> None:
    """
    No rows, or an answer that is NaN, tell nothing: the difference is not known, and not 0.
    """
    package = fitted.write(folder)
    answers = fitted.answers.copy()
    answers[5] = np.nan

    assert largest_difference(package, fitted.frame.slice(0, 0), np.empty(0)) is None
    assert largest_difference(package, fitted.frame, answers) is None


def test_answers_of_other_rows_are_refused(fitted: Any, folder: Path) -> None:
    """
    Rows and answers that do not pair are a mistake of the caller, not a difference.
    """
    with pytest.raises(ValueError, match="3000 rows, 2999 answers"):
        largest_difference(fitted.write(folder), fitted.frame, fitted.answers[1:])


def test_few_rows_are_all_asked(fitted: Any, folder: Path) -> None:
    """
    Where there are no more rows than may be asked, each of them is; none are none.
    """
    package, matrix = fitted.write(folder), encode(fitted.schema, fitted.frame)

    assert rows_to_ask(package, fitted.frame, matrix).tolist() == list(range(3000))
    assert not len(rows_to_ask(package, fitted.frame.slice(0, 0), matrix[:0]))


def test_a_row_that_is_encoded_otherwise_is_asked_among_many(fitted: Any, folder: Path) -> None:
    """
    Of many rows some are asked, and with them the single one whose features the package reads otherwise than the fit did.
    """
    many = pa.concat_tables([fitted.frame] * 10)
    matrix = encode(fitted.schema, many)
    left_out = int(np.setdiff1d(np.arange(30_000), rows_to_ask(fitted.write(folder), many, matrix))[0])
    matrix[left_out, 0] += 1

    asked = rows_to_ask(fitted.write(folder), many, matrix)

    assert len(asked) == MOST_ROWS + 1
    assert left_out in asked
