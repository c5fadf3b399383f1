"""From a version to what it was made from, and back."""

from collections.abc import Callable

import pytest

from shipworthy.console.pages.training import TrainingPage
from shipworthy.console.rooms import rooms
from shipworthy.errors import UnknownName
from shipworthy.flows import recorded
from shipworthy.flows.provenance import made_from, origins
from shipworthy.gateways import lake
from shipworthy.logbook import read

from ..conftest import BUILT, MODEL, Said, Shop


def test_each_thing_leads_to_the_versions_made_from_it(trained: Shop) -> None:
    """
    Training set, run, relation, source and a version of each lead to those versions of models that were made from it.
    """
    found = origins(trained.project, trained.book)
    first, second = found
    pin = second.relations["shop_queue"]

    assert made_from(found, f"{MODEL}@1") == made_from(found, first.training_set) == made_from(found, first.run) == [first]
    assert made_from(found, f"shop_queue@{pin}") == made_from(found, "orders") == [first, second]
    assert made_from(found, f"queue@{second.sources['queue']}") == [first, second]
    assert second.code == "not in git"
    with pytest.raises(UnknownName, match="did you mean 'shop_queue'"):
        made_from(found, "shop_queu")


def test_a_version_without_a_record_is_known_by_its_training_set(trained: Shop) -> None:
    """
    What was trained before recordings were kept still has its relations; its code is unknown, not made up.
    """
    (recorded.folder_of(trained.project, MODEL, 1) / recorded.RECORD).unlink()

    (one,) = made_from(origins(trained.project, trained.book), f"{MODEL}@1")

    assert one.code is None
    assert "shop_queue" in one.relations
    assert one.sources == {}


def test_the_command_says_it_as_data(trained: Shop, command: Callable[..., Said]) -> None:
    """
    A relation's name gives both versions, as JSON.
    """
    said = command("provenance", "shop_queue", "--project", trained.root, "--json")

    assert said.code == 0
    assert f'"training_set": "{read.versions(trained.book)[0].training_set}"' in said.out


def test_the_page_shows_rows_and_what_shares_them(trained: Shop) -> None:
    """
    The page of a training has the set's last rows with its SQL, and each relation leads on to its own page.
    """
    seen = rooms(trained.project, trained.book, BUILT)

    page = TrainingPage.of(seen, (MODEL, "2"), {})

    assert page.rows == lake.read(trained.project.lake, f"training_sets/{MODEL}/{page.origin.training_set}").num_rows
    assert [len(row) for row in page.sample] == [len(page.columns)] * 8
    assert page.sql is not None
    assert {name: place for name, _, place in page.relations}["shop_queue"] == ("data", "shop_queue")
    assert page.compared is not None
    assert page.same_set == []
