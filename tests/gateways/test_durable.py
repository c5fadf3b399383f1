"""Files that are whole, or not there."""

from pathlib import Path

import pytest

from shipworthy.gateways import durable


def test_a_file_takes_the_place_of_another_in_one_step(tmp_path: Path) -> None:
    """
    What was written beside is what the name stands for afterwards; nothing is left beside.
    """
    (tmp_path / "said").write_bytes(b"old")
    durable.put(tmp_path / ".said", b"new")
    durable.rename(tmp_path / ".said", tmp_path / "said")

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("said", b"new")]


def test_a_folder_that_holds_something_is_not_replaced(tmp_path: Path) -> None:
    """
    Two folders of one name are an error: neither is lost.
    """
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        durable.put(tmp_path / name / "file", name.encode())

    with pytest.raises(OSError, match="not empty"):
        durable.rename(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "file").read_bytes() == b"b"
