"""What both stores say: how much a publish wrote, and that a relation was never published."""

from dataclasses import dataclass

from shipworthy.errors import NoFeatures


@dataclass(frozen=True, slots=True)
class Written:
    """How many entities a publish wrote anew or changed, and how many it took away; those that stayed as they were are in neither."""

    changed: int
    removed: int


def never_published(relation: str) -> NoFeatures:
    """Return the error for a relation that the store does not hold."""
    fix = "run 'shipworthy build'; a relation whose checks fail is not published"
    return NoFeatures(where=f"online features of {relation}", what="were never published", fix=fix)
