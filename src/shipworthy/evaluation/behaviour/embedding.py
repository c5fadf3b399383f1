"""Whether texts that are alike to people are alike to an embedding model: any function from a text to a vector."""

import importlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.evaluation.behaviour.tried import Failure, Tried, tried
from shipworthy.gateways.own_code import FOLDER, importable
from shipworthy.gateways.trust import Trust
from shipworthy.spec.behaviours import Similarity

Vector = npt.NDArray[np.float64]
Embed = Callable[[str], Sequence[float] | Vector]


def embedding_of(folder: Path, named: str, trust: Trust) -> Embed:
    """Return the function that `named`, `module:function`, is in the model's `folder`.

    Raises:
        BadSpec: the settings do not trust it, or it cannot be imported.
        UnknownName: the module has no such function; with the nearest name.
    """
    module, function = named.split(":")
    full, where = f"{FOLDER}.{folder.name}.{module}", str(folder / f"{module}.py")
    if f"{full}.{function}" not in trust.types:
        what = f"'{named}' is code that would be run, and nobody was told to trust it"
        raise BadSpec(
            where=str(folder / "behaviours.yml"), what=what, fix=f"look at it, then write 'trust: [{full}.{function}]' in shipworthy.yml"
        )
    try:
        with importable(folder.parents[1]):
            found = importlib.import_module(full)
    except Exception as error:
        what = f"cannot be imported: {type(error).__name__}: {error}"
        raise BadSpec(where=where, what=what[:300], fix="mend it") from error
    if not callable(getattr(found, function, None)):
        known = [name for name, thing in vars(found).items() if callable(thing) and not name.startswith("_")]
        raise UnknownName.of("function", function, known=known, where=where)
    embed: Embed = getattr(found, function)
    return embed


def cosine(one: Vector, other: Vector) -> float:
    """Return the cosine between two vectors, -1 to 1; NaN where one of them has no length.

    >>> cosine(np.array([1.0, 0.0]), np.array([1.0, 1.0])).__round__(3)
    0.707
    """
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else math.nan


def alike(embed: Embed, case: Similarity, *, where: str) -> Tried:
    """Return whether texts are as alike as they must be; a text whose vector has no length is like nothing, and fails.

    Raises:
        BadSpec: the function does not give one vector of numbers for a text.
    """
    text, like = (_vector(embed, words, where) for words in (case.text, case.like))
    found = cosine(text, like)
    asked: list[tuple[bool, str]] = []
    if case.unlike is not None:
        other = cosine(text, _vector(embed, case.unlike, where))
        asked.append((found > other, f"more like '{case.like}' than '{case.unlike}' ({other:.3f})"))
    if case.at_least is not None:
        asked.append((found >= case.at_least, f"like '{case.like}' by at least {case.at_least:g}"))
    if case.at_most is not None:
        asked.append((found <= case.at_most, f"like '{case.like}' by at most {case.at_most:g}"))
    failures = [Failure({"text": case.text}, expected, f"{found:.3f}", 1.0) for good, expected in asked if not good]
    return tried(case.name, "similarity", case.level, [good for good, _ in asked], failures)


def _vector(embed: Embed, text: str, where: str) -> Vector:
    told: Any = embed(text)
    try:
        vector = np.asarray(told, dtype=np.float64)
    except (TypeError, ValueError):
        vector = np.empty((0, 0))
    if vector.ndim != 1 or not len(vector):
        what = f"gives {type(told).__name__} for '{text[:60]}', not a vector of numbers"
        raise BadSpec(where=where, what=what, fix="return one sequence of numbers for a text")
    return vector
