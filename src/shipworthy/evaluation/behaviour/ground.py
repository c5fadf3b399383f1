"""The rows that cases are asked about: written down, or of the holdout."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.errors import BadSpec, StepFailed, UnknownName
from shipworthy.gateways import engine
from shipworthy.spec.behaviours import Case, OnRows

Numbers = npt.NDArray[np.float64]
Answer = Callable[[pa.Table], Numbers]
PLACE = "shipworthy_place"


@dataclass(frozen=True, slots=True)
class Ground:
    """What cases stand on: `rows` of raw feature values that the model meets, how it answers such rows, and which file a mistake is in.

    Where there are `classes` an answer has the probability of each.
    """

    rows: pa.Table
    answer: Answer
    where: str
    classes: tuple[str, ...] = ()

    def about(self, case: Case) -> "Ground":
        """Return the ground of a case: that of the probability of one class where the case names one.

        Raises:
            UnknownName: it names no class.
            BadSpec: it names a class, and there are none.
        """
        if case.of is None:
            return self
        where = f"{self.where}: '{case.name}'"
        if not self.classes:
            raise BadSpec(where=where, what=f"asks about the class '{case.of}', and the label has none", fix="take 'of' out")
        if case.of not in self.classes:
            raise UnknownName.of("class", case.of, known=self.classes, where=where)
        place, answer = self.classes.index(case.of), self.answer
        return replace(self, answer=lambda rows: answer(rows)[:, place], classes=())

    def require_one(self, case: Case) -> None:
        """Do nothing if there is one number for each row.

        Raises:
            BadSpec: there are classes, and the case does not say which it means.
        """
        if self.classes:
            what = "does not say which class's probability is meant"
            raise BadSpec(where=f"{self.where}: '{case.name}'", what=what, fix=f"write of: {self.classes[0]}, or another class")

    def require(self, names: Sequence[str], case: str) -> None:
        """Do nothing if each of `names` is a feature.

        Raises:
            UnknownName: one is not; with the nearest.
        """
        for name in names:
            if name not in self.rows.column_names:
                raise UnknownName.of("feature", name, known=self.rows.column_names, where=f"{self.where}: '{case}'")

    def written(self, rows: Sequence[Mapping[str, Any]], case: str) -> pa.Table:
        """Return rows as a table; a feature that a row does not name has its usual value.

        Raises:
            UnknownName: a row names what is no feature.
            BadSpec: a value is not of the feature's type.
        """
        usual = self.usual
        for row in rows:
            self.require(list(row), case)
        try:
            return pa.Table.from_pylist([{**usual, **row} for row in rows], schema=self.rows.schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            what = f"a value is not of its feature's type: {error}"
            raise BadSpec(where=f"{self.where}: '{case}'", what=what, fix="write it as the training set has it") from None

    @property
    def usual(self) -> dict[str, Any]:
        """The median of each number that is one of its values, the commonest of each text; null where all are."""
        return {name: _usual(self.rows.column(name)) for name in self.rows.column_names}

    def of(self, case: OnRows) -> pa.Table:
        """Return the rows of a case; no more of the holdout than it asks for, evenly taken.

        Raises:
            BadSpec: its condition is none.
            UnknownName: a row names what is no feature.
        """
        if case.rows:
            return self.written(case.rows, case.name)
        found = self.rows if case.where is None else self.rows.take(self._meeting(case.where, case.name))
        places = np.unique(np.linspace(0, max(found.num_rows - 1, 0), min(case.most, found.num_rows)).astype(np.int64))
        return found.take(pa.array(places))

    def _meeting(self, condition: str, case: str) -> pa.Array:
        numbered = self.rows.append_column(PLACE, pa.array(np.arange(self.rows.num_rows)))
        try:
            found = engine.query(f"select {PLACE} from numbered where ({condition}) order by {PLACE}", {"numbered": numbered})
        except StepFailed as failure:
            what = f"'{condition}' is no condition: {failure.what}"
            raise BadSpec(where=f"{self.where}: '{case}'", what=what, fix="write an SQL condition over features") from None
        return found.column(PLACE).combine_chunks()


def _usual(values: pa.ChunkedArray) -> Any:
    known = values.drop_null()
    if not len(known):
        return None
    if pa.types.is_string(known.type) or pa.types.is_large_string(known.type) or pa.types.is_boolean(known.type):
        return _commonest(known)
    return known.take(pc.sort_indices(known).slice(len(known) // 2, 1))[0].as_py()


def _commonest(known: pa.ChunkedArray) -> Any:
    counted = pc.value_counts(known.combine_chunks())
    return counted.field("values")[int(np.argmax(counted.field("counts").to_numpy()))].as_py()
