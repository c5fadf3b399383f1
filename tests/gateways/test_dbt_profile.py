"""Where a team's DuckDB file lies, as their profile says."""

from pathlib import Path

import pytest
import yaml

from shipworthy.errors import BadSpec
from shipworthy.gateways.dbt_profile import stand_in, warehouse_file

OUTPUT = "{type: duckdb, path: team.duckdb}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "dbt_project.yml").write_text("name: team\nprofile: team\n")
    return tmp_path


def profile(folder: Path, output: str = OUTPUT, target: str = "dev") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profiles.yml").write_text(
        f'team:\n  target: "{target}"\n  outputs:\n    dev: {output}\n    prod: {{type: duckdb, path: prod.duckdb}}\n'
    )


def test_the_chosen_targets_file_is_found(root: Path) -> None:
    """
    The path is the chosen target's, taken from the project's folder.
    """
    profile(root, target="prod")

    assert warehouse_file(root) == root / "prod.duckdb"


def test_the_profile_is_looked_for_where_dbt_looks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The folder that DBT_PROFILES_DIR names comes first, then the project's, then the home folder's.
    """
    profile(root / "home" / ".dbt", "{type: duckdb, path: home.duckdb}")
    assert warehouse_file(root) == root / "home.duckdb"

    profile(root)
    assert warehouse_file(root) == root / "team.duckdb"

    profile(root / "named", "{type: duckdb, path: /data/named.duckdb}")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(root / "named"))
    assert warehouse_file(root) == Path("/data/named.duckdb")


def test_environment_variables_are_put_in_place(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `env_var` is read as dbt reads it, with its default where it is not set.
    """
    profile(root, """{type: duckdb, path: "{{ env_var('WAREHOUSE', 'here.duckdb') }}"}""")
    monkeypatch.delenv("WAREHOUSE", raising=False)
    assert warehouse_file(root) == root / "here.duckdb"

    monkeypatch.setenv("WAREHOUSE", "/data/there.duckdb")
    assert warehouse_file(root) == Path("/data/there.duckdb")


@pytest.mark.parametrize(
    ("output", "target", "words"),
    [
        ("{type: postgres, host: db, password: s3cr3t}", "dev", "its type is 'postgres'"),
        ("{type: duckdb, path: 'md:team?motherduck_token=s3cr3t'}", "dev", "'md:team' is no file"),
        ("{type: duckdb}", "dev", "':memory:' is no file"),
        ("""{type: duckdb, path: "{{ env_var('NOT_SET_ANYWHERE') }}"}""", "dev", "NOT_SET_ANYWHERE is not set"),
        ("""{type: duckdb, path: "{{ target.name }}.duckdb"}""", "dev", "more of a template"),
        (OUTPUT, "stage", "no output 'stage'"),
        ("[", "dev", "is no YAML"),
    ],
)
def test_what_cannot_be_told_is_asked_for(root: Path, output: str, target: str, words: str) -> None:
    """
    A profile without a DuckDB file is answered with the option that names one, and never with a secret.
    """
    profile(root, output, target)

    with pytest.raises(BadSpec) as refusal:
        warehouse_file(root)

    assert words in str(refusal.value)
    assert "s3cr3t" not in str(refusal.value)
    assert "--warehouse" in refusal.value.fix or "mend it" in refusal.value.fix


def test_no_profile_at_all_is_said(root: Path) -> None:
    """
    Without a profiles.yml, or without the profile that the project names, the error says where it looked.
    """
    with pytest.raises(BadSpec, match="no such file"):
        warehouse_file(root)

    (root / "profiles.yml").write_text("other: {}\n")
    with pytest.raises(BadSpec, match="no profile 'team'"):
        warehouse_file(root)


def test_a_stand_in_is_called_as_the_teams_own_and_has_no_warehouse_of_theirs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Profile, target and schema have their names, for templates ask for them; nothing else of it is kept, least of all a secret.
    """
    monkeypatch.setenv("TARGET", "dev")
    profile(root, "{type: duckdb, path: team.duckdb, schema: core, secrets: [{type: s3, secret: hush}]}", target="{{ env_var('TARGET') }}")
    (root / "home").mkdir()
    stand_in(root, root / "home", root / "empty.duckdb")

    said = yaml.safe_load((root / "home" / "profiles.yml").read_text())
    assert said == {
        "team": {
            "target": "dev",
            "outputs": {"dev": {"type": "duckdb", "path": str(root / "empty.duckdb"), "threads": 1, "schema": "core"}},
        }
    }


def test_another_warehouse_has_no_stand_in(root: Path) -> None:
    """
    DuckDB's adapter would write other SQL than its own: the way out is to compare manifests.
    """
    profile(root, "{type: postgres, host: db, password: hush}")

    with pytest.raises(BadSpec, match="postgres") as error:
        stand_in(root, root, root / "empty.duckdb")
    assert "--before FILE" in error.value.fix
    assert "hush" not in str(error.value)
