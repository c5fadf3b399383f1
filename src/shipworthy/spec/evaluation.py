"""How the offline promise is measured: `evaluation` in a model's spec."""

from typing import Literal

from pydantic import Field, model_validator

from shipworthy.spec.acting import Costs, Margin
from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.part import Metric, Part, SplitBy, WindowOf


class Evaluation(Part):
    """How the offline promise is measured."""

    metric: Metric | None = Field(None, description="The metric; the brief's, or mae or log_loss by task, if absent.")
    split: SplitBy | None = Field(
        None,
        description="What the holdout is: the last stretch of time; whole groups; both, later decisions of groups that are never fitted; or"
        " rows at random. Chosen from the data if absent.",
    )
    groups: list[str] = Field(
        default_factory=list, description="Columns of decisions, or features, that name what rows have in common: a customer, a ticket."
    )
    because: str | None = Field(None, min_length=10, description="Why a random split is honest although rows have an order or groups.")
    holdout: Duration = Field(duration("28 days"), description="By time, or both: the last stretch of history, kept from the fit.")
    holdout_share: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="By group or at random: the share of rows kept from the fit; by both: of the rows of the last stretch.",
    )
    gap: Duration | None = Field(None, description="By time, or both: left out before the holdout; the label's horizon if absent.")
    quantile: float | None = Field(
        None, gt=0, lt=1, description="Of the metric pinball: the share of outcomes that shall not exceed the answer."
    )
    capacity: float | None = Field(
        None, gt=0, le=1, description="The share of rows that can be acted on, those with the highest answers first."
    )
    costs: Costs | None = Field(
        None, description="What right and wrong actions cost; they set the threshold. Without, no threshold is kept."
    )
    calibrate: Literal["none", "auto", "isotonic", "sigmoid"] = Field(
        "none", description="How probabilities are mended before they are answered; auto: only where that surely helps."
    )
    slices: list[str] = Field(
        default_factory=list,
        description="Columns, features or of decisions, in each value of which the model must not be worse than the rule.",
    )
    margin: Margin | None = Field(None, description="By how much a candidate may be worse than the version that answers; 1 % if absent.")
    folds: int = Field(
        3, ge=1, le=20, description="In how many folds of the fitted rows candidates and parameters are compared; fewer where rows are few."
    )
    window: WindowOf = Field(
        "expanding",
        description="By time, or both: whether each fold learns from all that came before it, or from as much as the first.",
    )

    @model_validator(mode="after")
    def _nothing_that_this_split_ignores(self) -> "Evaluation":
        if self.split == "group" and not self.groups:
            raise ValueError("a split by group needs 'groups': the columns that name what rows have in common")
        if self.because and self.split != "random":
            raise ValueError("'because' argues for a random split: write 'split: random', or take it out")
        idle = {"time": {"holdout_share"}, "group": {"holdout", "gap", "window"}, "random": {"holdout", "gap", "window"}}
        for name in sorted(idle.get(self.split or "", set()) & self.model_fields_set):
            raise ValueError(f"'{name}' has no meaning in a split by '{self.split}': take it out")
        if self.metric == "pinball" and self.quantile is None:
            raise ValueError("'metric: pinball' needs 'quantile': the share of outcomes that shall not exceed the answer, such as 0.9")
        if self.quantile is not None and self.metric not in (None, "pinball"):
            raise ValueError(f"'quantile' has no meaning beside 'metric: {self.metric}': write 'metric: pinball', or take it out")
        return self
