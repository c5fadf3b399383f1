"""Whether the model took a shortcut: one feature, or one small part of the decisions, carries all that it is worth."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from shipworthy.evaluation.concentration import Part, densest
from shipworthy.flows.quick_looks import QuickLook, quick_look
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Table, Verdict

TRIED = 5  # features that are tried alone: those that the learner counts most
NOTED_ALONE, NOTED_LEFT = 0.8, 0.6  # measured on clean sets: docs/measured.md
REFUSED_ALONE, REFUSED_LEFT = 0.97, 0.1
SMALL_PART, CARRIES = 0.2, 0.8
NAME = "shortcut"
LOOK = "ask what it stands for: would it still be so in another year, another place? Then name it in the rule, waive it, or leave it out"


class Shortcut(Study):
    """How much of the gain over a constant one feature brings alone, and how much is left without it; and whether one part has it all.

    Finds the snow in pictures of wolves: a feature that carries the score by itself, while nothing else tells what it tells. A feature
    that the rule names is known to the team, and noted at most.
    Blind to a shortcut that several features share, and to whether what carries the score is right: a person must look.

    Source:
        Geirhos et al. (2020), Shortcut learning in deep neural networks.
    """

    title: ClassVar[str] = "Shortcuts"

    def look(self, subject: Subject) -> Chapter | None:
        """Return what the weightiest features are worth alone and what is left without the first; None for a model of one feature."""
        names = list(subject.schema.names)
        if len(names) < 2:
            return None
        looked = quick_look(subject)
        constant, whole = float(looked.constant.mean()), float(looked.losses(names).mean())
        gain = constant - whole
        if not gain > 0:
            words = "A quick model gains nothing over a constant, so nothing carries the score."
            return self.chapter(words, verdicts=(Verdict(NAME, subject.name, "pass", words),), figures={"gain": gain})
        counts = subject.fitted.importance
        tried = sorted(names, key=lambda name: -counts.get(name, 0.0))[:TRIED] if counts else names
        alone = {name: (constant - float(looked.losses([name]).mean())) / gain for name in tried}
        first = max(alone, key=lambda name: alone[name])
        left = (constant - float(looked.losses([name for name in names if name != first]).mean())) / gain
        part = _part(looked)
        verdicts = (_of_feature(subject, first, alone[first], left), _of_part(subject, part))
        ordered = tuple((name, alone[name]) for name in sorted(alone, key=lambda name: -alone[name]))
        table = Table("Share of the gain over a constant", ("feature", "alone"), ordered)
        figures = {"gain": gain, "alone": alone, "first": first, "left": left, "part": part and _evidence(part)}
        return self.chapter(*(verdict.words for verdict in verdicts), looked.words, tables=(table,), verdicts=verdicts, figures=figures)


def _of_feature(subject: Subject, name: str, alone: float, left: float) -> Verdict:
    """Return pass, noted, or fail, by how much a feature carries and whether the team's rule names it."""
    evidence: dict[str, Any] = {"feature": name, "alone": alone, "left": left, "noted": alone >= NOTED_ALONE and left <= NOTED_LEFT}
    carried = f"{name} alone brings {_share(alone)} of what a quick model gains over a constant; without it {_share(left)} is left"
    if not evidence["noted"]:
        return Verdict(NAME, subject.name, "pass", f"No single feature carries the score: {carried}.", evidence=evidence)
    if alone < REFUSED_ALONE or left > REFUSED_LEFT or _in_rule(subject, name):
        return Verdict(NAME, subject.name, "pass", f"One feature carries the score: {carried}.", LOOK, evidence)
    evidence["noted"] = False
    return Verdict(NAME, subject.name, "fail", f"{carried}: all else is for nothing, and no rule names it.", LOOK, evidence)


def _of_part(subject: Subject, part: Part | None) -> Verdict:
    if part is None or part.gain_share < CARRIES:
        return Verdict(
            NAME, subject.name, "pass", "No small part of the decisions carries the score.", evidence=_evidence(part) if part else {}
        )
    words = f"Where {part.words}, in {_share(part.rows_share)} of the decisions, lies {_share(part.gain_share)} of what the model gains."
    fix = "look at these decisions: what makes them easy, and is the model worth it in all others?"
    return Verdict(NAME, subject.name, "pass", words, fix, {**_evidence(part), "noted": True})


def _part(looked: QuickLook) -> Part | None:
    """Return the small part of the holdout with most of what the model itself gains over the rule, or over a constant without one."""
    subject, held = looked.subject, looked.held
    other = looked.constant if subject.rule is None else held.losses_of(subject.rule[held.places])
    columns = enumerate(subject.schema.columns)
    return densest(other - held.losses, {one.name: (held.matrix[:, at], one.categories) for at, one in columns}, largest=SMALL_PART)


def _in_rule(subject: Subject, name: str) -> bool:
    rule = subject.spec.baseline
    return rule is not None and re.search(rf"\b{re.escape(name)}\b", rule.sql) is not None


def _evidence(part: Part) -> Mapping[str, Any]:
    return {"part": part.words, "rows_share": part.rows_share, "gain_share": part.gain_share}


def _share(share: float) -> str:
    return f"{max(0.0, share):.0%}"
