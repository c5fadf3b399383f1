"""Papers about a version: statements with their sources, blanks that are shown, and Markdown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shipworthy.errors import UnknownName
from shipworthy.flows.papers.base import Line, Section, Shown, Source, Written
from shipworthy.flows.papers.base.dossier import Dossier, dossier
from shipworthy.flows.papers.base.markdown import markdown, plain
from shipworthy.flows.report import report, titles, written
from shipworthy.flows.studied import keep
from shipworthy.logbook import write
from shipworthy.records import Alert, Chapter, Table, Verdict
from shipworthy.registry.decision import Decision
from shipworthy.spec.model import Waiver

from ...conftest import MODEL, TRAINED, Shop, _copied, opened

NOW = datetime(2026, 7, 3, tzinfo=UTC)
PAPERS = sorted(titles())
CHAPTER = Chapter(
    "fairness", "Fairness", ("Women wait 2.1 minutes longer.",), (Table("By sex", ("sex", "wait"), (("f", 31.25), ("m", None))),),
    {"bars": {"mark": "bar"}}, (Verdict("fairness", f"{MODEL}@2", "fail", "Refused: 2.1 is above 1.", "reweigh"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(promoted_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The promoted shop, with notes, an open alarm, and a chapter that judges badly."""
    held = opened(_copied(promoted_once, tmp_path_factory.mktemp("papers") / "shop"))
    (held.root / "ml" / MODEL / "notes.md").write_text("## Why minutes\n\nKitchens count in *minutes*.\n")
    keep(held.project, MODEL, 2, [CHAPTER])
    alarm = Alert(f"{MODEL}/volume", MODEL, "critical", "firing", "No orders came.", "look", TRAINED, NOW, TRAINED)
    write.alerts(held.book, [alarm])
    yield held
    held.book.dispose()


@pytest.fixture(scope="module")
def known(shop: Shop) -> Dossier:
    return dossier(shop.project, shop.book, MODEL, None, NOW)


def unknown_of(known: Dossier) -> Dossier:
    """Return a version of which next to nothing is known."""
    return replace(
        known, spec=None, champion=None, promises=(), gates=(), findings=(), chapters={}, asked={}, columns=(), task=None, decision=None,
        looks=None, made=None, code=None, tracked=None, again=None, deployments=(), alerts=(), graph=None, persons=None, notes="",
        version=replace(known.version, run_id="", note="", sound=False),
    )  # fmt: skip


def text(paper: Written) -> str:
    return markdown(paper, base="http://console")


@pytest.mark.parametrize("paper", PAPERS)
class TestEveryPaper:
    def test_every_number_has_its_source(self, paper: str, known: Dossier) -> None:
        """
        A statement with a digit in it says where it comes from: a page, or a file of the project.
        """
        found = written(paper, known)

        assert [line.label for line in found.lines if any(map(str.isdigit, line.words or "")) and line.source is None] == []
        assert [
            shown.table.title for part in found.sections for shown in part.tables if shown.source is None and not any(shown.origins)
        ] == []

    def test_nothing_known_is_all_blanks_and_no_error(self, paper: str, known: Dossier) -> None:
        """
        A version of which nothing is left can still be written about: its blanks are shown, each with what would fill it.
        """
        found = written(paper, unknown_of(known))

        assert len(found.blanks) > 4
        assert f"{len(found.blanks)} of " in found.lead[-1]
        assert text(found).count("*not ") >= len(found.blanks)

    def test_it_says_how_the_version_stands_and_which_alarm_is_open(self, paper: str, known: Dossier) -> None:
        """
        The first sentence says whether it answers; an open alarm is not hidden.
        """
        found = written(paper, known)

        assert found.lead[0] == f"{MODEL} version 2 is the one that answers."
        assert "No orders came." in text(found)
        assert "was refused" in written(paper, unknown_of(known)).lead[0]

    def test_a_study_that_judged_badly_is_in_it_and_one_that_is_missing_is_a_blank(self, paper: str, known: Dossier) -> None:
        """
        What a study says stands there with its verdict and its page; a study that said nothing is not left out.
        """
        found = written(paper, known)

        if paper != "design":
            assert any(line.outcome == "fail" and line.source and line.source.place[-1] == "fairness" for line in found.lines)
        assert any(line.blank == "not assessed" for line in found.blanks)

    def test_waivers_are_told_with_owner_and_expiry(self, paper: str, known: Dossier) -> None:
        """
        Who answers for what, until when and why; an expired one is told as such.
        """
        assert known.spec is not None
        waivers = [
            Waiver(gate="grain", reason="the register is being moved", owner="ana@example.org", expires=date(2026, month, 1))
            for month in (6, 8)
        ]
        said = text(written(paper, replace(known, spec=known.spec.model_copy(update={"waivers": waivers}))))

        assert "ana@example.org, expired on 2026-06-01: the register is being moved" in said
        assert "ana@example.org, until 2026-08-01" in said

    def test_it_is_written_of_a_version_without_a_training_set_or_git(self, paper: str, known: Dossier) -> None:
        """
        What is lost is a blank, whatever it is.
        """
        assert text(written(paper, replace(known, made=None, graph=None, columns=())))


def test_the_brief_speaks_in_its_own_words(known: Dossier) -> None:
    """
    Goal, decision and owner stand in the card as they are in the spec.
    """
    said = text(written("card", known))

    assert "Tell customers how long their dinner will take." in said
    assert "The time that the page shows when an order is placed." in said
    assert "kitchen@example.org" in said


