"""How tests look at evidence: a study's chapter, a gate, the last words of guards; and evidence to show it on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shipworthy.bounds import worst
from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base import Found
from shipworthy.flows.score_card.base.evidence import NOTHING, Evidence
from shipworthy.records import Chapter, Deployment, Interval, ModelVersion, Promise, Stage, Step, Verdict, Window
from shipworthy.registry.gates.base import EXAMPLE

MODEL, DAY = NOTHING.model, timedelta(days=1)


def version_page(evidence: Evidence, *parts: str, what: str, part: str = "") -> Source:
    """Return the page of the version, or one below it."""
    number = str(evidence.version.version) if evidence.version else "1"
    return Source(("models", evidence.model, number, *parts), what, part)


def model_page(evidence: Evidence, part: str) -> Source:
    """Return a part of the model's page."""
    return Source(("models", evidence.model), part, part)


def chapter(evidence: Evidence, name: str, *, judged: bool = False) -> Found | None:
    """Return what a study's chapter is worth: 1 where nothing in it is red, half where somebody answers for it, else 0.

    `judged` asks for a verdict: a chapter that judges nothing is then no evidence.
    """
    found, version = evidence.chapters.get(name), evidence.version
    if found is None or version is None or (judged and not found.verdicts):
        return None
    source = version_page(evidence, "studies", name, what=f"study {found.title.lower()}")
    words = found.words[0] if found.words else found.title
    return Found(worth(found.verdicts), words, version.created_at, source)


def gate(evidence: Evidence, name: str) -> Found | None:
    """Return what a gate's word on the version is worth, None where it has not spoken."""
    found = next(((at, one) for at, one in evidence.gates if one.name == name), None)
    if found is None:
        return None
    at, verdict = found
    return Found(worth([verdict]), verdict.words, at, version_page(evidence, what=f"gate {name}", part=f"gate-{name}"))


def worth(verdicts: Iterable[Verdict]) -> float:
    """Return 1 where every verdict is a pass, half where somebody answers for each that is not, else 0: unknown is no pass.

    >>> worth([Verdict("grain", "orders", "pass", "")]), worth([Verdict("grain", "orders", "unknown", "")])
    (1.0, 0.0)
    """
    red = [one for one in verdicts if one.outcome != "pass"]
    return 1.0 if not red else 0.5 if all(one.waived_by for one in red) else 0.0


def guards(evidence: Evidence, names: Collection[str], subjects: Sequence[str], *, columns: bool = False) -> Found | None:
    """Return what the last words of the guards `names` are worth, as old as the oldest of `subjects` makes them.

    Each subject must have been spoken of, itself or (`columns`) a column of it; None where one was not: silence is no evidence.
    """
    if not subjects:
        return None
    heard: list[tuple[datetime, Verdict]] = []
    for subject in subjects:
        own = [(at, one) for at, one in evidence.said if one.name in names and _of(one.subject, subject, columns=columns)]
        if not own:
            return None
        heard.append((max(at for at, _ in own), Verdict("", subject, worst([one.outcome for _, one in own]), "")))
        heard += [(heard[-1][0], one) for _, one in own if one.outcome != "pass"]
    red = [one for _, one in heard if one.outcome != "pass" and one.words]
    words = f"{len(subjects)} looked at: {', '.join(subjects)}" if not red else f"{red[0].subject}: {red[0].words}"
    return Found(worth(red), words, min(at for at, _ in heard), _place(evidence, subjects[0]))


def _of(subject: str, wanted: str, *, columns: bool) -> bool:
    return subject == wanted or (columns and subject.startswith(f"{wanted}."))


def _place(evidence: Evidence, subject: str) -> Source:
    if subject == evidence.model:
        return model_page(evidence, "alarms")
    return Source(("quality",), "builds")


def both(first: Found | None, second: Found | None) -> Found | None:
    """Return two pieces of evidence of which both are needed: the lesser counts, half of it where one is missing."""
    if first is None or second is None:
        only = first or second
        return replace(only, points=min(only.points, 0.5), words=f"Half of it: {only.words}") if only else None
    less, more = sorted((first, second), key=lambda one: one.points)
    return replace(less, words=f"{first.words.rstrip('.')}; {second.words}", at=min(less.at, more.at), source=less.source or more.source)


# Evidence to show tests on: a version that answers, well watched.
LEARNT = NOTHING.now - 20 * DAY
VERSION = ModelVersion(MODEL, 2, LEARNT, LEARNT, "train-2", "9d41c7aa02be", "models/arrival_delay/2", sound=True)
ANSWERING = replace(NOTHING, spec=EXAMPLE.spec, version=VERSION, answers=True, features=("departure_delay", "wind_speed"))


def with_chapter(name: str, *, outcome: bool = True) -> Evidence:
    """Return evidence that holds the chapter of one study, with a verdict that passes unless it is without one."""
    verdicts = (Verdict(name, f"{MODEL}@2", "pass", "sound"),) if outcome else ()
    return replace(ANSWERING, chapters={name: Chapter(name, name, ("Looked at.",), verdicts=verdicts)})


def with_gates(evidence: Evidence, *names: str) -> Evidence:
    """Return `evidence` with green gates."""
    return replace(evidence, gates=tuple((VERSION.created_at, Verdict(name, f"{MODEL}@2", "pass", "green")) for name in names))


def with_said(evidence: Evidence, *said: tuple[str, str]) -> Evidence:
    """Return `evidence` with guards, by name and subject, that passed yesterday."""
    return replace(evidence, said=tuple((evidence.now - DAY, Verdict(name, subject, "pass", "sound")) for name, subject in said))


def promised(version: int, stage: Stage, days_ago: int, value: float) -> Promise:
    """Return a line of the ledger over a week."""
    start = NOTHING.now - days_ago * DAY
    window = Window(start, start + 7 * DAY)
    return Promise(MODEL, version, stage, "mae", window, 900, value, Interval(value - 1, value + 1), None, None, window.end)


def stepped(run: int, name: str, *, seconds: float = 60, version: int | None = None) -> Step:
    """Return a step of the run `run` days ago that ended well."""
    start = NOTHING.now - run * DAY
    detail = {"sound": True, "version": version}
    return Step(f"run-{start:%Y%m%d}", name, "done", start, start + timedelta(seconds=seconds), "done", detail)


def deployed(version: int, action: str, days_ago: int, who: str = "ana@example.org") -> Deployment:
    """Return a line of the deployment history."""
    return Deployment(MODEL, version, NOTHING.now - days_ago * DAY, action, who, "better")  # type: ignore[arg-type]
