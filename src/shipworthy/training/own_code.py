"""Imports a team's own `train.py`: `estimator(parameters)`, and `space(trial)` where there is something to search."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.gateways.own_code import FOLDER, importable

ESTIMATOR, SPACE = "estimator", "space"


def estimator_of(code: Path, parameters: dict[str, Any]) -> Any:
    """Return the estimator that `train.py` makes of `parameters`, not fitted yet.

    Raises:
        UnknownName: it has no function `estimator`; with the nearest name.
        BadSpec: it cannot be imported, or the function raises.
    """
    module = imported(code)
    function = getattr(module, ESTIMATOR, None)
    if not callable(function):
        named = [name for name, thing in vars(module).items() if callable(thing) and not name.startswith("_")]
        raise UnknownName.of("function", ESTIMATOR, known=named, where=str(code))
    return _called(code, ESTIMATOR, function, parameters)


def space_of(code: Path, trial: Any) -> dict[str, Any]:
    """Return the parameters that `train.py` asks of a `trial`; nothing where it has no function `space`."""
    function = getattr(imported(code), SPACE, None)
    return dict(_called(code, SPACE, function, trial)) if callable(function) else {}


def imported(code: Path) -> ModuleType:
    """Return the module `ml.MODEL.train` that lies at `code`, as it is now.

    Raises:
        BadSpec: it raises, or does not compile.
    """
    try:
        with importable(code.parents[2]):
            return importlib.import_module(f"{FOLDER}.{code.parent.name}.{code.stem}")
    except Exception as error:
        raise _theirs(code, "cannot be imported:", error) from error


def _called(code: Path, name: str, function: Callable[[Any], Any], given: Any) -> Any:
    try:
        return function(given)
    except Exception as error:
        raise _theirs(code, f"{name}({type(given).__name__}) raises", error) from error


def _theirs(code: Path, what: str, error: Exception) -> BadSpec:
    return BadSpec(where=str(code), what=f"{what} {type(error).__name__}: {error}"[:300], fix="mend train.py")
