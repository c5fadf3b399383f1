"""How a model must behave: `ml/<name>/behaviours.yml`. Unknown keys are refused; every field has its sentence."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.spec.part import Part

Level = Literal["sanity", "core", "hard"]
Value = float | int | str | bool | None
Row = dict[str, Value]
Way = Literal["rises", "falls", "does not rise", "does not fall"]
Share = Annotated[float, Field(ge=0, le=1)]
FEATURES = (
    "Values of features by name; null is not known. A feature that is not named has its usual value: the median, or the commonest text."
)


class Thresholds(Part):
    """Of each level: the share of its rows that a case must pass."""

    sanity: Share | None = Field(1.0, description="What no model may get wrong.")
    core: Share | None = Field(0.95, description="What it must mostly get right; a few rows may be at the edge of a leaf.")
    hard: Share | None = Field(None, description="What one would like; told and never refused if absent.")


class Case(Part):
    """One thing that must hold."""

    name: str = Field(min_length=3, description="What must hold, in words.")
    level: Level = Field("core", description="How bad it is if it does not: sanity, core, hard.")
    of: str | None = Field(
        None, description="Of several classes: the one whose probability is meant; all of them, or the most probable, if absent."
    )


class OnRows(Case):
    """A case on many rows: those written down, or some of the holdout."""

    rows: list[Row] = Field(default_factory=list, description=f"The rows to ask about. {FEATURES}")
    where: str | None = Field(None, description="In place of rows: an SQL condition over features; rows of the holdout that meet it.")
    most: int = Field(200, ge=1, le=5000, description="How many rows of the holdout to ask about, evenly taken.")

    @model_validator(mode="after")
    def _rows_or_some_of_the_holdout(self) -> "OnRows":
        if self.rows and self.where is not None:
            raise ValueError("'rows' and 'where' both say which rows: keep one of them")
        return self


class Invariance(OnRows):
    """What must not matter."""

    values: dict[str, list[Value]] = Field(
        default_factory=dict, description="Features that are given each of these values in turn; several features, one at a time."
    )
    deal: list[str] = Field(default_factory=list, description="Features that are given the values of other rows.")
    within: float = Field(0.0, ge=0, description="How far the answer may move, in the label's unit or in probability.")

    @model_validator(mode="after")
    def _something_changes(self) -> "Invariance":
        if not any(self.values.values()) and not self.deal:
            raise ValueError("nothing changes: write 'values' or 'deal'")
        return self


class Direction(OnRows):
    """What must move the answer one way."""

    add: dict[str, float] = Field(default_factory=dict, description="What is added to these numbers.")
    put: Row = Field(default_factory=dict, description="What these features are changed to.")
    answer: Way = Field(description="What the answer must do: rises, falls, does not rise, does not fall.")
    within: float = Field(0.0, ge=0, description="How far it may go the wrong way, or must go the right way at least.")

    @model_validator(mode="after")
    def _something_changes(self) -> "Direction":
        if not self.add and not self.put:
            raise ValueError("nothing changes: write 'add' or 'put'")
        return self


class Known(Case):
    """A row whose answer is known."""

    row: Row = Field(description=FEATURES)
    expected: float | str = Field(description="The answer, in the label's unit or as a probability; or the most probable class.")
    within: float | None = Field(None, ge=0, description="How far the model may be off; of a number it must be said.")

    @model_validator(mode="after")
    def _how_far_a_number_may_be_off(self) -> "Known":
        if isinstance(self.expected, str) != (self.within is None):
            raise ValueError("'within' says how far a number may be off: write it beside a number, and not beside a class")
        return self


class Order(Case):
    """Two rows of which one must get the higher answer."""

    lower: Row = Field(description=f"The row with the lower answer. {FEATURES}")
    higher: Row = Field(description="The row with the higher answer.")


class Similarity(Case):
    """Texts that must be alike to an embedding model."""

    text: str = Field(min_length=1, description="The text that others are compared with.")
    like: str = Field(min_length=1, description="A text that must be like it.")
    unlike: str | None = Field(None, description="A text that must be less like it than `like` is.")
    at_least: float | None = Field(None, ge=-1, le=1, description="The cosine that `text` and `like` must reach.")
    at_most: float | None = Field(None, ge=-1, le=1, description="The cosine that `text` and `like` must not exceed.")

    @model_validator(mode="after")
    def _something_to_reach(self) -> "Similarity":
        if self.unlike is None and self.at_least is None and self.at_most is None:
            raise ValueError("nothing is asked: write 'unlike', 'at_least' or 'at_most'")
        return self


class Behaviours(Part):
    """How a model must behave, case by case."""

    thresholds: Thresholds = Field(default_factory=lambda: Thresholds.model_validate({}), description="Shares of rows that must pass.")
    generate: bool = Field(
        True, description="Whether cases are made from what dbt's YAML says of columns: monotone, identifier, sensitive."
    )
    invariance: list[Invariance] = Field(default_factory=list, description="What must not matter.")
    direction: list[Direction] = Field(default_factory=list, description="What must move the answer one way.")
    known: list[Known] = Field(default_factory=list, description="Rows whose answer is known.")
    order: list[Order] = Field(default_factory=list, description="Pairs of rows of which one must get the higher answer.")
    embedding: str | None = Field(
        None, pattern=r"^\w+:\w+$", description="module:function beside this file: text to vector. `trust` in shipworthy.yml must name it."
    )
    similarity: list[Similarity] = Field(default_factory=list, description="Texts that must be alike to the embedding.")

    @model_validator(mode="after")
    def _an_embedding_to_ask(self) -> "Behaviours":
        if self.similarity and self.embedding is None:
            raise ValueError("similarity of texts needs 'embedding': module:function that turns a text into a vector")
        return self
