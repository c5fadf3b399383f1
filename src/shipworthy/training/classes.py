"""The classes of a multiclass label: their names in order, and the code of each row's."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.errors import BadData, UnknownName
from shipworthy.training.fitted import Numbers

MOST_CLASSES = 50


def texts_of(labels: pa.ChunkedArray, where: str) -> list[str | None]:
    """Return the class of each row by its name: a text as it is, a whole number in digits; null stays null.

    Raises:
        BadData: the label is neither text nor a whole number.
    """
    held = labels.type.value_type if pa.types.is_dictionary(labels.type) else labels.type
    if not (pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_integer(held)):
        raise BadData(
            where=where,
            what=f"the label is of type {held}, and classes have names",
            fix="let the label's SQL give a text or a whole number",
        )
    texts: list[str | None] = labels.cast(pa.string()).to_pylist()
    return texts


def classes_of(texts: Sequence[str | None], where: str) -> tuple[str, ...]:
    """Return the classes that occur, in order of the alphabet, or of their size where all are whole numbers.

    Raises:
        BadData: there are none, or more than 50.

    >>> classes_of(["late", "early", None, "late"], "outcomes"), classes_of(["10", "9"], "outcomes")
    (('early', 'late'), ('9', '10'))
    """
    found = {text for text in texts if text is not None}
    if not 0 < len(found) <= MOST_CLASSES:
        what = f"has {len(found)} classes, for example {', '.join(repr(one) for one in sorted(found)[:3])}" if found else "has no class"
        raise BadData(
            where=where, what=what, fix=f"let the label's SQL give 2 to {MOST_CLASSES} classes, with the rare ones under one name"
        )
    whole = all(one.removeprefix("-").isdecimal() for one in found)
    return tuple(sorted(found, key=int)) if whole else tuple(sorted(found))


def codes_of(texts: Sequence[str | None], classes: Sequence[str]) -> Numbers:
    """Return the code of each class, its place in `classes`, shape (n,); NaN where it is null or none of them.

    >>> codes_of(["late", None, "lost", "early"], ("early", "late"))
    array([ 1., nan, nan,  0.])
    """
    places = {name: float(place) for place, name in enumerate(classes)}
    return np.array([np.nan if text is None else places.get(text, np.nan) for text in texts], dtype=np.float64)


def counted(codes: Numbers, classes: int) -> Numbers:
    """Return the share of each class among `codes`, shape (classes,); NaN is left out.

    >>> counted(np.array([0.0, 2.0, 2.0, np.nan]), 3).round(2)
    array([0.33, 0.  , 0.67])
    """
    known = codes[np.isfinite(codes)].astype(np.int64)
    shares: Numbers = np.bincount(known, minlength=classes) / max(len(known), 1)
    return shares


def named(said: npt.NDArray[Any] | Sequence[str | None], classes: Sequence[str], where: str) -> Numbers:
    """Return the code of each class that somebody names, shape (n,).

    Raises:
        UnknownName: one names no class; with the nearest.
    """
    for one in {text for text in said if text is not None}:
        if one not in classes:
            raise UnknownName.of("class", one, known=classes, where=where)
    return codes_of(list(said), classes)


def aligned(probabilities: Numbers, theirs: Sequence[str], ours: Sequence[str]) -> Numbers:
    """Return probabilities of the classes `theirs`, shape (n, t), as those of `ours`, shape (n, o); 0 for a class that they do not know.

    Answers of a task without classes are returned as they are.

    >>> aligned(np.array([[0.25, 0.75]]), ("b", "c"), ("a", "c", "b")).tolist()
    [[0.0, 0.75, 0.25]]
    """
    if not ours:
        return probabilities
    found = np.zeros((len(probabilities), len(ours)))
    places = {name: place for place, name in enumerate(theirs)}
    for place, name in enumerate(ours):
        if name in places:
            found[:, place] = probabilities[:, places[name]]
    return found
