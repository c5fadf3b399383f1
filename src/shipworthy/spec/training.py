"""How the model is fitted: `training` in a model's spec."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import ConfigDict, Field, model_validator

from shipworthy.clock import utc
from shipworthy.records import Window
from shipworthy.spec.duration import Duration
from shipworthy.spec.part import Part


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
    parameters: dict[str, float | int | str | bool] = Field(
        default_factory=dict, description="LightGBM parameters that replace the defaults."
    )
    seed: int = Field(7, description="Seed of everything random.")
