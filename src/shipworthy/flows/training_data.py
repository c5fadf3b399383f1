"""What the checks of training sets say of one set before a model learns from it: each finding with its cost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.checks.base.contract import kinds
from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.checks.training_set.base.judge import CHECKS, Judged, ask, worst_first
from shipworthy.data.beside import found_moments, fresh_rows, known_moments
from shipworthy.data.parts import parts, relation_of
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.cost import Cost
from shipworthy.flows.cost import in_words as cost_in_words
from shipworthy.flows.learner import learner
from shipworthy.flows.origins import in_words as origin_in_words
from shipworthy.flows.origins import origins
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.splitting import group_columns
from shipworthy.logbook import write
from shipworthy.logbook.latest import run_of
from shipworthy.records import Verdict
from shipworthy.registry.gate import waived
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

if TYPE_CHECKING:
    from shipworthy.flows.material import Material

MOST_CLASSES = 4
MOST_COSTS = 8  # of one look; the worst findings come first


def look(
    project: Project, book: Engine, spec: ModelSpec, catalog: catalogs.Catalog, material: "Material", *, progress: Progress = silent
) -> list[Verdict]:
    """Return what every check says of the training set of `material`, worst first, waivers laid on; kept in the logbook.

    The look at one moment replaces an earlier one at that moment.
    """
    seen = frame_of(project, spec, catalogs.relations(catalog, spec), material)
    frame, as_of = replace(seen, allowed=catalogs.allowed(catalog, spec)), material.made.as_of
    frames = seen_by_class(frame, material)
    judged = _asked(frames, progress)
    write.measurements(book, [one.measurement for one in judged])
    verdicts = [waived(verdict, spec.waivers, as_of.date()) for verdict in _told(project, next(iter(frames.values())), judged)]
    write.verdicts(book, run_of(spec.model, as_of), as_of, verdicts, whole=True)
    return verdicts


def refuse_red(spec: ModelSpec, verdicts: list[Verdict]) -> None:
    """Do nothing if no check failed that nobody answers for.

    Raises:
        BadData: one did, with its counter-example and what to do.
    """
    red = [verdict for verdict in verdicts if verdict.outcome == "fail" and not verdict.waived_by]
    if red:
        more = f" ({len(red) - 1} findings more: shipworthy check {spec.model})" if len(red) > 1 else ""
        first = red[0]
        fix = f"{first.fix}; or answer for it: waivers: [{{gate: {first.name}, reason: ..., owner: ..., expires: ...}}]"
        raise BadData(where=f"training set of {spec.model}, {first.name}", what=f"{first.words}{more}", fix=fix)


def frame_of(project: Project, spec: ModelSpec, relations: Mapping[str, Relation], material: "Material") -> Frame:
    """Return the training set of `material` as checks see it, with what stands beside it in the lake."""
    made, rows, said = material.made, material.rows, spec.evaluation
    return Frame(
        spec.model, material.task, rows, features_of(spec, relations), made.as_of, fit=material.split.fit,
        holdout=material.split.holdout, exclusions=made.exclusions, seed=spec.training.seed,
        fresh=fresh_rows(project.lake, spec, relations, made), known=known_moments(project.lake, spec, relations, made, rows),
        found=found_moments(project.lake, spec, relations, made), latency=_latencies(spec, relations), horizon=spec.label.horizon,
        excluded=made.excluded,
        groups=said.groups, beside=group_columns(project, spec, made, rows) if said.groups else None,
        split_by=material.split.by, because=said.because,
    )  # fmt: skip


def _latencies(spec: ModelSpec, relations: Mapping[str, Relation]) -> dict[str, timedelta]:
    return {part.relation.name: part.relation.latency for part in parts(spec, relations) if part.relation.latency is not None}


def features_of(spec: ModelSpec, relations: Mapping[str, Relation]) -> dict[str, Feature]:
    """Return what each feature of `spec` holds and where it comes from, by its name in the training set."""
    decided = relation_of(relations, spec.decisions.relation)
    places = {name: (decided, name) for name in spec.decisions.features}
    places |= {name: (part.relation, column) for part in parts(spec, relations) for name, column in part.columns.items()}
    held = {name: kinds({name: relation.columns[column].lower()}).get(name) for name, (relation, column) in places.items()}
    return {
        name: Feature(kind, relation.name, column, relation.roles.get(column))
        for name, (relation, column) in places.items()
        if (kind := held[name]) is not None
    }


def seen_by_class(frame: Frame, material: "Material") -> dict[str, Frame]:
    """Return the frame that checks are asked about; of several classes one for each of the commonest four against the rest, by its words.

    A check of labels knows yes and no. What tells a label too well tells one of its classes too well; a class beyond the fourth is not
    asked.
    """
    if not material.classes:
        return {"": frame}
    counts = np.bincount(material.target.astype(np.int64), minlength=len(material.classes))
    common = [int(code) for code in np.argsort(-counts, kind="stable")[:MOST_CLASSES] if counts[code]]
    place = frame.rows.column_names.index("label")
    ones = {material.classes[code]: pa.array((material.target == code).astype(np.float64)) for code in common}
    return {
        f" (class '{name}' against the rest)": replace(frame, task="binary", rows=frame.rows.set_column(place, "label", one))
        for name, one in ones.items()
    }


def _asked(frames: Mapping[str, Frame], progress: Progress) -> list[Judged]:
    """Return what each check says, the worst first; of several frames the worst that it says of a subject."""
    found: dict[tuple[str, str], Judged] = {}
    for done, (name, check) in enumerate(CHECKS.items()):
        progress(f"check: {name}", done, len(CHECKS))
        for about, frame in list(frames.items())[: None if check.of_label else 1]:
            for one in ask(check, frame, learner):
                key, said = (name, one.verdict.subject), about if check.of_label else ""
                own = replace(one, verdict=replace(one.verdict, words=f"{one.verdict.words}{said}"))
                found[key] = min(found.get(key, own), own, key=worst_first)
    progress("check: done", len(CHECKS), len(CHECKS))
    return sorted(found.values(), key=worst_first)


def _told(project: Project, frame: Frame, judged: list[Judged]) -> list[Verdict]:
    """Return the verdicts; those out of bounds or noted with what the features that they blame cost, and where these come from."""
    cost, told = Cost(frame, learner), 0
    verdicts = []
    for one in judged:
        verdict = one.verdict
        if verdict.outcome == "fail" or verdict.noted:
            found = cost.of(one.blamed) if told < MOST_COSTS else {}
            told += bool(found)
            about = one.blamed or (verdict.subject.removeprefix(f"{frame.model}."),)
            places = origins(project, frame.features, about)
            said = [verdict.words, cost_in_words(found), origin_in_words(places, about[0])]
            evidence = {**verdict.evidence, **places, **({"cost": found} if found else {})}
            verdict = replace(verdict, words=". ".join(part.removesuffix(".") for part in said if part) + ".", evidence=evidence)
        verdicts.append(verdict)
    return verdicts
