"""Every format: packaged for real, read again, bit for bit, and refused where it is not what was packaged."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from shipworthy.errors import BadArtifact
from shipworthy.families import names
from shipworthy.gateways import estimators
from shipworthy.registry import formats
from shipworthy.registry.decision import Decision
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import MANIFEST, Model, load

from ..test_package import reseal


def pipeline(fitted: Any, last: Any) -> Any:
    """Return a pipeline with its own preprocessing, fitted to the rows of `fitted`."""
    levels = {place: fitted.schema.columns[place].categories for place in fitted.schema.categorical}
    rows = estimators.frame(encode(fitted.schema, fitted.frame), fitted.schema.names, levels)
    prepare = make_column_transformer(
        (SimpleImputer(), ["departure_delay", "wind_speed", "weekend"]), (OneHotEncoder(handle_unknown="ignore"), ["carrier"])
    )
    delay = np.nan_to_num(rows["departure_delay"])
    target = {"binary": delay > 10, "multiclass": np.digitize(delay, [0, 20]), "regression": delay}[fitted.schema.task]
    return make_pipeline(prepare, last).fit(rows, target), rows


def constant(value: float) -> bytes:
    return msgspec.json.encode({"value": value.hex()})


def model(kind: str, fitted: Any) -> Model:
    """Return a model of this format for the rows of `fitted`."""
    if kind == "lightgbm":
        return Model(kind, fitted.text.encode())
    if kind == "constant":
        shares = {"value": [(0.25).hex(), (0.25).hex(), (0.5).hex()]}
        return Model(kind, msgspec.json.encode(shares) if fitted.schema.classes else constant(0.25))
    last = LinearRegression() if fitted.schema.task == "regression" else LogisticRegression(max_iter=1000)
    return Model(kind, estimators.written(pipeline(fitted, last)[0], where="test"))


@pytest.mark.parametrize("which", ["fitted", "fitted_binary", "fitted_classes"])
@pytest.mark.parametrize("kind", names(formats))
def test_a_table_and_its_rows_get_the_same_answers(kind: str, which: str, folder: Path, request: pytest.FixtureRequest) -> None:
    """
    Of each format a package is read again, and gives a row, raw as a request sends it, the answer that the table gets.
    """
    fitted = request.getfixturevalue(which)
    package = fitted.write(folder, model=model(kind, fitted))

    answers = package.predict_table(fitted.frame)

    assert package.manifest.model_format == kind
    assert np.array([package.predict([row])[0] for row in fitted.sample[:50]]) == pytest.approx(answers[:50], rel=1e-12)
    assert np.isfinite(answers).all()


def test_an_estimator_answers_as_it_did_when_it_was_fitted(fitted_binary: Any, folder: Path) -> None:
    """
    A pipeline gives the probability of a 1 that it gave before it was packaged, bit for bit.
    """
    estimator, rows = pipeline(fitted_binary, LogisticRegression(max_iter=1000))

    package = fitted_binary.write(folder, model=Model("skops", estimators.written(estimator, where="test")))

    assert (package.predict_table(fitted_binary.frame) == estimator.predict_proba(rows)[:, 1]).all()


@pytest.mark.parametrize(("by", "refused"), [(1e-9, False), (1e-3, True)])
def test_an_estimator_may_differ_in_its_last_digits_alone(fitted: Any, folder: Path, by: float, refused: bool) -> None:
    """
    A golden answer that is off by a billionth, as another processor may add, is taken; one that is off by a thousandth is refused.
    """
    estimator, _ = pipeline(fitted, LinearRegression())
    fitted.write(folder, model=Model("skops", estimators.written(estimator, where="test")))
    golden = msgspec.json.decode((folder / "golden.json").read_bytes())
    golden[0]["answer"] = (float.fromhex(golden[0]["answer"]) + by).hex()
    (folder / "golden.json").write_bytes(msgspec.json.encode(golden))
    reseal(folder)

    with pytest.raises(BadArtifact, match="golden row 0") if refused else nullcontext():
        load(folder)


def test_an_estimator_that_gives_no_probabilities_is_refused(fitted_binary: Any, folder: Path) -> None:
    """
    A binary model must say probabilities.
    """
    estimator, _ = pipeline(fitted_binary, LinearRegression())

    with pytest.raises(BadArtifact, match="cannot 'predict_proba'"):
        fitted_binary.write(folder, model=Model("skops", estimators.written(estimator, where="test")))


@pytest.mark.parametrize(
    "content", [b"{", b'{"value": "much"}', b'{"value": "inf"}', b'{"value": "0x1.8p+1"}', b'{"value": "0x1p-1", "or": 1}']
)
def test_a_constant_that_is_no_answer_is_refused(content: bytes, fitted_binary: Any, folder: Path) -> None:
    """
    No JSON, no number, nothing finite, no probability, or something beside it.
    """
    with pytest.raises(BadArtifact, match="package the model again"):
        fitted_binary.write(folder, model=Model("constant", content))


@pytest.mark.parametrize("kind", ["lightgbm", "constant"])
def test_a_model_of_other_classes_than_its_schema_is_refused(kind: str, fitted_classes: Any, folder: Path) -> None:
    """
    Three probabilities for two names would give each row the wrong class without a word.
    """
    with pytest.raises(BadArtifact, match=r"tells 3 classes apart, its schema 2|no multiclass answer"):
        fitted_classes.write(folder, schema=replace(fitted_classes.schema, classes=("early", "late")), model=model(kind, fitted_classes))


def test_a_changed_probability_of_one_class_is_found(fitted_classes: Any, folder: Path) -> None:
    """
    Golden rows hold the probability of every class.
    """
    fitted_classes.write(folder, model=model("constant", fitted_classes))
    other = msgspec.json.encode({"value": [(0.5).hex(), (0.25).hex(), (0.25).hex()]})
    (folder / "model.json").write_bytes(other)
    reseal(folder)

    with pytest.raises(BadArtifact, match=r"golden row 0 gives \[0.5, 0.25, 0.25\] here, \[0.25, 0.25, 0.5\]"):
        load(folder)


def test_a_format_that_nobody_knows_is_refused(fitted: Any, folder: Path) -> None:
    """
    A package of a format that this release does not read is told, and not guessed at.
    """
    fitted.write(folder)
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest | {"model_format": "pickle"}))

    with pytest.raises(BadArtifact, match="pickle"):
        load(folder)


def test_answers_are_calibrated_as_the_package_says(fitted_binary: Any, folder: Path) -> None:
    """
    What the model says is read at the knots that are kept in the package; rows and tables alike, and the threshold is there.
    """
    decision = Decision((0.0, 0.5, 1.0), (0.0, 0.1, 1.0), threshold=0.3)
    package = fitted_binary.write(folder, model=Model("lightgbm", fitted_binary.text.encode(), decision))

    answers = load(folder).predict_table(fitted_binary.frame)

    assert answers == pytest.approx(np.interp(fitted_binary.answers, decision.said, decision.means))
    assert package.predict(fitted_binary.sample[:5]) == answers[:5].tolist()
    assert load(folder).decision == decision


@pytest.mark.parametrize(
    "said", ['{"said": [0, 1], "means": [0]}', '{"said": [0, 0], "means": [0, 1]}', '{"said": [0, 1], "means": [1, 0]}', "[]"]
)
def test_a_calibration_that_turns_round_is_refused(said: str, fitted_binary: Any, folder: Path) -> None:
    """
    Knots of two lengths, two meanings of one answer, a higher answer that means less, no knots at all: refused, resealed or not.
    """
    fitted_binary.write(folder, model=Model("lightgbm", fitted_binary.text.encode(), Decision((0.0, 1.0), (0.0, 1.0))))
    (folder / "decision.json").write_text(said)
    reseal(folder)

    with pytest.raises(BadArtifact, match=r"decision\.json"):
        load(folder)


def test_rows_to_compare_with_come_back_with_their_gaps(fitted: Any, folder: Path) -> None:
    """
    Encoded rows are kept in the package, missing values too; rows of another width are refused.
    """
    rows = encode(fitted.schema, fitted.frame)[:20]
    package = fitted.write(folder, model=Model("lightgbm", fitted.text.encode(), background=rows))

    assert package.background is not None
    np.testing.assert_array_equal(package.background, rows)
    (folder / "background.json").write_text("[[1.0]]")
    reseal(folder)
    with pytest.raises(BadArtifact, match="not of 4 values"):
        load(folder)
