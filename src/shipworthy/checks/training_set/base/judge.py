"""Asks every check about one training set, and judges what each found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shipworthy.bounds import WORST_FIRST, Outcome
from shipworthy.checks import training_set
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.families import members
from shipworthy.records import Measurement, Verdict

CHECKS = members(training_set, TrainingCheck)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one check said of one subject: the number, the verdict, and the features that it blames."""

    measurement: Measurement
    verdict: Verdict
    blamed: tuple[str, ...] = ()


def ask(check: TrainingCheck, frame: Frame, learner: Learner) -> list[Judged]:
    """Return what `check` says of `frame`: a verdict for each subject with a finding out of bounds or not known, else one that it passed.

    Without rows everything is unknown. Where there is nothing of its kind to look at, the check passes and says so.
    """
    if not frame.rows.num_rows:
        return [_judged(check, frame, Finding(None, "has no rows: nothing can be said"))]
    found = check.measure(frame, learner)
    judged = [_judged(check, frame, finding) for finding in found]
    worth = sorted((one for one in judged if one.verdict.outcome != "pass" or one.verdict.noted), key=worst_first)
    told = _by_subject(worth) or [_quiet(check, frame, found)]
    return [_with_all(told[0], found), *told[1:]] if check.keeps else told


def _with_all(first: Judged, found: Sequence[Finding]) -> Judged:
    """Return `first` with the evidence of everything that was found."""
    evidence = {**first.verdict.evidence, "found": [dict(finding.evidence) for finding in found]}
    return replace(first, verdict=replace(first.verdict, evidence=evidence))


def worst_first(one: Judged) -> tuple[int, bool]:
    """Return by what the worst comes first: what failed, what is unknown, what is noted, what passed."""
    return WORST_FIRST.index(one.verdict.outcome), not one.verdict.noted


def _by_subject(found: Sequence[Judged]) -> list[Judged]:
    """Return one verdict for each subject: the worst of it, and what else was found in its words and evidence."""
    together: dict[str, list[Judged]] = {}
    for one in found:
        together.setdefault(one.verdict.subject, []).append(one)
    return [_joined(*ones) for ones in together.values()]


def _joined(worst: Judged, *others: Judged) -> Judged:
    if not others:
        return worst
    said = [one.verdict.words.removeprefix(f"{one.verdict.subject} ") for one in others]
    evidence = {**worst.verdict.evidence, "also": [dict(one.verdict.evidence) for one in others]}
    verdict = replace(worst.verdict, words="; and ".join([worst.verdict.words, *said]), evidence=evidence)
    return replace(worst, verdict=verdict)


def ask_all(frame: Frame, learner: Learner, checks: Iterable[TrainingCheck] | None = None) -> list[Judged]:
    """Return what every check says of `frame`, in the order of the checks' names."""
    return [judged for check in checks or CHECKS.values() for judged in ask(check, frame, learner)]


def _judged(check: TrainingCheck, frame: Frame, finding: Finding) -> Judged:
    subject = f"{frame.model}.{finding.column}" if finding.column else frame.model
    outcome, noted = _outcome(check, finding)
    measured = Measurement(check.name, subject, finding.value, frame.as_of, rows=frame.rows.num_rows)
    evidence = {"value": finding.value, "unit": check.unit, "bound": str(check.refuses or check.notes), **finding.evidence}
    evidence |= {"noted": True} if noted else {}
    evidence |= {"excuse": finding.excuse} if finding.excuse and noted else {}
    fix = check.fix if outcome == "fail" or noted else "find out why nothing can be said" if outcome == "unknown" else ""
    blamed = finding.blamed if check.costs else ()
    return Judged(measured, Verdict(check.name, subject, outcome, f"{subject} {finding.words}", fix, evidence), blamed)


def _outcome(check: TrainingCheck, finding: Finding) -> tuple[Outcome, bool]:
    if finding.value is None:
        return "unknown", False
    refused = check.refuses.judge(finding.value) if check.refuses else "pass"
    noted = check.notes is not None and check.notes.judge(finding.value) == "fail"
    if finding.excuse and refused == "fail":
        return "pass", True
    return refused, noted and refused == "pass"


def _quiet(check: TrainingCheck, frame: Frame, found: Sequence[Finding]) -> Judged:
    values = [finding.value for finding in found if finding.value is not None]
    words = f"{frame.model}: nothing out of bounds in {len(found)} looked at" if found else f"{frame.model}: nothing of its kind to look at"
    measured = Measurement(check.name, frame.model, max(values) if values else None, frame.as_of, rows=frame.rows.num_rows)
    evidence = {"unit": check.unit, "bound": str(check.refuses or check.notes), "looked_at": len(found)}
    return Judged(measured, Verdict(check.name, frame.model, "pass", words, "", evidence))
