"""A strip of builds: one mark for each, its shape says how it went; oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shipworthy.bounds import Outcome
from shipworthy.console.words import day

STEP, HEIGHT = 7.0, 16.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One build: where its mark stands, None where nobody looked."""

    x: float
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Strip:
    """The marks, how wide they are together, and what they say to those who do not see them."""

    cells: tuple[Cell, ...]
    width: float
    words: str


def strip(moments: Sequence[datetime], outcomes: Mapping[datetime, Outcome]) -> Strip | None:
    """Return the strip of `moments`, None if there is none or nobody looked at any.

    >>> from datetime import UTC
    >>> first, second = datetime(2013, 5, 1, tzinfo=UTC), datetime(2013, 5, 2, tzinfo=UTC)
    >>> strip([first, second], {second: "fail"}).words
    '1 build: failed on 2 May 2013'
    """
    if not outcomes:
        return None
    cells = tuple(Cell(1 + STEP * place, outcomes.get(at)) for place, at in enumerate(moments))
    return Strip(cells, STEP * len(cells), _words(moments, outcomes))


def _words(moments: Sequence[datetime], outcomes: Mapping[datetime, Outcome]) -> str:
    seen = [at for at in moments if at in outcomes]
    told = [
        f"{word} on {', '.join(day(at) for at in found)}"
        for outcome, word in (("fail", "failed"), ("unknown", "unknown"))
        if (found := [at for at in seen if outcomes[at] == outcome])
    ]
    return f"{len(seen)} build{'' if len(seen) == 1 else 's'}: {'; '.join(told) or 'all passed'}"
