"""Doctests are looked for where there are some: a module without an example is neither loaded for it nor walked through."""

from collections.abc import Generator
from pathlib import Path

import pytest

EXAMPLE = ">>> "


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Keep of what would collect `file_path` the search for doctests only if it shows an example."""
    collectors = yield
    if not collectors or EXAMPLE in file_path.read_text(encoding="utf-8"):
        return collectors
    return [collector for collector in collectors if type(collector) is pytest.Module]
