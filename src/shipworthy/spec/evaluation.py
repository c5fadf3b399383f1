"""How the offline promise is measured: `evaluation` in a model's spec."""

from pydantic import Field, model_validator

from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.part import Metric, Part, SplitBy


class Evaluation(Part):
    """How the offline promise is measured."""

    metric: Metric | None = Field(None, description="The metric; the brief's, or mae or log_loss by task, if absent.")
    split: SplitBy | None = Field(
        None, description="What the holdout is: the last stretch of time, whole groups, or rows at random; chosen from the data if absent."
    )
    groups: list[str] = Field(
        default_factory=list, description="Columns of decisions, or features, that name what rows have in common: a customer, a ticket."
    )
    because: str | None = Field(None, min_length=10, description="Why a random split is honest although rows have an order or groups.")
    holdout: Duration = Field(duration("28 days"), description="Of a split by time: the last stretch of history, kept from the fit.")
    holdout_share: float = Field(0.2, gt=0, lt=1, description="Of a split by group or at random: the share of rows kept from the fit.")
    gap: Duration | None = Field(None, description="Of a split by time: left out before the holdout; the label's horizon if absent.")

    @model_validator(mode="after")
    def _nothing_that_this_split_ignores(self) -> "Evaluation":
        if self.split == "group" and not self.groups:
            raise ValueError("a split by group needs 'groups': the columns that name what rows have in common")
        if self.because and self.split != "random":
            raise ValueError("'because' argues for a random split: write 'split: random', or take it out")
        idle = {"time": {"holdout_share"}, "group": {"holdout", "gap"}, "random": {"holdout", "gap"}}
        for name in sorted(idle.get(self.split or "", set()) & self.model_fields_set):
            raise ValueError(f"'{name}' has no meaning in a split by '{self.split}': take it out")
        return self
