"""Fewer rows of a training set: what learners and neighbours look at where looking at all would take minutes."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.checks.training_set.base.frame import Frame

Places = npt.NDArray[np.int64]
MOST_ROWS = 20_000


def places(rows: int, most: int, seed: int) -> Places:
    """Return at most `most` of the places 0 to `rows` - 1, in order, drawn without regard to order.

    >>> places(3, 10, seed=7).tolist(), len(places(1000, 10, seed=7))
    ([0, 1, 2], 10)
    """
    if rows <= most:
        return np.arange(rows, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False)).astype(np.int64)


def thinned(frame: Frame, kept: Places) -> Frame:
    """Return the training set with the rows at the places `kept` alone, in this order."""
    taken = pa.array(kept)
    return replace(
        frame,
        rows=frame.rows.take(taken),
        fit=None if frame.fit is None else frame.fit[kept],
        holdout=None if frame.holdout is None else frame.holdout[kept],
        beside=None if frame.beside is None else frame.beside.take(taken),
        known={name: moments[kept] for name, moments in frame.known.items()},
        found={name: moments[kept] for name, moments in frame.found.items()},
    )


def sample(frame: Frame, most: int = MOST_ROWS) -> Frame:
    """Return the training set, or `most` of its rows drawn with its seed, in their order; the same each time."""
    if frame.rows.num_rows <= most:
        return frame
    return frame.once(f"sample of {most}", lambda: thinned(frame, places(frame.rows.num_rows, most, frame.seed)))
