"""The parts of one running service, wired; what it does with a request's body once HTTP has been dealt with."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shipworthy.serving.answer import Accepted, AnswerRoom, Answers, SegmentLog
from shipworthy.serving.keys import Keys, keys_from
from shipworthy.serving.live import Live, LiveModel, State
from shipworthy.serving.metrics import Metrics
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Service as Settings


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

    def predict(self, model: LiveModel, body: bytes, caller: str | None, started: float) -> Answers:
        """Return the answers to `body`, on disk; raises as `Intake.read_rows` and `AnswerRoom.predict` do."""
        answers = self.room.predict(model.package, model.intake.read_rows(body), caller=caller, started=started)
        self.metrics.predicted(answers)
        return answers

    def accept(self, model: LiveModel, body: bytes) -> Accepted:
        """Return how many outcomes of `body` are on disk; raises as `Intake.read_outcomes` and `AnswerRoom.accept` do."""
        accepted = self.room.accept(model.package.manifest.model, model.intake.read_outcomes(body))
        self.metrics.accepted(accepted.model, accepted.accepted)
        return accepted

    def close(self) -> None:
        """Finish what was begun and let go of the log."""
        self.worker.shutdown()
        self.log.close()


def wire(project: Project) -> Service:
    """Return the service of `project`; nothing is loaded yet.

    Raises:
        BadSpec: the keys in the environment are not of their form.
    """
    metrics, log = Metrics(), SegmentLog(project.segments)

    def changed(state: State) -> None:
        metrics.live({name: model.version for name, model in state.models.items()}, state.trouble)

    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
    settings = project.settings.service
    return Service(settings, keys_from(settings.keys_from), Live(project, changed), log, AnswerRoom(log), metrics, worker)
