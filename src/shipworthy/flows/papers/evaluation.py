"""The evaluation report: every gate and every study of a version in full, the red first; for whoever decides on its promotion."""

from collections.abc import Sequence
from typing import ClassVar

from shipworthy.bounds import WORST_FIRST
from shipworthy.flows.papers.base import NOT_ASSESSED, NOT_KNOWN, Line, Paper, Section, Shown, sources, statements
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.flows.papers.base.figures import figure, span
from shipworthy.records import Chapter, Promise, Table, Verdict


class Evaluation(Paper):
    """An evaluation report: whether it keeps its promise, what every gate and study says, and what nobody looked at."""

    title: ClassVar[str] = "Evaluation report"

    def lead(self, dossier: Dossier) -> Sequence[str]:
        """Return how the version stands, what it promised, and what stands in its way."""
        offline, red = statements.promise(dossier), dossier.red
        waived = sum(one.waived_by is not None for one in red)
        gates = f"{len(dossier.gates) - len(red)} of {len(dossier.gates)} gates are green, {waived} of the others are waived."
        none = "No gate has judged it: unknown, not passed."
        promised = f"{offline.label}: {offline.words or NOT_KNOWN}."
        return [statements.standing(dossier), promised, gates if dossier.gates else none, *statements.alarms(dossier)]

    def sections(self, dossier: Dossier) -> Sequence[Section]:
        """Return gates, ledger, data, a part for each chapter, the worst first, and what nobody looked at."""
        chapters = sorted(dossier.chapters.values(), key=lambda one: (_rank(one), one.title))
        unjudged = () if dossier.gates else (Line("Gates", None, None, NOT_ASSESSED, "train again"),)
        return [
            Section("Gates", (), (*unjudged, *statements.gates(dossier, dossier.gates))),
            Section("Promise and what came true", (), (statements.promise(dossier), statements.realized(dossier)), _ledger(dossier)),
            Section("Training data", (), (*statements.training_rows(dossier), statements.found_in_data(dossier))),
            *[_chapter(dossier, one) for one in chapters],
            statements.unassessed(dossier, ("fairness", "slices", "calibration", "behaviour", "robustness")),
            statements.limits(dossier),
        ]


def _rank(chapter: Chapter) -> int:
    judged = statements.judged(chapter)
    return WORST_FIRST.index(judged) if judged else len(WORST_FIRST)


def _ledger(dossier: Dossier) -> tuple[Shown, ...]:
    rows = tuple(_row(line) for line in dossier.promises)
    head = ("stage", "window", "rows", "model", "rule", "model − rule, from", "to")
    return (Shown(Table("Ledger of promises", head, rows), sources.promise(dossier)),) if rows else ()


def _row(line: Promise) -> tuple[str | float | None, ...]:
    apart = line.difference
    low, high = (apart.low, apart.high) if apart else (None, None)
    return (line.stage, span(line.window), line.rows, figure(line.value, line.interval), line.rule, low, high)


def _chapter(dossier: Dossier, chapter: Chapter) -> Section:
    source = sources.study(dossier, chapter.name)
    said = tuple(Line(one.name.replace("_", " "), _words(one), source, outcome=one.outcome) for one in chapter.verdicts)
    charts = (Line("Charts", f"{len(chapter.charts)} on its page", source),) if chapter.charts else ()
    return Section(chapter.title, chapter.words, (*said, *charts), tuple(Shown(table, source) for table in chapter.tables))


def _words(verdict: Verdict) -> str:
    return verdict.words if verdict.outcome == "pass" or not verdict.fix else f"{verdict.words} Fix: {verdict.fix}."
