"""Every paper of a trained project in a real browser: shown whole, with its blanks, under its own policy, and no link is dead."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from shipworthy.console.site import export
from shipworthy.flows.report import titles

from ..conftest import BUILT, MODEL, Shop
from ..console.reading import Reading

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--timeout=20000")

pytestmark = [pytest.mark.journey, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture
def site(promoted: Shop, tmp_path: Path) -> Path:
    export(promoted.project, promoted.book, tmp_path / "site", now=BUILT)
    return tmp_path / "site"


def shown(page: Path, profile: Path) -> Reading:
    """Return what a browser makes of a page."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    return Reading(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)


def test_every_paper_and_the_score_card_are_readable_and_lead_somewhere(site: Path, tmp_path: Path) -> None:
    """
    A browser shows each paper with its first sentence; blanks say what would fill them; each link leads to a file and a part of it.
    """
    pages = [site / "models" / MODEL / "2" / "papers" / f"{paper}.html" for paper in titles()]
    read = {page: shown(page, tmp_path / "profile") for page in [*pages, site / "score-card.html"]}

    assert all(f"{MODEL} version 2 is the one that answers." in read[page].words for page in pages)
    assert all("To fill it:" in read[page].words and "statements are blank" in read[page].words for page in pages)
    assert "To raise it:" in read[site / "score-card.html"].words
    for page, found in read.items():
        for link in found.links:
            path, _, part = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page
            assert target.is_file(), f"{page.name}: {link}"
            assert not part or part in Reading(target.read_text()).ids, f"{page.name}: {link}"


def test_every_chapter_of_the_trained_version_has_its_page_and_its_charts(site: Path) -> None:
    """
    What every study kept can be read, and each of its charts is a picture beside it.
    """
    folder = site / "models" / MODEL / "2" / "studies"
    chapters = list(folder.glob("*.html"))

    assert chapters
    for page in chapters:
        pictures = [link for link in Reading(page.read_text()).links if link.endswith(".svg") and "chart" in link]
        assert all((page.parent / unquote(link)).resolve().is_file() for link in pictures)
