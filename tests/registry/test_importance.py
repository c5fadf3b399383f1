"""What a packaged model looks at."""

from pathlib import Path

import pytest

from shipworthy.errors import BadArtifact
from shipworthy.registry.importance import importance

from ..conftest import MODEL, Shop


def test_the_shares_are_those_that_lightgbm_itself_counts(trained: Shop) -> None:
    """
    Read off the text, they are the gains of the library, of the whole.
    """
    import lightgbm  # noqa: PLC0415 — the library is only asked here

    folder = trained.project.artifacts / MODEL / "2"
    booster = lightgbm.Booster(model_file=str(folder / "model.txt"))
    gains = dict(zip(booster.feature_name(), booster.feature_importance("gain"), strict=True))

    assert importance(folder) == pytest.approx({name: gain / sum(gains.values()) for name, gain in gains.items()}, rel=1e-4)
    assert list(importance(folder)) == sorted(gains, key=lambda name: -gains[name])


@pytest.mark.parametrize("text", ["feature_names=a b\nsplit_feature=7\nsplit_gain=1\n", "feature_names=a\nsplit_feature=0\nsplit_gain=x\n"])
def test_what_is_no_model_is_said(text: str, tmp_path: Path) -> None:
    """
    A split on a feature that is not there, or a gain that is no number.
    """
    (tmp_path / "model.txt").write_text(text)

    with pytest.raises(BadArtifact, match="no model of LightGBM"):
        importance(tmp_path)


def test_a_package_without_a_model_is_said(tmp_path: Path) -> None:
    """
    It names the file that is missing.
    """
    with pytest.raises(BadArtifact, match=r"model\.txt"):
        importance(tmp_path)


def test_a_model_without_a_split_looks_at_nothing(tmp_path: Path) -> None:
    """
    Shares of 0, and no division by it.
    """
    (tmp_path / "model.txt").write_text("feature_names=a b\nsplit_feature=\nsplit_gain=\n")

    assert importance(tmp_path) == {"a": 0.0, "b": 0.0}
