"""Finds the members of a family: one file, one member, no list.

A family is a package that holds `base` and members, nothing else but packages, which are families of their own. A
module without exactly one member is an error at discovery, not a silence. The file's name is the member's name.
"""

import inspect
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from shipworthy.errors import ShipworthyError, UnknownName

T = TypeVar("T")


def members(family: ModuleType, base: type[T]) -> dict[str, T]:
    """Return one instance of each member of `family`, by file name, in alphabetical order.

    Raises:
        ShipworthyError: a module does not hold exactly one subclass of `base`.
    """
    return {name: kind() for name, kind in kinds(family, base).items()}


def kinds(family: ModuleType, base: type[T]) -> dict[str, type[T]]:
    """Return the class of each member of `family`, by file name, in alphabetical order.

    Raises:
        ShipworthyError: a module does not hold exactly one subclass of `base`.
    """
    return {name: _member(family.__name__, name, base) for name in names(family)}


def names(family: ModuleType) -> list[str]:
    """Return the names of all members of `family`, sorted; none of them is imported."""
    return sorted(module.name for module in iter_modules(family.__path__) if not module.ispkg and module.name != "base")


def member(family: ModuleType, name: str, base: type[T], *, extra: str, where: str) -> T:
    """Return the member `name` of a family whose members need packages of the extra `extra`; the others are not imported.

    Raises:
        UnknownName: there is no such member.
        ShipworthyError: a package that it needs is not installed.
    """
    if name not in names(family):
        raise UnknownName.of(family.__name__.rpartition(".")[2].rstrip("s"), name, known=names(family), where=where)
    try:
        return _member(family.__name__, name, base)()
    except ModuleNotFoundError as error:
        raise ShipworthyError(
            where=where, what=f"{name} needs the package '{error.name}', which is not installed", fix=f"pip install 'shipworthy[{extra}]'"
        ) from None


def _member(family: str, name: str, base: type[T]) -> type[T]:
    module = import_module(f"{family}.{name}")
    found = [
        thing
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, base) and thing.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise ShipworthyError(
            where=f"{family}/{name}.py",
            what=f"holds {len(found)} members of the family, not one",
            fix=f"write exactly one subclass of {base.__name__} in it, or move the file",
        )
    return found[0]
