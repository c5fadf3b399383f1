"""What an easier split would have promised, and what the split leaves out."""

from dataclasses import replace

from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.split_gap import SplitGap


def test_a_split_by_both_says_what_it_leaves_out(subject: Subject) -> None:
    """
    The chapter counts decisions of others that are held out, and those that are in neither; a split by time alone has nothing to say.
    """
    split = replace(subject.material.split, by="both", apart=1234)
    found = SplitGap().look(replace(subject, material=replace(subject.material, split=split)))

    assert found.words[0].startswith("The holdout is later and of others")
    assert "1,234 decisions" in found.words[0]
    assert SplitGap().look(replace(subject, looked=())) is None
