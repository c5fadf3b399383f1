"""Libraries that an import looks for and does not need."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from shipworthy.gateways.kept_out import kept_out


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a library that is installed and not loaded."""
    (tmp_path / "heavy_library.py").write_text("loaded = True\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "heavy_library", raising=False)
    return "heavy_library"


def test_what_is_kept_out_is_not_loaded_and_can_be_had_afterwards(heavy: str) -> None:
    """
    Inside it is as if the library were not installed; after that whoever wants it gets it.
    """
    with kept_out(heavy), pytest.raises(ImportError):
        import_module(heavy)

    assert import_module(heavy).loaded


def test_what_is_loaded_already_stays(heavy: str) -> None:
    """
    A team that works with the library goes on with the one it has.
    """
    loaded = import_module(heavy)

    with kept_out(heavy):
        assert import_module(heavy) is loaded
    assert sys.modules[heavy] is loaded


def test_a_failure_inside_leaves_nothing_behind(heavy: str) -> None:
    """
    Where what is loaded inside fails, the library can be had all the same.
    """
    with pytest.raises(ZeroDivisionError), kept_out(heavy):
        raise ZeroDivisionError

    assert import_module(heavy).loaded
