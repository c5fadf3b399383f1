"""A split that is drawn rather than ordered: whole groups of rows, or single rows, to one side or the other."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from shipworthy.errors import BadData
from shipworthy.training.split import (
    LAST_INCLUDED,
    LEAST_FIT,
    LEAST_HOLDOUT,
    LEAST_TAIL,
    TAIL_SHARE,
    Codes,
    Mask,
    Split,
    Times,
    require_times,
    window,
)

ALONE = -1
"""The code of a row that belongs to no group: it is one of its own."""


def group_split(times: Times, groups: Sequence[Codes], share: float, *, seed: int, as_of: datetime, where: str = "training set") -> Split:
    """Return the split whose holdout is made of whole groups, drawn at random, of some `share` of the rows.

    Rows that share a value in any of `groups` stay together, directly or by way of others. The tail for early stopping,
    15 % of the fitted rows, is made of whole groups as well. Time is not looked at: there is no gap, and all windows are the whole
    history. The same rows and seed give the same split.

    Args:
        times: decision times, shape (n,), datetime64 in UTC; none is null or after `as_of`.
        groups: codes of what rows have in common, each of shape (n,); `ALONE` for a row without one.
        share: of the rows that are held out; as near as whole groups come to it.
        seed: of the draw.
        as_of: the moment whose knowledge the rows are; aware.
        where: what a refusal names.

    Raises:
        BadData: a time is null or after `as_of`, or a side has too few rows; with the figures and the largest group.
    """
    return _drawn(times, connected(groups, len(times)), share, seed, as_of, where, group=True)


def random_split(times: Times, share: float, *, seed: int, as_of: datetime, where: str = "training set") -> Split:
    """Return the split whose holdout are rows drawn at random: honest only where rows have nothing in common and no order.

    As `group_split`, with every row a group of its own; raises as it does.
    """
    return _drawn(times, np.arange(len(times), dtype=np.int64), share, seed, as_of, where, group=False)


def connected(groups: Sequence[Codes], rows: int) -> Codes:
    """Return one code for each row, from 0: rows that share a value in any of `groups`, by way of others too, have the same.

    >>> connected([np.array([0, 0, 1, -1]), np.array([5, 6, 6, -1])], 4).tolist()
    [0, 0, 0, 1]
    """
    links, first = [], rows
    for codes in groups:
        values, place = np.unique(codes, return_inverse=True)
        known = codes != ALONE
        links.append(np.stack([np.flatnonzero(known), first + place[known]]))
        first += len(values)
    ends = np.concatenate(links, axis=1) if links else np.zeros((2, 0), dtype=np.int64)
    graph = coo_array((np.ones(ends.shape[1], dtype=np.int8), (ends[0], ends[1])), shape=(first, first))
    found = connected_components(graph, directed=False)[1][:rows]
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def _drawn(times: Times, together: Codes, share: float, seed: int, as_of: datetime, where: str, *, group: bool) -> Split:
    moments = times.astype("datetime64[us]")
    require_times(moments, as_of, where)
    random = np.random.default_rng(seed)
    everything = np.ones(len(moments), dtype=np.bool_)
    held = taken(together, everything, share, random)
    fit = ~held
    tail = taken(together, fit, TAIL_SHARE, random)
    learn = fit & ~tail
    for mask, least, role in ((learn, LEAST_FIT, "to learn from"), (tail, LEAST_TAIL, "in the tail"), (held, LEAST_HOLDOUT, "held out")):
        require_enough(mask, least, role, together, where)
    whole = window(moments.min(), moments.max() + LAST_INCLUDED)
    return Split(
        fit=fit, holdout=held, learn=learn, tail=tail, fit_window=whole, holdout_window=whole, tail_window=whole, in_gap=0,
        by="group" if group else "random", together=together,
    )  # fmt: skip


def taken(together: Codes, among: Mask, share: float, random: np.random.Generator) -> Mask:
    """Return the rows of whole groups, drawn until they are nearest to `share` of the rows `among`."""
    sizes = np.bincount(together[among], minlength=int(together.max()) + 1)
    order = random.permutation(np.flatnonzero(sizes))
    sums = np.concatenate([[0], np.cumsum(sizes[order])])
    chosen = order[: int(np.argmin(np.abs(sums - share * among.sum())))]
    mask: Mask = among & np.isin(together, chosen)
    return mask


def require_enough(mask: Mask, least: int, role: str, together: Codes, where: str) -> None:
    """Do nothing if `mask` has at least `least` rows.

    Raises:
        BadData: it has fewer; with the figures and the largest group.
    """
    rows = int(mask.sum())
    if rows < least:
        largest = int(np.bincount(together).max())
        groups = int(together.max()) + 1
        what = f"{rows} rows {role}, at least {least} are needed: {len(together):,} rows in {groups:,} groups, the largest of {largest:,}"
        raise BadData(where=where, what=what, fix="give more rows, another evaluation.holdout_share, or finer evaluation.groups")
