"""Folds inside the fitted rows: stretches of time or drawn groups that are asked after a fit to the others, never the holdout."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from shipworthy.errors import BadData
from shipworthy.spec.part import WindowOf
from shipworthy.training.drawn_split import taken
from shipworthy.training.fitted import Numbers
from shipworthy.training.split import LEAST_FIT, LEAST_HOLDOUT, LEAST_TAIL, TAIL_SHARE, Codes, Mask, Split, Times, time_split

MOST_GROUPS_IN_STRATA = 5000  # beyond so many, groups drawn without a look at the label are balanced enough, and much faster
ONLY_TAIL = "There are too few rows for a single fold: the tail of the fitted rows alone was asked."
NOTHING = "There are too few rows for a fold, and too few to ask the tail: nothing could be compared."


@dataclass(frozen=True, slots=True)
class Way:
    """How folds are cut: how many at most, with which window and gap where time decides, from which seed where they are drawn.

    `groups` are the codes of rows that have something in common, where time decides and the spec names groups all the same.
    """

    count: int
    window: WindowOf
    stretch: timedelta
    gap: timedelta
    seed: int
    groups: Codes | None = None


@dataclass(frozen=True, slots=True)
class Folds:
    """The folds as splits of their own, in the order of time where time decides; `words` say what is not as it was asked for.

    In each, `fit` is what a learner may see and `holdout` what it is then asked, all of it inside the fitted rows of the whole split.
    """

    splits: tuple[Split, ...]
    words: tuple[str, ...] = field(default=())


def folds(split: Split, times: Times, target: Numbers, way: Way, *, stratify: bool = False) -> Folds:
    """Return the folds of the rows `split.fit`; none of them holds a row of the holdout or of the gap before it.

    Where time decides each fold is asked a stretch that follows its fit, the label's gap apart: the last one ends where the fitted rows
    end. Expanding windows begin with the first decision, sliding ones are all as long as the first. A stretch is as long as the holdout, or
    shorter where the history is. Where rows or groups were drawn, each is asked once. Fewer folds come back where there
    are too few rows or a side knows one label only; where not one can be made, the tail of the fitted rows is the only fold.

    Args:
        split: of the whole training set.
        times: decision times, shape (n,), datetime64 in UTC.
        target: labels, shape (n,), finite.
        way: how many, which windows, which gap.
        stratify: whether each drawn fold holds its share of each outcome; for tasks whose labels are outcomes.
    """
    made = _drawn(split, target, way, stratify=stratify) if split.together is not None else _in_time(split, times, target, way)
    if not made.splits:
        return _only_tail(split, times, target)
    if len(made.splits) < way.count:
        few = f"There are rows for {len(made.splits)} of the {way.count} folds that were asked for."
        return replace(made, words=(few, *made.words))
    return made


def _in_time(split: Split, times: Times, target: Numbers, way: Way) -> Folds:
    """Return the folds of the first number, from `way.count` down, that can be made."""
    moments = times.astype("datetime64[us]")
    for count in range(way.count, 0, -1):
        made = list(_stretches(split, moments, way, count))
        if len(made) == count and all(sound(one, target) for one in made):
            return _apart(made, target, way.groups) if way.groups is not None else Folds(tuple(made))
    return Folds(())


def _stretches(split: Split, moments: Times, way: Way, count: int) -> Iterator[Split]:
    """Yield the folds from the first to the last; fewer than `count` where one has too few rows."""
    inside = moments[split.fit]
    first, end = inside.min(), inside.max() + np.timedelta64(1, "us")
    length = min(np.timedelta64(way.stretch), (end - first) // (count + 1))
    width = end - first - count * length
    for back in range(count - 1, -1, -1):
        last = end - back * length
        start = first if way.window == "expanding" else last - length - width
        known = split.fit & (moments < last) & (moments >= start)
        try:
            part = time_split(moments[known], _whole(length), way.gap, as_of=datetime.max.replace(tzinfo=UTC), where="fold")
        except BadData:
            return
        one = spread(part, known)
        yield replace(one, holdout=one.holdout & (moments >= last - length))


def _whole(length: np.timedelta64) -> timedelta:
    found: timedelta = length.astype("timedelta64[us]").item()
    return found


def spread(part: Split, known: Mask) -> Split:
    """Return the split `part` of the rows `known` as one of all rows: those outside are in none of its masks."""

    def over(mask: Mask) -> Mask:
        everywhere = np.zeros(len(known), dtype=np.bool_)
        everywhere[known] = mask
        return everywhere

    return replace(part, fit=over(part.fit), holdout=over(part.holdout), learn=over(part.learn), tail=over(part.tail))


def _apart(made: list[Split], target: Numbers, groups: Codes) -> Folds:
    """Return the folds in which no group is fitted and asked: its asked rows are left out, or the fitted ones where all are asked."""
    kept, left_out, mixed = [], 0, 0
    for one in made:
        apart = next((other for other in _sides(one, groups) if sound(other, target)), None)
        mixed += apart is None
        left_out += int((one.fit.sum() + one.holdout.sum()) - (apart.fit.sum() + apart.holdout.sum())) if apart else 0
        kept.append(apart or one)
    said = [f"{left_out:,} rows whose group was on the other side were left out of the folds."] if left_out else []
    said += [f"In {mixed} of {len(made)} folds groups could not be kept apart: hardly any would be left."] if mixed else []
    return Folds(tuple(kept), tuple(said))


def _sides(one: Split, groups: Codes) -> Iterator[Split]:
    """Yield the fold without the asked rows of fitted groups, then without the fitted rows of asked groups."""
    yield replace(one, holdout=one.holdout & ~_of(groups, one.fit))
    asked = _of(groups, one.holdout)
    yield replace(one, fit=one.fit & ~asked, learn=one.learn & ~asked, tail=one.tail & ~asked)


def _of(groups: Codes, mask: Mask) -> Mask:
    """Return the rows whose group has a row in `mask`."""
    found: Mask = np.isin(groups, groups[mask])
    return found


def _drawn(split: Split, target: Numbers, way: Way, *, stratify: bool) -> Folds:
    fit = np.flatnonzero(split.fit)
    together = np.asarray(split.together)[fit]
    most = min(way.count, len(np.unique(together)))
    for count in range(most if most > 1 else 0, 0, -1):
        asked = _asked(together, target[fit], max(2, count), way.seed, stratify=stratify)
        made = [_fold(split, fit[places], way.seed + number) for number, places in enumerate(asked[:count])]
        if all(sound(one, target) for one in made):
            return Folds(tuple(made))
    return Folds(())


def _asked(together: Codes, target: Numbers, count: int, seed: int, *, stratify: bool) -> list[Codes]:
    """Return the positions of the rows that each fold is asked."""
    groups = len(np.unique(together))
    alone = groups == len(together)
    stratify = stratify and min(np.bincount(target.astype(np.int64))) >= count
    if alone:
        cutter = StratifiedKFold(count, shuffle=True, random_state=seed) if stratify else KFold(count, shuffle=True, random_state=seed)
        return [asked for _, asked in cutter.split(together, target)]
    if stratify and groups <= MOST_GROUPS_IN_STRATA:
        return [asked for _, asked in StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(together, target, together)]
    return [asked for _, asked in GroupKFold(count, shuffle=True, random_state=seed).split(together, target, together)]


def _fold(split: Split, asked: Codes, seed: int) -> Split:
    held = np.zeros(len(split.fit), dtype=np.bool_)
    held[asked] = True
    fit = split.fit & ~held
    tail = taken(np.asarray(split.together), fit, TAIL_SHARE, np.random.default_rng(seed))
    return replace(split, fit=fit, holdout=held, learn=fit & ~tail, tail=tail, in_gap=0)


def sound(one: Split, target: Numbers) -> bool:
    """Return whether a fold has rows enough on each side, and more than one label to learn from.

    >>> masks = [np.arange(300) < 240, np.arange(300) >= 240, np.arange(300) < 200, (np.arange(300) >= 200) & (np.arange(300) < 240)]
    >>> from shipworthy.records import Window
    >>> always = Window(datetime.min, datetime.max)
    >>> one = Split(masks[0], masks[1], masks[2], masks[3], always, always, always, 0)
    >>> sound(one, np.arange(300.0)), sound(one, np.zeros(300))
    (True, False)
    """
    least = ((one.learn, LEAST_FIT), (one.tail, LEAST_TAIL), (one.holdout, LEAST_HOLDOUT))
    return all(int(mask.sum()) >= rows for mask, rows in least) and float(np.ptp(target[one.learn])) > 0


def _only_tail(split: Split, times: Times, target: Numbers) -> Folds:
    """Return the fold that learns from `split.learn` and is asked `split.tail`; none where that has one label only."""
    learn = split.learn
    if split.together is None:
        late = np.sort(times[learn])[int(learn.sum() * (1 - TAIL_SHARE))]
        tail = learn & (times >= late)
    else:
        tail = taken(split.together, learn, TAIL_SHARE, np.random.default_rng(0))
    one = replace(split, fit=learn, holdout=split.tail, learn=learn & ~tail, tail=tail, in_gap=0)
    enough = one.learn.any() and one.tail.any() and one.holdout.any() and float(np.ptp(target[one.learn])) > 0
    return Folds((one,), (ONLY_TAIL,)) if enough else Folds((), (NOTHING,))
