"""Runs every study of a freshly fitted model; what they found is kept beside the version, and found again there."""

from shipworthy.families import members
from shipworthy.flows import studies
from shipworthy.flows.progress import Progress
from shipworthy.flows.studied import chapters, keep
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter

__all__ = ["chapters", "keep", "study"]


def study(subject: Subject, progress: Progress) -> list[Chapter]:
    """Return the chapter of each study that has something to say, in alphabetical order of their names."""
    known = members(studies, Study)  # type: ignore[type-abstract]
    found = []
    for done, (name, one) in enumerate(known.items()):
        progress(name.replace("_", " "), done, len(known))
        found.append(one.look(subject))
    return [chapter for chapter in found if chapter is not None]
