"""The only door to MLflow: one finished run for each training, written in a few calls, and the registry's names for versions.

A run carries the tag `shipworthy.run`, a name that the caller chooses: a step that is repeated finds what it began.
Importing this costs seconds; the first use of a new SQLite store some more.
"""

import json
import logging
import math
import os
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # before the import: nothing is told to anybody

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of MLflow's own parts, in its own code
    from mlflow import MlflowClient
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag, ViewType
    from mlflow.exceptions import MlflowException

from shipworthy.errors import StepFailed

RUN_TAG = "shipworthy.run"
KIND = {"mlflow.experimentKind": "custom_model_development"}  # else its pages guess, and show those of prompts
CONTEXT = "mlflow.data.context"
NOTE = "mlflow.note.content"
TABLES = "mlflow.loggedArtifacts"
FINISHED = "FINISHED"
MOST_METRICS, MOST_PARAMETERS, MOST_TAGS = 1000, 100, 100  # of MLflow, for one call
LONGEST_PARAMETER, LONGEST_TAG = 6000, 5000


@dataclass(frozen=True, slots=True)
class TrackedDataset:
    """What a run learnt from: its name, the hash of its content, where it lies, and how many rows it has."""

    name: str
    digest: str
    source: str
    rows: int


@dataclass(frozen=True, slots=True)
class Store:
    """An MLflow store: its tracking URI, and the folder that runs of new experiments keep their files in.

    With `artifacts` None a server decides where files lie.
    """

    uri: str
    artifacts: Path | None = None


def log(
    store: Store,
    experiment: str,
    *,
    once: str,
    name: str,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float | None],
    curves: Mapping[str, Sequence[float]],
    tags: Mapping[str, str],
    dataset: TrackedDataset,
    texts: Mapping[str, str],
    folders: Mapping[str, Path],
    series: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    tables: Sequence[str] = (),
    note: str = "",
) -> str:
    """Write a finished run and return its id; a run that was finished under the name `once` is returned as it is.

    What a killed process left unfinished under that name is deleted first, so that there is one run of a name.

    Args:
        store: where to.
        experiment: the experiment, made where there is none; the model's name.
        once: the name of this training, without quotes, such as model and hash; kept as the tag `shipworthy.run`.
        name: what people see.
        parameters: written as text; a longer one than 6,000 characters is cut.
        metrics: numbers at the end; one that is None or not finite, not known, is left out.
        curves: numbers for each tree, from step 0.
        tags: short texts to search by.
        dataset: what the run learnt from.
        texts: files by path in the run, such as `charts/residuals.svg`.
        folders: folders by path in the run, such as the package of the model; a file is put below its path.
        series: numbers by the moment they were taken at, in seconds since 1970, such as `system/process_cores_used`.
        tables: those of `texts` that MLflow's pages show as tables: JSON with `columns` and `data`.
        note: Markdown about the run.

    Raises:
        StepFailed: the store cannot be reached, or refuses.
    """
    with _words(store):
        client = _client(store)
        found = _run(client, experiment, once)
        if found is not None and found.info.status == FINISHED:
            return str(found.info.run_id)
        if found is not None:
            client.delete_run(found.info.run_id)
        marks = {**tags, RUN_TAG: once, **({NOTE: note} if note else {}), **_shown_as_tables(tables)}
        run_id = client.create_run(_experiment(client, store, experiment), run_name=name, tags=_cut(marks, LONGEST_TAG)).info.run_id
        _log_numbers(client, run_id, parameters, _points(metrics, curves, series or {}))
        client.log_inputs(run_id, [_input(dataset)])
        for path, text in texts.items():
            client.log_text(run_id, text, path)
        for path, folder in folders.items():
            (client.log_artifact if folder.is_file() else client.log_artifacts)(run_id, str(folder), path)
        client.set_terminated(run_id, FINISHED)
        return str(run_id)


def experiment_of(store: Store, run_id: str) -> str:
    """Return the id of the experiment that a run belongs to."""
    with _words(store):
        return str(_client(store).get_run(run_id).info.experiment_id)


def find(store: Store, experiment: str, once: str) -> str | None:
    """Return the id of the finished run of the name `once`; None where there is none, or it was never finished."""
    with _words(store):
        found = _run(_client(store), experiment, once)
        return str(found.info.run_id) if found is not None and found.info.status == FINISHED else None


def tag(store: Store, run_id: str, tags: Mapping[str, str]) -> None:
    """Put `tags` on a run, such as a verdict that came later."""
    with _words(store):
        _client(store).log_batch(run_id, tags=[RunTag(key, value) for key, value in _cut(tags, LONGEST_TAG).items()])


