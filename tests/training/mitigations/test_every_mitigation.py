"""Every way to make decisions more alike, on people of whom one group is held back by its labels."""

import numpy as np
import pytest

from shipworthy.families import members
from shipworthy.training import mitigations
from shipworthy.training.mitigations.base import Decided, Mitigation, People, Task

WAYS = members(mitigations, Mitigation)  # type: ignore[type-abstract]
PLAIN = {"none", "linear"}


def people(rows: int, seed: int) -> People:
    """Skill and a title that tells the group; outcomes ask more of the second group."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 2, rows)
    skill, title = random.normal(size=rows), np.where(random.random(rows) < 0.9, group, 1 - group).astype(float)
    good = (skill - 1.2 * group + random.normal(0, 0.5, rows) > -0.3).astype(float)
    skill[::11] = np.nan
    return People(np.stack([skill, title, random.normal(size=rows)], axis=1), good, group)


LEARN, ASKED = people(2000, 1), people(1500, 2)


def task(policy: str = "demographic_parity") -> Task:
    return Task(LEARN, ASKED, [1], policy, 0.5, 7)  # type: ignore[arg-type]


def gap(decided: Decided) -> float:
    return float(abs(decided.good[ASKED.groups == 0].mean() - decided.good[ASKED.groups == 1].mean()))


@pytest.fixture(scope="module")
def decided() -> dict[str, Decided | None]:
    return {name: way.decide(task()) for name, way in WAYS.items()}


@pytest.mark.parametrize("name", sorted(WAYS))
class TestEveryMitigation:
    def test_it_decides_about_everybody_who_is_asked(self, name: str, decided: dict[str, Decided | None]):
        """
        A chance between 0 and 1 of the good decision for each, and a probability if there is one.
        """
        found = decided[name]
        assert found is not None
        assert found.good.shape == ASKED.good.shape
        assert ((found.good >= 0) & (found.good <= 1)).all()
        assert found.probability is None or ((found.probability >= 0) & (found.probability <= 1)).all()

    def test_it_brings_groups_nearer_and_still_decides_well(self, name: str, decided: dict[str, Decided | None]):
        """
        The gap of the plain learner is at least a third smaller, and decisions are right more often than by chance.
        """
        found, plain = decided[name], decided["none"]
        assert found is not None
        assert plain is not None
        right = float(np.mean(found.good * ASKED.good + (1 - found.good) * (1 - ASKED.good)))
        assert right > 0.6
        if name not in PLAIN:
            assert gap(found) < gap(plain) * 2 / 3

    def test_it_says_what_it_is_and_where_it_comes_from(self, name: str, decided: dict[str, Decided | None]):
        """
        A title for people, and a source for whoever wants to know.
        """
        assert WAYS[name].title
        assert name in PLAIN or "Source" in (type(WAYS[name]).__doc__ or "")


@pytest.mark.parametrize("name", ["thresholds", "adversarial"])
def test_what_has_no_way_to_do_it_says_so(name: str):
    """
    Neither knows how to make errors alike.
    """
    assert WAYS[name].decide(task("group_error")) is None


def test_a_threshold_for_each_group_must_know_the_group():
    """
    It alone asks for it when it decides.
    """
    assert [name for name, way in WAYS.items() if way.needs_group] == ["thresholds"]
