from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine

from shipworthy.console.links import page_file
from shipworthy.console.places import every_page
from shipworthy.console.rooms import rooms
from shipworthy.console.site import export
from shipworthy.spec.project import Project

from .past import NOW
from .reading import Reading


@pytest.fixture(scope="module")
def site(project: Project, book: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert export(project, book, folder, now=NOW) == len(list(folder.rglob("*.html")))
    return folder


def test_every_page_is_written(site: Path, project: Project, book: Engine) -> None:
    """
    Home, data, runs, a page for each model and each relation, and whatever else there is: all of it, and nothing more.
    """
    found = {str(file.relative_to(site)) for file in site.rglob("*.html")}

    assert found == {page_file(page.place) for page in every_page(rooms(project, book, NOW))}
    assert found >= {
        "index.html", "data.html", "runs.html", "models/arrival_delay.html", "models/arrival_delay_at_booking.html",
        "models/missed_connection.html", "data/departures.html", "data/flight_arrivals.html", "data/airport_weather.html",
    }  # fmt: skip


def test_every_link_leads_to_a_file_below_the_folder(site: Path) -> None:
    """
    From any page every link, picture and style sheet resolves to a file of the export, and to the part of it that it names.
    """
    read = {page.resolve(): Reading(page.read_text()) for page in site.rglob("*.html")}
    links = [(page, link) for page, found in read.items() for link in found.links if not link.startswith("#")]

    assert len(links) > 60
    for page, link in links:
        target = (page.parent / unquote(link.partition("#")[0])).resolve()
        assert target.is_file(), f"{page.name}: {link}"
        assert target.is_relative_to(site.resolve())
        part = link.partition("#")[2]
        assert not part or part in read[target].ids, f"{page.name}: {link}"


def test_the_same_past_gives_the_same_files(project: Project, book: Engine, site: Path, tmp_path: Path) -> None:
    """
    An export as of one moment is the same file by file, so that a repository can hold it.
    """
    export(project, book, tmp_path, now=NOW)

    for file in site.rglob("*.*"):
        if file.is_file():
            assert (tmp_path / file.relative_to(site)).read_bytes() == file.read_bytes()
