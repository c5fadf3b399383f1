"""The time-lapse of a template: `demo.yml`."""

from datetime import date

from pydantic import Field

from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.part import Name, Part


class Timeline(Part):
    """Which stretch of history the time-lapse goes through, and for which models."""

    build_as_of: date = Field(description="The day whose knowledge the warehouse is built with; frames look at less.")
    train_as_of: date = Field(description="The day whose knowledge the first versions are trained on.")
    until: date = Field(description="The day on which the time-lapse ends.")
    every: Duration = Field(duration("7 days"), description="How much time passes between two runs.")
    sent: list[Name] = Field(description="The models whose decisions are sent to the service, if they are promoted.")
