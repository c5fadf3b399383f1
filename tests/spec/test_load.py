"""YAML to spec: every mistake is answered with its file, its line and the nearest name."""

from pathlib import Path

import pytest

from shipworthy.errors import BadSpec, ShipworthyError, UnknownName
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.settings import Settings

GOOD = """\
model: arrival_delay
brief:
  owner: data@example.org
  target: {metric: mae, at_most: 12}
decisions:
  relation: flights
  entity: flight_id
  time: decided_at
label: {relation: arrivals, column: delay, known_at: landed_at, horizon: 1 day}
features:
  - relation: weather
    on: origin
  - relation: carriers
    on: carrier
    max_age: 4 weeks
waivers:
  - gate: grain
    reason: known since the merger
    owner: ana
    expires: 2026-12-31
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.yml"


def mistake(file: Path, old: str, new: str) -> ShipworthyError:
    """Return the error of the good spec with `old` replaced by `new`."""
    assert old in GOOD
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ShipworthyError) as error:
        load(file, ModelSpec)
    return error.value


def test_a_good_spec_is_read_whole(file: Path) -> None:
    """
    Lists, nested parts, lengths of time and dates; what is not said has its default.
    """
    file.write_text(GOOD)
    spec = load(file, ModelSpec)

    assert spec.relations == ["flights", "arrivals", "weather", "carriers"]
    assert [part.keys for part in spec.features] == [["origin"], ["carrier"]]
    assert (spec.waivers[0].expires.year, spec.training.seed, spec.baseline) == (2026, 7, None)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "nearest"),
    [
        ("label:", "labels:", 9, "labels", "label"),
        ("  owner: data", "  ownr: data", 3, "ownr", "owner"),
        ("at_most:", "at_mst:", 4, "at_mst", "at_most"),
        ("  entity:", "  entitty:", 7, "entitty", "entity"),
        ("    max_age:", "    max_agee:", 15, "max_agee", "max_age"),
        ("    reason:", "    raeson:", 18, "raeson", "reason"),
    ],
)
def test_a_slip_in_a_key_is_told_at_its_line_with_the_nearest(file: Path, old: str, new: str, line: int, key: str, nearest: str) -> None:
    """
    At the top, in a part, in a part of a part, in a list: the line is that of the slip, not of what is missing for it.
    """
    error = mistake(file, old, new)

    assert isinstance(error, UnknownName)
    assert (error.where, error.what) == (f"{file}:{line}", f"no key '{key}'")
    assert error.fix.startswith(f"did you mean '{nearest}'? Known: ")


@pytest.mark.parametrize(
    ("old", "new", "line", "path"),
    [
        ("horizon: 1 day", "horizon: soon", 9, "label.horizon"),
        ("metric: mae", "metric: accuracy", 4, "brief.target.metric"),
        ("at_most: 12", "at_most: a dozen", 4, "brief.target.at_most"),
        ("max_age: 4 weeks", "max_age: 4", 15, "features.1.max_age"),
        ("reason: known since the merger", "reason: because", 18, "waivers.0.reason"),
        ("expires: 2026-12-31", "expires: never", 20, "waivers.0.expires"),
        ("model: arrival_delay", "model: Arrival Delay", 1, "model"),
    ],
)
def test_a_value_that_cannot_be_is_shown_at_its_line(file: Path, old: str, new: str, line: int, path: str) -> None:
    """
    The path, the offending value, and the sentence that says what the field is for.
    """
    error = mistake(file, old, new)
    value = new.partition(": ")[2]

    assert error.where == f"{file}:{line}"
    assert error.what.startswith(f"'{path}' is ")
    assert value in error.what
    assert error.fix


@pytest.mark.parametrize(
    ("old", "line", "path"),
    [("  time: decided_at\n", 5, "decisions.time"), ("    on: carrier\n", 13, "features.1.on"), ("model: arrival_delay\n", 1, "model")],
)
def test_what_is_missing_is_told_where_it_belongs(file: Path, old: str, line: int, path: str) -> None:
    """
    A field that is not there has no line of its own: the error names that of the part that needs it.
    """
    error = mistake(file, old, "")

    assert (error.where, error.what) == (f"{file}:{line}", f"'{path}' is missing")
    assert error.fix.startswith("write it: ")


def test_a_model_without_features_is_refused(file: Path) -> None:
    """
    There is nothing to learn from, and the error says where features are written.
    """
    file.write_text(GOOD.partition("features:")[0])

    with pytest.raises(BadSpec, match="a model needs features"):
        load(file, ModelSpec)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [("model: [a\nlabel: b\n", 2, "not YAML"), ("a: 1\n\tb: 2\n", 2, "not YAML"), ("- a\n- b\n", 1, "list"), ("", 1, "'model' is missing")],
    ids=["bracket", "tab", "list", "empty"],
)
def test_what_is_no_spec_at_all_is_told_with_its_line(file: Path, text: str, line: int, what: str) -> None:
    """
    Broken YAML, a list, an empty file: each an error of ours, none a trace.
    """
    file.write_text(text)

    with pytest.raises(BadSpec) as error:
        load(file, ModelSpec)
    assert error.value.where == f"{file}:{line}"
    assert what in error.value.what


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    """
    A file that is not UTF-8 is told by its name.
    """
    file.write_bytes(b"model: \xff\xfe\n")

    with pytest.raises(BadSpec, match="not YAML"):
        load(file, ModelSpec)


def test_a_file_that_is_not_there_says_what_to_run(file: Path) -> None:
    """
    The fix is to write it, or the command that does.
    """
    with pytest.raises(BadSpec, match="no such file") as error:
        load(file, ModelSpec)
    assert "shipworthy init" in error.value.fix


def test_yaml_can_run_no_code(file: Path, tmp_path: Path) -> None:
    """
    A tag that would make an object of Python is refused, and nothing has run.
    """
    trace = tmp_path / "ran"
    file.write_text(f"state: !!python/object/apply:os.mkdir ['{trace}']\n")

    with pytest.raises(BadSpec, match="not YAML"):
        load(file, Settings)
    assert not trace.exists()


def test_an_empty_file_leaves_everything_at_its_default(tmp_path: Path) -> None:
    """
    A `shipworthy.yml` without a word is a project with its defaults; comments are no words.
    """
    (tmp_path / "shipworthy.yml").write_text("# nothing yet\n")

    assert load(tmp_path / "shipworthy.yml", Settings) == Settings()
