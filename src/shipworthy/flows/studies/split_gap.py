"""How much better a random split would have looked than the order of time and groups allow."""

from collections.abc import Mapping
from typing import Any, ClassVar

from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Table

CHECK = "fall_in_order"


class SplitGap(Study):
    """The score of a quick model on rows drawn at random, beside that on later rows and on other groups.

    The check of the training set has measured it; here it stands as a number. Finds a score that only neighbours of the same week or
    customer made possible. Blind where all decisions are of one moment and no groups are declared.
    """

    title: ClassVar[str] = "Random, ordered and grouped"

    def look(self, subject: Subject) -> Chapter | None:
        """Return each gap that could be measured, and what a split by both leaves out; None where nothing is ordered or grouped."""
        found = [gap for verdict in subject.looked if verdict.name == CHECK for gap in verdict.evidence.get("found", ())]
        split = subject.material.split
        said = [_both(int(split.holdout.sum()), split.apart)] if split.by == "both" else []
        if not found:
            return self.chapter(*said) if said else None
        rows = tuple(tuple(gap[name] for name in ("against", "random", "other", "fall", "low", "high")) for gap in found)
        table = Table(f"{found[0]['metric']} of a quick model", ("on", "at random", "there", "worse by", "from", "to"), rows)
        figures = {gap["against"]: gap["fall"] for gap in found}
        return self.chapter(*said, *map(_words, found), tables=(table,), figures=figures)


def _both(held: int, apart: int) -> str:
    return (
        f"The holdout is later and of others: {held:,} decisions of groups none of which was learnt from;"
        f" {apart:,} decisions of a group on the other side are in neither."
    )


def _words(gap: Mapping[str, Any]) -> str:
    """Return one gap in a sentence."""
    metric, there = gap["metric"], gap["against"]
    if gap["low"] <= 0:
        return f"On {there} a quick model has {metric} {gap['other']:.3f}, on rows drawn at random {gap['random']:.3f}: no sure difference."
    return f"Rows drawn at random would have promised a {metric} of {gap['random']:.3f}; on {there} it is {gap['other']:.3f}."
