"""Twins across the split: copies give their label away, honest repeats do not."""

import numpy as np

from shipworthy.checks.training_set.base.examples import chance, shown
from shipworthy.checks.training_set.base.twins import Pairs, likeness, same
from shipworthy.flows.learner import learner

ROWS, HELD = 2000, 1500


def frame_of(label):
    columns = {"one": chance(1).integers(0, 4, ROWS), "two": chance(2).integers(0, 4, ROWS)}
    return shown(columns, label), columns


def pairs_of(frame, codes):
    return same(codes, frame.fit, frame.holdout)


def test_honest_repeats_of_coarse_columns_agree_by_chance():
    """
    Rows of sixteen kinds repeat all the time; what their labels have in common is what the features say.
    """
    columns = {"one": chance(1).integers(0, 4, ROWS), "two": chance(2).integers(0, 4, ROWS)}
    label = (chance(3).random(ROWS) < (columns["one"] + columns["two"]) / 6).astype(int)
    frame = shown(columns, label)

    found = likeness(frame, learner, pairs_of(frame, columns["one"] * 4 + columns["two"]))

    assert found is None or not found.gives_away(0.2)


def test_copies_give_their_label_away():
    """
    A copied row has the label of its twin, whatever its features say.
    """
    label = chance(3).integers(0, 2, ROWS)
    label[HELD : HELD + 300] = label[:300]
    frame, _ = frame_of(label)
    codes = np.arange(ROWS)
    codes[HELD : HELD + 300] = np.arange(300)

    found = likeness(frame, learner, pairs_of(frame, codes))

    assert found is not None
    assert found.gives_away(0.9)


def test_of_numbers_too():
    """
    The same holds for labels that are numbers.
    """
    label = chance(3).normal(size=ROWS)
    label[HELD : HELD + 300] = label[:300]
    columns = {"one": chance(1).integers(0, 4, ROWS), "two": chance(2).integers(0, 4, ROWS)}
    frame = shown(columns, label, task="regression")
    codes = np.arange(ROWS)
    codes[HELD : HELD + 300] = np.arange(300)

    found = likeness(frame, learner, pairs_of(frame, codes))

    assert found is not None
    assert found.gives_away(0.9)


def test_few_pairs_say_nothing():
    """
    Fewer than thirty twins, or none, are unknown.
    """
    frame, _ = frame_of(chance(3).integers(0, 2, ROWS))
    none = np.zeros(0, dtype=np.int64)

    assert likeness(frame, learner, Pairs(none, none)) is None
    assert likeness(frame, learner, Pairs(np.arange(HELD, HELD + 10), np.arange(10))) is None


def test_a_null_has_no_twin():
    """
    Rows without a group have nothing in common.
    """
    found = same(np.full(10, -1), np.arange(10) < 5, np.arange(10) >= 5)

    assert len(found.held) == 0
