"""Finds the members of a family: one file, one member, no list.

A family is a package that holds `base` and members, nothing else but packages, which are families of their own. A
module without exactly one member is an error at discovery, not a silence. The file's name is the member's name.
"""

import inspect
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from shipworthy.errors import ShipworthyError

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
    names = sorted(module.name for module in iter_modules(family.__path__) if not module.ispkg and module.name != "base")
    return {name: _member(family.__name__, name, base) for name in names}


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
