from dataclasses import fields

import pytest
from jinja2 import meta, nodes

from shipworthy.console.links import Live
from shipworthy.console.page import Page
from shipworthy.console.places import page_kinds
from shipworthy.console.rendering import TEMPLATES, render
from shipworthy.console.trouble import TroublePage, trouble_page
from shipworthy.errors import ShipworthyError

from .past import NOW
from .reading import Reading

PAGES: list[type[Page]] = [*page_kinds().values(), TroublePage]


def asked(template: str) -> set[str]:
    """Return the names that `template` and those that it extends ask for."""
    assert TEMPLATES.loader is not None
    source, _, _ = TEMPLATES.loader.get_source(TEMPLATES, template)
    tree = TEMPLATES.parse(source)
    parents = [name for name in meta.find_referenced_templates(tree) if name and name != "parts.html"]
    brought = {name for found in tree.find_all(nodes.FromImport) for name in found.names}
    return (meta.find_undeclared_variables(tree) - brought - TEMPLATES.globals.keys()).union(*map(asked, parents))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_uses_all_that_it_is_given_and_nothing_else(page: type[Page]) -> None:
    """
    A field nobody shows goes; a name nobody gives fails.
    """
    assert asked(page.template) == {field.name for field in fields(page)}


def test_every_template_belongs_to_a_page() -> None:
    """
    No template is left over.
    """
    assert set(TEMPLATES.list_templates(["html"])) == {page.template for page in PAGES} | {"base.html", "parts.html"}


def test_what_is_shared_asks_for_nothing() -> None:
    """
    The shared parts are given all they show: no name reaches them unseen.
    """
    assert asked("parts.html") == set()


def test_a_hostile_text_stays_text() -> None:
    """
    Markup in a value is shown, not obeyed.
    """
    error = ShipworthyError(where="<script>alert(1)</script>", what='"><img src=x onerror=alert(1)>', fix="a & b")

    read = Reading(render(trouble_page("<b>flights</b>", "Not found", error, NOW), Live()))

    assert {"script", "img", "b"}.isdisjoint(read.tags)
    assert "<script>alert(1)</script>" in read.words
