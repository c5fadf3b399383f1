"""Which learners were compared, and why this one was kept."""

from typing import Any, ClassVar

from shipworthy.flows import chosen_words
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter
from shipworthy.training.selection import Compared


class Candidates(Study):
    """The candidates on the same folds, with their differences, the spread over seeds, and the trials of each search.

    Finds a complicated model that a simple one equals, and a rule that nothing beats. Blind to what the holdout says: the choice is
    made before anybody looks at it.
    """

    title: ClassVar[str] = "Candidates"

    def look(self, subject: Subject) -> Chapter | None:
        """Return how the learner was chosen, also where it was compared with nothing; None where nobody chose."""
        chosen, metric = subject.chosen, subject.material.metric
        if chosen is None:
            return None
        said = [*chosen_words.words(chosen, metric), *subject.fitted.notes]
        figures: dict[str, Any] = {"learner": chosen.learner, "folds": chosen.folds, "rows": chosen.rows, "rule": chosen.rule_loss}
        figures |= {"trials": {name: sum(one.loss is not None for one in found.trials) for name, found in chosen.searches.items()}}
        if chosen.selection is None:
            return self.chapter(*said, figures=figures)
        tables = (chosen_words.candidates(chosen, chosen.selection, metric), *chosen_words.trials(chosen, metric))
        chart = chosen_words.search_chart(chosen, metric)
        figures |= {"losses": {one.name: one.loss for one in chosen.selection.compared}}
        figures |= {"best": chosen.selection.best, "surely_beats_rule": _beats(chosen.rule)}
        return self.chapter(*said, tables=tables, charts={"search": chart} if chart else {}, figures=figures)


def _beats(rule: Compared | None) -> bool | None:
    """Return whether the kept candidate surely beats the rule on the folds; None is not known."""
    return None if rule is None or rule.interval is None else rule.interval.high < 0
