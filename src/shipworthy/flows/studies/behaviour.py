"""Whether the model behaves as somebody wrote down, and as what dbt's YAML says of its columns asks for."""

from typing import ClassVar

from shipworthy.evaluation.behaviour.tried import Tried
from shipworthy.flows.behave import FILE, answers, behaved, cases_of, texts
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Table


class Behaviour(Study):
    """The cases of `behaviours.yml`, those that follow from dbt's YAML, and what any model must do, asked of the model on its holdout.

    Finds answers that move where they must not, or do not move where they must. Blind to all that nobody wrote down.

    Source:
        Ribeiro, Wu, Guestrin and Singh (2020), Beyond accuracy: behavioral testing of NLP models with CheckList.
    """

    title: ClassVar[str] = "Behaviour"

    def look(self, subject: Subject) -> Chapter | None:
        """Return what became of each case."""
        said = cases_of(subject.project, subject.spec.model)
        tried = answers(subject.spec, subject.catalog, subject.held, subject.answer, said, subject.material.classes)
        found = behaved(subject.name, said, (*tried, *texts(subject.project, subject.spec.model, said)))
        written = sum(not one.made for one in found.tried)
        kept = sum(verdict.outcome == "pass" and not verdict.noted for verdict in found.verdicts)
        first = f"The model behaves in {kept} of {len(found.tried)} ways in which it was tried."
        none = f"Nobody has written down how it must behave (ml/{subject.spec.model}/{FILE}); these follow from the data's description."
        red = [f"{one.words}." for one in found.verdicts if one.outcome != "pass" or one.noted]
        table = Table("Cases", ("case", "kind", "level", "rows", "passed", "made"), tuple(_row(one) for one in found.tried))
        figures = {"cases": len(found.tried), "written": written, "kept": kept}
        return self.chapter(first, *red, *([] if written else [none]), tables=(table,), verdicts=found.verdicts, figures=figures)


def _row(one: Tried) -> tuple[str, str, str, int, int, bool]:
    return (one.name, one.kind, one.level, one.rows, one.passed, one.made)
