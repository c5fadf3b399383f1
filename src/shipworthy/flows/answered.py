"""What was answered and what came true as numbers that a loss takes: values, or codes of classes beside their probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.training.classes import codes_of

Numbers = npt.NDArray[np.float64]
_read: msgspec.json.Decoder[dict[str, float]] = msgspec.json.Decoder(dict[str, float])


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows that were answered and whose truth is known: `truth` and `answers` as losses take them; `classes` are those of their codes."""

    truth: Numbers
    answers: Numbers
    classes: tuple[str, ...] = ()


def answered(rows: pa.Table, classes: Sequence[str], column: str = "answer") -> Answered:
    """Return the truth and the answers of `rows` with the columns `truth`, `column`, and of classes `probabilities` (JSON).

    A class that came true and that nobody had met is one more, to which every answer gave nothing.

    >>> said = pa.array(['{"a": 0.75, "b": 0.25}'])
    >>> answered(pa.table({"truth": ["c"], "answer": [0.75], "probabilities": said}), ("a", "b"))
    Answered(truth=array([2.]), answers=array([[0.75, 0.25, 0.  ]]), classes=('a', 'b', 'c'))
    """
    if not classes:
        return Answered(rows["truth"].to_numpy(), rows[column].to_numpy())
    told = [_read.decode(one) for one in rows["probabilities"].to_pylist()]
    met = {*pc.unique(rows["truth"]).to_pylist(), *(name for one in told for name in one)} - {None, *classes}
    every = (*classes, *sorted(met))
    probabilities = np.array([[one.get(name, 0.0) for name in every] for one in told]).reshape(len(told), len(every))
    return Answered(codes_of(rows["truth"].to_pylist(), every), probabilities, every)
