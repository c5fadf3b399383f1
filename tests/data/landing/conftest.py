"""What the tests of landing share."""

from pathlib import Path

import pytest

from .delivering import Delivering


@pytest.fixture
def orders(tmp_path: Path) -> Delivering:
    """A project whose one source is `orders`."""
    return Delivering(tmp_path)
