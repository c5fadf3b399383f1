"""Whether probabilities mean what they say."""

from typing import Any, ClassVar

from shipworthy.evaluation.diagnostics import calibration as chart
from shipworthy.evaluation.reliability import Reliability, reliability
from shipworthy.flows.one_class import of_class
from shipworthy.flows.studies.base import Study, Subject, ends, level_of
from shipworthy.records import Chapter, Table


class Calibration(Study):
    """How often what was said with a probability came true, with intervals; what was mended, and what would be.

    Blind to parts of the rows on which answers are too high while on others they are too low: `slices` tells some of it.
    """

    title: ClassVar[str] = "Whether probabilities mean what they say"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the reliability of the holdout's answers; None where no probabilities are answered."""
        if subject.material.classes:
            return self._of_classes(subject)
        if subject.material.task != "binary":
            return None
        found = reliability(subject.truth, subject.answers, subject.times, together=subject.together, level=level_of(subject))
        rows = tuple((said, came, *ends(sure), count) for said, came, sure, count in found.groups)
        table = Table("Ten groups of like answers", ("said", "came true", "from", "to", "rows"), rows)
        figures: dict[str, Any] = {
            "slope": found.slope, "slope_from_to": ends(found.slope_interval), "intercept": found.intercept,
            "intercept_from_to": ends(found.intercept_interval), "mended": bool(subject.decision.said),
        }  # fmt: skip
        charts = {"calibration": chart(subject.truth, subject.answers)}
        return self.chapter(_words(found), _mended(subject), tables=(table,), charts=charts, figures=figures)

    def _of_classes(self, subject: Subject) -> Chapter:
        """Return the reliability of the probability of each class, each against the rest."""
        seen = {name: of_class(subject, name) for name in subject.material.classes}
        found = {
            name: reliability(one.truth, one.answers, one.times, together=one.together, level=level_of(one)) for name, one in seen.items()
        }
        columns = ("class", "slope, 1 is right", "from", "to", "shift, 0 is right", "from ", "to ")
        table = Table("Each class against the rest", columns, tuple(_of_class(name, one) for name, one in found.items()))
        words = [f"Of '{name}': {said[:1].lower()}{said[1:]}" for name, said in ((name, _words(one)) for name, one in found.items())]
        alike = len(set(map(_words, found.values()))) == 1
        figures = {name: {"slope": one.slope, "intercept": one.intercept} for name, one in found.items()}
        return self.chapter(*([_words(next(iter(found.values())))] if alike else words), tables=(table,), figures=figures)


def _of_class(name: str, found: Reliability) -> tuple[str | float | None, ...]:
    return (name, found.slope, *ends(found.slope_interval), found.intercept, *ends(found.intercept_interval))


def _words(found: Reliability) -> str:
    slope, shift = found.slope_interval, found.intercept_interval
    if slope is None or shift is None:
        return "Too few rows came true, or too few days, to tell whether the probabilities mean what they say."
    wrong = []
    if shift.low > 0 or shift.high < 0:
        wrong.append(f"too {'low' if shift.low > 0 else 'high'} on the whole")
    if slope.high < 1 or slope.low > 1:
        wrong.append("too sure of themselves" if slope.high < 1 else "too cautious")
    if not wrong:
        return "The probabilities mean what they say, as far as these rows can tell."
    figures = f"slope {found.slope:.2f}, 1 is right; shift {found.intercept:+.2f}, 0 is right"
    return f"The probabilities are surely {' and '.join(wrong)} ({figures})."


def _mended(subject: Subject) -> str:
    asked = subject.spec.evaluation.calibrate
    if subject.decision.said:
        return "They were mended by rows that the model has not learnt from, and the package holds how."
    if asked == "none":
        return "They are answered as the model gives them; 'evaluation.calibrate: auto' mends them where that surely helps."
    return "They are answered as the model gives them: rows that it has not learnt from do not show that mending helps."
