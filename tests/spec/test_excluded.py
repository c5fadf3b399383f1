"""Stretches of time that a spec leaves out of training."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shipworthy.errors import ShipworthyError
from shipworthy.records import Window
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.training import Excluded, Training

SPEC = """\
model: delay
decisions: {relation: flights, entity: id, time: at, features: [distance]}
label: {relation: arrivals, column: minutes, known_at: arrived_at, horizon: 1 day}
training:
  exclude:
    - {SAID}
"""


def loaded(folder: Path, said: str) -> ModelSpec:
    file = folder / "model.yml"
    file.write_text(SPEC.replace("{SAID}", said))
    return load(file, ModelSpec)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("{from: 2013-02-08, to: 2013-02-09, reason: a snow storm}", datetime(2013, 2, 8, tzinfo=UTC), datetime(2013, 2, 10, tzinfo=UTC)),
        (
            "{from: 2013-02-08T10:00:00+02:00, to: 2013-02-08 09:00:00, reason: a snow storm}",
            datetime(2013, 2, 8, 8, tzinfo=UTC),
            datetime(2013, 2, 8, 9, tzinfo=UTC),
        ),
    ],
)
def test_days_are_left_out_whole_and_moments_to_the_instant(tmp_path: Path, said: str, start: datetime, end: datetime) -> None:
    """
    The last day belongs to it, the last moment does not; without a zone both are in UTC.
    """
    (excluded,) = loaded(tmp_path, said).training.exclude

    assert excluded.window == Window(start, end)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{from: 2013-02-09, to: 2013-02-08, reason: a snow storm}", "ends (2013-02-08) before it begins (2013-02-09)"),
        ("{from: 2013-02-08, to: 2013-02-09}", "'training.exclude.0.reason' is missing"),
        ("{from: 2013-02-08, till: 2013-02-09, reason: a snow storm}", "Known: from, reason, to"),
        ("{from: last week, to: 2013-02-09, reason: a snow storm}", "'training.exclude.0.from"),
    ],
)
def test_a_mistake_is_answered_with_its_line(tmp_path: Path, said: str, words: str) -> None:
    """
    An end before the beginning, a reason that is missing, a key or a day that is none: each with the names that the file has.
    """
    with pytest.raises(ShipworthyError) as error:
        loaded(tmp_path, said)

    assert words in str(error.value)
    assert "model.yml:6" in str(error.value)


def test_it_is_written_as_it_is_read() -> None:
    """
    What is kept of a spec has the names that a person wrote.
    """
    said = Training(exclude=[Excluded.model_validate({"from": "2013-02-08", "to": "2013-02-09", "reason": "a snow storm"})])

    assert '"exclude":[{"from":"2013-02-08","to":"2013-02-09","reason":"a snow storm"}]' in said.model_dump_json()
