"""Fits a model to its material: before the holdout to be judged, on all of it to be packaged."""

import pyarrow as pa

from shipworthy.families import members
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.material import Material, aim_of, rows_of, schema_of
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.training import learners
from shipworthy.training.fitted import Fitted
from shipworthy.training.learners.base import Learner


def fitted_on(spec: ModelSpec, catalog: catalogs.Catalog, material: Material) -> tuple[Fitted, Schema]:
    """Return the model fitted to the rows before the holdout, with the input schema that these rows alone give."""
    schema = schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit)))
    learner = members(learners, Learner)["lightgbm"]  # type: ignore[type-abstract]
    fitted = learner.fit(rows_of(schema, material), material.split, aim=aim_of(spec, material), said=spec.training.parameters)
    return fitted, schema


def refitted(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, fitted: Fitted) -> tuple[Fitted, Schema]:
    """Return the same model learnt anew from every row, the holdout's too, with the schema of all of them."""
    schema = schema_of(spec, catalog, material, material.features)
    learner = members(learners, Learner)[fitted.learner]  # type: ignore[type-abstract]
    return learner.refit(rows_of(schema, material), fitted, aim=aim_of(spec, material)), schema
