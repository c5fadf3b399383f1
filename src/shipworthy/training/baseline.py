"""The rule that the model must beat: an SQL expression of the team, asked row by row."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.errors import BadData, BadSpec, ShipworthyError, StepFailed, UnknownName
from shipworthy.gateways import engine

Answers = npt.NDArray[np.float64]

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
    answers = _asked(frame, sql, where)
    some = np.arange(0, frame.num_rows, 2)
    again = _asked(frame.take(pa.array(some)), sql, where)
    if not np.array_equal(answers[some], again, equal_nan=True):
        raise BadSpec(
            where=where,
            what=f"the rule '{sql}' answers differently for a row when other rows are absent, or by chance",
            fix="use the row's own columns alone: put what needs other rows into a feature relation",
        )
    if every_row:
        _refuse_unanswered(frame, sql, answers, where)
    return np.where(np.isfinite(answers), answers, np.nan)


def _asked(frame: pa.Table, sql: str, where: str) -> Answers:
    numbered = frame.append_column(_ROW, pa.array(np.arange(frame.num_rows)))
    question = f"select {_ROW}, cast(({sql}) as double) as {_ANSWER} from {_FRAME}"
    try:
        answered = engine.query(question, {_FRAME: numbered})
    except StepFailed as failure:
        raise _in_words(failure, sql, frame, where) from None
    if answered.num_rows != frame.num_rows:
        what = f"the rule '{sql}' gives {answered.num_rows} answers for {frame.num_rows} rows"
        raise BadSpec(where=where, what=what, fix="write an expression with one value for each row")
    answers = answered.column(_ANSWER).to_numpy().astype(np.float64)
    ordered: Answers = answers[np.argsort(answered.column(_ROW).to_numpy())]
    return ordered


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
