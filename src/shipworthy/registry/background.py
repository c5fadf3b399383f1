"""Rows of the training set that an explanation compares with, kept in the package: encoded, null where missing."""

import msgspec
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadArtifact

Matrix = npt.NDArray[np.float64]
MOST_ROWS = 50


def chosen(matrix: Matrix, seed: int) -> Matrix:
    """Return at most 50 rows of `matrix`, shape (n, k), drawn without putting back; the same for the same seed."""
    if len(matrix) <= MOST_ROWS:
        return matrix
    return matrix[np.sort(np.random.default_rng(seed).choice(len(matrix), MOST_ROWS, replace=False))]


def to_json(rows: Matrix) -> bytes:
    """Return `rows`, shape (b, k), as JSON; NaN is null."""
    return msgspec.json.encode([[None if np.isnan(value) else float(value) for value in row] for row in rows])


def from_json(content: bytes, columns: int, *, where: str) -> Matrix:
    """Return the rows that `to_json` wrote, shape (b, columns).

    Raises:
        BadArtifact: they are none, or of another width.
    """
    try:
        rows = msgspec.json.decode(content, type=list[list[float | None]])
    except msgspec.DecodeError as error:
        raise BadArtifact(where=where, what=f"holds no rows: {error}", fix="package the model again") from None
    if any(len(row) != columns for row in rows):
        raise BadArtifact(where=where, what=f"holds a row that is not of {columns} values", fix="package the model again")
    return np.array([[np.nan if value is None else value for value in row] for row in rows]).reshape(len(rows), columns)
