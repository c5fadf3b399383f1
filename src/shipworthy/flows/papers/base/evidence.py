"""Statements about how far a version can be believed: looks at its holdout, its run, its threshold, proxies, what commands found out."""

from shipworthy.flows.budget import level_for
from shipworthy.flows.papers.base import NOT_ASSESSED, NOT_KNOWN, Line, sources
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.flows.papers.base.figures import listed


def looks(dossier: Dossier) -> Line:
    """Return how many trainings have been judged on the version's holdout, and what that does to its intervals."""
    count = dossier.looks
    first = "this training alone: intervals hold the truth 19 times in 20"
    more = f"{count} different trainings, this one included: its intervals are wider, at {level_for(count or 1):.1%}"
    words = None if count is None else first if count == 1 else more
    return Line("Judged on that holdout", words, sources.promise(dossier), NOT_KNOWN, "train again")


def run(dossier: Dossier) -> Line:
    """Return the run that MLflow shows; its source opens it, or says how."""
    shown = dossier.tracked
    words = f"{shown.run}, of experiment {shown.experiment}" if shown else None
    return Line("Run in MLflow", words, sources.run(dossier), NOT_KNOWN, "train again: MLflow has no run of it")


def again(dossier: Dossier) -> Line:
    """Return what came of training the version again."""
    fill = f"shipworthy reproduce {dossier.model}@{dossier.version.version}"
    if dossier.again is None:
        return Line("Made again", None, None, NOT_ASSESSED, fill)
    at, said = dossier.again
    return Line("Made again", f"{at:%Y-%m-%d}: {said.words}", sources.run(dossier), outcome=said.outcome)


def threshold(dossier: Dossier) -> list[Line]:
    """Return from which probability on the version's answer is acted on; nothing where it answers with something else."""
    kept = dossier.decision.threshold if dossier.decision else None
    if kept is None and dossier.task != "binary":
        return []
    words = f"from a probability of {kept:.3g} on, as the costs of mistakes set it" if kept is not None else None
    source = sources.study(dossier, "threshold") if "threshold" in dossier.chapters else sources.of_version(dossier, "version", "version")
    return [Line("Acted on", words, source, fill="write evaluation.costs, and train again: nobody said what a mistake costs")]


def persons(dossier: Dossier) -> list[Line]:
    """Return what tells the groups of the sensitive columns, and what could be done; nothing where fairness was not assessed."""
    chapter = dossier.chapters.get("fairness")
    if chapter is None or not chapter.figures.get("assessed"):
        return []
    source, told = sources.study(dossier, "fairness"), chapter.figures["told_by"]
    lines = [Line(f"What tells {column}", _told(found), source, NOT_KNOWN, "too few rows to tell") for column, found in told.items()]
    done = dossier.asked.get("mitigation")
    words = " ".join(done.words[:1]) if done else None
    fill = f"shipworthy fairness {dossier.model}"
    return [*lines, Line("What could be done", words, sources.asked(dossier, "mitigation") if done else None, NOT_ASSESSED, fill)]


def _told(found: dict[str, float | list[str] | None]) -> str | None:
    auc, proxies = found["auc"], found["proxies"]
    if not isinstance(auc, float) or not isinstance(proxies, list):
        return None
    alone = f"; alone do {listed(proxies)}" if proxies else "; none does alone"
    return f"the inputs tell the group with an AUC of {auc:.2f}, where 0.5 is chance{alone}"


def more_history(dossier: Dossier) -> Line:
    """Return what more history would bring the model, as a command found out."""
    found, fill = dossier.asked.get("feasibility"), f"shipworthy check {dossier.model} --feasibility"
    words = " ".join(found.words[:1]) if found else None
    return Line("More history", words, sources.asked(dossier, "feasibility") if found else None, NOT_ASSESSED, fill)
