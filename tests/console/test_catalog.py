from pathlib import Path

import pyarrow as pa
import pytest

from shipworthy.console.catalog import kept, relations
from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.spec.project import Project, find


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "shipworthy.yml").write_text("{}\n")
    (tmp_path / ".shipworthy").mkdir()
    return find(tmp_path)


def test_without_a_build_the_contracts_speak(project: Project) -> None:
    """
    A source is shown as its contract tells it, without rows and never written.
    """
    (project.root / "sources").mkdir()
    contract = "source: plan\npath: plan.csv\nkey: [id]\ncolumns: {id: {type: integer, unit: no, description: Its number.}}\n"
    (project.root / "sources" / "plan.yml").write_text(contract)

    (told,) = relations(project)
    found = kept(project, told)

    assert (found.name, found.role, found.rows, found.written_at, found.key) == ("plan", "source", None, None, ("id",))
    assert found.columns[0].description == "Its number."


def test_what_nobody_told_of_is_still_shown(project: Project) -> None:
    """
    A table of the lake without a word in the catalog is there, with its types and rows.
    """
    lake.overwrite(project.lake, "published/kpi", pa.table({"day": pa.array([1, 2]), "share": [0.1, None]}))

    (told,) = relations(project)
    found = kept(project, told)

    assert (found.name, found.rows, [(column.name, column.type) for column in found.columns]) == (
        "kpi", 2, [("day", "integer"), ("share", "number")],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["{", "[]", '{"relations": []}', '{"relations": {"a": 1}}'])
def test_a_broken_catalog_names_its_file_and_the_fix(project: Project, text: str) -> None:
    """
    A catalog of another shape is refused in words.
    """
    (project.state / "catalog.json").write_text(text)

    with pytest.raises(BadData, match=r"catalog\.json: no catalog.*\n.*shipworthy build"):
        relations(project)
