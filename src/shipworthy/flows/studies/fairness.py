"""Whether groups of people are treated alike, and through which inputs they are not."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.one_class import decided_for
from shipworthy.flows.sensitive import groups_of, sensitive_places, stated
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Verdict
from shipworthy.spec.fairness import Fairness as FairnessSpec

NO_CLASS = Verdict(
    "fairness", "", "unknown", "not assessed: nobody says which class is good for a person", "name it: fairness.favourable in the spec"
)


class Fairness(Study):
    """Rates of each group of the sensitive columns, which inputs stand for them, and what the answers hang on.

    Finds groups that are treated differently beyond what the policy bears, inputs that tell a person's group although nobody gave it to
    the model, and what one input does to the gap. Blind to groups that nobody declared, to labels that are unfair themselves, and to
    people who are not in the data.
    """

    title: ClassVar[str] = "Fairness"

    def look(self, subject: Subject) -> Chapter | None:
        """Return what was found; without columns or a policy, or with a reason why nobody is concerned, the chapter says so."""
        said = subject.spec.fairness
        places = sensitive_places(subject.catalog, subject.spec)
        if not places or (said is not None and said.not_applicable):
            return self._unasked(subject, stated(subject.spec, [place.name for place in places]))
        if subject.material.classes:
            if said is None or not isinstance(said.favourable, str):
                return self._unasked(subject, NO_CLASS)
            subject = _decided(subject, said, said.favourable)
        from shipworthy.flows.assessment import assess  # noqa: PLC0415 — scikit-learn and Fairlearn take seconds to load
        from shipworthy.flows.assessment_words import in_words  # noqa: PLC0415 — as above

        found = assess(subject, groups_of(subject.project, subject.spec, subject.catalog, subject.material))
        return replace(in_words(subject, found), name=self.name, title=self.title)

    def _unasked(self, subject: Subject, verdict: Verdict) -> Chapter:
        words = f"{verdict.words[:1].upper()}{verdict.words[1:]}."
        return self.chapter(words, verdicts=(replace(verdict, subject=subject.name, words=words),), figures={"assessed": False})


def _decided(subject: Subject, said: FairnessSpec, favourable: str) -> Subject:
    """Return the model as one that decides for or against the class that is good for the person."""
    spec = subject.spec.model_copy(update={"fairness": said.model_copy(update={"favourable": 1})})
    return replace(decided_for(subject, favourable), spec=spec)
