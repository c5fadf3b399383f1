"""The spec of one model: `ml/<name>/model.yml`. Unknown keys are refused; every field has its sentence."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from shipworthy.records import Task
from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.evaluation import Evaluation
from shipworthy.spec.fairness import Fairness
from shipworthy.spec.part import Metric, Name, Part
from shipworthy.spec.training import Training


class BusinessMetric(Part):
    """The number that the business looks at."""

    relation: str = Field(description="The dbt relation that holds it.")
    column: str = Field(description="The column that holds it.")
    better: Literal["lower", "higher"] = Field(description="Which way is better.")


class Target(Part):
    """What the model must reach to be of use."""

    metric: Metric = Field(description="The metric of the target; lower is better.")
    at_most: float = Field(description="The value that the metric must not exceed, in the label's unit.")


class Brief(Part):
    """Why the model exists. All of it is needed before a promotion."""

    goal: str | None = Field(None, description="What should become better, for whom.")
    decision: str | None = Field(None, description="The decision or action that a prediction changes.")
    owner: str | None = Field(None, description="Who answers for it: an address.")
    business_metric: BusinessMetric | None = Field(None, description="The number that the business looks at.")
    target: Target | None = Field(None, description="What the model must reach to be of use.")


class Decisions(Part):
    """One row for each prediction to make."""

    relation: str = Field(description="The dbt relation with one row for each prediction to make.")
    entity: str = Field(description="The column that names the thing predicted; unique with `time`.")
    time: str = Field(description="The column with the moment at which the decision is made.")
    features: list[str] = Field(default_factory=list, description="Its columns that are features: known at `time`.")


class Label(Part):
    """What comes true later."""

    relation: str = Field(description="The dbt relation that holds the label.")
    column: str = Field(description="The column that holds the label.")
    known_at: str = Field(description="The column with the moment at which the label became known.")
    horizon: Duration = Field(description="How long after the decision a label is mature; earlier ones are left out.")
    entity: str | None = Field(None, description="The column of the entity in this relation; as in decisions if absent.")


class Features(Part):
    """A relation whose rows, as they were known at the decision, are features."""

    relation: str = Field(description="The dbt relation; its `config.meta.shipworthy` says entity and times.")
    on: str | list[str] = Field(description="The columns of decisions that name its entity, in the entity's order.")
    columns: list[str] | None = Field(None, description="Which of its columns; all but keys and times if absent.")
    max_age: Duration | None = Field(None, description="Older values count as null; an age equal to this still counts.")
    prefix: str = Field("", description="Put before its column names, to keep two relations apart.")
    may_be_sent: bool = Field(False, description="Whether a request may send values of its own, which win over what is looked up.")

    @property
    def keys(self) -> list[str]:
        """The columns of decisions that name the entity."""
        return [self.on] if isinstance(self.on, str) else self.on


class Baseline(Part):
    """The rule that the model must beat."""

    sql: str = Field(description="An SQL expression over the columns of the training set; must answer for every row.")
    words: str | None = Field(None, description="The rule in words, for pages and refusals.")


class Waiver(Part):
    """A red gate, or a finding about the training set, that somebody answers for."""

    gate: Name = Field(description="The gate, or the check of the training set, that is waived.")
    column: str | None = Field(None, description="The feature that the finding is about; every feature if absent.")
    reason: str = Field(min_length=10, description="Why it may be red.")
    owner: str = Field(description="Who answers for it.")
    expires: date = Field(description="The last day on which it holds.")


class Deployment(Part):
    """How a version comes into production."""

    mode: Literal["online", "batch", "both"] = Field("online", description="Whether requests are answered, tables scored, or both.")
    approval: Literal["none", "person"] = Field("none", description="Whether a promotion needs a person's word.")


class Monitoring(Part):
    """How the model is watched."""

    window: Duration = Field(duration("7 days"), description="The length of a window; measured back from the label's horizon.")
    minimum_rows: int = Field(200, ge=1, description="A window with fewer rows is unknown.")
    parity: float = Field(0.999, gt=0, le=1, description="Share of served values that must be what the lake gives for them later.")
    hold: int = Field(2, ge=1, description="How many of the last three windows must fail before an alarm fires.")


class Retraining(Part):
    """When the model is trained again."""

    every: Duration | None = Field(None, description="Train again when the champion is this old; never by age if absent.")
    decay: bool = Field(True, description="Whether realized decay is a reason.")
    new_labels: float | None = Field(None, gt=0, description="Share of new labels to training rows that is a reason.")
    cool_down: Duration = Field(duration("14 days"), description="No second retraining within this time.")


class ModelSpec(Part):
    """All that a project says of one model."""

    model: Name = Field(description="The model's name; the folder's too.")
    task: Task | None = Field(None, description="What is predicted: regression, binary, multiclass; read off the label if absent.")
    brief: Brief = Field(default_factory=Brief, description="Why the model exists.")
    decisions: Decisions = Field(description="One row for each prediction to make.")
    label: Label = Field(description="What comes true later.")
    features: list[Features] = Field(default_factory=list, description="What is known at the decision.")
    baseline: Baseline | None = Field(None, description="The rule that the model must beat.")
    evaluation: Evaluation = Field(default_factory=Evaluation, description="How the offline promise is measured.")
    training: Training = Field(default_factory=Training, description="How the model is fitted.")
    fairness: Fairness | None = Field(None, description="Whose fair treatment it owes an account of; absent is not assessed.")
    waivers: list[Waiver] = Field(default_factory=list, description="Red gates that somebody answers for.")
    deployment: Deployment = Field(default_factory=Deployment, description="How a version comes into production.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="How the model is watched.")
    retraining: Retraining = Field(default_factory=Retraining, description="When the model is trained again.")

    @model_validator(mode="after")
    def _something_to_learn_from(self) -> "ModelSpec":
        if not self.features and not self.decisions.features:
            raise ValueError("a model needs features: name relations under 'features' or columns under 'decisions.features'")
        target = self.brief.target
        if target and target.metric == "pinball" and self.evaluation.quantile is None:
            raise ValueError("the target's metric is pinball: write 'evaluation.quantile', the share of outcomes not to exceed the answer")
        return self

    @property
    def relations(self) -> list[str]:
        """Every relation that the model reads, each once, in the order of the spec."""
        named = [self.decisions.relation, self.label.relation, *(part.relation for part in self.features)]
        return list(dict.fromkeys(named))
