"""There is much new to learn from."""

from datetime import UTC, datetime, timedelta

from shipworthy.records import ModelVersion
from shipworthy.retraining.reasons.base import Because, History
from shipworthy.spec.model import Retraining

_MARCH = datetime(2026, 3, 1, tzinfo=UTC)
_CHAMPION = ModelVersion("demand", 1, _MARCH, _MARCH, "run", "hash", "demand/1", sound=True)
_SPEC = Retraining(new_labels=0.5)
_LATER = _MARCH + timedelta(days=60)


class NewLabels(Because):
    """Many labels have matured since the champion was trained.

    Fires when new mature labels are at least the share `retraining.new_labels` of the rows that the champion learnt from.
    Blind to whether they teach anything new.
    """

    triggers = History(spec=_SPEC, as_of=_LATER, champion=_CHAMPION, rows=10_000, new_labels=5_000)
    does_not = History(spec=_SPEC, as_of=_LATER, champion=_CHAMPION, rows=10_000, new_labels=4_999)

    def words(self, history: History) -> str | None:
        """Return how many new labels there are, once they reach the share; unknown counts are no reason."""
        share, rows, new = history.spec.new_labels, history.rows, history.new_labels
        if share is None or not history.champion or not rows or new is None or new < share * rows:
            return None
        since = f"since version {history.champion.version} was trained on {rows:,} rows"
        return f"{new:,} labels have matured {since}: {new / rows:.2f} of them, {share:g} is enough"
