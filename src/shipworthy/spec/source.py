"""The contract of one landed table: `sources/<name>.yml`."""

from typing import Literal

from pydantic import Field

from shipworthy.spec.model import Name, Part

Type = Literal["text", "integer", "number", "boolean", "date", "timestamp"]


class SourceColumn(Part):
    """One column of a source."""

    type: Type = Field(description="What it holds; a timestamp without a zone is read as UTC.")
    description: str = Field("", description="What it means.")
    unit: str | None = Field(None, description="The unit of a number.")
    required: bool = Field(False, description="Whether a null breaks the contract.")


class SourceSpec(Part):
    """What a file must hold to be landed, and when its rows became known."""

    source: Name = Field(description="The name of the landed table; the file's name too.")
    path: str = Field(description="The file or glob (CSV or Parquet), from the project's folder.")
    description: str = Field("", description="What a row is.")
    key: list[str] = Field(default_factory=list, description="The columns that name a row; together unique.")
    known_time: str | None = Field(None, description="The column with the moment at which a row became known; none: always.")
    null_text: list[str] = Field(default_factory=lambda: ["", "NA"], description="Texts of a CSV that mean null.")
    columns: dict[str, SourceColumn] = Field(min_length=1, description="The columns, by name.")
