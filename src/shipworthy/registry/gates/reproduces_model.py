"""Whether the package answers as the model did that was fitted and measured."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import known


class ReproducesModel(Gate):
    """The packaged model gives the fitted model's answers, bit for bit, or to the last digits where its format adds in another order.

    Fires when one answer differs by more: then another model was measured than would be served.
    Blind to values that no row of the comparison holds, and to a service that is sent other values than it was taught on.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, reproduction=0.25)
    unknown = replace(EXAMPLE, reproduction=None)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; where nothing was compared it is unknown."""
        furthest = candidate.reproduction
        if furthest is None or not known(furthest):
            return self.verdict(candidate, "unknown", "the package was not compared with the fitted model", "train again")
        evidence = {"largest_difference": furthest, "allowed": candidate.reproduction_bound}
        if furthest == 0:
            return self.verdict(candidate, "pass", "the package gives the fitted model's answers, bit for bit", evidence=evidence)
        if furthest <= candidate.reproduction_bound:
            words = f"the package gives the fitted model's answers, to within {furthest:.1g}: one row alone is added in another order"
            return self.verdict(candidate, "pass", words, evidence=evidence)
        unit = f" {candidate.unit}" if candidate.unit else ""
        words = f"the package answers up to {furthest:g}{unit} away from the model that was measured."
        return self.verdict(candidate, "fail", words, "package the model again with the schema and the release that fitted it", evidence)
