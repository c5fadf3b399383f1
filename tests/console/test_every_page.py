from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.console.links import Live
from shipworthy.console.navigation import navigation
from shipworthy.console.places import Kind, every_page, meant, page_kinds, picture_at, place_of
from shipworthy.console.rooms import Rooms, rooms
from shipworthy.spec.project import Project

from .past import NOW
from .reading import Reading

KINDS = page_kinds()


@pytest.fixture(scope="module")
def seen(project: Project, book: Engine) -> Rooms:
    return rooms(project, book, NOW)


@pytest.mark.parametrize("name", KINDS)
class TestEveryPage:
    def test_its_template_has_its_name(self, name: str) -> None:
        """
        A page is one file and one template of the same name.
        """
        assert KINDS[name].template == f"{name}.html"

    def test_it_lies_where_it_says(self, name: str, seen: Rooms) -> None:
        """
        The place of each page of its kind is its route filled with its names, and leads back to it.
        """
        kind = KINDS[name]

        for names in kind.all_names(seen):
            place = kind.of(seen, names, {}).place
            assert place == place_of(kind, names)
            assert meant(place) == (kind, names)

    def test_it_is_shown_with_and_without_data(
        self, name: str, browser: httpx.Client, seen: Rooms, bare: Project, open_in: Callable[[Project], httpx.Client]
    ) -> None:
        """
        Each page of its kind is answered, has one heading and a way back; one without names also before the first build.
        """
        kind = KINDS[name]
        places = [place_of(kind, names) for names in kind.all_names(seen)]
        said = [browser.get(Live().page(place)) for place in places] + _empty(kind, bare, open_in)

        assert said
        for answer in said:
            read = Reading(answer.text)
            assert (answer.status_code, read.tags.count("h1"), read.links.count("/") > 0) == (200, 1, True)

    def test_its_pictures_are_drawn(self, name: str, seen: Rooms) -> None:
        """
        Each picture that it names is drawn of at least one page of its kind; where each page has its own, so is each of them.
        """
        kind = KINDS[name]
        named = {(names, picture) for names in kind.all_names(seen) for picture in kind.pictured(seen, names)}
        drawn = {picture for names, picture in named if kind.drawing(seen, names, picture, "narrow")}

        assert {picture.rstrip("0123456789") for picture in drawn} == set(kind.pictures)


def _empty(kind: Kind, bare: Project, open_in: Callable[[Project], httpx.Client]) -> list[httpx.Response]:
    return [] if place_of(kind, ["x"] * 9) != tuple(kind.route) else [open_in(bare).get(Live().page(kind.route))]


def test_no_two_pages_share_a_route() -> None:
    """
    Routes differ in more than the names of their places.
    """
    shapes = [tuple("{}" if part.startswith("{") else part for part in kind.route) for kind in KINDS.values()]

    assert len(set(shapes)) == len(shapes)


def test_the_navigation_says_where_one_is(seen: Rooms) -> None:
    """
    On each page one section is marked, and that of its own kind; a page below an entry lies under it.
    """
    for page in every_page(seen):
        shown = navigation(page)
        assert [link.here for link in shown.sections].count(True) == 1
        assert sum(link.here for link in shown.entries) == (1 if shown.entries else 0)


def test_a_page_is_found_by_the_longest_of_its_names(seen: Rooms) -> None:
    """
    A name that holds a slash, or looks like a picture's file, is a name.
    """
    assert meant(("data", "a/b")) == (KINDS["relation"], ("a/b",))
    assert picture_at(("data", "ledger-wide-dark.svg")) is None
    assert picture_at(("models", "churn", "ledger-wide-dark.svg")) == (KINDS["model"], ("churn",), "ledger", "wide", "dark")
