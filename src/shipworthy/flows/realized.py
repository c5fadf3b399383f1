"""The promise as it came true: the metric on matured labels, by window and version, beside the rule on the same rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.evaluation.promise import promise
from shipworthy.flows.profiles import ANSWER
from shipworthy.records import Promise, Window
from shipworthy.spec.model import ModelSpec
from shipworthy.training.baseline import rule_answers


def realized(
    spec: ModelSpec, rows: pa.Table, spans: Sequence[Window], offline: Mapping[int, Promise], now: datetime
) -> dict[Window, list[Promise]]:
    """Return the realized lines of each of `spans` that is mature: one for each version that answered in it.

    Args:
        spec: the model.
        rows: what was answered: `decided_at`, `version`, `prediction`, `truth` (null is not known), and the features.
        spans: windows; one whose label horizon has not passed at `now` is left out.
        offline: the offline promise of each version; its metric is measured.
        now: when this is measured.
    """
    ripe = [span for span in spans if span.end + spec.label.horizon <= now]
    known = rows.filter(pc.is_valid(rows["truth"]))
    if not ripe or not known.num_rows:
        return {}
    where = f"ml/{spec.model}/model.yml: baseline.sql"
    rule = rule_answers(known, spec.baseline.sql, where, every_row=False) if spec.baseline else None
    times = known["decided_at"].cast(pa.timestamp("us")).to_numpy()
    truth, answers, versions = (known[name].to_numpy() for name in ("truth", ANSWER, "version"))
    lines: dict[Window, list[Promise]] = {span: [] for span in ripe}
    for version in sorted(set(versions.tolist()) & set(offline)):
        own = versions == version
        for span in ripe:
            line = promise(
                spec.model, version, "realized", offline[version].metric, times[own], truth[own], answers[own],  # type: ignore[arg-type]
                None if rule is None else np.asarray(rule[own]), span, now,
                quantile=spec.evaluation.quantile,
            )  # fmt: skip
            lines[span] += [line] if line.rows else []
    return lines
