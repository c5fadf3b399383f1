"""What the training set of a version looked like, whole and cut into windows: what later windows are compared with."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.monitoring.monitors.base import Seen
from shipworthy.monitoring.profile import Anchor, Kind, Profile, as_json, from_json
from shipworthy.monitoring.scan import anchors, profile, profiles
from shipworthy.monitoring.windows import windows
from shipworthy.records import ModelVersion, Window
from shipworthy.registry.package import Package
from shipworthy.registry.reply import most_probable
from shipworthy.registry.schema import Schema
from shipworthy.spec.project import Project

ANSWER, CLASS = "prediction", "predicted class"
MOST_PAST = 12  # windows


@dataclass(frozen=True, slots=True)
class Reference:
    """The training set of a version as one window, and its last windows, oldest first."""

    whole: Seen
    past: tuple[Seen, ...]


def kinds_of(schema: Schema) -> dict[str, Kind]:
    """Return what each feature is profiled as."""
    return {column.name: column.kind for column in schema.columns}


def outputs_of(schema: Schema) -> dict[str, Kind]:
    """Return what answers are profiled as: a number, of several classes that of the most probable one, and which it is."""
    return {ANSWER: "number", CLASS: "category"} if schema.classes else {ANSWER: "number"}


def reference(project: Project, version: ModelVersion, package: Package, length: timedelta) -> Reference:
    """Return the reference of `version` in windows of `length`: measured once, then read from its file."""
    file = project.state / "profiles" / version.model / f"{version.version}-{int(length.total_seconds())}.json"
    if file.is_file():
        return _read(file)
    rows = training_set.rows(project.lake, training_set.load(project.lake, version.model, version.training_set))
    said, classes = most_probable(package.schema, package.predict_table(rows))
    rows = rows.append_column(ANSWER, pa.array(said))
    if classes is not None:
        rows = rows.append_column(CLASS, pa.array(classes))
    found = _measured(rows, kinds_of(package.schema), outputs_of(package.schema), length)
    _keep(file, found)
    return found


def _measured(rows: pa.Table, kinds: dict[str, Kind], answers: dict[str, Kind], length: timedelta) -> Reference:
    times = rows.column("decided_at")
    first, last = times[0].as_py(), times[-1].as_py()
    spans = windows(first, last, length)[-MOST_PAST:]
    inputs, outputs = anchors(rows, kinds), anchors(rows, answers)
    whole = Seen(
        window=Window(first, last), rows=rows.num_rows, inputs=profile(rows, kinds, inputs), outputs=profile(rows, answers, outputs)
    )
    return Reference(whole, tuple(seen(rows, spans, kinds, answers, inputs, outputs)))


def seen(
    rows: pa.Table,
    spans: Sequence[Window],
    kinds: dict[str, Kind],
    answers: dict[str, Kind],
    inputs: dict[str, Anchor],
    outputs: dict[str, Anchor],
) -> list[Seen]:
    """Return what each of `spans` showed: rows (with features, `decided_at` and the columns of `answers`) profiled in two scans."""
    if not spans:
        return []
    of_inputs = profiles(rows, spans, "decided_at", kinds, inputs)
    of_outputs = profiles(rows, spans, "decided_at", answers, outputs)
    measured = zip(spans, of_inputs, of_outputs, strict=True)
    return [Seen(window=span, rows=inside.rows, inputs=inside, outputs=said) for span, inside, said in measured]


def _keep(file: Path, found: Reference) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps([_plain(one) for one in (found.whole, *found.past)]), encoding="utf-8")
    beside.replace(file)


def _plain(one: Seen) -> dict[str, Any]:
    profiles_ = {"inputs": as_json(one.inputs or Profile(0)), "outputs": as_json(one.outputs or Profile(0))}
    return {"start": one.window.start.isoformat(), "end": one.window.end.isoformat(), "rows": one.rows, **profiles_}


def _read(file: Path) -> Reference:
    whole, *past = (_seen(said) for said in json.loads(file.read_text(encoding="utf-8")))
    return Reference(whole, tuple(past))


def _seen(said: dict[str, Any]) -> Seen:
    window = Window(datetime.fromisoformat(said["start"]), datetime.fromisoformat(said["end"]))
    return Seen(window=window, rows=said["rows"], inputs=from_json(said["inputs"]), outputs=from_json(said["outputs"]))
