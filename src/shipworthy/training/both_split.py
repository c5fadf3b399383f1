"""A split by time and by group: the holdout comes later, and nobody in it has been learnt from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from shipworthy.training.drawn_split import connected, require_enough, taken
from shipworthy.training.split import LEAST_FIT, LEAST_HOLDOUT, LEAST_TAIL, TAIL_SHARE, Codes, Mask, Split, Times, time_split

TAIL_GROUPS = 0.3  # of the last fitted rows: the share whose groups are kept from the search for the number of trees


def both_split(
    times: Times, groups: Sequence[Codes], holdout: timedelta, share: float, gap: timedelta, *,
    seed: int, as_of: datetime, where: str = "training set",
) -> Split:  # fmt: skip
    """Return the split whose holdout lies in the last stretch of history, of groups none of whose rows is fitted.

    Of the rows of the last stretch, of length `holdout`, whole groups are drawn until they are nearest to the `share` of them: these are
    the holdout. Fitted are the rows at least `gap` before that stretch of the groups that were not drawn. Earlier rows of drawn groups
    and later ones of the others are in neither; `apart` counts them. The tail for early stopping is made the same way inside the fitted
    rows: three tenths of the last 15 %, and none of their groups is among `learn`. Days are what is independent of each other:
    `together` is None. The same rows and seed give the same split.

    Args:
        times: decision times, shape (n,), datetime64 in UTC; none is null or after `as_of`.
        groups: codes of what rows have in common, each of shape (n,); `ALONE` for a row without one.
        holdout: length of the last stretch.
        share: of the rows of that stretch that are held out; as near as whole groups come to it.
        gap: what is left out before the holdout and before the tail.
        seed: of the draw.
        as_of: the moment whose knowledge the rows are; aware.
        where: what a refusal names.

    Raises:
        BadData: a time is null or after `as_of`, or a side has too few rows; with the figures.
    """
    ordered = time_split(times, holdout, gap, as_of=as_of, where=where)
    together, random = connected(groups, len(times)), np.random.default_rng(seed)
    held = taken(together, ordered.holdout, share, random)
    fit = ordered.fit & ~_kin(together, held)
    require_enough(fit, LEAST_FIT + LEAST_TAIL, "to learn from", together, where)
    require_enough(held, LEAST_HOLDOUT, "held out", together, where)
    moments = times.astype("datetime64[us]")
    begins = np.sort(moments[fit])[int(fit.sum() * (1 - TAIL_SHARE))]
    tail = taken(together, fit & (moments >= begins), TAIL_GROUPS, random)
    learn = fit & (moments < begins - np.timedelta64(gap)) & ~_kin(together, tail)
    for mask, least, role in ((learn, LEAST_FIT, "to choose the number of trees from"), (tail, LEAST_TAIL, "in the tail")):
        require_enough(mask, least, role, together, where)
    apart = int(ordered.fit.sum() + ordered.holdout.sum() - fit.sum() - held.sum())
    return replace(ordered, fit=fit, holdout=held, learn=learn, tail=tail, by="both", apart=apart)


def _kin(together: Codes, rows: Mask) -> Mask:
    """Return the rows whose group has one in `rows`."""
    found: Mask = np.isin(together, together[rows])
    return found
