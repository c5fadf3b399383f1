"""What it costs to act on an answer, and how much worse a candidate may be: parts of `evaluation` in a model's spec."""

from pydantic import Field, model_validator

from shipworthy.spec.part import Part


class Costs(Part):
    """What one row costs, in the business's currency, by whether it was acted on and what came true; a gain is negative."""

    false_positive: float = Field(description="Acted on, and it did not come true.")
    false_negative: float = Field(description="Not acted on, and it came true.")
    true_positive: float = Field(0.0, description="Acted on, and it came true.")
    true_negative: float = Field(0.0, description="Not acted on, and it did not come true.")
    currency: str = Field("", description="The unit of the costs, for pages and refusals.")

    @model_validator(mode="after")
    def _being_right_is_cheaper(self) -> "Costs":
        if self.false_negative <= self.true_positive or self.false_positive <= self.true_negative:
            raise ValueError(
                "being wrong must cost more than being right: false_negative above true_positive, false_positive above true_negative"
            )
        return self


class Margin(Part):
    """By how much a candidate's loss may lie above the champion's and still count as no worse."""

    relative: float | None = Field(None, gt=0, description="As a share of the champion's loss.")
    absolute: float | None = Field(None, gt=0, description="In the metric's unit.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Margin":
        if (self.relative is None) == (self.absolute is None):
            raise ValueError("write either 'relative' or 'absolute'")
        return self

    def of(self, loss: float) -> float:
        """Return the margin beside a champion of `loss`, in the metric's unit.

        >>> Margin(relative=0.02).of(12.5), Margin(absolute=0.3).of(12.5)
        (0.25, 0.3)
        """
        return self.absolute if self.absolute is not None else (self.relative or 0.0) * abs(loss)
