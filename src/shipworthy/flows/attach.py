"""`init` in an existing dbt project: proposes specs and meta from manifest and data, for a person to correct."""

from pathlib import Path

from shipworthy.flows.init import Started


def attach(folder: Path) -> Started:
    """Placeholder until propose lands"""
    raise NotImplementedError
