"""A candidate: the same training is the same version, and what does not pass is not learnt from."""

import json

import pytest

from shipworthy.errors import BadData, StepFailed
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.train import digest_of, train
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.registry.package import load
from shipworthy.spec.project import model

from ..conftest import EARLIER, MODEL, TRAINED, Shop

SPEC = f"ml/{MODEL}/model.yml"


def test_the_same_training_is_the_same_version(trained: Shop) -> None:
    """
    Trained again on the same knowledge, a model gets no second version, and its verdicts are those of the first time.
    """
    before = read.verdicts(trained.book, subject=f"{MODEL}@2")

    again = train(trained.project, trained.book, MODEL, TRAINED)

    assert (again.version.version, again.new) == (2, False)
    assert {verdict.name for verdict in again.verdicts} == {verdict.name for _, verdict in before}
    assert len(read.versions(trained.book, MODEL)) == 2


def test_other_code_or_behaviours_are_another_training(trained: Shop) -> None:
    """
    A team that changes its train.py, what it wants of the model's behaviour, or what is monotone, has not trained that before.
    """
    spec, folder = model(trained.project, MODEL), trained.root / "ml" / MODEL
    found = [digest_of(trained.project, spec)]
    for name, text in (("train.py", "def estimator(p): ..."), ("train.py", "def estimator(q): ..."), ("behaviours.yml", "cases: []")):
        (folder / name).write_text(text)
        found.append(digest_of(trained.project, spec))

    found += [digest_of(trained.project, spec, {"distance": way}) for way in (1, -1)]

    assert len(set(found)) == 6


def test_a_version_has_all_that_it_was_made_of(trained: Shop) -> None:
    """
    A version names its training set, which is in the lake with its SQL, and a package that loads and says the same.
    """
    version = read.versions(trained.book, MODEL)[-1]

    package = load(trained.project.state / version.artifact)

    assert package.manifest.provenance.training_set == version.training_set
    assert f"training_sets/{MODEL}/{version.training_set}" in lake.tables(trained.project.lake)
    assert "asof left join" in (trained.project.lake / "training_sets" / MODEL / f"{version.training_set}.sql").read_text()


def test_what_was_decided_after_the_moment_is_not_learnt_from(trained: Shop) -> None:
    """
    A training as of an earlier moment sees fewer decisions, all of them mature by then.
    """
    early, late = read.versions(trained.book, MODEL)
    sets = [lake.read(trained.project.lake, f"training_sets/{MODEL}/{version.training_set}") for version in (early, late)]

    assert (early.as_of, late.as_of) == (EARLIER, TRAINED)
    assert sets[0].num_rows < sets[1].num_rows
    assert max(sets[0]["known_at"].to_pylist()) <= EARLIER


def test_what_a_killed_training_left_is_no_version(trained: Shop) -> None:
    """
    A package that the logbook does not know is what a killed training left: the next training takes its place.
    """
    left = trained.project.artifacts / MODEL / "3"
    left.mkdir()
    (left / "model.txt").write_text("half of a mo")
    trained.rewrite(SPEC, "num_iterations: 150", "num_iterations: 120")

    made = train(trained.project, trained.book, MODEL, TRAINED)

    assert made.version.version == 3
    assert load(left).manifest.version == 3


def test_a_model_that_the_rule_beats_is_refused_with_the_figures(trained: Shop) -> None:
    """
    Where the rule is better than the model the candidate is not sound, and the refusal says by how much on how many decisions.
    """
    trained.rewrite(SPEC, "sql: 20 + 3 * distance", 'sql: "11 + 3 * distance + 0.6 * coalesce(waiting, 15)"')
    trained.rewrite(SPEC, "num_iterations: 150", "num_iterations: 3")

    made = train(trained.project, trained.book, MODEL, TRAINED)

    (refusal,) = [verdict for verdict in made.verdicts if verdict.outcome != "pass"]
    assert (made.version.sound, refusal.name, refusal.outcome) == (False, "beats_rule", "fail")
    assert "Keep the rule" in refusal.words
    assert f"{made.promise.rows:,} decisions" in refusal.words


def test_a_waiver_makes_a_red_gate_answered_for(trained: Shop) -> None:
    """
    A red gate that somebody waives stays red, names who answers for it, and no longer refuses.
    """
    trained.rewrite(SPEC, "  decision: The time that the page shows when an order is placed.\n", "")
    waiver = "{gate: brief_complete, reason: a pilot in one town, owner: ana@example.org, expires: 2026-12-31}"
    trained.rewrite(SPEC, "deployment: {mode: both}", f"deployment: {{mode: both}}\nwaivers: [{waiver}]")

    made = train(trained.project, trained.book, MODEL, TRAINED)

    red = {verdict.name: verdict.waived_by for verdict in made.verdicts if verdict.outcome == "fail"}
    assert red == {"brief_complete": "ana@example.org until 2026-12-31: a pilot in one town"}
    assert made.version.sound


def test_a_relation_that_did_not_pass_is_not_learnt_from(trained: Shop) -> None:
    """
    A relation that failed its tests keeps its last version for those who read it, and no training uses that in silence.
    """
    file = catalogs.file_of(trained.project)
    said = json.loads(file.read_text())
    said["relations"]["shop_queue"] |= {"sound": False, "trouble": "12 rows without a shop"}
    file.write_text(json.dumps(said))

    with pytest.raises(StepFailed, match="shop_queue: not fit to learn from: 12 rows without a shop"):
        train(trained.project, trained.book, MODEL, TRAINED)


def test_too_little_history_is_told_with_its_figures(trained: Shop) -> None:
    """
    A moment with too few rows before it is refused with how many there are and how many are needed.
    """
    with pytest.raises(BadData, match=r"rows .* at least .* are needed"):
        train(trained.project, trained.book, MODEL, TRAINED.replace(month=1, day=12))
