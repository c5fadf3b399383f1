import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.console.links import Files, Live
from shipworthy.console.pages.catalog import CatalogPage
from shipworthy.console.rendering import render
from shipworthy.console.rooms import rooms
from shipworthy.spec.project import Project

from .past import NOW
from .reading import Reading


def found(project: Project, book: Engine, question: str) -> CatalogPage:
    return CatalogPage.of(rooms(project, book, NOW), (), {"q": question})


def words(browser: httpx.Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


def test_everything_is_there_and_leads_to_its_lineage(project: Project, book: Engine) -> None:
    """
    Relations, columns and features, each with the place that tells what it is made from.
    """
    page = found(project, book, "")

    names = {line.held.name: line.place for line in page.lines}
    assert names["flight_arrivals.arrival_delay"] == ("lineage", "model.flights.flight_arrivals", "column", "arrival_delay")
    assert names["landed.departures"] == ("lineage", "source.flights.landed.departures", "2")
    assert names["arrival_delay.label"] == ("lineage", "ml.arrival_delay", "column", "label")
    assert None not in names.values()
    assert page.more == 0


def test_words_find_what_they_are_about(project: Project, book: Engine) -> None:
    """
    A word that is spelt almost right finds it, every word must be met, and blanks ask for nothing.
    """
    assert found(project, book, "wnd speed").lines[0].held.name.endswith("wind_speed")
    assert found(project, book, "wind porcelain").lines == []
    assert found(project, book, "   ").question == ""
    assert len(found(project, book, "x" * 5000).question) == 200


def test_the_form_asks_without_a_script(browser: httpx.Client) -> None:
    """
    A plain form: the question is in the address, and is shown again as text.
    """
    answer = browser.get("/catalog", params={"q": '"><script>alert(1)</script>'})
    read = Reading(answer.text)

    assert {"form", "input"} <= set(read.tags)
    assert "script" not in read.tags
    assert "Nothing is called so" in read.words
    assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/catalog", "wind_ speed column"),
        ("/catalog?q=arrival", "found for “arrival”, the best first"),
        ("/catalog?q=flight_id", "flight_arrivals.flight_id"),
    ],
)
def test_the_page_tells_what_is_known(browser: httpx.Client, address: str, said: str) -> None:
    """
    Names, meanings and figures are in words.
    """
    assert said.replace("_ ", "_") in words(browser, address).replace("_ ", "_")


def test_a_file_has_no_form_and_says_where_to_search(project: Project, book: Engine) -> None:
    """
    Nobody answers a question to an exported page: it lists everything and names the command.
    """
    page = found(project, book, "")

    assert "form" in Reading(render(page, Live())).tags
    exported = Reading(render(page, Files(("catalog",))))
    assert "form" not in exported.tags
    assert "shipworthy catalog WORDS" in exported.words
