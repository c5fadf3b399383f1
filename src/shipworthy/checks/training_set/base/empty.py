"""Values that say nothing."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def empty(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return which values say nothing, shape (n,): null, NaN, or text of blanks.

    >>> empty(pa.chunked_array([["a", None, " "]])).tolist()
    [False, True, True]
    """
    nothing = pc.is_null(column, nan_is_null=pa.types.is_floating(column.type))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        nothing = pc.or_(nothing, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True))
    return np.asarray(nothing.to_numpy(), dtype=np.bool_)
