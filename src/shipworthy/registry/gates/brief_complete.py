"""Whether somebody wrote down what the model is for."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import listed
from shipworthy.spec.model import Brief

UNFINISHED = EXAMPLE.spec.brief.model_copy(update={"decision": None, "owner": " "})


class BriefComplete(Gate):
    """The brief has its goal, decision, owner, business metric and target.

    Fires when a part is missing or blank; names each.
    Blind to whether what was written is true, and whether the owner still works there.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, spec=EXAMPLE.spec.model_copy(update={"brief": UNFINISHED}))
    unknown = None

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; a brief is always there to be read, so it is never unknown."""
        missing = missing_parts(candidate.spec.brief)
        if not missing:
            return self.verdict(candidate, "pass", "the brief says goal, decision, owner, business metric and target")
        parts = [part.replace("_", " ") for part in missing]
        fix = f"write {listed([f'brief.{part}' for part in missing])} in ml/{candidate.spec.model}/model.yml"
        return self.verdict(candidate, "fail", f"the brief does not say {listed(parts)}", fix, {"missing": missing})


def missing_parts(brief: Brief) -> list[str]:
    """Return the parts of `brief` that nobody wrote, in its order.

    >>> missing_parts(Brief(goal="Fewer calls", owner=" "))
    ['decision', 'owner', 'business_metric', 'target']
    """
    return [part for part in Brief.model_fields if _blank(getattr(brief, part))]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
