"""The settings of a project: `shipworthy.yml`. All have defaults."""

from typing import Literal

from pydantic import Field, model_validator

from shipworthy.records import Severity
from shipworthy.spec.duration import Duration, duration
from shipworthy.spec.part import Part

LOUD: list[Severity] = ["warning", "critical"]


class AlertRoute(Part):
    """Where alarms go."""

    url_from: str = Field(description="The environment variable that holds the Apprise URL; the URL itself is a secret.")
    severities: list[Severity] = Field(default_factory=LOUD.copy, min_length=1, description="Which alarms take this route.")


class Service(Part):
    """The HTTP service."""

    host: str = Field("127.0.0.1", description="The address to bind to.")
    port: int = Field(8080, ge=0, le=65535, description="The port to bind to.")
    keys_from: str = Field(
        "SHIPWORTHY_KEYS",
        description="The environment variable with API keys, 'name:role:key' separated by commas; roles: read, predict, admin.",
    )
    largest_body_bytes: int = Field(1_000_000, ge=100, description="A larger request is refused.")
    most_rows: int = Field(1000, ge=1, description="A request with more rows is refused.")


class Console(Part):
    """The pages."""

    host: str = Field("127.0.0.1", description="The address to bind to.")
    port: int = Field(8081, ge=0, le=65535, description="The port to bind to.")


class Online(Part):
    """The store in which the service looks features up."""

    store: Literal["sqlite", "redis"] = Field("sqlite", description="A file in the state folder, or a Redis server (extra `redis`).")
    url_from: str | None = Field(None, description="The environment variable that holds the URL of Redis; the URL itself is a secret.")
    prefix: str = Field("shipworthy", min_length=1, description="Begins the name of every key in Redis, to keep two projects apart.")
    keep: Duration = Field(duration("1 hour"), description="How long a row that was replaced stays, for decisions that come late.")
    ahead: Duration = Field(duration("2 days"), description="How far ahead rows that take effect later are put into the store.")

    @model_validator(mode="after")
    def _address(self) -> "Online":
        if (self.store == "redis") != (self.url_from is not None):
            raise ValueError("'url_from' belongs to the store redis: write both, or neither")
        return self


class Settings(Part):
    """Where things are kept, when they run, who is told."""

    state: str = Field(".shipworthy", description="The folder of all that the system keeps, from the project's folder.")
    warehouse: str | None = Field(None, description="The DuckDB file that dbt writes; in the state folder if absent.")
    logbook: str | None = Field(None, description="SQLAlchemy URL of the logbook; SQLite in the state folder if absent.")
    tracking: str | None = Field(None, description="MLflow tracking URI; SQLite in the state folder if absent.")
    trust: list[str] = Field(
        default_factory=list, description="Types beyond those of known libraries that a packaged estimator may be made of, by full name."
    )
    tracking_pages: str | None = Field(
        None, description="Where MLflow's own pages are found; the server of `tracking`, or http://127.0.0.1:5000 if absent."
    )
    schedule: str = Field("0 6 * * *", description="When `up` ticks: a cron expression, in UTC.")
    step_timeout: Duration = Field(duration("1 hour"), description="A step of `run` that takes longer is ended.")
    alerts: list[AlertRoute] = Field(default_factory=list, description="Where alarms go.")
    service: Service = Field(default_factory=Service, description="The HTTP service.")
    console: Console = Field(default_factory=Console, description="The pages.")
    online: Online = Field(default_factory=Online, description="The store in which the service looks features up.")
