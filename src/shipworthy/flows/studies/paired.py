"""Whether it ranks and decides better than the rule and the version that answers today, on the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shipworthy.evaluation.mcnemar import Disagreed, mcnemar
from shipworthy.evaluation.ranked import Ranked, delong
from shipworthy.evaluation.threshold import indifference
from shipworthy.flows.challenge import champion_answers
from shipworthy.flows.studies.base import Mask, Numbers, Study, Subject, ends, level_of
from shipworthy.records import Chapter, Table


@dataclass(frozen=True, slots=True)
class Other:
    """Who it is compared with, on which rows of the holdout, and what they say to them."""

    name: str
    rows: Mask
    answers: Numbers


class Paired(Study):
    """The difference of the areas under the ROC curves by DeLong's test, and who is right where both decide differently by McNemar's.

    Blind to whether probabilities mean what they say. Both tests take every row for a witness of its own; the interval does not.
    """

    title: ClassVar[str] = "Beside the rule and the champion"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the comparisons; None where no probabilities are answered, or there is nobody to compare with."""
        others = _others(subject) if subject.material.task != "regression" else []
        if not others:
            return None
        if subject.material.classes:
            return self._of_classes(subject, others)
        ranked = {one.name: _ranked(subject, one) for one in others}
        tables, disagreed = [_table(ranked)], _disagreed(subject, others)
        if disagreed:
            tables.append(_apart("Where both act differently at the threshold", disagreed))
        figures = {
            name: {"difference": one.difference, "from_to": ends(one.interval), "p_value": one.p_value} for name, one in ranked.items()
        }
        return self.chapter(*(_words(name, one) for name, one in ranked.items()), tables=tuple(tables), figures=figures)

    def _of_classes(self, subject: Subject, others: list[Other]) -> Chapter:
        """Return who is right where both hold another class for the most probable."""
        found = {one.name: _named(subject, one) for one in others}
        words = [
            f"Where only one names the right class, it is the model {one.first_right:,} times and {name} {one.second_right:,} times."
            for name, one in found.items()
        ]
        figures = {
            name: {"first_right": one.first_right, "second_right": one.second_right, "p_value": one.p_value} for name, one in found.items()
        }
        return self.chapter(*words, tables=(_apart("Where both name another class", found),), figures=figures)


def _named(subject: Subject, other: Other) -> Disagreed:
    """Return how often one of the two alone named the class that came true."""
    right, theirs = (answers.argmax(axis=1) == subject.truth[other.rows] for answers in (subject.answers[other.rows], other.answers))
    return mcnemar(np.ones(len(right)), right, theirs)


def _apart(title: str, found: Mapping[str, Disagreed]) -> Table:
    columns = ("beside", "only the model was right", "only the other was right", "p-value (McNemar)")
    return Table(title, columns, tuple((name, one.first_right, one.second_right, one.p_value) for name, one in found.items()))


def _others(subject: Subject) -> list[Other]:
    every: Mask = subject.truth == subject.truth
    found = [] if subject.rule is None else [Other("the rule", every, subject.rule)]
    champion = champion_answers(subject.project, subject.book, subject.spec, subject.material)
    if champion is not None:
        found.append(Other(f"version {champion.version}", champion.after, champion.answers))
    return found


def _ranked(subject: Subject, other: Other) -> Ranked:
    rows, together = other.rows, subject.together
    return delong(
        subject.truth[rows], subject.answers[rows], other.answers, subject.times[rows],
        together=None if together is None else together[rows], level=level_of(subject),
    )  # fmt: skip


def _disagreed(subject: Subject, others: list[Other]) -> dict[str, Disagreed]:
    """Return who was right where the model and each other act differently; a rule acts where its costs say, a version as the model does."""
    threshold, costs = subject.decision.threshold, subject.spec.evaluation.costs
    if threshold is None or costs is None:
        return {}
    from_ = {"the rule": indifference(costs)}
    return {
        one.name: mcnemar(subject.truth[one.rows], subject.answers[one.rows] >= threshold, one.answers >= from_.get(one.name, threshold))
        for one in others
    }


def _table(ranked: dict[str, Ranked]) -> Table:
    columns = ("beside", "AUC of the model", "AUC of the other", "difference", "from", "to", "p-value (DeLong)")
    return Table(
        "Ranking", columns, tuple((name, o.first, o.second, o.difference, *ends(o.interval), o.p_value) for name, o in ranked.items())
    )


def _words(name: str, one: Ranked) -> str:
    if one.difference is None:
        return f"Whether it ranks better than {name} cannot be told: one outcome, or an answer, is missing."
    if one.interval is None:
        return f"It ranks {'better' if one.difference > 0 else 'no better'} than {name} on these rows, of too few days to be sure."
    sure = one.interval.low > 0 or one.interval.high < 0
    if not sure:
        return f"Whether it ranks better than {name} or worse, these rows cannot tell (AUC {one.first:.3f} and {one.second:.3f})."
    return f"It ranks surely {'better' if one.difference > 0 else 'worse'} than {name} (AUC {one.first:.3f} and {one.second:.3f})."
