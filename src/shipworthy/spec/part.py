"""What every piece of a spec is made of."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Metric = Literal["mae", "mse", "log_loss", "brier", "pinball"]
SplitBy = Literal["time", "group", "random", "both"]
WindowOf = Literal["expanding", "sliding"]


class Part(BaseModel):
    """A piece of a spec: frozen, and deaf to nothing that was written in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
