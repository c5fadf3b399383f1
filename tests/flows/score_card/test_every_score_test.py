"""The 28 tests of the ML Test Score: each with evidence, without, with old evidence, and by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.families import members
from shipworthy.flows import score_card
from shipworthy.flows.readiness import card, cards, reading
from shipworthy.flows.score_card.base import SECTIONS, ScoreTest
from shipworthy.flows.score_card.base.evidence import NOTHING, Evidence, gather
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_chapter, with_said
from shipworthy.records import Chapter, Verdict
from shipworthy.spec.by_hand import Done
from shipworthy.spec.project import model

from ...conftest import BUILT, MODEL, Shop

TESTS = members(score_card, ScoreTest)
OF_NOW = {"meta_requirements", "privacy_controls"}  # what they look at is how the project stands now: it has no age


def done(test: str, when: date) -> dict[str, Done]:
    return {test: Done(test=test, by="ana@example.org", when=when, found="Looked through it line by line, see notes.md.")}


@pytest.mark.parametrize("name", TESTS)
class TestEveryScoreTest:
    def test_its_evidence_gives_its_most(self, name: str) -> None:
        """
        What it shows gives all the points that it can give, with words; less than one says what would raise it.
        """
        score = TESTS[name].score(TESTS[name].shows)

        assert score.points == TESTS[name].most
        assert score.words
        assert bool(score.improve) == (score.points < 1)
        assert score.source is not None

    def test_without_evidence_it_gives_nothing(self, name: str) -> None:
        """
        No point for what could be done: a project that left nothing, and a version that answers and no more, have none.
        """
        assert TESTS[name].score(NOTHING).points == 0
        assert TESTS[name].score(ANSWERING).points == 0
        assert TESTS[name].score(NOTHING).improve

    def test_old_evidence_gives_nothing(self, name: str) -> None:
        """
        What was so two years ago is no evidence of today, and neither is what is of tomorrow.
        """
        shown = TESTS[name].shows
        late = TESTS[name].score(replace(shown, now=shown.now + timedelta(days=730)))
        early = TESTS[name].score(replace(shown, now=shown.now - timedelta(days=730)))

        assert (late.points, early.points) == (0, 0) or name in OF_NOW

    def test_by_hand_it_is_half_for_half_a_year(self, name: str) -> None:
        """
        What somebody did and wrote down counts half, names them, and lapses.
        """
        fresh = TESTS[name].score(replace(NOTHING, by_hand=done(name, NOTHING.now.date() - timedelta(days=100))))
        old = TESTS[name].score(replace(NOTHING, by_hand=done(name, NOTHING.now.date() - timedelta(days=200))))
        future = TESTS[name].score(replace(NOTHING, by_hand=done(name, NOTHING.now.date() + timedelta(days=2))))

        assert (fresh.points, old.points, future.points) == (0.5, 0, 0)
        assert "ana@example.org" in fresh.words

    def test_a_red_verdict_gives_nothing_unless_somebody_answers_for_it(self, name: str) -> None:
        """
        A guard that failed or cannot tell gives no point; a waived one gives half at most.
        """
        shown = TESTS[name].shows
        for outcome in ("fail", "unknown"):
            assert TESTS[name].score(reddened(shown, outcome)).points == 0 or reddened(shown, outcome) == shown
        waived = reddened(shown, "fail", "ana@example.org until 2026-12-31: pilot")
        assert TESTS[name].score(waived).points <= 0.5 or waived == shown

    def test_it_says_what_it_counts(self, name: str) -> None:
        """
        The docstring says which evidence counts.
        """
        assert "Counts" in (type(TESTS[name]).__doc__ or "")


def reddened(evidence: Evidence, outcome: str, waived_by: str | None = None) -> Evidence:
    """Return `evidence` with every verdict in it `outcome`."""

    def red(verdict: Verdict) -> Verdict:
        return replace(verdict, outcome=outcome, waived_by=waived_by)  # type: ignore[arg-type]

    return replace(
        evidence, said=tuple((at, red(one)) for at, one in evidence.said), gates=tuple((at, red(one)) for at, one in evidence.gates),
        chapters={name: replace(one, verdicts=tuple(map(red, one.verdicts))) for name, one in evidence.chapters.items()},
    )  # fmt: skip


def test_there_are_seven_in_each_section_as_in_the_paper() -> None:
    """
    Four sections of seven, each number once.
    """
    assert Counter(test.section for test in TESTS.values()) == dict.fromkeys(SECTIONS, 7)
    assert all(sorted(test.number for test in TESTS.values() if test.section == one) == list(range(1, 8)) for one in SECTIONS)


def test_the_score_is_that_of_the_weakest_section() -> None:
    """
    The least of the four sums, and what the paper reads from it.
    """
    found = card(with_chapter("slices"))

    assert found.sections["model"] == 1
    assert (found.final, found.reading) == (0, "More of a research project than a productionized system.")


@pytest.mark.parametrize(
    ("final", "words"),
    [
        (0, "More of a research"),
        (0.5, "Not totally"),
        (1, "Not totally"),
        (1.5, "There has been"),
        (3, "Reasonably"),
        (5, "Strong"),
        (5.5, "Except"),
    ],
)
def test_a_score_is_read_as_in_the_paper(final: float, words: str) -> None:
    """
    The upper end of each range belongs to it.
    """
    assert reading(final).startswith(words)


def test_a_learner_that_was_compared_with_nothing_is_no_evidence() -> None:
    """
    A chapter of candidates that holds one alone says nothing of simpler ones: half for the rule that was beaten, no more.
    """
    alone = Chapter("candidates", "Candidates", ("It was compared with nothing.",), figures={"losses": {"lightgbm": 3.0}})
    shown = TESTS["simpler_is_not_better"].shows

    assert TESTS["simpler_is_not_better"].score(replace(shown, chapters={"candidates": alone})).points == 0.5


def test_one_subject_that_nobody_spoke_of_is_no_evidence() -> None:
    """
    Silence about one relation outweighs what is said of the others.
    """
    said = with_said(ANSWERING, ("replay", "orders"))

    assert guards(said, ("replay",), ("orders",)) is not None
    assert guards(said, ("replay",), ("orders", "deliveries")) is None
    assert guards(said, ("replay",), ()) is None


def test_a_built_shop_scores_what_its_logbook_shows(promoted: Shop) -> None:
    """
    Right after the build its checks count; what nobody did counts for nothing, and two months later neither does the build.
    """
    spec = model(promoted.project, MODEL)
    now, later = (card(gather(promoted.project, promoted.book, spec, at)) for at in (BUILT, BUILT + timedelta(days=60)))
    points = {score.test: score.points for score in now.scores}

    assert points["feature_expectations"] == 1
    assert points["quality_validated"] == 1
    assert points["dependency_changes"] == 0.5
    assert points["inclusion"] == 0.5  # a reason is written down why nobody is concerned; nobody looked
    assert (points["rollback_works"], points["training_equals_serving"]) == (0, 0)
    assert sum(score.points for score in later.scores) < sum(score.points for score in now.scores)


def test_what_was_done_by_hand_is_read_and_a_test_that_there_is_not_is_told(promoted: Shop) -> None:
    """
    The file counts; a mistyped name is answered with the nearest, and too short a finding with its line.
    """
    file = promoted.root / "ml" / MODEL / "by_hand.yml"
    line = "done:\n  - {{test: {test}, by: ana@example.org, when: 2026-06-20, found: {found}}}\n"
    file.write_text(line.format(test="rollback_works", found="Went back to version 1 in the drill of June."))
    (found,) = cards(promoted.project, promoted.book, MODEL, BUILT)
    file.write_text(line.format(test="rollback_work", found="Went back to version 1 in the drill of June."))

    assert {score.test: score.points for score in found.scores}["rollback_works"] == 0.5
    with pytest.raises(UnknownName, match="did you mean 'rollback_works'"):
        cards(promoted.project, promoted.book, MODEL, BUILT)
    file.write_text(line.format(test="rollback_works", found="did it"))
    with pytest.raises(BadSpec, match=r"by_hand\.yml"):
        cards(promoted.project, promoted.book, MODEL, BUILT)


def test_a_model_without_a_version_scores_nothing_of_it(built: Shop) -> None:
    """
    Before the first training there is evidence of the data alone.
    """
    (found,) = cards(built.project, built.book, None, BUILT)

    assert found.sections["model"] == 0
    assert found.sections["monitoring"] > 0
