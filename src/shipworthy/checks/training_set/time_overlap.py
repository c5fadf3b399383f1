"""Fitted labels that were not yet known when the holdout began."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import shown_rows


class TimeOverlap(TrainingCheck):
    """Share of the fitted rows whose label became known after the first decision of the holdout, in a split by time, or both.

    On that day nobody could have learnt from them: the promise is of a model that could not have been. Reported above none, refused above
    one in twenty: a few late labels hardly matter.

    Fires when evaluation.gap is shorter than labels take to come, or labels come long after their horizon.
    Blind to labels whose time of knowledge is wrong in the source, and to splits that are drawn.

    Source: temporal leakage, Kapoor and Narayanan (2023), L3.1.
    """

    unit = "share of the fitted rows, 0 to 1"
    refuses = Bound(high=0.05)
    notes = Bound(high=0)
    fix = "leave out evaluation.gap, which is then the label's horizon, or lengthen label.horizon to what labels really take"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding where the set is split by time, or both, none otherwise."""
        ordered = frame.split_by in ("time", "both")
        if not ordered or frame.fit is None or frame.holdout is None or not frame.holdout.any() or not frame.fit.any():
            return []
        known = frame.rows.column("known_at").cast(pa.timestamp("us")).to_numpy()
        begin = frame.times[frame.holdout].min()
        late = np.flatnonzero(frame.fit & (known > begin))
        rows, share = int(frame.fit.sum()), len(late) / int(frame.fit.sum())
        words = f"has {len(late):,} of {rows:,} fitted labels that became known after {_minute(begin)}, when the holdout begins"
        if not len(late):
            return [Finding(share, words)]
        worst = late[np.argsort(-(known[late] - begin).astype(np.int64), kind="stable")]
        evidence = shown_rows(frame, worst, ["known_at"])
        example = (
            f", for example that of {evidence[0]['entity']}, decided {_minute(frame.times[worst[0]])} and known {_minute(known[worst[0]])}"
        )
        return [Finding(share, words + example, None, {"rows": evidence})]

    def passes(self) -> Frame:
        """Return a set with a day between the last fitted decision and the holdout."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set whose labels take longer than the fitted rows lie before the holdout."""
        frame = shown(**sound())
        later = pc.add(frame.rows.column("known_at"), pa.scalar(timedelta(days=2)))
        place = frame.rows.column_names.index("known_at")
        return replace(frame, rows=frame.rows.set_column(place, "known_at", later))


def _minute(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[m]")).replace("T", " ")
