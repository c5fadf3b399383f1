"""What it costs to have a source by batch or by stream, and whether the freshness that is wanted asks for it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil

from shipworthy.data.landing.verdicts import subject_of
from shipworthy.data.receiving import batch_seconds, landing_seconds
from shipworthy.records import Verdict
from shipworthy.spec.duration import in_words
from shipworthy.spec.source import SourceSpec

NAME = "way_in"
LANDING_TAKES = timedelta(seconds=10)
"""What is allowed for one landing of a stream: of a few thousand messages it takes a second or two."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: what has to run beside the schedule, how old the newest landed record may be at worst, what can fail."""

    name: str
    runs: tuple[str, ...]
    age: timedelta
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the project is built: `longest_wait` lies between two ticks at most, `build_takes` is None before the first."""

    schedule: str
    longest_wait: timedelta
    build_takes: timedelta | None = None


def batch(rhythm: Rhythm) -> Way:
    """Return what a batch with each tick costs."""
    age = rhythm.longest_wait + (rhythm.build_takes or timedelta())
    return Way("batch", (), age, ("the source is away when the schedule ticks", "a tick is left out"))


def stream(contract: SourceSpec, rhythm: Rhythm) -> Way:
    """Return what a stream costs: landed as it comes where freshness is wanted, with each tick where none is."""
    broker = contract.stream.broker if contract.stream else "a broker"
    fails = (
        "the broker is down",
        "it lets go of messages before they are read",
        "the receiver is down, and nobody notices",
        "a message comes twice, or late",
    )
    if contract.freshness is None:
        return Way("stream", (broker,), batch(rhythm).age, fails[:2])
    age = timedelta(seconds=batch_seconds(contract) + landing_seconds(contract)) + LANDING_TAKES
    return Way("stream", (broker, "shipworthy receive"), age, fails)


def judge(contract: SourceSpec, rhythm: Rhythm, *, read_by: Sequence[str] | None) -> Verdict:
    """Say what both ways would cost, and object to a stream that nobody needs and to a batch that is too slow.

    Args:
        contract: of the source.
        rhythm: of the project.
        read_by: the models that are built from it; None where nobody knows yet.
    """
    ways = batch(rhythm), stream(contract, rhythm)
    failing, words, fix = _streamed(contract, *ways, read_by) if contract.stream else _batched(contract, *ways, rhythm)
    evidence = {way.name: asdict(way) | {"age": about(way.age)} for way in ways}
    return Verdict(NAME, subject_of(contract), "fail" if failing else "pass", f"{words}. {_costs(*ways)}", fix, evidence)


Told = tuple[bool, str, str]


def _streamed(contract: SourceSpec, by_batch: Way, by_stream: Way, read_by: Sequence[str] | None) -> Told:
    said, wanted = contract.stream, contract.freshness
    assert said is not None
    instead = "read it as a file or from its database with each tick; or say in 'stream.because' why it is a stream"
    if read_by is not None and not read_by:
        return True, "a stream that no model reads", "drop it, or build a feature of it"
    if said.because:
        return False, f"a stream, because {said.because}", ""
    if wanted is None:
        return True, "a stream, and nobody says how fresh it has to be", f"write 'freshness'; {instead}"
    if by_batch.age <= wanted:
        return True, f"a stream that nobody needs: {about(wanted)} are wanted, and a batch is at most {about(by_batch.age)} old", instead
    if by_stream.age > wanted:
        return True, f"{about(wanted)} are wanted, and not even the stream is as fresh", "ask for what can be had, or shorten 'hold'"
    return False, f"{about(wanted)} are wanted, and only the stream is as fresh", ""


def _batched(contract: SourceSpec, by_batch: Way, by_stream: Way, rhythm: Rhythm) -> Told:
    wanted = contract.freshness
    if wanted is None:
        return False, "a batch, and nobody asks for more", ""
    if by_batch.age <= wanted:
        return False, f"{about(wanted)} are wanted, and a batch is as fresh", ""
    fix = f"{_oftener(wanted, rhythm)}add a stream ({' and '.join(by_stream.runs)} run beside), or ask for less"
    return True, f"{about(wanted)} are wanted, and a batch by '{rhythm.schedule}' is up to {about(by_batch.age)} old", fix


def _oftener(wanted: timedelta, rhythm: Rhythm) -> str:
    """Say how often the schedule has to tick, and what that costs; nothing where a build alone takes too long."""
    left = wanted - (rhythm.build_takes or timedelta())
    if left <= timedelta():
        return ""
    takes = f" of {about(rhythm.build_takes)} each" if rhythm.build_takes else ""
    return f"let 'schedule' tick at least every {about(left)}, {ceil(timedelta(days=1) / left)} builds a day{takes}, or "


def _costs(by_batch: Way, by_stream: Way) -> str:
    runs = f"{len(by_stream.runs)} to run beside: {', '.join(by_stream.runs)}"
    return f"Batch: nothing to run beside, up to {about(by_batch.age)} old; stream: {runs}, up to {about(by_stream.age)} old"


def about(length: timedelta) -> str:
    """Return `length` in words, rounded up to what a person would say.

    >>> about(timedelta(days=1, seconds=3)), about(timedelta(seconds=61.5)), about(timedelta(days=3, minutes=1))
    ('1441 minutes', '62 seconds', '73 hours')
    """
    grain = next((unit for least, unit in GRAINS if length >= least), timedelta(seconds=1))
    return in_words(ceil(length / grain) * grain)


GRAINS = ((timedelta(days=2), timedelta(hours=1)), (timedelta(hours=2), timedelta(minutes=1)))
