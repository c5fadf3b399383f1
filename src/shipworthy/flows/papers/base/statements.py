"""Statements that several papers make: of the brief, the promise, gates, studies, the training set, and of what is not known."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shipworthy.bounds import WORST_FIRST, Outcome, worst
from shipworthy.flows.papers.base import NOT_ASSESSED, NOT_KNOWN, Line, Section, sources
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.flows.papers.base.figures import figure, listed, metric, promised, span
from shipworthy.records import Chapter, Verdict
from shipworthy.spec.duration import in_words
from shipworthy.spec.model import Waiver


def standing(dossier: Dossier) -> str:
    """Return how the version stands, in a sentence."""
    version = dossier.version
    name = f"{dossier.model} version {version.version}"
    if dossier.answers:
        return f"{name} is the one that answers."
    if not version.sound:
        return f"{name} was refused by its gates: it does not answer."
    champion = f"version {dossier.champion} does" if dossier.champion is not None else "no version does"
    return f"{name} passed its gates and does not answer; {champion}."


def alarms(dossier: Dossier) -> list[str]:
    """Return a sentence for each alarm of the model that is loud and not over, the newest first."""
    loud = [alert for alert in dossier.alerts if alert.state == "firing" and alert.severity != "info"]
    return [f"An alarm is open since {alert.first_seen:%Y-%m-%d}: {alert.words.rstrip('.')}." for alert in loud]


def split(dossier: Dossier) -> Line:
    """Return what the checks said of the split of the version's rows."""
    said = next((one for one in dossier.findings if one.name == "split_fits_data"), None)
    fill = "train again: the split is looked at before every fit"
    return Line("Split", said.words if said else None, sources.findings(dossier), NOT_KNOWN, fill, said.outcome if said else None)


def measured_by(dossier: Dossier) -> Line:
    """Return the metric of the promise, in words."""
    line = dossier.offline
    return Line("Metric", metric(line.metric) if line else None, sources.promise(dossier), NOT_KNOWN, "train again")


def rule(dossier: Dossier) -> Line:
    """Return the rule that the model must beat, in words and in SQL."""
    said = dossier.spec.baseline if dossier.spec else None
    words = f"{said.words or 'An SQL expression.'} In SQL: {said.sql}" if said else None
    fill = f"write baseline in ml/{dossier.model}/model.yml: without a rule nobody knows whether a model is needed"
    return Line("Rule to beat", words, sources.of_model(dossier, "brief", "brief"), fill=fill)


def brief(dossier: Dossier) -> list[Line]:
    """Return the brief's words."""
    spec, source = dossier.spec, sources.of_model(dossier, "brief", "brief")
    if spec is None:
        return [Line("Brief", None, blank=NOT_KNOWN, fill=f"mend ml/{dossier.model}/model.yml: it cannot be read")]
    said, target, business = spec.brief, spec.brief.target, spec.brief.business_metric
    words = {
        "goal": said.goal,
        "decision": said.decision,
        "owner": said.owner,
        "business_metric": f"{business.column} of {business.relation}, {business.better} is better" if business else None,
        "target": f"{target.metric} of at most {figure(target.at_most)}" if target else None,
    }
    return [
        Line(name.replace("_", " ").capitalize(), text, source, fill=f"write brief.{name} in ml/{dossier.model}/model.yml")
        for name, text in words.items()
    ]


def promise(dossier: Dossier) -> Line:
    """Return what the version promised offline, beside the rule."""
    line = dossier.offline
    said = promised(line) if line else None
    return Line("Promise", said, sources.promise(dossier), NOT_KNOWN, "train again: the ledger has no offline line")


def realized(dossier: Dossier) -> Line:
    """Return the newest number that came true of the version."""
    lines = [line for line in dossier.promises if line.stage == "realized"]
    said = promised(lines[-1]) if lines else None
    return Line(
        "What came true last", said, sources.promise(dossier), NOT_KNOWN,
        f"promote it and let 'shipworthy monitor {dossier.model}' measure matured outcomes",
    )  # fmt: skip


def study(dossier: Dossier, name: str, *, label: str = "", sentences: int = 2) -> Line:
    """Return what a study found out, with the worst of its verdicts; a blank where it said nothing of this version."""
    chapter, known = dossier.chapters.get(name), dossier.studies.get(name)
    title = label or (chapter.title if chapter else known.title if known and known.title else name.replace("_", " ").capitalize())
    if chapter is None:
        fill = f"the study {name} said nothing of this version: train again, or give it what it asks for"
        return Line(title, None, None, NOT_ASSESSED, fill if known else f"no study of this release is called {name}")
    words = " ".join(chapter.words[:sentences]) or None
    return Line(title, words, sources.study(dossier, name), NOT_ASSESSED, f"the study {name} left no words", judged(chapter))


