"""What a database needs to hand out its values as they are: a driver, and a connection that changes nothing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL


class Database(ABC):
    """A kind of database. Values come as Python has them; what Python has no exact type for comes as the text that it is."""

    driver: str

    def at(self, url: URL, root: Path) -> URL:
        """Return the URL to connect to; `root` is the project's folder."""
        return url

    def arguments(self, url: URL) -> Mapping[str, Any]:
        """Return what the driver is given beside the URL."""
        return {}

    @abstractmethod
    def prepare(self, connection: Any) -> None:
        """Set up a new connection of the driver: values come as they are, nothing is written."""
