from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.spec.project import Project, find

from .answering import Served, packaged, promoted, served


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a promoted model."""
    (tmp_path / "shipworthy.yml").write_text("service: {largest_body_bytes: 200000, most_rows: 500}\n")
    return find(tmp_path)


@pytest.fixture
def live_project(project: Project) -> Project:
    """A project whose version 1 is promoted."""
    packaged(project, 1)
    promoted(project, 1)
    return project


@pytest.fixture
def service(live_project: Project) -> Iterator[Served]:
    """The service of a project whose version 1 is promoted."""
    with served(live_project) as running:
        yield running