def test_no_sensitive_column_is_no_all_clear(known: Dossier) -> None:
    """
    Where nobody declared a column about persons the card says so; where one is declared, it names the features made from it.
    """
    persons = {"distance": ("customers.home (personal)",)}
    made, none = (written("card", replace(known, persons=one)) for one in (persons, {}))

    assert "Columns about persons" in {line.label for line in written("card", known).blanks}
    assert "distance from customers.home (personal)" in text(made)
    assert "declared ones reach no feature" in text(none)


def test_the_card_says_who_looked_where_its_run_is_and_what_came_of_making_it_again(known: Dossier) -> None:
    """
    One look at the holdout, then five with wider intervals; the run's link leads to the page that opens it; nobody made it again, then
    somebody did, and it came out otherwise.
    """
    said = text(written("card", known))
    other = Verdict("reproduction", MODEL, "fail", "version 2 was trained again: mae was 3.0 and is 3.1")
    more = text(written("card", replace(known, looks=5, again=(NOW, other))))

    assert known.tracked is not None
    assert f"{known.tracked.run}, of experiment" in said
    assert f"(http://console/models/{MODEL}/2/training#run)" in said
    assert "this training alone" in said
    assert f"shipworthy reproduce {plain(MODEL)}@2" in said
    assert "5 different trainings, this one included: its intervals are wider, at 99.0%" in more
    assert "✕ 2026-07-03: version 2 was trained again: mae was 3.0 and is 3.1" in more


def test_the_card_says_from_where_on_it_is_acted_on_and_what_more_history_would_bring(known: Dossier) -> None:
    """
    A kept threshold is a statement; of yes or no without stated costs it is a blank, of minutes there is none. What a command found out is
    quoted with its page, and else the blank names the command.
    """
    asked = {"feasibility": Chapter("feasibility", "Feasibility", ("In 3 weeks it would be there.",))}
    kept, bare, minutes = (
        written("card", replace(known, **said))  # type: ignore[arg-type]
        for said in ({"decision": Decision(threshold=0.31), "asked": asked}, {"task": "binary"}, {})
    )

    assert "from a probability of 0.31 on" in text(kept)
    assert f"In 3 weeks it would be there. ([feasibility](http://console/models/{MODEL}/studies/feasibility))" in text(kept)
    assert "Acted on" in {line.label for line in bare.blanks}
    assert "Acted on" not in {line.label for line in minutes.lines}
    assert f"shipworthy check {plain(MODEL)} --feasibility" in text(minutes)


def test_the_card_names_what_tells_a_group_and_what_could_be_done(known: Dossier) -> None:
    """
    Proxies of a sensitive column stand below fairness once it was assessed; what nobody compared is a blank with the command.
    """
    told = {"sex": {"auc": 0.93, "proxies": ["relationship"], "swapped": None}, "age": {"auc": None, "proxies": [], "swapped": None}}
    assessed = replace(CHAPTER, figures={"assessed": True, "told_by": told})
    card = written("card", replace(known, chapters={"fairness": assessed}))

    assert "the inputs tell the group with an AUC of 0.93, where 0.5 is chance; alone do relationship" in text(card)
    assert {"What tells age", "What could be done"} <= {line.label for line in card.blanks}
    assert f"shipworthy fairness {plain(MODEL)}" in text(card)


def test_notes_are_in_the_design_paper_as_they_were_written(known: Dossier) -> None:
    """
    Decisions and reasons of the team are quoted, and nothing in them is obeyed.
    """
    assert "> ## Why minutes\n>\n> Kitchens count in *minutes*." in text(written("design", known))


def test_features_come_with_meaning_owner_and_origin(known: Dossier) -> None:
    """
    Each feature has its description, the relation that it is from, and a link to its lineage; an owner nobody named is a blank.
    """
    said = text(written("design", known))

    assert (
        f"| [distance](http://console/lineage/ml.{MODEL}/column/distance) | How far it has to go. | not said | orders | 0.5 to 8 km |"
        in said
    )
    assert "landed.orders" in said


def test_a_link_leads_into_the_static_site_where_that_is_asked(known: Dossier) -> None:
    """
    The same paper points to files where pages are files.
    """
    said = markdown(written("evaluation", known), base="site", ending=".html")

    assert f"(site/models/{MODEL}/2.html#gate-beats_rule)" in said
    assert "http://" not in said


def test_words_from_the_data_stay_words() -> None:
    """
    Markup in a statement or a cell is shown, not obeyed.
    """
    line = Line("<b>", "a | b <script>", Source(("models", "a/b"), "[x](y)"))
    table = Table("t", ("a|b",), (("<i>|",), (None,)))
    paper = Written("card", "Card", "m", 1, NOW, (), (Section("s", (), (line,), (Shown(table),)),))

    said = text(paper)

    assert "<script>" not in said
    assert "<i>" not in said
    assert "[\\[x\\](y)](http://console/models/a%2Fb)" in said
    assert "| *unknown* |" in said


def test_of_no_version_asked_for_it_is_the_one_that_answers(shop: Shop) -> None:
    """
    The champion is written about, or the version that is named.
    """
    assert report(shop.project, shop.book, "card", MODEL, None, NOW).version == 2
    assert report(shop.project, shop.book, "card", MODEL, 1, NOW).version == 1


@pytest.mark.parametrize(
    ("paper", "model", "number", "said"),
    [
        ("cart", MODEL, None, "did you mean 'card'"),
        ("card", "delivery_minute", None, f"did you mean '{MODEL}'"),
        ("card", MODEL, 9, "Known: 1, 2"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(shop: Shop, paper: str, model: str, number: int | None, said: str) -> None:
    """
    A paper, a model, a version that there is not.
    """
    with pytest.raises(UnknownName, match=said):
        report(shop.project, shop.book, paper, model, number, NOW)
