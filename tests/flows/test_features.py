"""The features of decisions in a file: a documented call, and a command."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from shipworthy.errors import BadData, UnknownName
from shipworthy.flows.features import features, write

from ..conftest import Said
from ..kitchen import MODEL, NOON, Kitchen, opened

CSV = """order,shop,dish,ordered_at
o1,dragon,7,2026-05-01T12:00:00Z
o2,nowhere,7,2026-05-01 11:30:00
o3,dragon,8,2026-05-01T11:00:00+00:00
"""


@pytest.fixture
def made(tmp_path: Path) -> Kitchen:
    return opened(tmp_path)


def written(made: Kitchen, text: str = CSV) -> Path:
    file = made.project.root / "orders.csv"
    file.write_text(text)
    return file


def test_each_decision_has_its_features_in_the_order_of_the_file(made: Kitchen) -> None:
    """
    The file's own columns stay, the moment is `decided_at`, and what is not known at a decision is null.
    """
    found = features(made.project, MODEL, written(made), NOON)

    assert found.features == ("waiting", "mood", "mean_price", "seats")
    assert found.rows.column_names == ["order", "shop", "dish", "decided_at", *found.features]
    assert found.rows.select(["order", *found.features]).to_pylist() == [
        {"order": "o1", "waiting": 6.0, "mood": "calm", "mean_price": 10.0, "seats": 20},
        {"order": "o2", "waiting": None, "mood": None, "mean_price": None, "seats": None},
        {"order": "o3", "waiting": 4.0, "mood": "calm", "mean_price": None, "seats": 20},
    ]


def test_as_of_decides_what_is_known(made: Kitchen) -> None:
    """
    A decision after the moment whose knowledge counts is refused with its row; so is a column that is named like a feature.
    """
    with pytest.raises(BadData, match="row 1 is decided at"):
        features(made.project, MODEL, written(made), NOON.replace(hour=11, minute=59))
    with pytest.raises(BadData, match="'waiting', which is a feature of minutes"):
        features(made.project, MODEL, written(made, "shop,dish,decided_at,waiting\ndragon,7,2026-05-01T12:00:00Z,3\n"), NOON)
    with pytest.raises(UnknownName, match="no column 'dish'"):
        features(made.project, MODEL, written(made, "shop,dsh,decided_at\n"), NOON)
    with pytest.raises(BadData, match="no such file"):
        features(made.project, MODEL, made.project.root / "nowhere.csv", NOON)


def test_a_parquet_file_goes_in_and_comes_out(made: Kitchen) -> None:
    """
    Moments and numbers keep their types on the way.
    """
    source, target = made.project.root / "orders.parquet", made.project.root / "found.parquet"
    parquet.write_table(pa.table({"shop": ["dragon"], "dish": [7], "decided_at": pa.array([NOON], pa.timestamp("us", "UTC"))}), source)

    write(features(made.project, MODEL, source, NOON), target)

    (row,) = parquet.read_table(target).to_pylist()
    assert (row["decided_at"], row["dish"], row["waiting"], row["seats"]) == (NOON, 7, 6.0, 20)


def test_the_command_writes_csv_json_or_a_file(made: Kitchen, command) -> None:
    """
    CSV on stdout by default, JSON with --json, and nothing but a word on stderr where a file is written.
    """
    asked = ("features", MODEL, "--project", made.project.root, "--entities", written(made), "--as-of", NOON.isoformat())
    said: Said = command(*asked)
    assert said.code == 0
    assert said.out.splitlines()[1] == "o1,dragon,7,2026-05-01T12:00:00Z,6.0,calm,10.0,20"
    assert said.out.splitlines()[2].endswith(",,,,")
    assert json.loads(command(*asked, "--json").out)[0]["mean_price"] == 10.0

    said = command(*asked, "--into", made.project.root / "found.csv")
    assert (said.out, said.err) == ("", f"3 rows with 4 features in {made.project.root / 'found.csv'}\n")
    assert (made.project.root / "found.csv").read_text().startswith("order,shop,dish,decided_at,waiting")
