"""`report`: one paper about one version, as it can be written now."""

from datetime import datetime

from sqlalchemy import Engine

from shipworthy.errors import UnknownName
from shipworthy.families import members, names
from shipworthy.flows import papers
from shipworthy.flows.papers.base import Paper, Written
from shipworthy.flows.papers.base.dossier import Dossier, dossier
from shipworthy.spec.project import Project, model


def report(project: Project, book: Engine, paper: str, name: str, number: int | None, now: datetime) -> Written:
    """Return the paper called `paper` about version `number` of the model `name`: of the one that answers, or the newest, if None.

    Raises:
        UnknownName: no such paper, model or version.
    """
    known(paper)
    model(project, name)
    return written(paper, dossier(project, book, name, number, now))


def written(paper: str, found: Dossier) -> Written:
    """Return the paper called `paper` from all that is known of a version.

    Raises:
        UnknownName: there is no such paper.
    """
    return members(papers, Paper)[known(paper)].written(found)  # type: ignore[type-abstract]


def known(paper: str) -> str:
    """Return the name of a paper that there is.

    Raises:
        UnknownName: there is no such paper.
    """
    if paper not in names(papers):
        raise UnknownName.of("paper", paper, known=names(papers), where="report")
    return paper


def titles() -> dict[str, str]:
    """Return the title of each paper by its name."""
    return {name: paper.title for name, paper in members(papers, Paper).items()}  # type: ignore[type-abstract]
