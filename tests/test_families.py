"""Families: members are found by their files, and a file that holds none is an error."""

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.families import kinds, member, members, names

BASE = "class Animal:\n    sound = ''\n"
CAT = "from menagerie.base import Animal\n\nclass Cat(Animal):\n    sound = 'meow'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a family, with its base."""
    folder = tmp_path / "menagerie"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "base.py").write_text(BASE)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "menagerie"]:
        del sys.modules[name]


def found(**files: str) -> dict[str, object]:
    """Return the members of the family once `files` lie in its folder."""
    family: ModuleType = import_module("menagerie")
    for name, text in files.items():
        (Path(family.__path__[0]) / f"{name}.py").write_text(text)
    invalidate_caches()
    base: type[object] = import_module("menagerie.base").Animal
    return members(family, base)


@pytest.mark.usefixtures("folder")
class TestMembers:
    def test_a_file_is_a_member(self) -> None:
        """
        Members go by the names of their files, in alphabetical order; what they import does not count.
        """
        dog = "from menagerie.cat import Cat\nfrom menagerie.base import Animal\n\nclass Dog(Animal):\n    sound = 'woof'\n"

        assert {name: type(member).__name__ for name, member in found(dog=dog, cat=CAT).items()} == {"cat": "Cat", "dog": "Dog"}
        assert list(found()) == ["cat", "dog"]

    def test_a_member_may_be_a_kind(self) -> None:
        """
        Where members are classes that somebody else fills, the classes themselves are found.
        """
        found(cat=CAT)

        family = import_module("menagerie")
        assert {name: kind.__name__ for name, kind in kinds(family, import_module("menagerie.base").Animal).items()} == {"cat": "Cat"}

    def test_a_family_may_be_empty(self) -> None:
        """
        A base without members has none.
        """
        assert found() == {}

    @pytest.mark.parametrize(("text", "count"), [("MEOW = 1\n", 0), (CAT + "\nclass Lion(Animal):\n    pass\n", 2)], ids=["none", "two"])
    def test_a_file_without_exactly_one_member_is_an_error(self, text: str, count: int) -> None:
        """
        A member that was forgotten or hidden beside another is told by its file, not left out in silence.
        """
        with pytest.raises(ShipworthyError, match=f"menagerie/cat.py: holds {count} members of the family, not one") as error:
            found(cat=text)

        assert "subclass of Animal" in error.value.fix


@pytest.mark.usefixtures("folder")
class TestOneMember:
    """A member whose packages an extra brings: it alone is imported."""

    def one(self, name: str) -> object:
        family, base = import_module("menagerie"), import_module("menagerie.base").Animal
        return member(family, name, base, extra="animals", where="zoo.yml")

    def test_the_others_are_not_imported(self) -> None:
        """
        A member that cannot be imported keeps nobody from another.
        """
        found(cat=CAT)
        (Path(import_module("menagerie").__path__[0]) / "dodo.py").write_text("import a_package_that_nobody_has\n")
        invalidate_caches()

        assert type(self.one("cat")).__name__ == "Cat"
        assert names(import_module("menagerie")) == ["cat", "dodo"]

    def test_a_package_that_is_missing_is_named_with_its_extra(self) -> None:
        """
        The error says what to install.
        """
        found(cat=CAT)
        (Path(import_module("menagerie").__path__[0]) / "dodo.py").write_text("import a_package_that_nobody_has\n")
        invalidate_caches()

        with pytest.raises(ShipworthyError, match="dodo needs the package 'a_package_that_nobody_has'") as error:
            self.one("dodo")
        assert error.value.fix == "pip install 'shipworthy[animals]'"

    def test_one_that_is_not_there_is_told_with_the_nearest(self) -> None:
        """
        The known names are those of the files.
        """
        found(cat=CAT)

        with pytest.raises(UnknownName, match="'cta'") as error:
            self.one("cta")
        assert "did you mean 'cat'" in error.value.fix
