"""What a reason to train again looks at, and what it must carry."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shipworthy.records import Alert, ModelVersion
from shipworthy.spec.model import Retraining


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of a model at the moment `as_of`; None is what is not known, and never a reason.

    `last_training` is the moment whose knowledge the last training used, whatever became of its candidate.
    `rows` is how many rows the champion learnt from, `new_labels` how many labels have matured since.
    `firing` are the alerts about the model that fire now.
    """

    spec: Retraining
    as_of: datetime
    champion: ModelVersion | None = None
    last_training: datetime | None = None
    rows: int | None = None
    new_labels: int | None = None
    firing: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to train again: the member's name and a sentence with the figures."""

    name: str
    words: str


class Because(ABC):
    """A reason to train again. The file's name is its name; its docstring says "Fires when" and "Blind to"."""

    triggers: ClassVar[History]  # a history in which it holds
    does_not: ClassVar[History]  # a history in which it does not

    @property
    def name(self) -> str:
        """The file's name."""
        return type(self).__module__.rsplit(".", 1)[-1]

    @abstractmethod
    def words(self, history: History) -> str | None:
        """Return why to train again, with the figures; None where this is no reason."""

    def holds(self, history: History) -> Reason | None:
        """Return the reason, None where it does not hold."""
        said = self.words(history)
        return None if said is None else Reason(self.name, said)
