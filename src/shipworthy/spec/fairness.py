"""Whose fair treatment a model owes an account of, and by which policy: `fairness` in a model's spec."""

from typing import Literal

from pydantic import Field, model_validator

from shipworthy.spec.part import Part

Policy = Literal["demographic_parity", "equal_opportunity", "equalized_odds", "approval_ratio", "group_error"]
AS_A_RATIO: frozenset[Policy] = frozenset({"approval_ratio", "group_error"})
LEAST_RATIO, MOST_DIFFERENCE = 0.8, 0.1


class Fairness(Part):
    """Whose fair treatment the model owes an account of, and by which policy. Nothing said is "not assessed", which is no pass."""

    not_applicable: str | None = Field(None, min_length=10, description="Why nobody can be treated unfairly; alone, in place of all else.")
    sensitive: list[str] = Field(
        default_factory=list,
        description="Columns of decisions, or features, whose groups are compared; those of role `sensitive` in dbt's YAML are added.",
    )
    policy: Policy | None = Field(
        None,
        description="What must be alike: rates of favourable decisions, those among the deserving, error rates, or errors.",
    )
    at_least: float | None = Field(
        None, gt=0, le=1, description="The least ratio of two groups; 0.8 for approval_ratio and group_error if neither bound is given."
    )
    at_most: float | None = Field(
        None, gt=0, description="The largest difference of two groups; 0.1 for the other policies if neither bound is given."
    )
    favourable: Literal[0, 1] | str = Field(
        1, description="The outcome that is good for the person: 0 where the model predicts a harm; of several classes the name of one."
    )
    threshold: float | None = Field(None, gt=0, lt=1, description="The probability from which a decision is 1; chosen and told if absent.")
    reference: dict[str, str] = Field(
        default_factory=dict, description="Of a column, the group that others are held to; each other if absent."
    )
    cuts: dict[str, list[float]] = Field(default_factory=dict, description="Where a column of numbers is cut; at its quartiles if absent.")
    minimum_rows: int = Field(50, ge=10, description="A group with fewer rows is shown and not judged.")

    @model_validator(mode="after")
    def _nothing_at_odds(self) -> "Fairness":
        if self.not_applicable and self.model_fields_set != {"not_applicable"}:
            raise ValueError("'not_applicable' says that nobody can be treated unfairly: take the rest out, or take it out")
        if self.at_least is not None and self.at_most is not None:
            raise ValueError("'at_least' bounds a ratio and 'at_most' a difference: give one of them")
        if (self.at_least or self.at_most) and not self.policy:
            raise ValueError("a bound needs a 'policy': what must be alike")
        return self

    @property
    def least_ratio(self) -> float | None:
        """The least ratio that the policy allows; None where it bounds a difference."""
        unsaid = self.at_least is None and self.at_most is None
        return LEAST_RATIO if unsaid and self.policy in AS_A_RATIO else self.at_least

    @property
    def most_difference(self) -> float | None:
        """The largest difference that the policy allows; None where it bounds a ratio."""
        unsaid = self.at_least is None and self.at_most is None
        return MOST_DIFFERENCE if unsaid and self.policy not in AS_A_RATIO else self.at_most
