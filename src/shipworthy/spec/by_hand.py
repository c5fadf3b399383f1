"""What a team did by hand and wrote down for the ML Test Score: `ml/NAME/by_hand.yml`."""

from datetime import date

from pydantic import Field

from shipworthy.spec.load import load
from shipworthy.spec.part import Name, Part
from shipworthy.spec.project import Project

FILE = "by_hand.yml"


class Done(Part):
    """One test of the score card that somebody did by hand."""

    test: Name = Field(description="The test of the score card, by its name.")
    by: str = Field(min_length=3, description="Who did it: an address.")
    when: date = Field(description="The day; it counts for 180 days.")
    found: str = Field(min_length=20, description="What was done and found, and where others can read it.")


class ByHand(Part):
    """What was done by hand. A test counts half for it: what is not repeated by itself is soon not repeated at all."""

    done: list[Done] = Field(default_factory=list, description="The tests, each with who, when and what was found.")


def by_hand(project: Project, model: str) -> dict[str, Done]:
    """Return the newest thing done by hand for each test of a model, by test; nothing where there is no file.

    Raises:
        BadSpec: the file says something that cannot be so.
    """
    file = project.root / "ml" / model / FILE
    said = load(file, ByHand).done if file.is_file() else []
    return {one.test: one for one in sorted(said, key=lambda one: one.when)}
