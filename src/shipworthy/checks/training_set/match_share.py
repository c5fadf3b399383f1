"""Relations of which hardly any decision finds a row."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow.compute as pc

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Feature, Frame, Learner, Mask
from shipworthy.checks.training_set.base.rows import in_words, shown_rows

LAST_SHARE = 0.1
LEAST_ROWS = 100
FALL = 0.3
FELL_TO = 0.199


class MatchShare(TrainingCheck):
    """Share of decisions that find a row of a feature relation: one of its entity that was known by then and young enough.

    Of a relation without times a row counts as found where one of its features is not null. Refused where next to no decision finds
    one; reported where fewer than a fifth do, or where the share fell by three tenths for the last tenth of the decisions.

    Fires when keys are written differently, a join takes a column too many (planes of the same year as the flight), `max_age` is too
    short, or a load has stopped.
    Blind to rows that are found and belong to something else.
    """

    unit = "share of decisions, 0 to 1"
    refuses = Bound(low=0.002)
    notes = Bound(low=0.2)
    fix = "compare the keys on both sides, 'on' and 'max_age' in the spec, and the relation's times; if few decisions have a row, waive it"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each relation that features come from, but for that of the decisions."""
        return [_finding(frame, relation, matched) for relation, matched in _matches(frame).items()]

    def passes(self) -> Frame:
        """Return a set whose decisions find the weather of their hour."""
        drawn = sound()
        return _of_weather(shown(drawn["columns"] | {"rain": drawn["columns"]["amount"]}, drawn["label"]))

    def fails(self) -> Frame:
        """Return a set in which one decision in 600 finds it."""
        drawn = sound()
        rain = [1.0, *[None] * 599]
        return _of_weather(shown(drawn["columns"] | {"rain": rain}, drawn["label"]))


def _of_weather(frame: Frame) -> Frame:
    features: Mapping[str, Feature] = {**frame.features, "rain": Feature("number", "weather", "rain")}
    found = np.where(np.asarray(pc.is_null(frame.rows.column("rain"))), np.datetime64("NaT"), frame.times)
    return Frame(frame.model, frame.task, frame.rows, features, frame.as_of, fit=frame.fit, holdout=frame.holdout, found={"weather": found})


def _matches(frame: Frame) -> dict[str, Mask]:
    """Return which decisions found a row, by relation."""
    found = {relation: ~np.isnat(times) for relation, times in frame.found.items()}
    relations = dict.fromkeys(feature.relation for feature in frame.features.values())
    untimed = [relation for relation in relations if relation not in found] if frame.found or len(relations) > 1 else []
    for relation in untimed:
        columns = [name for name, feature in frame.features.items() if feature.relation == relation]
        filled = [~np.asarray(pc.is_null(frame.rows.column(name)).to_numpy(), bool) for name in columns]
        found[relation] = np.logical_or.reduce(filled)
    return found


def _finding(frame: Frame, relation: str, matched: Mask) -> Finding:
    columns = [name for name, feature in frame.features.items() if feature.relation == relation]
    share, rows = float(matched.mean()), len(matched)
    last = matched[-max(1, int(rows * LAST_SHARE)) :]
    before = matched[: rows - len(last)]
    fell = len(last) >= LEAST_ROWS and before.mean() - last.mean() >= FALL
    lost = shown_rows(frame, np.flatnonzero(~matched)[-3:], columns)
    example = f"; without one, for example, {in_words(lost[-1])}" if lost else ""
    later = f"; of the last {len(last):,} decisions {last.mean():.1%} do, of those before {before.mean():.1%}" if fell else ""
    words = f"finds a row of {relation} for {matched.sum():,} of {rows:,} decisions ({share:.1%}){later}{example}"
    return Finding(min(share, FELL_TO) if fell else share, words, evidence={"relation": relation, "rows": lost}, columns=columns)