def register(store: Store, model: str, run_id: str, *, path: str, version: int, tags: Mapping[str, str] | None = None) -> int:
    """Return MLflow's number of the version whose package lies at `path` in the run; made where it is not there yet.

    MLflow counts its versions by itself; ours is kept beside it as the tag `shipworthy.version`.
    """
    with _words(store):
        client = _client(store)
        if not client.search_registered_models(filter_string=f"name = '{model}'"):
            client.create_registered_model(model, tags={"shipworthy": "model"})
        ours = [known for known in client.search_model_versions(f"name = '{model}'") if known.run_id == run_id]
        if ours:
            return int(ours[0].version)
        marks = {**(tags or {}), "shipworthy.version": str(version)}
        return int(
            client.create_model_version(model, source=f"runs:/{run_id}/{path}", run_id=run_id, tags=_cut(marks, LONGEST_TAG)).version
        )


def point(store: Store, model: str, alias: str, version: int | None) -> None:
    """Let `alias` (such as champion) name MLflow's `version` of a registered `model`; None takes the alias away."""
    with _words(store):
        client = _client(store)
        if version is None:
            client.delete_registered_model_alias(model, alias)
        else:
            client.set_registered_model_alias(model, alias, str(version))


def pointed(store: Store, model: str, alias: str) -> int | None:
    """Return MLflow's version that `alias` names; None where it names none."""
    with _words(store):
        models = _client(store).search_registered_models(filter_string=f"name = '{model}'")
        named = models[0].aliases.get(alias) if models else None
        return int(named) if named is not None else None


@contextmanager
def _words(store: Store) -> Iterator[None]:
    """Turn MLflow's errors into ours; neither the URI nor what repeats a part of it is shown: it may hold a password."""
    try:
        yield
    except (MlflowException, SQLAlchemyError) as error:
        kind = store.uri.partition(":")[0]
        reason = str(error).splitlines()[0]
        reason = reason.replace(store.uri, f"{kind}:...") if urlsplit(store.uri).password is None else type(error).__name__
        raise StepFailed(
            where=f"MLflow ({kind})", what=reason[:300], fix="check 'tracking' in shipworthy.yml and that the store is there"
        ) from None


def _client(store: Store) -> MlflowClient:
    for loud in ("mlflow", "alembic"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy about MLflow's own tables
        return MlflowClient(tracking_uri=store.uri, registry_uri=store.uri)


def _experiment(client: MlflowClient, store: Store, name: str) -> str:
    known = client.get_experiment_by_name(name)
    if known is not None:
        return str(known.experiment_id)
    place = (store.artifacts / name).resolve().as_uri() if store.artifacts else None
    return str(client.create_experiment(name, artifact_location=place, tags=KIND))


def _run(client: MlflowClient, experiment: str, once: str) -> Run | None:
    known = client.get_experiment_by_name(experiment)
    if known is None:
        return None
    runs = client.search_runs([known.experiment_id], f"tags.`{RUN_TAG}` = '{once}'", ViewType.ACTIVE_ONLY)
    finished = [run for run in runs if run.info.status == FINISHED]
    return next(iter([*finished, *runs]), None)


def _points(
    metrics: Mapping[str, float | None], curves: Mapping[str, Sequence[float]], series: Mapping[str, Sequence[tuple[float, float]]]
) -> list[Metric]:
    now = int(time.time() * 1000)
    points = [Metric(key, float(value), now, 0) for key, value in metrics.items() if value is not None and math.isfinite(value)]
    points += [Metric(key, float(value), now, step) for key, curve in curves.items() for step, value in enumerate(curve)]
    return points + [Metric(key, value, int(at * 1000), step) for key, line in series.items() for step, (at, value) in enumerate(line)]


def _log_numbers(client: MlflowClient, run_id: str, parameters: Mapping[str, object], points: Sequence[Metric]) -> None:
    texts = {key: str(value) for key, value in parameters.items()}
    params = [Param(key, value) for key, value in _cut(texts, LONGEST_PARAMETER).items()]
    for start in range(0, len(points), MOST_METRICS - MOST_PARAMETERS):
        client.log_batch(run_id, metrics=points[start : start + MOST_METRICS - MOST_PARAMETERS])
    for start in range(0, len(params), MOST_PARAMETERS):
        client.log_batch(run_id, params=params[start : start + MOST_PARAMETERS])


def _shown_as_tables(paths: Sequence[str]) -> dict[str, str]:
    return {TABLES: json.dumps([{"path": path, "type": "table"} for path in paths])} if paths else {}


def _input(dataset: TrackedDataset) -> DatasetInput:
    data = Dataset(
        name=dataset.name, digest=dataset.digest[:36], source_type="delta", source=dataset.source, profile=f'{{"num_rows": {dataset.rows}}}'
    )
    return DatasetInput(data, [InputTag(CONTEXT, "training"), InputTag("shipworthy.digest", dataset.digest)])


def _cut(texts: Mapping[str, str], longest: int) -> dict[str, str]:
    return {key: value if len(value) <= longest else f"{value[: longest - 3]}..." for key, value in texts.items()}
