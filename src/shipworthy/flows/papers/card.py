"""The model card: what a version is for, how well it does, for whom it was looked at, and what one must not believe of it."""

from collections.abc import Sequence
from typing import ClassVar

from shipworthy.flows.papers.base import NOT_KNOWN, Line, Paper, Section, evidence, sources, statements
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.flows.papers.base.figures import span

FACTORS = ("slices", "fairness")
QUANTITIES = ("metrics", "over_time", "calibration", "threshold", "explanation", "importance", "shortcut", "robustness", "behaviour")


class Card(Paper):
    """A model card for whoever approves or uses the model: product manager, analyst, auditor.

    Source: Mitchell et al. (2019), Model Cards for Model Reporting, section 4, whose nine parts it has.
    """

    title: ClassVar[str] = "Model card"

    def lead(self, dossier: Dossier) -> Sequence[str]:
        """Return what it is for, and how it stands."""
        goal = dossier.spec.brief.goal if dossier.spec else None
        promised = statements.promise(dossier).words
        said = f"Promised: {promised}." if promised else "Nobody knows what it promised."
        return [statements.standing(dossier), f"Goal: {goal}" if goal else "Nobody wrote down its goal.", said, *statements.alarms(dossier)]

    def sections(self, dossier: Dossier) -> Sequence[Section]:
        """Return the nine parts, and what was not assessed."""
        others = [name for name in dossier.chapters if name not in (*FACTORS, *QUANTITIES)]
        groups = ("Groups and circumstances for which it may do better or worse.",)
        metrics = (statements.measured_by(dossier), statements.promise(dossier), statements.realized(dossier), statements.rule(dossier))
        return [
            _details(dossier),
            Section("Intended use", (), (*statements.brief(dossier), *_use(dossier), *evidence.threshold(dossier))),
            Section("Factors", groups, (_groups(dossier), statements.study(dossier, "slices"))),
            Section("Metrics", (), metrics),
            Section("Evaluation data", (), tuple(_evaluated(dossier))),
            Section("Training data", (), (*statements.training_rows(dossier), statements.found_in_data(dossier))),
            Section("Quantitative analyses", (), tuple(statements.study(dossier, name) for name in (*QUANTITIES, *others))),
            Section("Ethical considerations", (), (statements.study(dossier, "fairness"), *evidence.persons(dossier), _delicate(dossier))),
            statements.limits(dossier),
        ]


def _details(dossier: Dossier) -> Section:
    version, spec = dossier.version, dossier.spec
    label = f"{spec.label.column} of {spec.label.relation}, mature {statements.horizon(dossier)} after the decision" if spec else None
    chapter = dossier.chapters.get("candidates")
    learner = sources.study(dossier, "candidates") if chapter else None
    features = f"{len(dossier.columns)}, each with its meaning in the design paper" if dossier.columns else None
    lines = (
        Line("Predicts", label, sources.of_model(dossier, "brief", "brief"), NOT_KNOWN, "mend its spec"),
        Line("Learnt by", chapter.words[0] if chapter and chapter.words else None, learner, NOT_KNOWN, "the study candidates says it"),
        Line("Knows the world as of", f"{version.as_of:%Y-%m-%d %H:%M} UTC", sources.of_version(dossier, "version", "version")),
        Line("Code", dossier.code, sources.run(dossier, "code"), NOT_KNOWN, "keep the project in git, and train again"),
        Line("Trained because", version.note or None, sources.run(dossier)),
        evidence.run(dossier),
        evidence.again(dossier),
        Line("Features", features, sources.of_model(dossier, "features", "features"), NOT_KNOWN, "restore its package"),
    )
    return Section("Model details", (), lines)


def _use(dossier: Dossier) -> list[Line]:
    spec = dossier.spec
    mode = {"online": "requests, one by one", "batch": "whole tables, on schedule", "both": "requests and whole tables"}
    ranges = "values outside of what it has seen: see the features' ranges" if dossier.columns else None
    return [
        Line("Answers", mode[spec.deployment.mode] if spec else None, sources.spec(dossier), NOT_KNOWN),
        Line("Not meant for", ranges, sources.of_model(dossier, "features", "features")),
    ]


def _groups(dossier: Dossier) -> Line:
    groups = dossier.spec.evaluation.groups if dossier.spec else []
    fill = "write evaluation.groups where rows of one customer, ticket or place belong together"
    return Line("Rows have in common", ", ".join(groups) or None, sources.spec(dossier), fill=fill)


def _evaluated(dossier: Dossier) -> list[Line]:
    line = dossier.offline
    words = f"{line.rows:,} decisions of {span(line.window)}, which the fit has not seen" if line else None
    easier = statements.study(dossier, "split_gap", label="How much an easier split would flatter it")
    holdout = Line("Holdout", words, sources.promise(dossier), NOT_KNOWN, "train again")
    return [holdout, evidence.looks(dossier), statements.split(dossier), easier, evidence.more_history(dossier)]


def _delicate(dossier: Dossier) -> Line:
    """Return the features that come from columns about persons; that none is declared is a blank, not an all-clear."""
    fill = "declare role: sensitive or role: personal where dbt's YAML describes the columns"
    if dossier.persons is None:
        return Line("Columns about persons", None, fill=fill)
    made = "; ".join(f"{feature} from {', '.join(columns)}" for feature, columns in dossier.persons.items())
    return Line(
        "Columns about persons", f"features made from them: {made}" if made else "declared ones reach no feature", sources.lineage(dossier)
    )
