"""Where the documents point to."""

from pathlib import Path

import pytest
from tests.docs import pages

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
