"""The promise as it came true: the metric on matured labels, by window and version, beside the rule on the same rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.evaluation.promise import promise
from shipworthy.flows.answered import Numbers, answered
from shipworthy.flows.profiles import ANSWER
from shipworthy.records import Promise, Window
from shipworthy.registry.package import Package
from shipworthy.spec.model import ModelSpec
from shipworthy.training.baseline import meant, rule_answers, rule_classes
from shipworthy.training.classes import aligned


def realized(
    spec: ModelSpec, rows: pa.Table, spans: Sequence[Window], offline: Mapping[int, Promise], now: datetime, package: Package
) -> dict[Window, list[Promise]]:
    """Return the realized lines of each of `spans` that is mature: one for each version that answered in it.

    Args:
        spec: the model.
        rows: what was answered: `decided_at`, `version`, `prediction`, `truth` (null is not known), and the features.
        spans: windows; one whose label horizon has not passed at `now` is left out.
        offline: the offline promise of each version; its metric is measured.
        now: when this is measured.
        package: the version that answers now, for the classes of several and what the rule means where it names one.
    """
    ripe = [span for span in spans if span.end + spec.label.horizon <= now]
    known = rows.filter(pc.is_valid(rows["truth"]))
    if not ripe or not known.num_rows:
        return {}
    told = answered(known, package.schema.classes, ANSWER)
    rule = _rule(spec, known, package, told.classes)
    times = known["decided_at"].cast(pa.timestamp("us")).to_numpy()
    truth, answers, versions = told.truth, told.answers, known["version"].to_numpy()
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


def _rule(spec: ModelSpec, known: pa.Table, package: Package, classes: tuple[str, ...]) -> Numbers | None:
    """Return what the rule says to each row; of several classes the probabilities that it meant when the version was trained."""
    if spec.baseline is None:
        return None
    where, sql = f"ml/{spec.model}/model.yml: baseline.sql", spec.baseline.sql
    if not classes:
        return rule_answers(known, sql, where, every_row=False)
    if not package.decision.rule:  # there was no rule yet
        return None
    said = rule_classes(known, sql, package.schema.classes, where, every_row=False)
    return aligned(meant(said, np.array(package.decision.rule)), package.schema.classes, classes)
