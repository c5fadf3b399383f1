"""The parts of one running service, wired; what it does with a request's body once HTTP has been dealt with."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shipworthy.gateways.online.store import open_store
from shipworthy.serving.answer import Accepted, AnswerRoom, Answers, SegmentLog
from shipworthy.serving.explain import Explanations, explain
from shipworthy.serving.keys import Keys, keys_from
from shipworthy.serving.live import Live, LiveModel, State
from shipworthy.serving.lookup import LookupRoom
from shipworthy.serving.metrics import Metrics
from shipworthy.serving.retrieval import Retrieved, decision_of
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Service as Settings

SERVERS_CALLERS = 8  # threads that may wait for a store that is a server


@dataclass(frozen=True)
class Service:
    """All that the routes need. Bodies that take long to answer go to `worker`, lest they hold up the others."""

    settings: Settings
    keys: Keys
    live: Live
    log: SegmentLog
    room: AnswerRoom
    metrics: Metrics
    worker: ThreadPoolExecutor
    lookups: LookupRoom

    def predict(self, model: LiveModel, body: bytes, caller: str | None, started: float) -> Answers:
        """Return the answers to `body`, on disk; raises as `Intake.read_rows`, `LookupRoom.complete` and `AnswerRoom.predict` do."""
        rows = self.lookups.complete(model.package.schema, model.intake.read_rows(body))
        answers = self.room.predict(model.package, rows, caller=caller, started=started)
        self.metrics.predicted(answers)
        self.metrics.looked_up(answers.model, rows)
        return answers

    def explain(self, model: LiveModel, body: bytes) -> Explanations:
        """Return why each row of `body` is answered as it is, nothing logged; raises as `predict` does, and as `explain.explain`."""
        rows = self.lookups.complete(model.package.schema, model.intake.read_rows(body))
        return explain(model.package, model.explainer, rows)

    def features(self, model: LiveModel, query: Sequence[tuple[str, str]]) -> Retrieved:
        """Return the features of the decision that `query` names; raises as `decision_of` and `LookupRoom.features` do."""
        decision = decision_of(model.package.schema, query)
        values, lookups = self.lookups.features(model.package.schema, decision)
        return Retrieved(model.package.schema.model, model.version, decision.decided_at, values, lookups)

    def accept(self, model: LiveModel, body: bytes) -> Accepted:
        """Return how many outcomes of `body` are on disk; raises as `Intake.read_outcomes` and `AnswerRoom.accept` do."""
        accepted = self.room.accept(model.package.manifest.model, model.intake.read_outcomes(body))
        self.metrics.accepted(accepted.model, accepted.accepted)
        return accepted

    def close(self) -> None:
        """Finish what was begun and let go of the log."""
        self.worker.shutdown()
        self.lookups.store.close()
        self.log.close()


def wire(project: Project) -> Service:
    """Return the service of `project`; nothing is loaded yet.

    Raises:
        BadSpec: the keys in the environment are not of their form, or the online store is not at hand.
    """
    metrics, log = Metrics(), SegmentLog(project.segments)

    def changed(state: State) -> None:
        metrics.live({name: model.version for name, model in state.models.items()}, state.trouble)

    store = open_store(project, read_only=True)
    worker = ThreadPoolExecutor(max_workers=1 if store.near else SERVERS_CALLERS, thread_name_prefix="answers")
    settings, room = project.settings.service, AnswerRoom(log)
    return Service(settings, keys_from(settings.keys_from), Live(project, changed), log, room, metrics, worker, LookupRoom(store))
