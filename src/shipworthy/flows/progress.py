"""How a flow says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Say nothing."""


def within(progress: Progress, prefix: str) -> Progress:
    """Return `progress` with `prefix` before what it says."""

    def say(what: str, done: int, total: int) -> None:
        progress(f"{prefix}: {what}" if what else prefix, done, total)

    return say
