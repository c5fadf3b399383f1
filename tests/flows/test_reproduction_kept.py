"""What came of training a version again is kept in the logbook."""

from shipworthy.flows.reproduce import Reproduction, keep
from shipworthy.logbook import read
from shipworthy.records import Verdict

from ..conftest import BUILT, MODEL, Shop


def test_the_worst_of_it_is_one_verdict_on_the_model(built: Shop) -> None:
    """
    One line says which version was trained again and what came out otherwise; the version's own gates are as they were.
    """
    same = Verdict("data", f"{MODEL}@1", "pass", "the same rows")
    moved = Verdict("promise", f"{MODEL}@1", "fail", "mae was 3.0 and is 3.1", "look at the causes")

    keep(built.book, Reproduction(MODEL, 1, "train-1", (same, moved), ("numpy 2 for 1",)), BUILT)

    ((at, said),) = [one for one in read.verdicts(built.book, subject=MODEL) if one[1].name == "reproduction"]
    assert (at, said.outcome, said.fix, said.evidence["version"]) == (BUILT, "fail", "look at the causes", 1)
    assert "mae was 3.0 and is 3.1" in said.words
    assert read.verdicts(built.book, subject=f"{MODEL}@1") == []
