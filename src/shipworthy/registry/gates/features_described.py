"""Whether a person can read what each feature means."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import listed


class FeaturesDescribed(Gate):
    """Every feature has a description in the dbt project.

    Fires when one has none, or a blank one; names each.
    Blind to a description that says nothing, or that was true once.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, descriptions={"departure_delay": "Minutes behind schedule at the gate", "wind_speed": " "})
    unknown = replace(EXAMPLE, features=())

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; where the features are not known it is unknown."""
        names = candidate.features
        if not names:
            return self.verdict(candidate, "unknown", "the features of the model are not known", "train again")
        bare = [name for name in names if not candidate.descriptions.get(name, "").strip()]
        if not bare:
            return self.verdict(candidate, "pass", f"all {len(names)} features are described", evidence={"features": len(names)})
        words = f"{len(bare)} of {len(names)} features {'has' if len(bare) == 1 else 'have'} no description: {listed(bare)}."
        return self.verdict(
            candidate, "fail", words, "describe the column in the dbt project's YAML", {"undescribed": bare, "features": len(names)}
        )
