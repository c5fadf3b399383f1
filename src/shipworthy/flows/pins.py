"""What dbt's process is to see of the lake, and as of when."""

import json
from datetime import datetime
from pathlib import Path

from shipworthy.flows.written import written_tables
from shipworthy.gateways import lake
from shipworthy.spec.project import Project, sources


def write_pins(project: Project, file: Path, as_of: datetime) -> Path:
    """Write the files of every landed and written table, and the moment, to `file`, and return it."""
    seen = {name: f"sources/{name}" for name in sources(project)} | written_tables(project)
    paths = {name: lake.paths(project.lake, table) for name, table in seen.items()}
    file.write_text(json.dumps({"as_of": as_of.isoformat(), "sources": paths}), encoding="utf-8")
    return file
