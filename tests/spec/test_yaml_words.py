from pathlib import Path

from shipworthy.spec.load import load
from shipworthy.spec.model import Features
from shipworthy.spec.source import SourceColumn


def test_on_is_a_key_like_any_other(tmp_path: Path) -> None:
    """
    The key `on` is a word, not the truth that YAML 1.1 takes it for.
    """
    (tmp_path / "part.yml").write_text("relation: airport_weather\non: origin\n")

    assert load(tmp_path / "part.yml", Features).keys == ["origin"]


def test_true_is_still_true(tmp_path: Path) -> None:
    """
    A boolean is read as one.
    """
    (tmp_path / "part.yml").write_text("type: text\nrequired: true\n")

    assert load(tmp_path / "part.yml", SourceColumn).required