def judged(chapter: Chapter) -> Outcome | None:
    """Return the worst verdict of a chapter, None where it judges nothing."""
    return worst([verdict.outcome for verdict in chapter.verdicts]) if chapter.verdicts else None


def gates(dossier: Dossier, verdicts: Iterable[Verdict]) -> Iterator[Line]:
    """Yield what gates said, worst first, with who answers for a red one."""
    for verdict in sorted(verdicts, key=lambda one: (WORST_FIRST.index(one.outcome), one.name)):
        waived = f" Waived by {verdict.waived_by}." if verdict.waived_by else f" Fix: {verdict.fix}." if verdict.fix else ""
        yield Line(verdict.name.replace("_", " "), verdict.words + waived, sources.gate(dossier, verdict.name), outcome=verdict.outcome)


def training_rows(dossier: Dossier) -> list[Line]:
    """Return how much the version learnt from, and what was left out."""
    made, source = dossier.made, sources.training_set(dossier)
    if made is None:
        lost = f"the lake has no training_sets/{dossier.model}/{dossier.version.training_set}: restore it, or train again"
        return [Line("Rows learnt from", None, None, NOT_KNOWN, lost)]
    since = f" from {made.start:%Y-%m-%d}" if made.start else ""
    left = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in sorted(made.exclusions.items()) if count)
    read = listed([f"{pin.table} version {pin.version}" for pin in made.pins.values()], most=12)
    return [
        Line("Rows learnt from", f"{made.rows:,} decisions{since}, as known at {made.as_of:%Y-%m-%d %H:%M} UTC", source),
        Line("Left out", left or "no decision", source),
        Line("Read from", read, source),
        *[
            Line("Excluded on purpose", f"{span(one.window)}: {one.reason} ({one.decisions:,} decisions)", source)
            for one in made.excluded
        ],
    ]  # fmt: skip


def found_in_data(dossier: Dossier) -> Line:
    """Return what the checks said of the training set, counted."""
    said = dossier.findings
    if not said:
        return Line("Checks of the training set", None, None, NOT_ASSESSED, "train again: they look before every fit")
    red = [one for one in said if one.outcome != "pass"]
    noted = sum(one.noted for one in said)
    words = f"{len(said) - len(red)} of {len(said)} passed, {noted} of them with a note"
    worst_of = worst([one.outcome for one in said if not one.waived_by] or ["pass"])
    return Line("Checks of the training set", words + (f"; red: {listed([one.name for one in red])}" if red else ""),
                sources.findings(dossier), outcome=worst_of)  # fmt: skip


def waivers(dossier: Dossier) -> list[Line]:
    """Return who answers for what, until when and why; an expired waiver is told as such."""
    return [_waiver(dossier, one, dossier.now.date()) for one in (dossier.spec.waivers if dossier.spec else ())]


def _waiver(dossier: Dossier, waiver: Waiver, today: date) -> Line:
    state = "expired on" if waiver.expires < today else "until"
    of = f" for {waiver.column}" if waiver.column else ""
    known = any(gate.name == waiver.gate for gate in dossier.gates)
    source = sources.gate(dossier, waiver.gate) if known else sources.findings(dossier)
    return Line(f"Waiver of {waiver.gate}{of}", f"{waiver.owner}, {state} {waiver.expires}: {waiver.reason}", source)


def limits(dossier: Dossier) -> Section:
    """Return what one must not believe of the version: red gates, waivers, open alarms, and what its studies cannot see."""
    red = list(gates(dossier, dossier.red))
    open_alerts = [alert for alert in dossier.alerts if alert.state != "recovered"]
    alarms = [Line(f"Open alarm, {alert.severity}", alert.words, sources.of_model(dossier, "alarms", "alarms")) for alert in open_alerts]
    blind = [_blind(dossier, name) for name in sorted(dossier.chapters) if name in dossier.studies and dossier.studies[name].blind]
    doubt = ("No gate has judged it: unknown, not passed.",) if not dossier.gates else ()
    return Section("Limits", doubt, (*red, *waivers(dossier), *alarms, *blind))


def _blind(dossier: Dossier, name: str) -> Line:
    return Line(f"Blind spot of: {dossier.chapters[name].title.lower()}", dossier.studies[name].blind, sources.study(dossier, name))


def unassessed(dossier: Dossier, wanted: Sequence[str] = ()) -> Section:
    """Return every study that said nothing of the version, and each that is `wanted` by name: blanks, shown as such."""
    absent = dict.fromkeys(name for name in (*wanted, *dossier.studies) if name not in dossier.chapters)
    words = () if absent else ("Every study of this release said something of this version.",)
    return Section("Not assessed", words, tuple(study(dossier, name) for name in absent))


def horizon(dossier: Dossier) -> str:
    """Return when a label is mature, in words; "" where the spec cannot be read."""
    return in_words(dossier.spec.label.horizon) if dossier.spec else ""
