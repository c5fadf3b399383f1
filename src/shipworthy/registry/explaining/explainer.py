"""What explains a model: its own library where that knows how, else questions to it."""

from typing import Protocol

from shipworthy.records import Task
from shipworthy.registry.explaining.classes import AskedOfClasses
from shipworthy.registry.explaining.explained import Explained, Numbers, Scale, scale_of
from shipworthy.registry.explaining.sampling import Answer, Asked
from shipworthy.registry.explaining.trees import Trees
from shipworthy.registry.formats.lightgbm import Boosted
from shipworthy.registry.package import Package


class Explainer(Protocol):
    """Takes answers apart; safe to call from several threads at once."""

    scale: Scale

    def explain(self, matrix: Numbers) -> Explained:
        """Return the answers to `matrix`, shape (n, k) and encoded as the model's schema says, taken apart."""
        ...


def explainer_for(format_: str, content: bytes, answer: Answer, background: Numbers, task: Task) -> Explainer:
    """Return what explains a fitted model.

    Args:
        format_: the file format of `content`.
        content: the model in that format.
        answer: how it answers a matrix.
        background: rows that it learnt from, shape (at least 1, k); only where its format does not explain itself.
        task: what it predicts.
    """
    return Trees.of_text(content.decode()) if format_ == "lightgbm" else _asked(answer, background, task)


def explainer_of(package: Package) -> Explainer | None:
    """Return what explains a package; None where it must be compared with rows, and holds none."""
    if isinstance(package.predictor, Boosted):
        return Trees(package.predictor.booster)
    if package.background is None or not len(package.background):
        return None
    return _asked(package.predictor.answers, package.background, package.schema.task)


def _asked(answer: Answer, background: Numbers, task: Task) -> Explainer:
    return AskedOfClasses(answer, background) if task == "multiclass" else Asked(answer, background, scale_of(task))
