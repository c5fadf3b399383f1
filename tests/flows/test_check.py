"""What is said before a training."""

from pathlib import Path

from shipworthy.flows.check import check

from ..conftest import BUILT, MODEL, TRAINED, Shop, opened


def outcomes(shop: Shop) -> dict[str, str]:
    return {verdict.name: verdict.outcome for verdict in check(shop.project, shop.book, TRAINED).verdicts}


def test_a_sound_project_says_how_many_rows_it_can_learn_from(built: Shop) -> None:
    """
    Where all is well the check tells the rows to learn from, those in the holdout, and what is left out.
    """
    checked = check(built.project, built.book, TRAINED, only=MODEL)

    (rows,) = [verdict.words for verdict in checked.verdicts if verdict.name == "training_set"]
    assert checked.outcome == "pass"
    assert "to learn from" in rows
    assert "immature" in rows


def test_what_nobody_wrote_is_named(built: Shop) -> None:
    """
    A gap in the brief and a rule that cannot be asked fail, each in its own line.
    """
    built.rewrite(f"ml/{MODEL}/model.yml", "  owner: kitchen@example.org\n", "")
    built.rewrite(f"ml/{MODEL}/model.yml", "20 + 3 * distance", "20 + 3 * distanze")

    said = {verdict.name: verdict for verdict in check(built.project, built.book, BUILT).verdicts}

    assert said["brief"].words == "the brief says nothing of owner"
    assert said["training_set"].outcome == "fail"
    assert "did you mean 'distance'?" in said["training_set"].fix


def test_before_the_first_build_data_are_unknown(unbuilt: Path) -> None:
    """
    Nothing built is unknown, never a pass.
    """
    shop = opened(unbuilt)

    assert outcomes(shop) == {"brief": "pass", "data": "unknown", "way_in": "pass"}
    shop.book.dispose()


def test_a_sensitive_column_that_is_not_there_is_told_before_training(built: Shop) -> None:
    """
    Fairness is among what is said before a training, a wrong name with the nearest one.
    """
    file = built.root / "ml" / MODEL / "model.yml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("fairness:")]
    file.write_text("\n".join([*kept, "fairness: {sensitive: [shopp], policy: group_error}"]) + "\n")

    (found,) = [one for one in check(built.project, built.book, TRAINED, only=MODEL).verdicts if one.name == "fairness"]

    assert found.outcome == "fail"
    assert "'shopp'" in found.words
    assert "'shop'" in found.fix
