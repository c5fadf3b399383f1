"""What a model's answer says to whoever asked: a number, or of several classes the most probable one with all probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.registry.golden import Said
from shipworthy.registry.schema import Schema

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: a number in the label's unit, the probability of a 1, or that of the class `class_`, the most probable of several.

    `class_` and `probabilities` are None where there are no classes.
    """

    answer: float
    class_: str | None = None
    probabilities: Mapping[str, float] | None = None


def replies(schema: Schema, answers: Sequence[Said]) -> list[Reply]:
    """Return what each of `answers` says; of equally probable classes the first.

    >>> kind = Schema("kind", "multiclass", "y", (), classes=("cat", "dog"))
    >>> replies(kind, [[0.25, 0.75]])
    [Reply(answer=0.75, class_='dog', probabilities={'cat': 0.25, 'dog': 0.75})]
    >>> replies(Schema("late", "regression", "y", ()), [4.5])
    [Reply(answer=4.5, class_=None, probabilities=None)]
    """
    return [_of_classes(schema, said) if isinstance(said, list) else Reply(said) for said in answers]


def _of_classes(schema: Schema, said: list[float]) -> Reply:
    highest = max(said)
    return Reply(highest, schema.classes[said.index(highest)], dict(zip(schema.classes, said, strict=True)))


def most_probable(schema: Schema, answers: Numbers) -> tuple[Numbers, list[str] | None]:
    """Return what `replies` says to many rows, shape (n,), and the class of each; None where there are no classes.

    >>> most_probable(Schema("kind", "multiclass", "y", (), classes=("cat", "dog")), np.array([[0.25, 0.75]]))
    (array([0.75]), ['dog'])
    """
    if not schema.classes:
        return answers, None
    return answers.max(axis=1), [schema.classes[code] for code in answers.argmax(axis=1)]
