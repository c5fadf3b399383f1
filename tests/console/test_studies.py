"""The pages of what was found out about a version."""

import httpx
import pytest

from shipworthy.console.charts import drawing, fitted
from shipworthy.console.rendering import TEMPLATES
from shipworthy.records import Chapter, Table

from .reading import Reading

VERSION = "/models/arrival_delay/3"


def test_a_chapter_is_words_first_then_verdict_chart_and_table(browser: httpx.Client) -> None:
    """
    What was found out reads from words to figures; what is not known is said to be.
    """
    words = Reading(browser.get(f"{VERSION}/studies/over_time").text).words

    order = [words.index(said) for said in ("better than the rule in 4 of 4 weeks", "Charts", "mae by week", "How to read it")]
    assert order == sorted(order)
    assert "2013-07-16 41 unknown unknown" in words
    assert "Blind within a week" in words


def test_a_chart_is_a_picture_in_each_width_and_theme(browser: httpx.Client) -> None:
    """
    Each source of the picture is an SVG that says what it shows.
    """
    links = [link for link in Reading(browser.get(f"{VERSION}/studies/over_time").text).links if link.endswith(".svg")]
    pictures = [browser.get(link) for link in links if "chart1" in link]

    assert len(pictures) == 6
    assert all(picture.status_code == 200 and 'aria-label="Week by week"' in picture.text for picture in pictures)


def test_an_unknown_verdict_is_shown_with_its_fix(browser: httpx.Client) -> None:
    """
    Unknown is not a pass: the verdict, its words and what would answer it stand on the page, and markup in words stays text.
    """
    read = Reading(browser.get(f"{VERSION}/studies/fairness").text)

    assert "? unknown" in read.words
    assert "Fix declare role: sensitive" in read.words
    assert "<b>nobody</b>" in read.words


def test_the_version_lists_the_worst_first_and_what_nobody_looked_at(browser: httpx.Client) -> None:
    """
    Chapters that are red or unknown come first, each a link; studies that said nothing are named.
    """
    read = Reading(browser.get(VERSION).text)

    assert read.words.index("Fairness ? unknown") < read.words.index("A study of old ✓ pass") < read.words.index("Over time")
    assert {f"{VERSION}/studies/{name}" for name in ("fairness", "over_time", "retired_study")} <= set(read.links)
    assert "Not looked at" in Reading(browser.get("/models/arrival_delay/2").text).words


def test_a_chapter_of_an_older_release_is_still_shown(browser: httpx.Client) -> None:
    """
    A study that is gone has left a chapter, and that is readable.
    """
    assert "not part of this release" in Reading(browser.get(f"{VERSION}/studies/retired_study").text).words


@pytest.mark.parametrize("path", ["/studies/over_tyme", "9/studies/over_time", "9", "/studies/over_time/chart2-wide-light.svg"])
def test_what_is_not_there_is_told_with_the_nearest_name(browser: httpx.Client, path: str) -> None:
    """
    A chapter, a version, a chart that there is not is a 404.
    """
    assert browser.get(f"{VERSION}{path}").status_code == 404


@pytest.mark.parametrize("chart", [{"hconcat": []}, {"facet": {}, "spec": {}}, {"mark": "bar", "width": {"step": 12}}])
def test_what_has_several_views_or_steps_keeps_its_width(chart: dict[str, object]) -> None:
    """
    Only a single view is fitted to the page.
    """
    assert fitted("many", chart, 300).get("width") == chart.get("width")


def test_a_wide_chart_is_narrowed_and_a_small_one_stays() -> None:
    """
    A picture is never wider than its place.
    """
    chapter = Chapter("a", "A", (), charts={"wide": {"mark": "line", "width": 900}, "small": {"mark": "line", "width": 120}})

    assert [(drawing(chapter, name, "narrow") or {})["width"] for name in ("chart1", "chart2")] == [300, 120]
    assert drawing(chapter, "chart3", "narrow") is None


def test_an_unknown_version_names_the_known(browser: httpx.Client) -> None:
    """
    The error says which versions there are.
    """
    assert "Known: 1, 2, 3" in Reading(browser.get("/models/arrival_delay/7").text).words


@pytest.mark.parametrize("paper", ["card", "design", "evaluation"])
def test_a_paper_shows_its_blanks_and_links_its_statements(browser: httpx.Client, paper: str) -> None:
    """
    What nobody knows is shown as a blank with what would fill it; a statement links to the page that it comes from.
    """
    read = Reading(browser.get(f"{VERSION}/papers/{paper}").text)

    assert "To fill it:" in read.words
    assert f"{VERSION}/studies/fairness" in read.links or paper == "design"
    assert f"{VERSION}#promise" in read.links
    assert "An alarm is open since" in read.words or paper == "design"


def test_the_model_links_to_the_papers_of_the_version_that_answers(browser: httpx.Client) -> None:
    """
    From the model's page every paper is one step away.
    """
    links = Reading(browser.get("/models/arrival_delay").text).links

    assert {f"{VERSION}/papers/{paper}" for paper in ("card", "design", "evaluation")} <= set(links)
    assert VERSION in links


def test_figures_of_one_column_have_the_same_places() -> None:
    """
    A small figure is not told to more digits than the large one above it, unless nothing would be left of it.
    """
    rows = (("distance", 3.5621, 1), ("shop", 0.9174, 2), ("items", -0.007998, 3), ("queue", None, 4))

    shown = TEMPLATES.get_template("parts.html").module.figures_table(Table("Worth", ("left out", "worth", "rank"), rows))  # type: ignore[attr-defined]

    assert "distance 3.56 1 shop 0.92 2 items −0.0080 3 queue unknown 4" in Reading(str(shown)).words
