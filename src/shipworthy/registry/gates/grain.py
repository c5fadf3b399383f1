"""Whether every relation has one row for what it says a row is."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, looked_at
from shipworthy.registry.words import listed

CHECKS = frozenset({"grain", "duplicate_keys"})


class Grain(Gate):
    """Decisions, label and feature relations were each checked to have no two rows of one key.

    Fires when a relation has two rows of one key: a join would multiply or pick among them by luck.
    Blind to a key that is unique and wrong, such as a surrogate made for the purpose.
    """

    passes = EXAMPLE
    fails = replace(
        EXAMPLE,
        checks=(
            *EXAMPLE.checks,
            Verdict(
                "duplicate_keys", "weather", "fail", "2 rows for origin JFK at 2013-05-01 10:00", evidence={"origin": "JFK", "rows": 2}
            ),
        ),
    )
    unknown = replace(EXAMPLE, checks=tuple(check for check in EXAMPLE.checks if check.name not in CHECKS))

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; a relation whose keys nobody counted is unknown."""
        relations = candidate.spec.relations
        looked = looked_at(candidate, relations, CHECKS)
        if looked.failed:
            first = looked.failed[0]
            words = f"{first.subject} has more than one row for one key: {first.words}"
            fix = first.fix or f"make the rows of {first.subject} unique in its SQL, or correct its key in the dbt YAML"
            return self.verdict(candidate, "fail", words, fix, {"relation": first.subject, "failed": len(looked.failed), **first.evidence})
        if looked.untold:
            words = f"whether keys are unique is not known of {listed(looked.untold)}."
            return self.verdict(candidate, "unknown", words, "build and check the project, then train again", {"relations": looked.untold})
        words = f"no two rows of one key in {listed(relations)}."
        return self.verdict(candidate, "pass", words, evidence={"relations": relations})
