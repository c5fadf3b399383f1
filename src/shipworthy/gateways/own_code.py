"""A team's own Python, below `ml/` of its project: imported as it is now, and never mixed up with another project's."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "ml"


@contextmanager
def importable(home: Path | None) -> Iterator[None]:
    """Let `ml.MODEL.MODULE` of the project in the folder `home` be imported while this is open; None changes nothing.

    What was imported before under these names is forgotten: it may be of another project, or from before the file was changed.
    """
    if home is None:
        yield
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == FOLDER]:
        del sys.modules[name]
    sys.path.insert(0, str(home))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(home))
