"""Values that became known only after the decision."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Moments
from shipworthy.checks.training_set.base.rows import plain, shown_rows


class Availability(TrainingCheck):
    """Rows whose value became known after the decision, by the `known_time` that the column declares in dbt's YAML.

    A value without a moment of knowledge makes it unknown. All rows are looked at. Columns of feature relations need no look: the join
    takes nothing that was not yet known.

    Fires when a column of the decisions was filled in or corrected after the decision: a call's duration, a discount given later.
    Blind to columns that declare nothing, and to a declared time that is wrong in the source.

    Source: illegitimate features, Kapoor and Narayanan (2023), L2.
    """

    unit = "rows whose value was recorded after the decision"
    refuses = Bound(high=0)
    fix = "take the column out of the features, or give it a relation of its own with this known_time: the join then takes what was known"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature with moments of knowledge."""
        return [_finding(frame, name, known) for name, known in frame.known.items() if name in frame.features]

    def passes(self) -> Frame:
        """Return a set with a column that was known an hour before each decision."""
        frame = shown(**sound())
        return replace(frame, known={"visits": frame.times - np.timedelta64(1, "h")})

    def fails(self) -> Frame:
        """Return a set in which some values were recorded two days after the decision."""
        frame = shown(**sound())
        late = np.where(np.arange(600) % 50 == 3, np.timedelta64(48, "h"), np.timedelta64(-1, "h"))
        return replace(frame, known={"amount": frame.times + late})


def _finding(frame: Frame, name: str, known: Moments) -> Finding:
    filled = ~empty(frame.rows.column(name))
    undated, late = filled & np.isnat(known), filled & (known > frame.times)
    count, rows = int(late.sum()), len(late)
    source = f"of {frame.features[name].relation}.{frame.features[name].column}"
    if not count and undated.any():
        places = np.flatnonzero(undated)
        words = f"has {len(places):,} of {rows:,} rows {source} with a value and no moment at which it became known"
        return Finding(None, words, name, {"rows": shown_rows(frame, places, [name])})
    if not count:
        return Finding(0, f"was known at each of {rows:,} decisions", name)
    places = np.flatnonzero(late)
    evidence = [
        row | {"recorded_at": plain(known[place].astype("datetime64[s]").item().replace(tzinfo=UTC))}
        for place, row in zip(places, shown_rows(frame, places, [name]), strict=False)
    ]
    first = evidence[0]
    example = f"{first['entity']} (decided {first['decided_at']}, recorded {first['recorded_at']}, value {first[name]})"
    words = f"uses in {count:,} of {rows:,} rows a value {source} that was recorded after the decision, for example {example}"
    return Finding(count, words, name, {"rows": evidence})
