"""What a packaged model looks at: the gain of each feature, read off the text of its trees."""

from collections.abc import Iterator
from pathlib import Path

from shipworthy.errors import BadArtifact
from shipworthy.registry.package import AGAIN

MODEL = "model.txt"


def importance(folder: Path) -> dict[str, float]:
    """Return the share of the whole gain that each feature of the package in `folder` brought, 0 to 1, the largest first.

    Nothing is loaded but text. A model that is not of trees of LightGBM has no gains: nothing. A model without a split has shares of 0.

    Raises:
        BadArtifact: the package has no model, or one of another kind.

    Source:
        Breiman, Friedman, Olshen and Stone (1984), section 5.3: the sum of the improvements at the splits on a variable.
    """
    file = folder / MODEL
    if not file.is_file():
        if any(folder.glob("model.*")):
            return {}
        raise BadArtifact(where=str(file), what="is missing", fix=AGAIN)
    lines = file.read_text(encoding="utf-8").splitlines()
    names = next((line.partition("=")[2].split() for line in lines if line.startswith("feature_names=")), [])
    gains = dict.fromkeys(names, 0.0)
    try:
        for place, gain in _splits(lines):
            gains[names[place]] += gain
    except (ValueError, IndexError) as error:
        raise BadArtifact(where=str(file), what=f"is no model of LightGBM: {error}", fix=AGAIN) from None
    whole = sum(gains.values()) or 1.0
    return {name: gain / whole for name, gain in sorted(gains.items(), key=lambda pair: (-pair[1], pair[0]))}


def _splits(lines: list[str]) -> Iterator[tuple[int, float]]:
    """Yield the feature and the gain of each split; a tree without one has empty lists."""
    features: list[str] = []
    for line in lines:
        kind, _, said = line.partition("=")
        if kind == "split_feature":
            features = said.split()
        elif kind == "split_gain":
            yield from ((int(feature), float(gain)) for feature, gain in zip(features, said.split(), strict=True))
