"""What answers hang on."""

import numpy as np
import pytest

from shipworthy.evaluation.fairness.dependence import compressed, gap, holds, swapped

NAMES = ["sex", "job", "noise"]


def people(rows: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    sex = random.integers(0, 2, rows)
    job = np.where(random.random(rows) < 0.85, sex, 1 - sex)
    return np.stack([sex, job, random.normal(size=rows)], axis=1).astype(float), sex


def ask(matrix: np.ndarray) -> np.ndarray:
    return 0.2 + 0.6 * matrix[:, 1]


def decide(answers: np.ndarray) -> np.ndarray:
    return (answers >= 0.5).astype(float)


def test_a_small_tree_names_what_the_answers_hang_on():
    """
    The tree gives all of a simple model back and says by which input.
    """
    matrix, _ = people()

    found = compressed(matrix, ask(matrix), NAMES, seed=1)

    assert found.fidelity == pytest.approx(1)
    assert found.inputs[0][0] == "job"


def test_answers_that_are_all_alike_hang_on_nothing():
    """
    Nothing varies, so nothing is given back.
    """
    matrix, _ = people()

    assert compressed(matrix, np.full(len(matrix), 0.3), NAMES, seed=1).fidelity is None


def test_shuffling_the_proxy_closes_the_gap_and_shuffling_within_groups_does_not():
    """
    What the input tells of the group is what the gap runs through; noise changes nothing.
    """
    matrix, sex = people()

    first, *others = holds(matrix, NAMES, sex, ask, decide, seed=1)

    assert first.name == "job"
    assert first.changed == pytest.approx(0.5, abs=0.05)
    assert first.gap < 0.1
    assert first.gap_within == pytest.approx(0.7, abs=0.1)
    assert all(one.moved == 0 and one.changed == 0 for one in others)


def test_a_regression_moves_and_decides_nothing():
    """
    Without decisions there is no share of them; the gap is between mean answers.
    """
    matrix, sex = people()

    assert holds(matrix, NAMES, sex, ask, None, seed=1)[0].changed is None


def test_a_swap_takes_the_value_of_another_group():
    """
    Of two groups each gets the other's.
    """
    matrix, sex = people(100)

    other = swapped(matrix, 0, sex, seed=1)

    assert (other[:, 0] == 1 - matrix[:, 0]).all()
    assert (other[:, 1:] == matrix[:, 1:]).all()


def test_the_gap_is_between_the_highest_and_the_lowest():
    """
    Of three groups the outermost count.
    """
    assert gap(np.array([1.0, 3.0, 7.0]), np.array([5, 2, 9])) == 6
