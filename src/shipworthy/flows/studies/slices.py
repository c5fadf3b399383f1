"""Whether the model is as good on parts of the rows as on the whole."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pyarrow as pa

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.slices import LEAST_ROWS, Found, Sliced, declared, discovered
from shipworthy.evaluation.slicing import Part, parts_of
from shipworthy.flows.splitting import named_columns
from shipworthy.flows.studies.base import Numbers, Study, Subject, ends, level_of
from shipworthy.records import Chapter, Table, Verdict
from shipworthy.registry.words import listed

MOST_ROWS = 20_000  # looked through for parts that nobody named


class Slices(Study):
    """How the model does on each value of the columns that the spec names, and where else it is surely worse than elsewhere.

    What is found without being named was found on one half of the days and measured on the other. Blind to parts by two columns at
    once, to parts of fewer than 50 rows, and to why a part is hard: outcomes may simply be less certain there.
    """

    title: ClassVar[str] = "Where it is worse"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the parts; the verdict is on those that the spec names: none on which the model is surely worse than the rule."""
        own, rule = _losses(subject, subject.answers), None if subject.rule is None else _losses(subject, subject.rule)
        named = _named(subject)
        sliced = declared(named, own, rule, subject.times, together=subject.together, level=level_of(subject))
        found = _discovered(subject, own)
        tables = tuple(table for table in (_declared_table(sliced), _found_table(found)) if table.rows)
        figures = {
            "declared": {one.part.where: {"rows": one.rows, "model": one.loss, "rule": one.rule, "worse": one.worse} for one in sliced},
            "discovered": {one.part.where: {"rows": one.rows, "model": one.loss, "elsewhere": one.elsewhere} for one in found},
        }  # fmt: skip
        verdict = _verdict(subject, sliced)
        return self.chapter(
            verdict.words[:1].upper() + verdict.words[1:] + ".", *_words(found), tables=tables, verdicts=(verdict,), figures=figures
        )


def _losses(subject: Subject, answers: Numbers) -> Numbers:
    return losses(subject.material.metric, subject.truth, answers, quantile=subject.spec.evaluation.quantile)


def _named(subject: Subject) -> list[Part]:
    """Return the parts by the columns that the spec names, features or columns of the decisions."""
    names, material = subject.spec.evaluation.slices, subject.material
    if not names:
        return []
    where = f"ml/{subject.spec.model}/model.yml: evaluation.slices"
    columns = named_columns(subject.project, subject.spec, material.made, material.rows, names, where)
    held = columns.filter(pa.array(material.split.holdout))
    return [part for name in names for part in parts_of(name, held.column(name))]


def _discovered(subject: Subject, own: Numbers) -> list[Found]:
    """Return the parts by features on which the model is surely worse than elsewhere; of many rows a sample is looked through."""
    rows, held = len(own), subject.held
    if not bool(np.isfinite(own).all()):
        return []
    places = np.sort(np.random.default_rng(subject.spec.training.seed).permutation(rows)[:MOST_ROWS])
    table = held.take(pa.array(places))
    parts = [part for name in table.column_names for part in parts_of(name, table.column(name), least=2 * LEAST_ROWS)]
    together = None if subject.together is None else subject.together[places]
    return discovered(parts, own[places], subject.times[places], together=together)


def _verdict(subject: Subject, sliced: Sequence[Sliced]) -> Verdict:
    """Return fail if a named part is surely worse than the rule, unknown if none can be told, else pass; small parts are noted."""
    small = [one.part.where for one in sliced if one.worse is None]
    evidence = {"slices": len(sliced), "too_small": small, "worse": [one.part.where for one in sliced if one.worse]}
    if not subject.spec.evaluation.slices:
        return Verdict(
            "slices", subject.name, "pass", "the spec names no column by which the model must be as good as the rule", "", evidence
        )
    bad = [one for one in sliced if one.worse]
    if bad:
        shown = listed([f"{one.part.where} ({one.loss:,.4g}, the rule {one.rule:,.4g})" for one in bad], most=3)
        fix = "look at the data of these rows, give the model features that tell them apart, or keep the rule there"
        return Verdict("slices", subject.name, "fail", f"on {shown} the model is surely worse than the rule", fix, evidence)
    if len(small) == len(sliced):
        fix = "hold out more rows, write a rule ('baseline.sql'), or name columns with fewer values"
        return Verdict(
            "slices", subject.name, "unknown", "no named part has rows and days enough, and a rule, to be judged by", fix, evidence
        )
    told = f"on none of {len(sliced) - len(small)} named parts the model is surely worse than the rule"
    rest = f"; {len(small)} are too small to tell" if small else ""
    return Verdict("slices", subject.name, "pass", told + rest, "", {**evidence, "noted": bool(small)})


def _words(found: Sequence[Found]) -> list[str]:
    if not found:
        return ["Nobody named it, and none was found: a part of the rows on which the model is surely worse than elsewhere."]
    return [f"Where {one.part.where} it is surely worse: {one.loss:,.4g}, elsewhere {one.elsewhere:,.4g}." for one in found[:5]]


def _declared_table(sliced: Sequence[Sliced]) -> Table:
    columns = ("part", "rows", "model", "from", "to", "rule", "model minus rule from", "to ", "surely worse than the rule")
    rows = tuple((s.part.where, s.rows, s.loss, *ends(s.interval), s.rule, *ends(s.difference), s.worse) for s in sliced)
    return Table("Parts that the spec names", columns, rows)


def _found_table(found: Sequence[Found]) -> Table:
    columns = ("part", "rows it was measured on", "model", "elsewhere", "p-value")
    return Table(
        "Parts where it is worse than elsewhere", columns, tuple((f.part.where, f.rows, f.loss, f.elsewhere, f.p_value) for f in found)
    )
