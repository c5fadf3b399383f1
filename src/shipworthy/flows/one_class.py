"""A model of several classes seen as one that answers yes or no: whether it is one class."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from shipworthy.flows.studies.base import Numbers, Subject
from shipworthy.registry.decision import AS_IT_IS, Decision

Answer = Callable[[Numbers], Numbers]


def of_class(subject: Subject, name: str) -> Subject:
    """Return the model as one that answers with the probability of the class `name`; its promise stays that of all classes."""
    place = subject.material.classes.index(name)
    return _seen(subject, place, lambda answers: answers[:, place])


def decided_for(subject: Subject, name: str) -> Subject:
    """Return the model as one that answers 1 where the class `name` is the most probable, else 0."""
    place = subject.material.classes.index(name)
    seen = _seen(subject, place, lambda answers: (answers.argmax(axis=1) == place).astype(np.float64))
    return replace(seen, decision=Decision(threshold=0.5))


def _seen(subject: Subject, place: int, read: Answer) -> Subject:
    material, fitted = subject.material, subject.fitted
    target = (material.target == place).astype(np.float64)
    rule = None if material.rule is None else read(material.rule)
    told = replace(fitted, answers=lambda matrix: read(fitted.answers(matrix)))
    seen = replace(material, task="binary", target=target, rule=rule, classes=(), rule_meaning=None)
    return replace(subject, material=seen, fitted=told, answers=read(subject.answers), decision=AS_IT_IS)
