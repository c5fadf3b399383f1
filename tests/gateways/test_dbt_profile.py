"""Where a team's DuckDB file lies, as their profile says."""

from pathlib import Path

import pytest

from shipworthy.errors import BadSpec
from shipworthy.gateways.dbt_profile import warehouse_file

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
