"""`monitor`: take in the prediction log, join outcomes, measure windows, judge, alarm, deliver."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from shipworthy.alerting.conditions import LOOKED_BACK, advance
from shipworthy.alerting.outbox import announce, deliver
from shipworthy.bounds import Outcome, worst
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.absorb import absorb
from shipworthy.flows.profiles import ANSWER, CLASS, Reference, kinds_of, outputs_of, reference, seen
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.realized import realized
from shipworthy.flows.served import inputs_of, served
from shipworthy.flows.written import publish_logbook
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read, write
from shipworthy.monitoring.monitors.base import Comparison, Finding, Seen
from shipworthy.monitoring.watch import MONITORS
from shipworthy.monitoring.windows import windows
from shipworthy.records import Alert, ModelVersion, Promise, Verdict, Window
from shipworthy.registry.package import Package, load
from shipworthy.spec.duration import in_words
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model

NEED_LABELS = frozenset({"realized_decay", "outcome_delay"})


@dataclass(frozen=True, slots=True)
class Watched:
    """What a look at one model came to; `windows` were judged, `changed` alerts began, fired or recovered."""

    model: str
    absorbed: int
    windows: tuple[Window, ...]
    verdicts: tuple[Verdict, ...]
    changed: tuple[Alert, ...]
    delivered: int
    words: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst verdict on the newest window; nothing judged is unknown."""
        return worst([verdict.outcome for verdict in self.verdicts])


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that a look at one model needs."""

    project: Project
    book: Engine
    spec: ModelSpec
    version: ModelVersion
    package: Package
    as_of: datetime


def monitor(project: Project, book: Engine, name: str, as_of: datetime, *, progress: Progress = silent) -> Watched:
    """Measure and judge every window of the model `name` that `as_of` makes ripe, and tell who should know.

    The same moment again gives the same; windows that were missed are caught up with.
    """
    spec = model(project, name)
    progress(f"{name}: prediction log", 0, 3)
    absorbed = absorb(project, name)
    champion = read.champion(book, name)
    version = read.version(book, name, champion) if champion is not None else None
    if version is None:
        return Watched(name, absorbed, (), (), (), 0, "nothing is promoted: nothing to watch")
    watch = Watch(project, book, spec, version, load(project.state / version.artifact, trust=trust_of(project)), as_of)
    spans = _due(watch)
    if not spans:
        return Watched(name, absorbed, (), (), (), 0, f"no window of {in_words(spec.monitoring.window)} is over yet")
    progress(f"{name}: {len(spans)} windows", 1, 3)
    findings = _judge(watch, spans)
    judged = [(span, [finding.verdict for finding in found]) for span, found in findings]
    progress(f"{name}: alarms", 2, 3)
    changed = _alarm(watch, judged)
    measured = [finding.measurement for _, found in findings for finding in found]
    write.measurements(book, measured)  # last: a window that has been measured is looked at no more
    publish_logbook(project, book)
    delivered = deliver(book, as_of)
    return Watched(name, absorbed, tuple(spans), tuple(judged[-1][1]), tuple(changed), delivered)


def _due(watch: Watch) -> list[Window]:
    """Return the windows to judge: the last ones, whose verdicts may change as labels come, and any that were missed."""
    length = watch.spec.monitoring.window
    ever = windows(read.deployments(watch.book, watch.spec.model)[0].at, watch.as_of, length)
    looked_back = LOOKED_BACK + math.ceil(watch.spec.label.horizon / length)
    measured = {measured.at for measured in read.measurements(watch.book, name="volume", subject=watch.spec.model)}
    missed = [span for span in ever if span.end not in measured]
    first = min([*missed[:1], *ever[-looked_back:]], key=lambda span: span.start, default=None)
    return [span for span in ever if first and span.start >= first.start]


def _judge(watch: Watch, spans: Sequence[Window]) -> list[tuple[Window, list[Finding]]]:
    found = reference(watch.project, watch.version, watch.package, watch.spec.monitoring.window)
    catalog, schema = catalogs.load(watch.project), watch.package.schema
    labels = catalogs.pins(catalog, watch.spec)[watch.spec.label.relation]
    rows = served(watch.project, watch.spec, labels, watch.as_of, since=spans[0].start, classes=bool(schema.classes))
    renamed = {"answer": ANSWER, "class": CLASS}
    own = [renamed.get(name, name) for name in rows.column_names]
    rows = inputs_of(rows, schema).rename_columns([*own, *schema.names])
    shown = _shown(watch, rows, spans, found)
    promised = realized(watch.spec, rows, spans, offline(watch.book, watch.spec.model), watch.as_of, watch.package)
    write.promises(watch.book, [line for lines in promised.values() for line in lines])
    judged = []
    for span, one in zip(spans, shown, strict=True):
        findings = _findings(watch, replace(one, realized=_main(promised.get(span, []), watch.version)), found)
        verdicts = [finding.verdict for finding in findings]
        write.verdicts(watch.book, f"monitor-{watch.spec.model}-{span.end:%Y%m%dT%H%M%S}", span.end, verdicts)
        judged.append((span, findings))
    return judged


def _shown(watch: Watch, rows: pa.Table, spans: Sequence[Window], found: Reference) -> list[Seen]:
    inputs, outputs = (part.anchors if part else {} for part in (found.whole.inputs, found.whole.outputs))
    schema = watch.package.schema
    profiled = seen(rows, spans, kinds_of(schema), outputs_of(schema), inputs, outputs)
    ripe = watch.as_of - watch.spec.label.horizon
    return [_with_labels(rows, one) if one.window.end <= ripe else one for one in profiled]


def _with_labels(rows: pa.Table, one: Seen) -> Seen:
    span = one.window
    inside = rows.filter(
        pc.and_(pc.greater_equal(rows["decided_at"], pa.scalar(span.start)), pc.less(rows["decided_at"], pa.scalar(span.end)))
    )
    return replace(one, mature=pc.sum(inside["mature"]).as_py() or 0, outcomes=inside.num_rows - inside["truth"].null_count)


def _findings(watch: Watch, one: Seen, found: Reference) -> list[Finding]:
    promise = offline(watch.book, watch.spec.model).get(one.realized.version if one.realized else watch.version.version)
    earlier = [
        line for line in read.promises(watch.book, watch.spec.model) if line.stage == "realized" and line.window.end <= one.window.start
    ]
    comparison = Comparison(
        model=watch.spec.model,
        current=one,
        reference=found.whole,
        past=found.past,
        promise=promise,
        realized=tuple(earlier),
        minimum_rows=watch.spec.monitoring.minimum_rows,
    )
    ripe = one.window.end <= watch.as_of - watch.spec.label.horizon
    asked = [monitor for name, monitor in MONITORS.items() if ripe or name not in NEED_LABELS]
    return [finding for monitor in asked for finding in monitor.judge(comparison)]


def _main(lines: Sequence[Promise], champion: ModelVersion) -> Promise | None:
    """Return the line that speaks for a window: the champion's if it answered in it, else that of the busiest version."""
    own = [line for line in lines if line.version == champion.version]
    return own[0] if own else max(lines, key=lambda line: line.rows, default=None)


def offline(book: Engine, name: str) -> dict[int, Promise]:
    """Return the offline promise of each version."""
    return {line.version: line for line in read.promises(book, name) if line.stage == "offline"}


def _alarm(watch: Watch, judged: Sequence[tuple[Window, list[Verdict]]]) -> list[Alert]:
    severities: Mapping[str, object] = {name: monitor.severity for name, monitor in MONITORS.items()}
    changed = advance(
        watch.spec.model,
        read.alerts(watch.book, watch.spec.model),
        judged,
        hold=watch.spec.monitoring.hold,
        severities=severities,  # type: ignore[arg-type]
        now=watch.as_of,
    )
    announce(
        watch.book,
        changed,
        watch.project.settings.alerts,
        now=watch.as_of,
        owner=watch.spec.brief.owner,
        causes={name: monitor.cause for name, monitor in MONITORS.items()},
    )
    return changed
