"""Parameters: LightGBM's names, checked before the fit."""

import lightgbm
import pytest

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.training.parameters import ALSO_CALLED, DEFAULTS, KNOWN, parameters


def test_a_misspelt_parameter_names_the_nearest():
    """
    A parameter that nothing reads is refused with the nearest one: LightGBM itself would only warn.
    """
    with pytest.raises(UnknownName, match="no LightGBM parameter 'num_leafs'") as refusal:
        parameters({"num_leafs": 31}, task="regression", metric="mae", seed=1, where="model.yml")

    assert "did you mean 'num_leaves'?" in refusal.value.fix


@pytest.mark.parametrize("name", ["metric", "seed", "deterministic", "input_model", "data", "machines", "snapshot_freq"])
def test_what_would_undo_the_fit_cannot_be_said(name):
    """
    A spec can set neither what makes a fit repeatable nor what reads a file.
    """
    with pytest.raises(UnknownName):
        parameters({name: 1}, task="regression", metric="mae", seed=1, where="model.yml")


def test_one_parameter_under_two_names_is_refused():
    """
    Two names for one parameter leave open which one counts.
    """
    with pytest.raises(BadSpec, match="said twice"):
        parameters({"n_estimators": 5, "num_iterations": 6}, task="regression", metric="mae", seed=1, where="model.yml")


def test_a_metric_of_the_other_task_is_refused():
    """
    A probability has no mean absolute error in minutes; the refusal names the metrics that fit.
    """
    with pytest.raises(BadSpec, match="'mae' does not measure a binary model") as refusal:
        parameters({}, task="binary", metric="mae", seed=1, where="model.yml")

    assert "log_loss, brier" in refusal.value.fix


def test_an_objective_of_the_other_task_is_refused():
    """
    A regression is not fitted by a binary objective.
    """
    with pytest.raises(UnknownName, match="no objective for a regression model 'binary'"):
        parameters({"objective": "binary"}, task="regression", metric="mae", seed=1, where="model.yml")


def test_every_name_is_one_of_lightgbm():
    """
    Each parameter that we let through is known to the installed LightGBM, under the name that we give it.
    """
    aliases = lightgbm.basic._ConfigAliases._get_all_param_aliases()

    assert KNOWN | set(DEFAULTS) <= set(aliases)
    assert all(name in aliases[own] for name, own in ALSO_CALLED.items())
