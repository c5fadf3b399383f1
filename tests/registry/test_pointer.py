import json
import threading
from pathlib import Path

import pytest

from shipworthy.errors import BadArtifact
from shipworthy.registry.pointer import Pointer, file, read, write


def test_before_the_first_promotion_it_points_nowhere(tmp_path: Path) -> None:
    """
    A model that was never promoted has no pointer.
    """
    assert read(tmp_path / "live", "late") is None


def test_each_change_is_a_generation(tmp_path: Path) -> None:
    """
    A promotion, a rollback to nothing and a promotion again are three generations.
    """
    generations = [write(tmp_path / "live", "late", version).generation for version in (1, None, 1)]

    assert generations == [1, 2, 3]
    assert read(tmp_path / "live", "late") == Pointer(1, 3)


def test_pointing_where_it_points_changes_nothing(tmp_path: Path) -> None:
    """
    A promotion that is repeated after a crash makes no service load again.
    """
    write(tmp_path, "late", 2)
    before = file(tmp_path, "late").stat().st_ino

    assert write(tmp_path, "late", 2) == Pointer(2, 1)
    assert file(tmp_path, "late").stat().st_ino == before


def test_models_have_pointers_of_their_own(tmp_path: Path) -> None:
    """
    One model's promotion does not move another's.
    """
    write(tmp_path, "late", 2)
    write(tmp_path, "early", 7)

    assert read(tmp_path, "late") == Pointer(2, 1)
    assert json.loads(file(tmp_path, "early").read_text()) == {"version": 7, "generation": 1}


def test_a_reader_never_sees_half_a_pointer(tmp_path: Path) -> None:
    """
    While one thread promotes again and again, every read is a whole pointer, and generations only grow.
    """
    write(tmp_path, "late", 0)
    writer = threading.Thread(target=lambda: [write(tmp_path, "late", version) for version in range(1, 200)])
    writer.start()
    seen = []
    while writer.is_alive():
        seen.append(read(tmp_path, "late"))
    writer.join()

    assert all(pointer and pointer.generation == (pointer.version or 0) + 1 for pointer in seen)
    assert [pointer.generation for pointer in seen if pointer] == sorted(pointer.generation for pointer in seen if pointer)
    assert [entry.name for entry in tmp_path.iterdir()] == ["late.json"]


@pytest.mark.parametrize("content", ["", "{}", '{"version": "2", "generation": 1}', '{"version": 2, "generation": 1, "who": "me"}'])
def test_another_file_is_no_pointer(tmp_path: Path, content: str) -> None:
    """
    A file that says something else is refused, and what to do is said.
    """
    file(tmp_path, "late").write_text(content)

    with pytest.raises(BadArtifact, match="is no pointer") as refusal:
        read(tmp_path, "late")
    assert "promote" in refusal.value.fix
