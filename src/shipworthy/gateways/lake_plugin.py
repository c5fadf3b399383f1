"""What dbt-duckdb loads inside dbt's own process: shows the lake's pinned files to SQL.

`SHIPWORTHY_PINS` names a JSON file `{"as_of": "...", "sources": {"departures": ["file", ...]}}`. Each list
becomes the variable `sw_departures`, the moment the variable `sw_as_of`; generated sources read them.
"""

import json
import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from shipworthy.gateways.pins import PINS


class Plugin(BasePlugin):
    """Sets the variables on every cursor."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Read the pins; without any, sources cannot be read and dbt says so."""
        file = os.environ.get(PINS)
        self.pins: dict[str, Any] = json.loads(Path(file).read_text()) if file else {}

    def configure_cursor(self, cursor: Any) -> None:
        """Make the pins visible to the SQL that runs on `cursor`."""
        cursor.execute("set TimeZone = 'UTC'")
        if "as_of" in self.pins:
            cursor.execute("set variable sw_as_of = ?::timestamptz", [self.pins["as_of"]])
        for name, paths in self.pins.get("sources", {}).items():
            cursor.execute(f"set variable sw_{name} = ?", [paths])
