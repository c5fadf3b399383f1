"""Training again: for a reason, with the same gates, and back where it made things worse."""

from datetime import UTC, datetime, timedelta

from shipworthy.flows.monitor import monitor
from shipworthy.flows.promote import promote
from shipworthy.flows.retrain import retrain
from shipworthy.flows.score import score
from shipworthy.flows.train import train
from shipworthy.logbook import read
from shipworthy.registry import pointer

from ..conftest import MODEL, Shop

SOON = datetime(2026, 5, 10, tzinfo=UTC)
DUE = datetime(2026, 7, 3, tzinfo=UTC)


def champion(shop: Shop) -> int | None:
    found = pointer.read(shop.project.live, MODEL)
    assert found is not None
    assert found.version == read.champion(shop.book, MODEL)
    return found.version


def test_without_a_reason_nothing_is_trained(promoted: Shop) -> None:
    """
    A young champion that keeps its promise is left alone.
    """
    result = retrain(promoted.project, promoted.book, MODEL, SOON + timedelta(days=6))

    assert (result.reasons, result.trained, result.words) == ((), None, "no reason to train again")


def test_a_model_without_a_champion_is_a_persons_decision(trained: Shop) -> None:
    """
    What never answered is not retrained by itself.
    """
    assert retrain(trained.project, trained.book, MODEL, DUE).trained is None


def test_an_old_champion_is_replaced_by_a_better_one(promoted: Shop) -> None:
    """
    When its time has come the model is trained on what is known now, passes the gates beside the champion, and answers; once.
    """
    result = retrain(promoted.project, promoted.book, MODEL, DUE)

    assert [reason.name for reason in result.reasons] == ["schedule"]
    assert result.promotion is not None
    assert result.promotion.red == ()
    assert champion(promoted) == 3
    again = retrain(promoted.project, promoted.book, MODEL, DUE)
    assert (again.trained is not None and again.trained.new, again.words) == (False, result.words)
    assert len(read.versions(promoted.book, MODEL)) == 3
    assert len(read.deployments(promoted.book, MODEL)) == 2


def test_decay_that_alarms_is_a_reason(promoted: Shop) -> None:
    """
    A firing decay alarm on windows that the champion did not learn from has the model trained again, with the figures as the reason.
    """
    promoted.rewrite(f"ml/{MODEL}/model.yml", "every: 8 weeks, ", "")
    scored = datetime(2026, 6, 12, tzinfo=UTC)
    monitor(promoted.project, promoted.book, MODEL, scored)

    result = retrain(promoted.project, promoted.book, MODEL, DUE)

    assert [reason.name for reason in result.reasons] == ["decay"]
    assert result.trained is not None
    assert result.trained.version.note == result.reasons[0].words


def test_a_young_training_is_left_to_show_itself(promoted: Shop) -> None:
    """
    Within the cool-down no reason holds, whatever became of the last candidate; a person may still ask.
    """
    train(promoted.project, promoted.book, MODEL, DUE - timedelta(days=13))

    assert retrain(promoted.project, promoted.book, MODEL, DUE).trained is None
    assert retrain(promoted.project, promoted.book, MODEL, DUE, asked_by="ana").reasons[0].words == "ana asked for it"


def test_a_promotion_that_a_crash_cut_off_is_completed(promoted: Shop) -> None:
    """
    A version that a killed retraining for this moment left trained and sound is promoted, not trained a second time.
    """
    left = train(promoted.project, promoted.book, MODEL, DUE, why="due").version
    assert champion(promoted) == 2

    result = retrain(promoted.project, promoted.book, MODEL, DUE)

    assert champion(promoted) == left.version == 3
    assert result.trained is not None
    assert result.trained.new is False
    assert read.deployments(promoted.book, MODEL)[-1].why == "due"


def test_a_candidate_that_its_gates_refuse_changes_nothing(promoted: Shop) -> None:
    """
    A worse candidate is kept as a version with its verdicts, and the champion goes on answering.
    """
    promoted.rewrite(f"ml/{MODEL}/model.yml", "num_iterations: 150", "num_iterations: 1")

    result = retrain(promoted.project, promoted.book, MODEL, DUE)

    assert result.promotion is not None
    assert result.promotion.deployment is None
    assert "refused" in result.words
    assert champion(promoted) == 2
    assert retrain(promoted.project, promoted.book, MODEL, DUE).words == result.words
    assert len(read.versions(promoted.book, MODEL)) == 3


def test_a_promotion_that_made_things_worse_is_taken_back(promoted: Shop) -> None:
    """
    Where matured rows show beyond doubt that the version before was better, it answers again, and the history says why.
    """
    better = train(promoted.project, promoted.book, MODEL, DUE - timedelta(days=7)).version.version
    for number, day in ((better, 11), (1, 12)):
        at = datetime(2026, 6, day, tzinfo=UTC)
        assert promote(promoted.project, promoted.book, MODEL, number, who="ana", why="a try", at=at).deployment
    score(promoted.project, promoted.book, MODEL, DUE)

    result = retrain(promoted.project, promoted.book, MODEL, DUE)

    assert result.back is not None
    assert (result.back.action, result.back.version, champion(promoted)) == ("rollback", better, better)
    assert "version 1 is worse" in result.back.why
    assert retrain(promoted.project, promoted.book, MODEL, DUE) == result
    assert len(read.deployments(promoted.book, MODEL)) == 4
    assert retrain(promoted.project, promoted.book, MODEL, DUE + timedelta(seconds=1)).back is None


def test_too_few_matured_rows_take_nothing_back(promoted: Shop) -> None:
    """
    Right after a promotion nobody can tell which version is better: it stays.
    """
    promote(promoted.project, promoted.book, MODEL, 1, who="ana", why="a try", at=SOON)

    assert retrain(promoted.project, promoted.book, MODEL, SOON).back is None
    assert champion(promoted) == 1
