"""A project: found from any folder inside it, with its models and its contracts."""

from pathlib import Path

import pytest

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.spec.project import find, model, models, sources

SPEC = """\
model: {name}
decisions: {{relation: flights, entity: flight_id, time: decided_at, features: [distance]}}
label: {{relation: arrivals, column: delay, known_at: landed_at, horizon: 1 day}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a project with two models."""
    root = tmp_path / "air"
    for name in ("arrival_delay", "cancelled"):
        (root / "ml" / name).mkdir(parents=True)
        (root / "ml" / name / "model.yml").write_text(SPEC.format(name=name))
    (root / "shipworthy.yml").write_text("{}\n")
    return root


def test_it_is_found_from_inside(root: Path) -> None:
    """
    The nearest folder with settings, the one that was asked for or one above it.
    """
    assert find(root).root == find(root / "ml" / "cancelled").root == root.resolve()


def test_a_project_inside_a_project_is_its_own(root: Path) -> None:
    """
    Of two the nearer is meant.
    """
    inner = root / "demo"
    inner.mkdir()
    (inner / "shipworthy.yml").write_text("state: kept\n")

    assert find(inner).state == inner.resolve() / "kept"


def test_without_settings_there_is_no_project(tmp_path: Path) -> None:
    """
    The error names the folder, and both ways to make one.
    """
    with pytest.raises(BadSpec, match=r"no shipworthy\.yml here or above") as error:
        find(tmp_path)

    assert error.value.where == str(tmp_path.resolve())
    assert "--template flights" in error.value.fix


def test_all_that_is_kept_lies_in_one_folder(root: Path) -> None:
    """
    Unless the settings say otherwise, everything the system keeps is below the state folder.
    """
    project = find(root)
    paths = [project.warehouse, project.lake, project.artifacts, project.live, project.segments]

    assert {path.parent for path in paths} == {project.state} == {root.resolve() / ".shipworthy"}
    assert project.logbook == f"sqlite:///{project.state}/logbook.db"
    assert project.tracking == f"sqlite:///{project.state}/mlflow.db"


def test_settings_move_what_they_name(root: Path) -> None:
    """
    A warehouse of the team's, a logbook and a tracking server elsewhere.
    """
    said = "warehouse: team.duckdb\nlogbook: postgresql://db/logbook\ntracking: http://mlflow:5000\n"
    (root / "shipworthy.yml").write_text(said)
    project = find(root)

    assert project.warehouse == root.resolve() / "team.duckdb"
    assert (project.logbook, project.tracking) == ("postgresql://db/logbook", "http://mlflow:5000")


def test_models_go_by_their_folders(root: Path) -> None:
    """
    Each `ml/<name>/model.yml` is a model; one is found by its name, a slip gets the nearest.
    """
    project = find(root)

    assert list(models(project)) == ["arrival_delay", "cancelled"]
    assert model(project, "cancelled").model == "cancelled"
    with pytest.raises(UnknownName, match="did you mean 'cancelled'"):
        model(project, "canceled")


def test_a_model_in_a_folder_of_another_name_is_refused(root: Path) -> None:
    """
    Two names for one thing would part the spec from its packages.
    """
    (root / "ml" / "cancelled" / "model.yml").write_text(SPEC.format(name="late"))

    with pytest.raises(BadSpec, match="model 'late' lies in folder 'cancelled'"):
        models(find(root))


def test_contracts_go_by_their_names(root: Path) -> None:
    """
    Each `sources/*.yml` is a contract; a project may have none.
    """
    project = find(root)
    assert sources(project) == {}

    (root / "sources").mkdir()
    (root / "sources" / "planes.yml").write_text("source: planes\npath: data/planes.csv\ncolumns: {tail: {type: text}}\n")
    assert [contract.path for contract in sources(project).values()] == ["data/planes.csv"]


def test_a_contract_without_columns_is_refused(root: Path) -> None:
    """
    A contract that asks for nothing guards nothing.
    """
    (root / "sources").mkdir()
    (root / "sources" / "planes.yml").write_text("source: planes\npath: data/planes.csv\ncolumns: {}\n")

    with pytest.raises(BadSpec, match=r"'columns' is \{\}"):
        sources(find(root))
