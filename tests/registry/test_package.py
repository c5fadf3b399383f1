import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadArtifact, BadData, BadRequest, UnknownName
from shipworthy.registry.package import ALWAYS, MANIFEST, load

FILES = (*ALWAYS, "model.txt")
NOTHING_HEAVY = """
import sys
for heavy in ("pandas", "mlflow", "dbt", "duckdb", "sklearn", "deltalake", "fastapi"):
    sys.modules[heavy] = None
from pathlib import Path
from shipworthy.registry.package import load
print(load(Path(sys.argv[1])).predict([{"departure_delay": 5, "carrier": "UA", "wind_speed": None, "weekend": True}])[0].hex())
"""


def reseal(folder: Path) -> None:
    """Make the manifest agree with the files again, as a careful forger would."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] = {name: sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("kind", ["fitted", "fitted_binary"])
def test_a_package_answers_as_the_fitted_model_did(kind: str, folder: Path, request: pytest.FixtureRequest) -> None:
    """
    Read back from disk, the package gives the fitted model's answers bit for bit, as a table and as rows.
    """
    fitted = request.getfixturevalue(kind)
    fitted.write(folder)
    package = load(folder)

    assert package.predict_table(fitted.frame).tobytes() == fitted.answers.tobytes()
    assert package.predict(fitted.sample) == fitted.answers[: len(fitted.sample)].tolist()


def test_the_answer_of_a_binary_model_is_a_probability(fitted_binary: Any, folder: Path) -> None:
    """
    A binary model answers with the probability of a 1.
    """
    answers = fitted_binary.write(folder).predict_table(fitted_binary.frame)

    assert 0 < answers.min() < 0.5 < answers.max() < 1


def test_no_rows_give_no_answers(fitted: Any, folder: Path) -> None:
    """
    Nothing asked is nothing answered.
    """
    package = fitted.write(folder)

    assert package.predict([]) == []
    assert len(package.predict_table(fitted.frame.slice(0, 0))) == 0


def test_bad_rows_are_refused_by_name(fitted: Any, folder: Path) -> None:
    """
    A missing field, a text for a number, a table whose column is gone or has another type: each is named.
    """
    package = fitted.write(folder)

    with pytest.raises(BadRequest, match="no value for wind_speed"):
        package.predict([{"departure_delay": 1, "carrier": "UA", "weekend": True}])
    with pytest.raises(BadRequest, match="'late' is not a number"):
        package.predict([{**fitted.sample[0], "departure_delay": "late"}])
    with pytest.raises(UnknownName, match="no feature 'carrier'"):
        package.predict_table(fitted.frame.drop_columns(["carrier"]))
    with pytest.raises(BadData, match=r"late\.carrier: is of type int64"):
        package.predict_table(fitted.frame.set_column(1, "carrier", pa.array([1] * fitted.frame.num_rows)))


def test_it_says_where_it_comes_from(fitted: Any, folder: Path) -> None:
    """
    The manifest ties the model to its training set, moment, run and code.
    """
    manifest = load(fitted.write(folder) and folder).manifest

    assert (manifest.model, manifest.version, manifest.provenance) == ("late", 3, fitted.provenance)


def test_the_golden_rows_hold_missing_unseen_and_extreme_values(fitted: Any, folder: Path) -> None:
    """
    Golden rows cover null in each column, a level never seen, and values beyond what was seen.
    """
    fitted.write(folder)
    rows = [golden["row"] for golden in json.loads((folder / "golden.json").read_text())]
    delay = fitted.schema.columns[0]

    assert all(any(row[name] is None for row in rows) for name in fitted.schema.names)
    assert any(row["carrier"] and "never seen" in row["carrier"] for row in rows)
    assert any(row["departure_delay"] is not None and row["departure_delay"] < delay.low for row in rows)
    assert any(row["departure_delay"] is not None and row["departure_delay"] > delay.high for row in rows)
    assert len(rows) > 50


def test_the_same_content_again_is_the_package_that_stands(fitted: Any, folder: Path) -> None:
    """
    A step that is repeated after a crash writes nothing new, whatever the clock says by then.
    """
    first = fitted.write(folder)
    later = msgspec.structs.replace(fitted.provenance, created_at=fitted.provenance.created_at + timedelta(hours=1))

    assert fitted.write(folder, provenance=later).digest == first.digest


def test_a_version_never_changes(fitted: Any, folder: Path) -> None:
    """
    Other content for a version that exists is refused, and what stands stays.
    """
    first = fitted.write(folder)
    with pytest.raises(BadArtifact, match="exists with other content"):
        fitted.write(folder, provenance=msgspec.structs.replace(fitted.provenance, training_set="other"))

    assert load(folder).digest == first.digest


def test_what_a_killed_process_left_is_in_nobodys_way(fitted: Any, folder: Path) -> None:
    """
    A half-written folder of an earlier attempt is no package, and does not hinder the next attempt.
    """
    left = folder.with_name(".3.writing")
    left.mkdir(parents=True)
    (left / "model.txt").write_text("half")

    fitted.write(folder)

    assert sorted(entry.name for entry in folder.iterdir()) == sorted([MANIFEST, *FILES])
    assert [entry.name for entry in folder.parent.iterdir()] == ["3"]


@pytest.mark.parametrize("name", [MANIFEST, *FILES])
def test_a_missing_file_is_named(fitted: Any, folder: Path, name: str) -> None:
    """
    A package without one of its files is refused, and the file is named.
    """
    fitted.write(folder)
    (folder / name).unlink()

    with pytest.raises(BadArtifact, match=f"{name}: is missing"):
        load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named(fitted: Any, folder: Path, name: str) -> None:
    """
    One byte more in any file is enough to be refused.
    """
    fitted.write(folder)
    with (folder / name).open("a") as file:
        file.write(" ")

    with pytest.raises(BadArtifact, match=f"{name}: is not what was packaged"):
        load(folder)


@pytest.mark.parametrize("name", ["model.pkl", "sub", ".hidden"])
def test_an_unknown_file_is_refused(fitted: Any, folder: Path, name: str) -> None:
    """
    A file that is no part of the format is refused: nothing rides along.
    """
    fitted.write(folder)
    (folder / name).mkdir() if name == "sub" else (folder / name).write_text("cos\nsystem\n")

    with pytest.raises(BadArtifact, match=f"{name}: does not belong"):
        load(folder)


def test_a_link_is_no_file_of_a_package(fitted: Any, folder: Path, tmp_path: Path) -> None:
    """
    A symbolic link is refused even where it leads to the right content: it can lead elsewhere tomorrow.
    """
    fitted.write(folder)
    (folder / "model.txt").rename(tmp_path / "model.txt")
    (folder / "model.txt").symlink_to(tmp_path / "model.txt")

    with pytest.raises(BadArtifact, match=r"model\.txt: is missing, or no plain file"):
        load(folder)


def test_a_forged_model_is_caught_by_its_golden_rows(fitted: Any, folder: Path) -> None:
    """
    With checksums made to fit, a changed leaf still gives another golden answer, and both numbers are shown.
    """
    fitted.write(folder)
    text = (folder / "model.txt").read_text()
    leaves = next(line for line in text.splitlines() if line.startswith("leaf_value="))
    first = leaves.removeprefix("leaf_value=").split()[0]
    change(folder / "model.txt", f"leaf_value={first}", f"leaf_value={float(first) + 1}")
    reseal(folder)

    with pytest.raises(BadArtifact, match=r"golden\.json: golden row \d+ gives .* here, .* where it was packaged"):
        load(folder)


def test_a_forged_package_is_not_the_one_that_was_recorded(fitted: Any, folder: Path) -> None:
    """
    Who kept the digest notices a package that was replaced as a whole.
    """
    kept = fitted.write(folder).digest
    change(folder / MANIFEST, '"code_version": "abc123"', '"code_version": "abc124"')

    assert load(folder).digest != kept
    with pytest.raises(BadArtifact, match=r"manifest\.json: is not the one that was recorded"):
        load(folder, digest=kept)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"format": "shipworthy-package"', '"format": "other"', r"is of format \('other', 1\)"),
        ('"format_version": 1', '"format_version": 2', r"is of format \('shipworthy-package', 2\)"),
        ('"version": 3', '"version": "3"', "is no manifest: Expected `int`"),
        ('"version": 3', '"version": 3, "trust": true', "is no manifest: .*trust"),
        ('"model": "late"', '"model": "early"', "says 'early', its schema 'late'"),
        ('"model.txt"', '"../model.txt"', "not accounted for"),
        ('"format": "shipworthy-package",', "", "is no manifest"),
        ("{", "[", "is no manifest"),
    ],
)
def test_a_manifest_that_says_otherwise_is_refused(fitted: Any, folder: Path, old: str, new: str, what: str) -> None:
    """
    Another format, another release of it, a wrong type, an unknown key, a file elsewhere: each is refused.
    """
    fitted.write(folder)
    change(folder / MANIFEST, old, new)

    with pytest.raises(BadArtifact, match=what):
        load(folder)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [("golden.json", "[]", "no golden row"), ("golden.json", "{", "no golden rows"), ("model.txt", "tree", "LightGBM cannot read")],
)
def test_empty_goldens_and_a_text_that_is_no_model_are_refused(fitted: Any, folder: Path, name: str, content: str, what: str) -> None:
    """
    Without golden rows nothing shows that the model is itself; a text that is no model is none.
    """
    fitted.write(folder)
    (folder / name).write_text(content)
    reseal(folder)

    with pytest.raises(BadArtifact, match=what):
        load(folder)


def test_a_schema_in_another_order_is_refused(fitted: Any, folder: Path) -> None:
    """
    A model packaged with the columns of its schema swapped would answer nonsense; it is not packaged.
    """
    swapped = replace(fitted.schema, columns=fitted.schema.columns[::-1])

    with pytest.raises(BadArtifact, match="they part at 'departure_delay' and 'weekend'"):
        fitted.write(folder, schema=swapped)
    assert not folder.exists()


def test_a_schema_with_a_column_less_is_refused(fitted: Any, folder: Path) -> None:
    """
    A model that takes more columns than its schema has is not packaged.
    """
    with pytest.raises(BadArtifact, match="takes 4 columns, its schema has 3"):
        fitted.write(folder, schema=replace(fitted.schema, columns=fitted.schema.columns[:3]))


def test_a_model_for_another_task_is_refused(fitted: Any, folder: Path) -> None:
    """
    A regression packaged as a probability is not packaged.
    """
    with pytest.raises(BadArtifact, match="objective is regression_l1, its task binary"):
        fitted.write(folder, schema=replace(fitted.schema, task="binary"))


def test_many_threads_get_the_answers_of_one(fitted: Any, folder: Path) -> None:
    """
    One package asked from eight threads at once gives each the answers that it gives alone.
    """
    package = fitted.write(folder)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(package.predict, [row]) for row in fitted.sample]
        answers = [one.result()[0] for one in asked]

    assert np.array_equal(answers, fitted.answers[: len(answers)])


def test_it_loads_where_nothing_heavy_is_installed(fitted: Any, folder: Path) -> None:
    """
    A service without pandas, scikit-learn, MLflow, dbt, DuckDB or Delta loads a package and answers the same.
    """
    package = fitted.write(folder)
    here = package.predict([{"departure_delay": 5, "carrier": "UA", "wind_speed": None, "weekend": True}])[0].hex()

    there = subprocess.run([sys.executable, "-c", NOTHING_HEAVY, str(folder)], capture_output=True, text=True, check=True)

    assert there.stdout.strip() == here
