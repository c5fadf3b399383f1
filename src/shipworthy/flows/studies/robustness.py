"""What becomes of the answers where inputs are missing or a little off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from shipworthy.evaluation.losses import known_mean
from shipworthy.flows.features_from import features_from
from shipworthy.flows.looks import Numbers, Sample, sample
from shipworthy.flows.quick_looks import constant_losses
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.flows.worth import unit_of
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.registry.words import NOUNS, listed, places

NOISE = 0.01  # of the spread of a number, the middle half of its values
MOST_LOST = 0.5  # share of the gain over a constant that such noise may cost
NAME = "robustness"
ALL, NOISY = "everything missing", "every number 1 % off"


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of the inputs does: the metric after it, its distance from the metric before, and how far answers moved on average."""

    name: str
    value: float | None
    more: Interval | None
    moved: float
    finite: bool


class Robustness(Study):
    """The metric and the answers where one feature, all of a relation, or everything is missing, and where numbers are a little off.

    Finds what a lookup that fails would cost, and answers that fall apart or are no numbers. Blind to values that are wrong
    by more than noise, and to several relations that fail together.
    """

    title: ClassVar[str] = "Missing and noisy inputs"

    def look(self, subject: Subject) -> Chapter | None:
        """Return what each change does to the metric and to the answers."""
        relations = features_from(subject.catalog, subject.spec)
        looked = sample(subject, questions=len(subject.schema.names) + len(relations) + 2)
        variants = dict(_variants(looked, relations))
        told = dict(zip(variants, looked.asked(list(variants.values())), strict=True))
        found = [_changed(looked, name, answers) for name, answers in told.items()]
        verdicts = (_finite(subject, found), _steady(subject, looked, told[NOISY]), _fallback(subject, looked, told))
        rows = tuple(_row(one) for one in sorted(found, key=lambda one: -(one.value or np.inf)))
        table = Table(f"{subject.material.metric} after a change", ("changed", "metric", "more from", "more to", "answers move by"), rows)
        figures = {"value": known_mean(looked.losses), "after": {one.name: one.value for one in found}, "rows": len(looked.places)}
        words = [
            *_words(subject, looked, found, relations),
            *(_sentence(one.words) for one in verdicts if one.outcome != "pass" or one.noted),
        ]
        return self.chapter(*words, f"Looked at: {looked.words}.", tables=(table,), verdicts=verdicts, figures=figures)


def _variants(looked: Sample, relations: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Numbers]]:
    names = looked.subject.schema.names
    yield ALL, np.full(looked.matrix.shape, np.nan)
    yield NOISY, noisy(looked)
    for name, held in relations.items():
        yield f"without {name}", _without(looked, [names.index(feature) for feature in held if feature in names])
    for place, name in enumerate(names):
        yield f"{name} missing", _without(looked, [place])


def _without(looked: Sample, columns: list[int]) -> Numbers:
    matrix = looked.matrix.copy()
    matrix[:, columns] = np.nan
    return matrix


def noisy(looked: Sample) -> Numbers:
    """Return the matrix with each number off by a hundredth of the spread of its values, up or down; whole numbers and nulls stay.

    A whole number, a count or a code, is not measured with noise.
    """
    matrix, random = looked.matrix.copy(), np.random.default_rng(looked.subject.spec.training.seed)
    for place, column in enumerate(looked.subject.schema.columns):
        values = matrix[:, place]
        known = values[np.isfinite(values)]
        if column.kind == "number" and len(known) and (known != np.rint(known)).any():
            spread = float(np.subtract(*np.quantile(known, [0.75, 0.25]))) or float(known.std())
            matrix[:, place] += NOISE * spread * random.choice([-1.0, 1.0], len(values))
    return matrix


def _changed(looked: Sample, name: str, told: Numbers) -> Changed:
    finite = bool(np.isfinite(told).all())
    if not finite:
        return Changed(name, None, None, float("nan"), finite)
    after = looked.losses_of(told)
    return Changed(name, known_mean(after), looked.interval(after - looked.losses), float(np.abs(told - looked.answers).mean()), finite)


