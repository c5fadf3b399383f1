from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from shipworthy.records import Task
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Model, Package, Provenance, write
from shipworthy.registry.schema import Schema, infer

MAY = datetime(2013, 5, 1, tzinfo=UTC)
PROVENANCE = Provenance(training_set="5e1f", as_of=MAY, run="run-1", created_at=MAY, code_version="abc123")
KINDS = ("early", "fine", "late")
FEATURES = ["departure_delay", "carrier", "wind_speed", "weekend"]


@dataclass(frozen=True)
class Fitted:
    """A small LightGBM model, really fitted, with the rows it learnt from."""

    schema: Schema
    text: str
    frame: pa.Table
    answers: npt.NDArray[np.float64]
    provenance: Provenance = PROVENANCE

    @property
    def sample(self) -> list[dict[str, object]]:
        """Some raw rows."""
        return list(self.frame.slice(0, 200).to_pylist())

    def write(self, folder: Path, **changed: object) -> Package:
        """Package the model into `folder`."""
        model = Model("lightgbm", self.text.encode())
        told = {"version": 3, "schema": self.schema, "model": model, "sample": self.sample, "provenance": self.provenance}
        return write(folder, **(told | changed))  # type: ignore[arg-type]


def flights(rows: int) -> pa.Table:
    """Return made-up flights with missing values, a rare carrier and a flag."""
    random = np.random.default_rng(7)
    carrier = random.choice(["UA", "B6", "DL", None], rows, p=[0.4, 0.3, 0.2, 0.1])
    carrier[:3] = "HA"
    return pa.table(
        {
            "departure_delay": pa.array(random.normal(10, 30, rows).round(), mask=random.random(rows) < 0.1),
            "carrier": pa.array(carrier.tolist(), pa.string()),
            "wind_speed": pa.array(random.gamma(4, 3, rows).astype(np.float32), mask=random.random(rows) < 0.05),
            "weekend": pa.array((random.random(rows) < 0.3).tolist()),
        }
    )


def fit(task: Task) -> Fitted:
    frame = flights(3000)
    schema = infer(frame, FEATURES, model="late", task=task, label="delay", label_unit="minutes")
    schema = replace(schema, classes=KINDS) if task == "multiclass" else schema
    matrix = encode(schema, frame)
    truth = np.nan_to_num(matrix[:, 0]) + 5 * np.nan_to_num(matrix[:, 1]) + np.nan_to_num(matrix[:, 2])
    targets = {"binary": (truth > 20).astype(float), "multiclass": np.digitize(truth, [10, 30]).astype(float), "regression": truth}
    said = {"binary": {"objective": "binary"}, "multiclass": {"objective": "multiclass", "num_class": 3}}
    data = lightgbm.Dataset(matrix, targets[task], feature_name=list(schema.names), categorical_feature=schema.categorical)
    common = {"objective": "regression_l1", "verbosity": -1, "num_threads": 1, "min_data_per_group": 20}
    booster = lightgbm.train(common | said.get(task, {}), data, 40)
    return Fitted(schema, booster.model_to_string(), frame, np.asarray(booster.predict(matrix)))


@pytest.fixture(scope="session")
def fitted() -> Fitted:
    return fit("regression")


@pytest.fixture(scope="session")
def fitted_binary() -> Fitted:
    return fit("binary")


@pytest.fixture(scope="session")
def fitted_classes() -> Fitted:
    return fit("multiclass")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "late" / "3"
