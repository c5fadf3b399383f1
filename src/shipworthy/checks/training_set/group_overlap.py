"""Entities and groups that are on both sides of the split."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.twins import Pairs, likeness, same
from shipworthy.checks.training_set.base.values import Whole, codes_of
from shipworthy.spec.part import SplitBy

ALIKE = 0.2


class GroupOverlap(TrainingCheck):
    """Share of the rows of the holdout whose group has fitted rows as well: the entity, and each of the declared groups.

    Refused above one in a hundred if it costs something: if labels within a group agree (0.2) beyond what the features say. In a split by
    time it is reported for declared groups alone: the same customers will come again, and a later row of theirs is what the model
    will meet. All rows are compared; a sample is fitted.

    Fires when rows of one customer, ticket or patient are learnt from and judged by.
    Blind to groups that nobody declared, and to those that are spelled in two ways.

    Source: non-independence between training and test set, Kapoor and Narayanan (2023), L3.2.
    """

    unit = "share of the holdout's rows, 0 to 1"
    refuses = Bound(high=0.01)
    fix = "write evaluation.split: group, with the column among evaluation.groups"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each group with rows on both sides, none where the set is not split."""
        if frame.fit is None or frame.holdout is None or not frame.holdout.any():
            return []
        return list(_found(frame, learner))

    def passes(self) -> Frame:
        """Return a set whose customers are on one side each."""
        return _customers("group", np.arange(1200) // 6)

    def fails(self) -> Frame:
        """Return a set whose customers are on both sides."""
        return _customers("random", chance(5).permutation(1200) // 6)


def _found(frame: Frame, learner: Learner) -> Iterator[Finding]:
    assert frame.fit is not None
    assert frame.holdout is not None
    for name in [*(["entity"] if frame.split_by != "time" else []), *frame.groups]:
        pairs = same(codes_of(frame.column(name)), frame.fit, frame.holdout)
        if len(pairs.held):
            yield _finding(frame, learner, name, pairs)


def _finding(frame: Frame, learner: Learner, name: str, pairs: Pairs) -> Finding:
    assert frame.holdout is not None
    rows = int(frame.holdout.sum())
    share = len(pairs.held) / rows
    alike = likeness(frame, learner, pairs)
    shown_names = [*([name] if name not in ("entity", "decided_at", "label") else []), *list(frame.features)[:4]]
    shown_pair = shown_rows(frame, np.array([pairs.fitted[0], pairs.held[0]]), list(dict.fromkeys(shown_names)))
    example = f"{shown_pair[0][name]}, fitted at {shown_pair[0]['decided_at']} and held out at {shown_pair[1]['decided_at']}"
    said = alike.words() if alike else "too few to say whether that costs anything"
    words = (
        f"has {len(pairs.held):,} of {rows:,} rows of the holdout whose '{name}' is fitted too ({share:.1%}), for example {example}; {said}"
    )
    if frame.split_by == "time":
        excuse: str | None = "the split is by time: who comes again is learnt from before"
    else:
        excuse = None if alike is not None and alike.gives_away(ALIKE) else "it costs nothing that can be shown"
    return Finding(share, words, None, {"group": name, "alike": alike and alike.value, "rows": shown_pair}, excuse=excuse)


def _customers(split_by: SplitBy, customer: Whole) -> Frame:
    rows, drawn = 1200, chance(6)
    taste, amount = drawn.normal(0, 3, 200)[customer], drawn.normal(size=rows)
    label = (taste + amount + drawn.logistic(0, 1, rows) > 0).astype(int)
    frame = shown({"customer": [f"c{number}" for number in customer], "amount": amount.round(3)}, label, groups=("customer",))
    return replace(frame, split_by=split_by)