def _row(one: Changed) -> tuple[str, float | None, float | None, float | None, float | None]:
    ends = (one.more.low, one.more.high) if one.more else (None, None)
    return (one.name, one.value, *ends, one.moved if one.finite else None)


def _words(subject: Subject, looked: Sample, found: list[Changed], relations: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return a sentence for each relation whose loss can be seen, and one for the rest."""
    metric, before = subject.material.metric, float(looked.losses.mean())
    noun, unit = NOUNS.get(metric, metric.upper()), unit_of(metric, subject.schema.unit) if metric in ("mae", "pinball") else ""
    by_name = {one.name: one for one in found}
    lost = {name: by_name[f"without {name}"] for name in relations}
    seen = {name: one for name, one in lost.items() if one.value is not None and one.more and one.more.low > 0}
    said = [
        f"Without {name} (the service cannot look it up) the {noun} is {_two(one.value or 0.0, before)[0]}{unit}, "
        f"not {_two(one.value or 0.0, before)[1]}."
        for name, one in sorted(seen.items(), key=lambda pair: -(pair[1].value or 0.0))
    ]
    idle = [name for name in relations if name not in seen]
    return [*said, *([f"Without {listed(idle)} nothing can be seen to get worse."] if idle else [])]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _two(after: float, before: float) -> tuple[str, str]:
    shown = places(after - before)
    return f"{after:,.{shown}f}", f"{before:,.{shown}f}"


def _finite(subject: Subject, found: list[Changed]) -> Verdict:
    broken = [one.name for one in found if not one.finite]
    evidence = {"changes": len(found), "not_finite": broken}
    if broken:
        words = f"the answer is no finite number where inputs change: {listed(broken)}"
        return Verdict(
            NAME, subject.name, "fail", words, "let the estimator take missing values: impute them inside its pipeline", evidence
        )
    words = f"every answer stays a finite number, whatever is missing ({len(found)} changes tried)"
    return Verdict(NAME, subject.name, "pass", words, evidence=evidence)


def _steady(subject: Subject, looked: Sample, told: Numbers) -> Verdict:
    """Return whether numbers that are a little off leave the gain over a constant standing."""
    gain = float((_constant(subject, looked) - looked.losses).mean())
    if not np.isfinite(told).all() or not gain > 0:
        return Verdict(NAME, subject.name, "pass", "there is no gain over a constant that noise could cost", evidence={"gain": gain})
    lost = float((looked.losses_of(told) - looked.losses).mean()) / gain
    evidence = {"gain": gain, "lost": lost, "bound": MOST_LOST}
    words = f"numbers that are off by 1 % of their spread cost {max(0.0, lost):.0%} of what the model gains over a constant"
    if lost <= MOST_LOST:
        return Verdict(NAME, subject.name, "pass", words, evidence=evidence)
    return Verdict(NAME, subject.name, "fail", words, "learn with fewer or larger leaves, or round what is not known so exactly", evidence)


def _fallback(subject: Subject, looked: Sample, told: Mapping[str, Numbers]) -> Verdict:
    """Note each relation or feature without which the rule, or a constant where there is none, is surely better than the model."""
    rule, other = subject.rule, "a constant" if subject.rule is None else "the rule"
    theirs = _constant(subject, looked) if rule is None else looked.losses_of(rule[looked.places])
    worse = []
    for name, answers in told.items():
        more = looked.interval(looked.losses_of(answers) - theirs) if name not in (ALL, NOISY) and np.isfinite(answers).all() else None
        if more is not None and more.low > 0:
            worse.append(name)
    evidence: dict[str, Any] = {"worse_than": other, "changes": worse, "noted": bool(worse)}
    if not worse:
        return Verdict(NAME, subject.name, "pass", f"{other} stays worse than the model whatever one input is missing", evidence=evidence)
    absent = [name if name.startswith("without ") else f"with {name}" for name in worse]
    words = f"{other} would answer better than the model {listed(absent)}"
    return Verdict(NAME, subject.name, "pass", words, "let something else answer where this cannot be looked up", evidence)


def _constant(subject: Subject, looked: Sample) -> Numbers:
    return constant_losses(looked, subject.material.target[subject.material.split.fit])
