"""What a paper is: sections of statements, each with the place that it comes from; what is not known is a blank that is shown."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shipworthy.bounds import Outcome
from shipworthy.flows.papers.base.dossier import Dossier
from shipworthy.records import Table

NOT_SAID, NOT_ASSESSED, NOT_KNOWN = "not said", "not assessed", "not known"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: the place of a page of the console, what it is called, and the part of that page, "" for all of it.

    A place without names is a file of the project: `what` is its path.
    """

    place: tuple[str, ...]
    what: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One statement. `words` None is a blank: `blank` says what kind, `fill` what would fill it, and `source` does not count.

    `outcome` is that of the guard that says it, None where nobody judges.
    """

    label: str
    words: str | None
    source: Source | None = None
    blank: str = NOT_SAID
    fill: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of figures; `origins` has the source of each of its rows, empty where all of it has one `source`."""

    table: Table
    source: Source | None = None
    origins: tuple[Source | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: sentences, statements, tables, and a text of the team's own, as it was written."""

    title: str
    words: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    tables: tuple[Shown, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A paper about one version as of a moment; `lead` is what a reader in a hurry needs."""

    paper: str
    title: str
    model: str
    version: int
    at: datetime
    lead: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def blanks(self) -> tuple[Line, ...]:
        """Every statement that nobody could make."""
        return tuple(line for line in self.lines if line.words is None)

    @property
    def lines(self) -> Iterator[Line]:
        """Every statement, in order."""
        return (line for section in self.sections for line in section.lines)


class Paper(ABC):
    """One document about a version. A member's docstring says what it holds and whom it is for."""

    title: ClassVar[str]

    @property
    def name(self) -> str:
        """The paper's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def sections(self, dossier: Dossier) -> Sequence[Section]:
        """Return the paper's parts, the important first."""

    @abstractmethod
    def lead(self, dossier: Dossier) -> Sequence[str]:
        """Return the sentences that stand before all else."""

    def written(self, dossier: Dossier) -> Written:
        """Return the paper; how many of its statements are blank is said at its top."""
        version = dossier.version.version
        draft = Written(self.name, self.title, dossier.model, version, dossier.now, (), tuple(self.sections(dossier)))
        whole, blanks = sum(1 for _ in draft.lines), draft.blanks
        blank = f"{len(blanks)} of {whole} statements are blank: {_some(blanks)}." if blanks else "Nothing in it is blank."
        return Written(self.name, self.title, dossier.model, version, dossier.now, (*self.lead(dossier), blank), draft.sections)


def _some(blanks: Sequence[Line], most: int = 4) -> str:
    names = [line.label.lower() for line in blanks]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
