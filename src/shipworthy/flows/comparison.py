"""A training made again beside what was recorded of it: bit by bit where it can be, the largest difference where not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from shipworthy.bounds import Outcome
from shipworthy.data import training_set
from shipworthy.flows import recorded
from shipworthy.flows.recorded import Recorded
from shipworthy.flows.repetition import CameOut
from shipworthy.records import Verdict
from shipworthy.spec.project import Project

Numbers = npt.NDArray[np.float64]
CAUSES = "read the causes: the likeliest comes first"


@dataclass(frozen=True, slots=True)
class Ground:
    """A project as it stood, and in words where it comes from; `unknown` where that is not the code that was recorded."""

    root: Path
    words: str
    unknown: bool = False


def compared(project: Project, kept: Recorded, made: CameOut, answers: Numbers, ground: Ground, gone: Sequence[str]) -> tuple[Verdict, ...]:
    """Return a verdict for training set, code, model, promise and predictions.

    Args:
        project: where what was recorded lies.
        kept: the training as it was recorded.
        made: the same, made again.
        answers: of the model that was made again, for the rows of the holdout, shape (h,).
        ground: what it was made from.
        gone: the pinned versions that could not be read any more; then its training set is the kept one.
    """
    data = _kept_data(project, kept, gone) if gone else _data(kept, made)
    return (data, _code(kept, ground), _model(kept, made), _promise(kept, made), _predictions(project, kept, made, answers))


def _verdict(kept: Recorded, name: str, outcome: Outcome, words: str, evidence: Mapping[str, Any], fix: str = CAUSES) -> Verdict:
    return Verdict(name, f"{kept.model}@{kept.version}", outcome, words, "" if outcome == "pass" else fix, evidence)


def _data(kept: Recorded, made: CameOut) -> Verdict:
    pins = {name: facts["version"] for name, facts in kept.facts["relations"].items()}
    if made.training_set == kept.training_set:
        rebuilt = f"{made.training_rows:,} rows, rebuilt from {len(pins)} relations at their pinned versions"
        words = f"{rebuilt}: hash {made.training_set} as recorded"
        return _verdict(kept, "training_set", "pass", words, {"pins": pins})
    words = f"rebuilt from the same versions its hash is {made.training_set}, not {kept.training_set}"
    return _verdict(kept, "training_set", "fail", words, {"pins": pins}, "compare the two .sql files in the lake's training_sets")


def _kept_data(project: Project, kept: Recorded, gone: Sequence[str]) -> Verdict:
    made = training_set.load(project.lake, kept.model, kept.training_set)
    missing = f"{gone[0]} is gone from the lake{f', and {len(gone) - 1} more' if len(gone) > 1 else ''}: it cannot be rebuilt"
    if training_set.intact(project.lake, made):
        words = f"{missing}. The copy that was kept was learnt from; its rows still have the hash {made.hash}"
        return _verdict(kept, "training_set", "unknown", words, {"gone": list(gone)}, "restore the lake from a backup")
    words = f"{missing}, and the copy that was kept no longer has the hash {made.hash}"
    return _verdict(kept, "training_set", "fail", words, {"gone": list(gone)}, "restore the lake from a backup")


def _code(kept: Recorded, ground: Ground) -> Verdict:
    there = [Path(name) for name in kept.configuration if (ground.root / name).is_file()]
    now = recorded.checksums(ground.root, there)
    other = [name for name, sum_ in kept.configuration.items() if now.get(name) != sum_]
    if other:
        words = f"{ground.words}, in which {other[0]} is not what was learnt from"
        return _verdict(kept, "code", "fail", words, {"files": other}, "compare it with the copy in the training's folder")
    left_out = list(kept.code.left_out) if kept.code else []
    words = f"{ground.words}; {len(there)} files that say how to train are as they were"
    return _verdict(
        kept, "code", "unknown" if ground.unknown else "pass", words, {"left_out": left_out}, "look for the commit in another clone"
    )


def _model(kept: Recorded, made: CameOut) -> Verdict:
    names = sorted({*kept.files, *made.files})
    other = [name for name in names if kept.files.get(name) != made.files.get(name)]
    if not other:
        return _verdict(kept, "model", "pass", f"{', '.join(names)}: the same, bit for bit", {"files": dict(kept.files)})
    return _verdict(kept, "model", "fail", f"{', '.join(other)} of {len(names)} files of the package came out otherwise", {"files": other})


def _promise(kept: Recorded, made: CameOut) -> Verdict:
    if kept.value is None or made.value is None:
        return _verdict(kept, "promise", "unknown", f"{kept.metric} could not be measured", {})
    then, now = (kept.metric, kept.value, kept.rule, kept.rows), (made.metric, made.value, made.rule, made.rows)
    figures = {"then": kept.value, "now": made.value, "difference": made.value - kept.value}
    if then == now:
        return _verdict(
            kept, "promise", "pass", f"{kept.metric} {kept.value:.6g} on {kept.rows:,} decisions, the same to the last bit", figures
        )
    words = f"{made.metric} {made.value:.6g} on {made.rows:,} decisions, recorded {kept.value:.6g} on {kept.rows:,}"
    return _verdict(kept, "promise", "fail", f"{words}: a difference of {made.value - kept.value:.3g}", figures)


def _predictions(project: Project, kept: Recorded, made: CameOut, answers: Numbers) -> Verdict:
    if made.answers == kept.answers:
        return _verdict(kept, "predictions", "pass", f"{len(answers):,} answers to the holdout, the same to the last bit", {})
    table = pq.read_table(recorded.folder_of(project, kept.model, kept.version) / recorded.PREDICTIONS)
    then = recorded.answers_in(table)
    if then.ndim == 2 and then.shape == answers.shape:
        most = np.abs(answers - then).argmax(axis=1)
        answers, then = (np.take_along_axis(one, most[:, None], axis=1)[:, 0] for one in (answers, then))
    if then.shape != answers.shape:
        return _verdict(kept, "predictions", "fail", f"{len(answers):,} answers to the holdout, recorded {len(then):,}", {})
    off = np.abs(answers - then)
    place, differ = int(np.argmax(np.where(np.isnan(off), np.inf, off))), int((~(off == 0)).sum())
    words = f"{differ:,} of {len(then):,} answers differ, at most by {off[place]:.3g}: {table.column('entity')[place].as_py()} got "
    figures = {"largest": float(off[place]), "rows": differ}
    return _verdict(kept, "predictions", "fail", f"{words}{answers[place]:.6g}, not {then[place]:.6g}", figures)
