"""What a person saw of a step while it ran: its progress, and whatever code of the team or of a library printed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from time import monotonic
from typing import Any, TextIO

from shipworthy.flows.progress import Progress

MOST = 1_000_000  # characters


class Heard:
    """Keeps what was said, each line of ours with the time since the start."""

    def __init__(self) -> None:
        self._kept, self._began, self._stage, self._deaf = StringIO(), monotonic(), "", False

    def say(self, line: str) -> None:
        """Keep a line."""
        self.write(f"{timedelta(seconds=round(monotonic() - self._began))!s:>8}  {line}\n")

    def write(self, text: str) -> None:
        """Keep what somebody printed; beyond a million characters nothing more."""
        if not self._deaf and self._kept.tell() < MOST:
            self._kept.write(text)

    def beside(self, progress: Progress) -> Progress:
        """Return `progress`, of which each new stage is kept too."""

        def told(what: str, done: int, total: int) -> None:
            if what != self._stage:
                self._stage = what
                self.say(f"{what} {done}/{total}")
            self._deaf = True  # what a face prints of this is the same line again
            try:
                progress(what, done, total)
            finally:
                self._deaf = False

        return told

    @property
    def text(self) -> str:
        """All that was kept."""
        return self._kept.getvalue()


class _Doubled:
    """A stream that is written to as before, and listened to."""

    def __init__(self, stream: TextIO, heard: Heard) -> None:
        self._stream, self._heard = stream, heard

    def write(self, text: str) -> int:
        self._heard.write(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def listening() -> Iterator[Heard]:
    """Yield what hears all that this process prints until the block ends; it is printed all the same."""
    heard, out, err = Heard(), sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Doubled(out, heard), _Doubled(err, heard)
    try:
        yield heard
    finally:
        sys.stdout, sys.stderr = out, err
