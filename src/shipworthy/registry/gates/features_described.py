"""Whether a person can read what each feature means, and what the model stands on."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import listed


class FeaturesDescribed(Gate):
    """Features, and what the model stands on, have a description in the dbt project.

    The latter is each relation that it reads, its label and when that is known, and the columns of its decisions that name a
    row, say when, or find a feature.

    Fires when one has none, or a blank one; names each.
    Blind to a description that says nothing, or that was true once, and to the models that a relation is built from.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, descriptions={"departure_delay": "Minutes behind schedule at the gate", "wind_speed": " "})
    unknown = replace(EXAMPLE, features=())

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; where features, or what the model stands on, are not known it is unknown."""
        if not candidate.features or not candidate.foundations:
            what = "what the model stands on is" if candidate.features else "the features of the model are"
            return self.verdict(candidate, "unknown", f"{what} not known", "train again")
        described = {name: candidate.descriptions.get(name, "") for name in candidate.features} | dict(candidate.foundations)
        bare = [name for name, words in described.items() if not words.strip()]
        figures = {"features": len(candidate.features), "foundations": len(candidate.foundations)}
        if not bare:
            words = f"all {len(candidate.features)} features are described, and so is what the model stands on"
            return self.verdict(candidate, "pass", words, evidence=figures)
        verb = "has" if len(bare) == 1 else "have"
        words = f"{len(bare)} of {len(described)} features and foundations {verb} no description: {listed(bare)}."
        fix = "describe the column or relation in the dbt project's YAML"
        return self.verdict(candidate, "fail", words, fix, {"undescribed": bare, **figures})
