"""How the model is fitted: `training` in a model's spec."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import ConfigDict, Field, model_validator

from shipworthy.clock import utc
from shipworthy.records import Window
from shipworthy.spec.duration import Duration
from shipworthy.spec.part import Name, Part
from shipworthy.spec.search import Search

Value = float | int | str | bool
LIGHTGBM = "lightgbm"


class Excluded(Part):
    """A stretch of time whose decisions are not learnt from. What features tell of it at later decisions is a matter of their SQL."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    begins: date | datetime = Field(alias="from", description="The first day, or moment; UTC unless it says otherwise.")
    ends: date | datetime = Field(alias="to", description="The last day, which is left out too; or the moment at which it ends.")
    reason: str = Field(min_length=10, description="What was wrong with it.")

    @model_validator(mode="after")
    def _some_time(self) -> "Excluded":
        if self.window.end <= self.window.start:
            raise ValueError(f"it ends ({self.ends}) before it begins ({self.begins})")
        return self

    @property
    def window(self) -> Window:
        """The same in moments."""
        return Window(_moment(self.begins), _moment(self.ends, past=True))


def _moment(said: date | datetime, *, past: bool = False) -> datetime:
    """Return the beginning of a day in UTC, or of the next one; a moment as it is."""
    if isinstance(said, datetime):
        return utc(said)
    return datetime.combine(said + timedelta(days=int(past)), time(), UTC)


class Training(Part):
    """How the model is fitted."""

    history: Duration | None = Field(None, description="How much history to learn from; all of it if absent.")
    exclude: list[Excluded] = Field(default_factory=list, description="Stretches of bad data that are left out of the training set.")
    candidates: list[Name] | None = Field(
        None,
        min_length=1,
        description="The learners that are compared, of which the simplest that is not surely worse than the best is kept; constant, linear"
        " and lightgbm if absent, and custom where there is a train.py.",
    )
    parameters: dict[str, Value | dict[str, Value]] = Field(
        default_factory=dict,
        description="Parameters that replace the defaults: of the only candidate, else of LightGBM; of another learner below its name, such"
        " as `linear: {alpha: 10}`.",
    )
    search: Search = Field(default_factory=Search, description="How long parameters that nobody has set are searched.")
    seeds: int = Field(3, ge=1, le=20, description="With how many seeds a candidate that depends on chance is compared.")
    monotone: bool = Field(
        True, description="Whether LightGBM is held to what dbt's YAML says is monotone; that it is gets tried either way, by behaviours."
    )
    seed: int = Field(7, description="Seed of everything random.")

    @model_validator(mode="after")
    def _each_once(self) -> "Training":
        named = self.candidates or []
        twice = [name for name in named if named.count(name) > 1]
        if twice:
            raise ValueError(f"'{twice[0]}' is named twice in 'candidates': name it once")
        return self

    def said_to(self, learner: str) -> dict[str, Value]:
        """Return the parameters that are set for `learner`: those below its name, and those below none where they are meant for it."""
        own = self.parameters.get(learner, {})
        below = dict(own) if isinstance(own, dict) else {}
        plain = {name: value for name, value in self.parameters.items() if not isinstance(value, dict)}
        meant = self.candidates[0] if self.candidates and len(self.candidates) == 1 else LIGHTGBM
        return {**plain, **below} if learner == meant else below
