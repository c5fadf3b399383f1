"""What `init` refuses in a folder that it cannot attach to; the whole way is in the journeys."""

from pathlib import Path

import pytest

from shipworthy.errors import BadSpec, StepFailed
from shipworthy.flows.attach import attach


def test_without_a_dbt_project_both_ways_are_told(tmp_path: Path) -> None:
    """
    A folder without a dbt project is refused with the two ways to begin, and nothing is written.
    """
    with pytest.raises(BadSpec, match="no dbt_project") as refusal:
        attach(tmp_path)

    assert "--template flights" in refusal.value.fix
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_was_never_built_is_told_so(tmp_path: Path) -> None:
    """
    Without the file that dbt builds there is no data to look at: the error names the file and how to make or name it.
    """
    (tmp_path / "dbt_project.yml").write_text("name: team\nprofile: team\n")
    (tmp_path / "profiles.yml").write_text("team: {target: dev, outputs: {dev: {type: duckdb, path: team.duckdb}}}\n")

    with pytest.raises(StepFailed, match="nothing has been built") as refusal:
        attach(tmp_path)

    assert refusal.value.where == str(tmp_path.resolve() / "team.duckdb")
    assert "--warehouse" in refusal.value.fix
