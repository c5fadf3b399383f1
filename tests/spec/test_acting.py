"""What a spec says of quantiles, costs and margins."""

from pathlib import Path

import pytest

from shipworthy.errors import ShipworthyError
from shipworthy.spec.evaluation import Evaluation
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec

SPEC = """\
model: delay
{BRIEF}
decisions: {relation: flights, entity: id, time: at, features: [distance]}
label: {relation: arrivals, column: minutes, known_at: arrived_at, horizon: 1 day}
evaluation: {SAID}
"""


def loaded(folder: Path, said: str, brief: str = "") -> Evaluation:
    file = folder / "model.yml"
    file.write_text(SPEC.replace("{SAID}", said).replace("{BRIEF}", brief))
    return load(file, ModelSpec).evaluation


def test_what_is_said_of_acting_is_read(tmp_path: Path) -> None:
    """
    Costs without those of being right are 0 there; a margin is a share or a number.
    """
    said = loaded(
        tmp_path, "{capacity: 0.1, costs: {false_positive: 5, false_negative: 100}, margin: {relative: 0.02}, slices: [distance]}"
    )

    assert said.costs is not None
    assert (said.costs.true_positive, said.costs.true_negative) == (0, 0)
    assert said.margin is not None
    assert said.margin.of(50) == 1
    assert (said.calibrate, said.capacity, said.slices) == ("none", 0.1, ["distance"])


@pytest.mark.parametrize(
    ("said", "brief", "words"),
    [
        ("{metric: pinball}", "", "needs 'quantile'"),
        ("{metric: mae, quantile: 0.9}", "", "no meaning beside 'metric: mae'"),
        ("{holdout: 7 days}", "brief: {target: {metric: pinball, at_most: 3}}", "write 'evaluation.quantile'"),
        ("{quantile: 1}", "", "less than 1"),
        ("{capacity: 0}", "", "greater than 0"),
        ("{costs: {false_positive: 5}}", "", "false_negative"),
        ("{costs: {false_positive: -1, false_negative: 3}}", "", "being wrong must cost more"),
        ("{margin: {relative: 0.1, absolute: 3}}", "", "either 'relative' or 'absolute'"),
        ("{margin: {}}", "", "either 'relative' or 'absolute'"),
        ("{calibrate: platt}", "", "isotonic"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, said: str, brief: str, words: str) -> None:
    """
    A quantile without its metric, a cost that rewards mistakes, a margin said twice: each is answered with what would do.
    """
    with pytest.raises(ShipworthyError, match=words):
        loaded(tmp_path, said, brief)
