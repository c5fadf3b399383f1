"""What every check of a training set is: numbers about its columns, where they may lie, and sets that prove that it can fail."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base.frame import Frame, Learner


@dataclass(frozen=True, slots=True)
class Finding:
    """One number about the training set or about one of its features, with what shows it.

    `value` is None where nothing can be said. `words` are a clause that goes on from the subject: figures, and the
    counter-example; `evidence` has them to read by machine: `rows`, a list of rows by column, is shown as a table.
    `columns` are the features to blame, whose cost is then measured: the finding's own column where none is named.
    `excuse` says why a value out of bounds is no reason to refuse here: it is then reported, never refused.
    """

    value: float | None
    words: str
    column: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    columns: Sequence[str] = ()
    excuse: str | None = None

    @property
    def blamed(self) -> tuple[str, ...]:
        """The features to blame."""
        return tuple(self.columns) or ((self.column,) if self.column else ())


class TrainingCheck(ABC):
    """One question to a training set. The file's name is its name.

    A member says when it fires ("Fires when") and what it does not see ("Blind to"). A value outside `refuses` is a
    fail, one outside `notes` is reported and refuses nothing; a check without `refuses` only reports. `costs` says whether a
    finding is about the feature as a whole, so that leaving it out is what tells its cost; `keeps` whether the evidence of every finding
    is kept in the first verdict, as `found`, also where all is well: for numbers that somebody cites. `of_label` says whether what is found
    hangs on the label, so that of several classes each is asked about.
    """

    unit: ClassVar[str]
    refuses: ClassVar[Bound | None] = None
    notes: ClassVar[Bound | None] = None
    fix: ClassVar[str]
    costs: ClassVar[bool] = True
    keeps: ClassVar[bool] = False
    of_label: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The file's name."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each subject that was looked at; none at all where there is nothing of its kind to look at."""

    @abstractmethod
    def passes(self) -> Frame:
        """Return a small training set in which all is well."""

    @abstractmethod
    def fails(self) -> Frame:
        """Return a small training set in which something is wrong, and nothing that another check refuses."""
