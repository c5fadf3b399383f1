"""`retrain`: go back if the last promotion was a mistake; train again if a reason holds and the data passed; the same gates."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from shipworthy.data import training_set
from shipworthy.evaluation.compare import compare
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.answered import answered
from shipworthy.flows.monitor import offline
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.promote import Promotion, promote, rollback
from shipworthy.flows.served import inputs_of, served
from shipworthy.flows.train import Trained, train
from shipworthy.gateways import lake
from shipworthy.gateways.engine import memory, quoted
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read, write
from shipworthy.records import Deployment, ModelVersion, Verdict
from shipworthy.registry.package import load
from shipworthy.retraining.due import due
from shipworthy.retraining.reasons.base import History, Reason
from shipworthy.retraining.rollback import worse
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model
from shipworthy.training.classes import aligned

WHO = "shipworthy retrain"


@dataclass(frozen=True, slots=True)
class Retrained:
    """What came of it: `reasons` is empty where nothing was due; `back` says that the version before answers again."""

    model: str
    reasons: tuple[Reason, ...]
    trained: Trained | None
    promotion: Promotion | None
    back: Deployment | None
    words: str


def retrain(
    project: Project, book: Engine, name: str, as_of: datetime, *, progress: Progress = silent, asked_by: str | None = None
) -> Retrained:
    """Train the model `name` again if there is a reason to, and promote it if its gates are green; `asked_by` a person is one.

    Raises:
        StepFailed: a reason holds, but the data did not pass.
    """
    spec = model(project, name)
    unfinished = _unfinished(book, name, as_of)
    back = None if unfinished else _back_if_worse(project, book, spec, as_of)
    if back:
        return Retrained(name, (), None, None, back, f"{name}@{back.version} answers again: {back.why}")
    reasons = (
        ()
        if unfinished
        else (Reason("person", f"{asked_by} asked for it"),)
        if asked_by
        else tuple(due(_history(project, book, spec, as_of)))
    )
    if not reasons and not unfinished:
        return Retrained(name, (), None, None, None, "no reason to train again")
    why = unfinished.note if unfinished else "; ".join(reason.words for reason in reasons)
    trained = train(project, book, name, as_of, why=why, progress=progress)
    promotion = promote(project, book, name, trained.version.version, who=WHO, why=why, at=as_of, approved=False)
    return Retrained(name, reasons, trained, promotion, None, _words(trained, promotion))


def _words(trained: Trained, promotion: Promotion) -> str:
    name = f"{trained.version.model}@{trained.version.version}"
    if promotion.deployment:
        return f"{name} was trained and answers from now on"
    return f"{name} was trained and is refused: {promotion.red[0].words if promotion.red else 'no gate has judged it'}"


def _unfinished(book: Engine, name: str, as_of: datetime) -> ModelVersion | None:
    """Return the version that a retraining for this very moment made: what a crash cut off is completed, what is done is told again."""
    versions, history = read.versions(book, name), read.deployments(book, name)
    newest = versions[-1] if versions else None
    if newest is None or newest.as_of != as_of or not history:
        return None
    deployed = [line for line in history if line.version == newest.version]
    done_here = deployed and history[-1] == deployed[-1] and (history[-1].at, history[-1].who) == (as_of, WHO)
    return newest if done_here or not deployed else None


def _history(project: Project, book: Engine, spec: ModelSpec, as_of: datetime) -> History:
    champion = read.champion(book, spec.model)
    version = read.version(book, spec.model, champion) if champion is not None else None
    last = max((known.as_of for known in read.versions(book, spec.model)), default=None)
    firing = tuple(alert for alert in read.alerts(book, spec.model) if alert.state == "firing")
    rows = training_set.load(project.lake, spec.model, version.training_set).rows if version else None
    labels = _new_labels(project, spec, version.as_of, as_of) if version else None
    return History(spec=spec.retraining, as_of=as_of, champion=version, last_training=last, rows=rows, new_labels=labels, firing=firing)


def _new_labels(project: Project, spec: ModelSpec, since: datetime, as_of: datetime) -> int:
    """Return how many labels became known after `since`."""
    pin = catalogs.pins(catalogs.load(project), spec)[spec.label.relation]
    known, value = quoted(spec.label.known_at), quoted(spec.label.column)
    with memory() as connection:
        lake.attach(connection, project.lake, "labels", pin)
        counted = f"select count(*) from labels where {known} > $since and {known} <= $as_of and {value} is not null"
        return int(connection.execute(counted, {"since": since, "as_of": as_of}).fetchall()[0][0])


def _back_if_worse(project: Project, book: Engine, spec: ModelSpec, as_of: datetime) -> Deployment | None:
    history = read.deployments(book, spec.model)
    if history and (history[-1].action, history[-1].at, history[-1].who) == ("rollback", as_of, WHO):
        return history[-1]
    if len(history) < 2 or history[-1].action != "promote" or history[-1].version is None or history[-2].version is None:
        return None
    verdict = beside_the_last(project, book, spec, history[-1], history[-2].version, as_of)
    write.verdicts(book, f"rollback-{spec.model}-{as_of:%Y%m%dT%H%M%S}", as_of, [verdict])
    if verdict.outcome != "fail":
        return None
    return rollback(project, book, spec.model, who=WHO, why=verdict.words, at=as_of)


def beside_the_last(project: Project, book: Engine, spec: ModelSpec, now: Deployment, previous: int, as_of: datetime) -> Verdict:
    """Return whether the version that answers since `now` is worse than the one before would have been, on the same matured rows."""
    version, before = now.version or 0, read.version(book, spec.model, previous)
    unknown = worse(spec.model, version, previous, None, rows=0)
    if before is None:
        return unknown
    package = load(project.state / before.artifact, trust=trust_of(project))
    labels = catalogs.pins(catalogs.load(project), spec)[spec.label.relation]
    rows = served(project, spec, labels, as_of, since=now.at, classes=bool(package.schema.classes))
    rows = rows.filter(pc.and_(pc.is_valid(rows["truth"]), pc.equal(rows["version"], version)))
    mine = read.version(book, spec.model, version)
    own = set(load(project.state / mine.artifact, trust=trust_of(project)).schema.names) if mine else set()
    if not rows.num_rows or own != set(package.schema.names):
        return unknown
    rows = inputs_of(rows, package.schema)
    told = answered(rows, package.schema.classes)
    found = compare(
        offline(book, spec.model)[version].metric, rows["decided_at"].cast(pa.timestamp("us")).to_numpy(), told.truth,  # type: ignore[arg-type]
        champion=aligned(package.predict_table(rows), package.schema.classes, told.classes), challenger=told.answers,
        quantile=spec.evaluation.quantile,
    )  # fmt: skip
    return worse(spec.model, version, previous, found.interval, rows=found.rows, minimum_rows=spec.monitoring.minimum_rows)
