"""Where the documents point to."""

import re
from pathlib import Path

import pytest

from . import pages

FILES = pages.documents()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_relative_link_leads_somewhere(file: Path) -> None:
    """
    A link to a file of the repository finds it, and its heading if it names one.
    """
    for link in pages.links(pages.text(file)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (pages.ROOT / file).parent / path if path else pages.ROOT / file

        assert target.exists(), f"{file}: {link}"
        assert not anchor or anchor in pages.anchors(target.read_text(encoding="utf-8")), f"{file}: {link}"


def test_every_page_of_docs_is_found_from_the_readme() -> None:
    """
    A page that nobody links to is read by nobody.
    """
    linked = set(pages.links(pages.text(Path("README.md"))))

    assert {str(file) for file in FILES if file.parts[0] == "docs"} <= linked


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_path_that_is_named_exists(file: Path) -> None:
    """
    A path of the repository in code style is there; one with a NAME in it lies in a folder that is.
    """
    for path in re.findall(r"`((?:src|tests|docs|benchmarks)/[^`\s*{}]*)`", pages.prose(pages.text(file))):
        known = path.partition("NAME")[0].rpartition("/")[0] if "NAME" in path else path

        assert (pages.ROOT / known).exists(), f"{file}: {path}"
