"""The rule that the model must beat: an SQL expression of the team, asked row by row."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.errors import BadData, BadSpec, ShipworthyError, StepFailed, UnknownName
from shipworthy.gateways import engine
from shipworthy.training.classes import codes_of, counted, named

Answers = npt.NDArray[np.float64]
Read = Callable[[npt.NDArray[Any]], Answers]
PRIOR_ROWS = 3.0

_ROW, _ANSWER, _FRAME = "shipworthy_row", "shipworthy_answer", "frame"
_NO_COLUMN = re.compile(r'column "([^"]+)" (?:was )?not found|Referenced column "([^"]+)"', re.IGNORECASE)


def rule_answers(frame: pa.Table, sql: str, where: str, *, every_row: bool = True) -> Answers:
    """Return what the rule `sql` answers for each row of `frame`, shape (n,), in the order of the rows.

    The rule sees one row at a time: one that looks at other rows could look ahead, and no service could
    give its answer. Give it a `frame` without the label.

    Args:
        frame: the columns known at the decision, n rows.
        sql: an SQL expression over those columns; it must answer for every row.
        where: what a refusal names, such as `ml/arrival_delay/model.yml: baseline.sql`.
        every_row: whether a row without an answer is refused, as in training; where people send the rows it is NaN, not known.

    Raises:
        UnknownName: the rule names a column that `frame` lacks.
        BadSpec: it is no expression, or its answers depend on other rows or on chance.
        BadData: it leaves rows without an answer (null, NaN or infinite); names how many and one of them.

    >>> rule_answers(pa.table({"departure_delay": [4, -2]}), "departure_delay + 1.5", "model.yml")
    array([ 5.5, -0.5])
    """
    return _told(frame, sql, where, "double", _finite, every_row=every_row)


def rule_classes(frame: pa.Table, sql: str, classes: Sequence[str], where: str, *, every_row: bool = True) -> Answers:
    """Return the code of the class that the rule `sql` names for each row of `frame`, shape (n,): its place in `classes`.

    Arguments as for `rule_answers`, which it raises as. Where people send the rows, a class that is not among `classes` is NaN too: a
    version that was trained before there was such a class goes on answering.

    Raises:
        UnknownName: it names what is no class, in training; with the nearest.

    >>> rule_classes(pa.table({"delay": [40, 2]}), "case when delay > 15 then 'late' else 'fine' end", ("fine", "late"), "model.yml")
    array([1., 0.])
    """

    def read(said: npt.NDArray[Any]) -> Answers:
        return named(said, classes, where) if every_row else codes_of(list(said), classes)

    return _told(frame, sql, where, "varchar", read, every_row=every_row)


def meaning_of(said: Answers, truth: Answers, classes: int) -> Answers:
    """Return what it means where a rule names a class: the probability of each class, shape (classes, classes), a line for each it names.

    A rule that names classes has no probabilities, so it gets those that came true in the rows where it named the class, drawn to the
    shares of all by three rows. It owes no loss to a certainty that it never claimed.

    >>> meaning_of(np.array([0.0] * 7 + [1.0] * 7), np.array([0.0] * 7 + [1.0] * 7), 2).round(2).tolist()
    [[0.85, 0.15], [0.15, 0.85]]
    """
    shares = counted(truth, classes)
    known = np.isfinite(said)
    lines = [truth[known & (said == place)] for place in range(classes)]
    return np.array([(counted(line, classes) * len(line) + PRIOR_ROWS * shares) / (len(line) + PRIOR_ROWS) for line in lines])


def meant(said: Answers, meaning: Answers) -> Answers:
    """Return the probabilities that a rule means, shape (n, classes), where it names the classes `said`; NaN where it names none."""
    known = np.isfinite(said)
    return np.where(known[:, None], meaning[np.where(known, said, 0).astype(np.int64)], np.nan)


def _told(frame: pa.Table, sql: str, where: str, kind: str, read: Read, *, every_row: bool) -> Answers:
    answers = _asked(frame, sql, where, kind, read)
    some = np.arange(0, frame.num_rows, 2)
    again = _asked(frame.take(pa.array(some)), sql, where, kind, read)
    if not np.array_equal(answers[some], again, equal_nan=True):
        raise BadSpec(
            where=where,
            what=f"the rule '{sql}' answers differently for a row when other rows are absent, or by chance",
            fix="use the row's own columns alone: put what needs other rows into a feature relation",
        )
    if every_row:
        _refuse_unanswered(frame, sql, answers, where)
    return answers


def _finite(said: npt.NDArray[Any]) -> Answers:
    answers = said.astype(np.float64)
    return np.where(np.isfinite(answers), answers, np.nan)


def _asked(frame: pa.Table, sql: str, where: str, kind: str, read: Read) -> Answers:
    numbered = frame.append_column(_ROW, pa.array(np.arange(frame.num_rows)))
    question = f"select {_ROW}, cast(({sql}) as {kind}) as {_ANSWER} from {_FRAME}"
    try:
        answered = engine.query(question, {_FRAME: numbered})
    except StepFailed as failure:
        raise _in_words(failure, sql, frame, where) from None
    if answered.num_rows != frame.num_rows:
        what = f"the rule '{sql}' gives {answered.num_rows} answers for {frame.num_rows} rows"
        raise BadSpec(where=where, what=what, fix="write an expression with one value for each row")
    return read(answered.column(_ANSWER).to_numpy()[np.argsort(answered.column(_ROW).to_numpy())])


def _in_words(failure: StepFailed, sql: str, frame: pa.Table, where: str) -> ShipworthyError:
    absent = _NO_COLUMN.search(failure.what)
    if absent:
        return UnknownName.of("column", absent[1] or absent[2], known=frame.column_names, where=where)
    over_rows = "GROUP BY" in failure.what
    reason = "it sums up many rows, and must answer for one" if over_rows else failure.what
    fix = (
        "put what needs other rows into a feature relation" if over_rows else "write an SQL expression over the columns of the training set"
    )
    return BadSpec(where=where, what=f"the rule '{sql}' cannot be asked: {reason}", fix=fix)


def _refuse_unanswered(frame: pa.Table, sql: str, answers: Answers, where: str) -> None:
    without = np.flatnonzero(~np.isfinite(answers))
    if not len(without):
        return
    row = int(without[0])
    named = [name for name in frame.column_names if re.search(rf"\b{re.escape(name)}\b", sql)]
    values = ", ".join(f"{name} = {frame.column(name)[row].as_py()!r}" for name in named) or "no column of it named"
    raise BadData(
        where=where,
        what=f"the rule '{sql}' has no answer for {len(without)} of {len(answers)} rows, for example row {row} ({values})",
        fix="let it always answer, for example coalesce(<the rule>, <what to say when nothing is known>)",
    )
