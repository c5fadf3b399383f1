"""What checks say of a real set: asked by name, told by check and column."""

from collections.abc import Sequence
from dataclasses import replace

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.checks.training_set.base.judge import CHECKS, ask
from shipworthy.flows.learner import learner
from shipworthy.records import Verdict

LEAKAGE = (
    "availability", "dominant_feature", "fall_in_order", "feature_power", "fresh_shift", "group_overlap", "identifier_feature",
    "irreplaceable_feature", "label_copy", "mature_vs_fresh", "near_row_overlap", "null_tells_label", "row_order_feature", "row_overlap",
    "split_fits_data", "time_overlap",
)  # fmt: skip


def said(frame: Frame, *checks: str) -> list[Verdict]:
    """What checks found, refused or noted; those of leakage if none is named."""
    judged = [one.verdict for name in checks or LEAKAGE for one in ask(CHECKS[name], frame, learner)]
    return [verdict for verdict in judged if verdict.outcome != "pass" or verdict.noted]


def red(verdicts: Sequence[Verdict]) -> set[tuple[str, str]]:
    """The refusals, by check and subject."""
    return {(verdict.name, verdict.subject) for verdict in verdicts if verdict.outcome == "fail"}


def noted(verdicts: Sequence[Verdict]) -> set[tuple[str, str]]:
    """What was only reported."""
    return {(verdict.name, verdict.subject) for verdict in verdicts if verdict.noted}


def words(verdicts: Sequence[Verdict], check: str, subject: str) -> str:
    """The words of the first finding of a check about a subject."""
    return next(verdict.words for verdict in verdicts if (verdict.name, verdict.subject) == (check, subject))


def without(frame: Frame, *names: str) -> Frame:
    """The set without some features."""
    kept = {name: feature for name, feature in frame.features.items() if name not in names}
    return replace(frame, rows=frame.rows.drop_columns(list(names)), features=kept)


QUALITY = (
    "bad_periods", "category_explosion", "conflicting_labels", "constant_features", "duplicate_rows", "feature_age", "identical_features",
    "immature_labels", "label_noise", "match_share", "near_duplicate_rows", "near_identical_features", "sentinel_values",
    "spelling_variants", "undeclared_values", "undocumented_codes",
)  # fmt: skip
