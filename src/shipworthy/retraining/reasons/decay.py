"""The champion breaks its promise."""

from datetime import UTC, datetime, timedelta

from shipworthy.records import Alert, ModelVersion
from shipworthy.retraining.reasons.base import Because, History
from shipworthy.spec.model import Retraining

MONITOR = "realized_decay"
_MARCH = datetime(2026, 3, 1, tzinfo=UTC)
_WEEK = timedelta(days=7)
_CHAMPION = ModelVersion("demand", 1, _MARCH, _MARCH, "run", "hash", "demand/1", sound=True)
_ALERT = Alert(
    f"demand/{MONITOR}/demand", "demand", "critical", "firing", "demand: mae was 14 where 12 was promised", "retrain",
    _MARCH + _WEEK, _MARCH + 2 * _WEEK, _MARCH + 2 * _WEEK,
)  # fmt: skip


class Decay(Because):
    """The realized metric is worse than what was promised, for long enough that the alarm fires.

    Fires when an alert of the monitor `realized_decay` fires, `retraining.decay` is set, and its last bad window ended
    after what the champion learnt from: older ones were its predecessor's.
    Blind to decay whose labels have not matured, and to drift that costs nothing.
    """

    triggers = History(spec=Retraining(), as_of=_MARCH + 3 * _WEEK, champion=_CHAMPION, firing=(_ALERT,))
    does_not = History(spec=Retraining(decay=False), as_of=_MARCH + 3 * _WEEK, champion=_CHAMPION, firing=(_ALERT,))

    def words(self, history: History) -> str | None:
        """Return what the alert says, while it fires."""
        champion = history.champion
        if champion is None or not history.spec.decay:
            return None
        firing = [alert for alert in history.firing if _is_decay(alert) and alert.last_seen > champion.as_of]
        return firing[0].words if firing else None


def _is_decay(alert: Alert) -> bool:
    return alert.state == "firing" and alert.key.split("/")[1] == MONITOR
