"""`impact`: what a change of the project touches, without a warehouse and without a build."""

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from shipworthy.errors import BadRequest
from shipworthy.flows import sides
from shipworthy.flows.lineage import MEMORY
from shipworthy.flows.progress import Progress, silent
from shipworthy.lineage.change import Side
from shipworthy.lineage.impact import Impact
from shipworthy.lineage.impact import impact as weighed
from shipworthy.lineage.statements import Memory
from shipworthy.logbook import read
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project

LATEST = "HEAD"


def impact(
    project: Project, *, against: str | None = None, before: Path | None = None, after: Path | None = None, progress: Progress = silent
) -> Impact:
    """Return what differs and what that touches: between the working tree and a revision of git, or between two manifests.

    Args:
        project: where the change is.
        against: the revision; the last commit if absent. Compared is the place where this work left it, as in a pull request.
        before: the manifest of one side, in place of a revision.
        after: the manifest of the other, in place of the working tree.
        progress: is told what is being done.

    Raises:
        BadRequest: one manifest, or a revision besides.
        ShipworthyError: a side cannot be had: git, a spec, or dbt says why.
    """
    memory = Memory.of(project.state / MEMORY)
    if before is None and after is None:
        with TemporaryDirectory(prefix="shipworthy-") as bench:
            progress("compile what was", 0, 3)
            old = sides.revision(project, against or LATEST, Path(bench), memory)
            progress("compile what is", 1, 3)
            new = sides.working_tree(project, Path(bench), memory)
    elif before is not None and after is not None and against is None:
        progress("read the manifests", 0, 3)
        old, new = sides.of_manifest(project, before, memory), sides.of_manifest(project, after, memory)
    else:
        fix = "give --against REVISION, or --before FILE and --after FILE"
        raise BadRequest(where="impact", what="two sides are compared: a revision and the working tree, or two manifests", fix=fix)
    progress("compare", 2, 3)
    found = weighed(old, new, _live(project, old, new))
    progress("done", 3, 3)
    return found


def _live(project: Project, *both: Side) -> dict[str, int]:
    """Return the version of each model that answers, by the logbook, if there is one."""
    url = make_url(project.logbook)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return {}
    book = open_logbook(project.logbook)
    found = {model: read.champion(book, model) for side in both for model in side.specs}
    book.dispose()
    return {model: version for model, version in found.items() if version is not None}
