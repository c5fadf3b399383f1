"""Whether the package answers as the fitted model did: cell by cell, as a table and as single rows."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Package

MOST_ROWS, MOST_SINGLE_ROWS, MOST_OF_THE_SLOW = 20_000, 1000, 200


def rows_to_ask(package: Package, frame: pa.Table, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the positions of the rows that are worth a question, ascending: all, or 20,000 of them, evenly.

    Every row that the package encodes otherwise than the fit did is among them, however rare it is: what is alike to the bit in all
    features is answered alike by the same trees or coefficients, so the others need not all be asked.

    Args:
        package: what was packaged.
        frame: shape (n, at least k), raw feature values.
        matrix: shape (n, k), the same rows as the fit had them encoded.
    """
    encoded = encode(package.schema, frame)
    other = ~((encoded == matrix) | (np.isnan(encoded) & np.isnan(matrix))).all(axis=1)
    evenly = np.linspace(0, max(0, len(matrix) - 1), min(len(matrix), MOST_ROWS)).astype(np.int64)
    return np.union1d(evenly, np.flatnonzero(other))


def largest_difference(package: Package, frame: pa.Table, fitted: npt.NDArray[np.float64]) -> float | None:
    """Return the largest absolute difference between `fitted` and what the package answers; 0 is bit for bit.

    All rows are asked as a table, and up to 1,000 of them, evenly, one by one as the service would; 200 of a format whose answers
    may differ in their last digits, for it takes milliseconds for one.

    Args:
        package: what was packaged.
        frame: shape (n, at least k), raw feature values.
        fitted: shape (n,), the answers of the model as it was fitted, in the unit of the label.

    Returns:
        None if there are no rows or an answer is NaN: then nothing is known.

    Raises:
        ValueError: `frame` and `fitted` are not of one length.
    """
    if frame.num_rows != len(fitted):
        raise ValueError(f"{frame.num_rows} rows, {len(fitted)} answers")
    if not len(fitted):
        return None
    most = MOST_OF_THE_SLOW if package.tolerance else MOST_SINGLE_ROWS
    chosen = np.unique(np.linspace(0, len(fitted) - 1, most).astype(np.int64))
    singles = [package.predict([row])[0] for row in frame.take(pa.array(chosen)).to_pylist()]
    furthest = max(_furthest(package.predict_table(frame), fitted), _furthest(np.array(singles), fitted[chosen]))
    return None if np.isnan(furthest) else furthest


def _furthest(answers: npt.NDArray[np.float64], fitted: npt.NDArray[np.float64]) -> float:
    return float(np.abs(answers - fitted).max())


def allowed(package: Package, fitted: npt.NDArray[np.float64]) -> float:
    """Return how far the answers may lie apart, in the unit of the label: 0 for formats that answer bit for bit."""
    return package.tolerance * max(1.0, float(np.abs(fitted).max())) if len(fitted) else 0.0
