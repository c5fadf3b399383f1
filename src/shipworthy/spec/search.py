"""How long parameters are searched: `training.search` in a model's spec."""

from pydantic import Field

from shipworthy.spec.part import Part


class Search(Part):
    """How long parameters are searched, for each candidate. It ends with whichever comes first."""

    trials: int = Field(
        10, ge=0, le=10_000, description="How many sets of parameters are tried; at most six for each parameter; 0 is none."
    )
    minutes: float | None = Field(
        None, gt=0, description="No new trial begins after so many minutes; absent, trials alone decide, and a search can be repeated."
    )
