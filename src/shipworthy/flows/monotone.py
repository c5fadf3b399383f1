"""Which features the answer must follow one way, as dbt's YAML declares it."""

from collections.abc import Mapping

from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.spec.model import ModelSpec

DIRECTIONS: Mapping[str, int] = {"increasing": 1, "decreasing": -1}


def monotone_of(spec: ModelSpec, catalog: catalogs.Catalog) -> dict[str, int]:
    """Return 1 or -1 for each feature of `spec` with which the answer must not fall, or not rise; none where `training.monotone` is false.

    Raises:
        UnknownName: a feature is said to be monotone in another way than increasing or decreasing.
    """
    if not spec.training.monotone:
        return {}
    said = catalogs.said_of_features(catalog, spec, "monotone")
    for name, way in said.items():
        if way not in DIRECTIONS:
            raise UnknownName.of("way to be monotone", str(way), known=DIRECTIONS, where=f"{name}: config.meta.shipworthy.monotone")
    return {name: DIRECTIONS[way] for name, way in said.items()}
