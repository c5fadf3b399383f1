from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from shipworthy import clock
from shipworthy.errors import BadRequest, NotLogged
from shipworthy.logbook.segments import Outcome, Prediction
from shipworthy.registry.package import Package
from shipworthy.serving.answer import SKEW, AnswerRoom, Answers, SegmentLog
from shipworthy.serving.intake import OutcomeRow, Row
from shipworthy.spec.project import Project

from .answering import MODEL, inputs, logged, packaged

NOON = datetime(2013, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.pin(tmp_path / "clock", NOON)
    monkeypatch.setenv(clock.PINNED_BY, str(tmp_path / "clock"))


@pytest.fixture
def package(project: Project) -> Package:
    return packaged(project, 4)


def ask(project: Project, package: Package, *rows: Row) -> Answers:
    return AnswerRoom(SegmentLog(project.segments)).predict(package, rows, caller="app", started=perf_counter())


def row(entity: str = "UA 1", at: datetime = NOON, **other: float | str | None) -> Row:
    return Row(entity, at, inputs(**other))


def outcome(at: datetime = NOON) -> OutcomeRow:
    return OutcomeRow.model_validate({"entity": "UA 1", "value": 3.0, "known_at": at.isoformat()})


class TestPredict:
    def test_the_answer_is_the_packages_own_and_in_the_log(self, project: Project, package: Package) -> None:
        """
        Each row is answered in order with what the package says, and stands in the log with all that led to it.
        """
        rows = [row("UA 1"), row("B6 2", carrier=None), row("VX 3", dep_delay=-3.5)]

        answers = ask(project, package, *rows)

        assert [one.answer for one in answers.predictions] == package.predict([one.inputs for one in rows])
        first, _, third = (record for record in logged(project) if isinstance(record, Prediction))
        assert (first.id, first.at, first.version, first.caller, first.fallback) == (answers.predictions[0].id, NOON, 4, "app", False)
        assert (third.entity, third.decided_at, third.inputs) == ("VX 3", NOON, rows[2].inputs)
        assert third.answer == answers.predictions[2].answer
        assert third.latency_seconds > 0

    def test_what_the_model_never_met_is_answered_and_named(self, project: Project, package: Package) -> None:
        """
        An unknown category is answered like an unknown value, and a number beyond what was learnt is answered: both are said.
        """
        known, unseen, outside, null = ask(project, package, row(), row(carrier="ZZ"), row(dep_delay=1e6), row(carrier=None)).predictions

        assert (known.unseen, known.outside) == ([], [])
        assert (unseen.unseen, unseen.outside) == (["carrier"], [])
        assert (outside.unseen, outside.outside) == ([], ["dep_delay"])
        assert unseen.answer == null.answer

    def test_no_two_answers_share_an_id(self, project: Project, package: Package) -> None:
        """
        Ids differ within a process and between two of them.
        """
        answers = [ask(project, package, row(), row()) for _ in range(2)]

        assert len({one.id for each in answers for one in each.predictions}) == 4

    def test_a_decision_in_the_future_is_refused_and_not_logged(self, project: Project, package: Package) -> None:
        """
        Nobody knows yet what will be known then; clocks that differ by a little are forgiven.
        """
        ask(project, package, row(at=NOON + SKEW))

        with pytest.raises(BadRequest, match=r"rows.1.decided_at: 2013-05-01T12:05:01\+00:00 lies in the future"):
            ask(project, package, row(), row(at=NOON + SKEW + timedelta(seconds=1)))

        assert len(logged(project)) == 1

    def test_what_cannot_be_logged_is_not_answered(self, project: Project, package: Package) -> None:
        """
        No answer leaves without its record.
        """
        project.segments.parent.mkdir(parents=True, exist_ok=True)
        project.segments.write_text("a file in the way")

        with pytest.raises(NotLogged):
            ask(project, package, row())


class TestAccept:
    def test_outcomes_are_on_disk(self, project: Project) -> None:
        """
        What came true is in the log of the model, with when it was received and when it was known.
        """
        accepted = AnswerRoom(SegmentLog(project.segments)).accept(MODEL, [outcome(NOON - timedelta(hours=1))])

        assert accepted.accepted == 1
        assert logged(project) == [Outcome(NOON, MODEL, "UA 1", None, 3.0, NOON - timedelta(hours=1))]

    def test_an_outcome_that_is_not_known_yet_is_refused(self, project: Project) -> None:
        """
        A label from the future is a mistake of whoever sends it.
        """
        with pytest.raises(BadRequest, match=r"outcomes.0.known_at"):
            AnswerRoom(SegmentLog(project.segments)).accept(MODEL, [outcome(NOON + timedelta(hours=1))])

        assert logged(project) == []
