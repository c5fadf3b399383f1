"""Whether what the model learnt from was known at the time."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, looked_at
from shipworthy.registry.words import listed

CANARY = frozenset({"future_values"})


class NoFutureValues(Gate):
    """Each relation that features come from was built twice, with and without the future, and did not move.

    Fires when a value recorded before a moment changes with what came after it: the model has seen answers.
    Blind to a time that the project declares wrongly in its sources, which moves both builds alike.
    """

    passes = EXAMPLE
    fails = replace(
        EXAMPLE,
        checks=(
            *EXAMPLE.checks,
            Verdict(
                "future_values",
                "weather",
                "fail",
                "412 of 50,000 rows change with the future, such as JFK at 2013-05-01 10:00: wind_speed is 12.7, without it 9.2",
                evidence={"origin": "JFK", "column": "wind_speed", "with_future": 12.7, "without": 9.2},
            ),
        ),
    )
    unknown = replace(EXAMPLE, checks=tuple(check for check in EXAMPLE.checks if check.name not in CANARY))

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; a relation that was not built twice is unknown."""
        relations = feature_relations(candidate)
        looked = looked_at(candidate, relations, CANARY)
        if looked.failed:
            first = looked.failed[0]
            words = f"{first.subject} holds values from the future: {first.words}"
            fix = first.fix or f"let each row of {first.subject} look only at rows known before it, or correct its known time"
            return self.verdict(candidate, "fail", words, fix, {"relation": first.subject, "failed": len(looked.failed), **first.evidence})
        if looked.untold:
            words = f"whether values come from the future is not known of {listed(looked.untold)}."
            return self.verdict(candidate, "unknown", words, "train again, so that they are built with and without the future")
        return self.verdict(candidate, "pass", f"no value of {listed(relations)} moves with the future", evidence={"relations": relations})


def feature_relations(candidate: Candidate) -> list[str]:
    """Return the relations that features come from, each once: decisions only if some of its columns are features."""
    spec = candidate.spec
    own = [spec.decisions.relation] if spec.decisions.features else []
    return list(dict.fromkeys([*own, *(part.relation for part in spec.features)]))
