"""The champion is old."""

from datetime import UTC, datetime, timedelta

from shipworthy.records import ModelVersion
from shipworthy.retraining.reasons.base import Because, History
from shipworthy.spec.duration import in_words
from shipworthy.spec.model import Retraining

_MARCH = datetime(2026, 3, 1, tzinfo=UTC)
_CHAMPION = ModelVersion("demand", 1, _MARCH, _MARCH, "run", "hash", "demand/1", sound=True)
_SPEC = Retraining(every=timedelta(days=28))


class Schedule(Because):
    """The champion's knowledge is as old as `retraining.every` says.

    Fires when the time between the champion's `as_of` and now is `every` or more.
    Blind to whether anything has changed: it also trains a model that is well.
    """

    triggers = History(spec=_SPEC, as_of=_MARCH + timedelta(days=28), champion=_CHAMPION)
    does_not = History(spec=_SPEC, as_of=_MARCH + timedelta(days=27), champion=_CHAMPION)

    def words(self, history: History) -> str | None:
        """Return the age of the champion's knowledge, once it reaches `every`."""
        every, champion = history.spec.every, history.champion
        if every is None or champion is None or history.as_of - champion.as_of < every:
            return None
        return f"version {champion.version} knows the world up to {champion.as_of:%Y-%m-%d}; it is to be trained every {in_words(every)}"
