"""The time: asked in one place, pinned by a file for every process at once."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shipworthy import clock

MOMENT = datetime(2013, 5, 1, 12, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that this process is led by, not written yet."""
    file = tmp_path / "clock"
    monkeypatch.setenv(clock.PINNED_BY, str(file))
    return file


def test_without_a_pin_it_is_the_machine_s_time_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Nobody pinned it, so it lies between two looks at the wall, and has its zone.
    """
    monkeypatch.delenv(clock.PINNED_BY, raising=False)
    before, asked, after = clock.wall(), clock.now(), clock.wall()

    assert before <= asked <= after
    assert asked.utcoffset() == timedelta(0)


def test_a_pinned_clock_stands_where_it_was_put(file: Path) -> None:
    """
    It says the pinned moment until it is pinned to another; the wall's time goes on.
    """
    clock.pin(file, MOMENT)
    assert clock.now() == MOMENT

    clock.pin(file, MOMENT + timedelta(days=7))
    assert clock.now() == MOMENT + timedelta(days=7)
    assert clock.wall() > MOMENT + timedelta(days=365)


def test_a_pin_leaves_nothing_but_itself(file: Path) -> None:
    """
    The file is put in place whole: nothing lies beside it that another process could read half.
    """
    clock.pin(file, MOMENT)

    assert [found.name for found in file.parent.iterdir()] == ["clock"]


def test_another_zone_is_the_same_moment(file: Path) -> None:
    """
    A moment that was said in New York is read in UTC.
    """
    clock.pin(file, datetime(2013, 5, 1, 8, 30, tzinfo=timezone(timedelta(hours=-4))))

    assert clock.now() == MOMENT
    assert clock.now().tzinfo is UTC


def test_a_pin_that_is_gone_is_an_error(file: Path) -> None:
    """
    A process that is to be led by a file does not fall back to the machine's time in silence.
    """
    with pytest.raises(FileNotFoundError):
        clock.now()
