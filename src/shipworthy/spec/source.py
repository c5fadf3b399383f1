"""The contract of one landed table: `sources/<name>.yml`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.errors import UnknownName
from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.part import Name, Part
from shipworthy.spec.source_column import TIMES, SourceColumn, Type

__all__ = ["Database", "Period", "SourceColumn", "SourceSpec", "Stream", "Type"]

OURS = ("_delivery", "_record")
FileFormat = Literal["csv", "json", "parquet", "excel"]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Database(Part):
    """The table or query of a relational database that a source is read from."""

    url_from: Variable = Field(description="The environment variable that holds the database's URL; the URL itself is a secret.")
    table: str | None = Field(None, description="The table to read.")
    query: str | None = Field(None, description="Or the SELECT to read.")
    cursor: str | None = Field(None, description="The column that only grows, to read what is new; all is read again if absent.")

    @model_validator(mode="after")
    def _one_thing_to_read(self) -> "Database":
        if (self.table is None) == (self.query is None):
            raise ValueError("a database is read by 'table' or by 'query', by one of them")
        return self


class Stream(Part):
    """The topic of a broker that a source is read from."""

    broker: Literal["kafka", "nats", "redis", "rabbitmq"] = Field(description="What speaks at the address.")
    address_from: Variable = Field(description="The environment variable that holds the broker's address; the address may be a secret.")
    topic: str = Field(description="The topic, subject, stream or queue that is read.")
    group: str = Field("shipworthy", description="The name under which the broker remembers how far we have read.")
    hold: Duration = Field(
        duration("30 seconds"), description="How long the broker keeps what a process that died had in hand before another gets it."
    )
    because: str | None = Field(None, description="Why it is a stream, where the freshness wanted does not say so.")


class Period(Part):
    """The spans of time in which rows are counted: a last one with far fewer rows than its like is told."""

    column: str = Field(description="The date or timestamp by which rows are counted.")
    every: Literal["hour", "day", "week", "month"] = Field("day", description="How long a period is.")


class SourceSpec(Part):
    """What a delivery must hold to be landed, and when its rows became known."""

    source: Name = Field(description="The name of the landed table; the file's name too.")
    path: str | None = Field(
        None, description="The file or glob (CSV, JSON lines, Parquet, Excel), from the project's folder or as `s3://bucket/folder/*.csv`."
    )
    database: Database | None = Field(None, description="The database that it is read from, in place of `path`.")
    stream: Stream | None = Field(None, description="The stream that it is read from, alone or beside `path` or `database`.")
    format: FileFormat | None = Field(None, description="What the files are; read off their names if absent.")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="What stands between values of a CSV; a comma if absent.")
    encoding: Literal["utf-8", "utf-16", "latin-1"] = Field("utf-8", description="How the letters of a CSV are written.")
    sheet: str | None = Field(None, description="The sheet of an Excel file; the first if absent.")
    description: str = Field("", description="What a row is.")
    key: list[str] = Field(default_factory=list, description="The columns that name a row; together, and with `known_time`, unique.")
    known_time: str | None = Field(None, description="The column with the moment at which a row became known; none: always.")
    freshness: Duration | None = Field(None, description="How old the newest row may be, by `known_time`, before it is told.")
    period: Period | None = Field(None, description="The spans of time in which rows are counted.")
    null_text: list[str] = Field(default_factory=lambda: ["", "NA"], description="Texts that mean null.")
    quarantine_at_most: float = Field(
        0.05, ge=0, le=1, description="Share of the new records beyond which nothing of them is landed; the last landed version stays."
    )
    columns: dict[str, SourceColumn] = Field(min_length=1, description="The columns, by name.")

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> "SourceSpec":
        for name in (*self.key, self.known_time, self.period.column if self.period else None):
            if name is not None and name not in self.columns:
                unknown = UnknownName.of("column", name, known=self.columns, where="")
                raise ValueError(f"{unknown.what}; {unknown.fix}")
        for wrong, what in self._contradictions():
            if wrong:
                raise ValueError(what)
        return self

    def _contradictions(self) -> list[tuple[bool, str]]:
        known, period = self.known_time, self.period
        lower = [name.lower() for name in self.columns]
        return [
            (any(name in OURS for name in lower), f"columns {' and '.join(OURS)} are ours: they say where a row came from"),
            (len(set(lower)) < len(lower), "two columns differ by upper and lower case alone: SQL cannot tell them apart"),
            (not (self.path or self.database or self.stream), "a source comes from somewhere: write 'path', 'database' or 'stream'"),
            (bool(self.path and self.database), "a source has 'path' or 'database', not both; a 'stream' may stand beside either"),
            (bool(known) and self.columns[known or ""].type != "timestamp", f"the known time '{known}' is no timestamp"),
            (period is not None and self.columns[period.column].type not in TIMES, "the column of 'period' is no date and no timestamp"),
            (self.freshness is not None and not known, "'freshness' is measured by 'known_time': name that column"),
            (self.sheet is not None and self.format not in (None, "excel"), f"a {self.format} file has no 'sheet'"),
            (self.delimiter is not None and self.format not in (None, "csv"), f"a {self.format} file has no 'delimiter'"),
        ]

    def needs(self, name: str) -> bool:
        """Return whether a null in the column `name` breaks the contract: where it says so, in a key, in the known time."""
        return self.columns[name].required or name in self.key or name == self.known_time
