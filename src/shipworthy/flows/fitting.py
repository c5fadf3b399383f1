"""Fits a model to its material: before the holdout to be judged, on all of it to be packaged."""

import pyarrow as pa

from shipworthy.flows import catalog as catalogs
from shipworthy.flows.candidates import learners_of
from shipworthy.flows.choosing import Chosen, choose
from shipworthy.flows.material import Material, aim_of, rows_of, schema_of
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.training.fitted import Fitted


def fitted_on(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, chosen: Chosen | None = None) -> tuple[Fitted, Schema]:
    """Return the model fitted to the rows before the holdout, with the input schema that these rows alone give.

    Learner and parameters are those of `chosen`; without it they are chosen here, from the same rows.
    """
    chosen = chosen or choose(spec, catalog, material)
    schema = schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit)))
    learner = learners_of(spec, own=material.code is not None)[chosen.learner]
    fitted = learner.fit(rows_of(schema, material), material.split, aim=aim_of(spec, material), said=chosen.parameters)
    return fitted, schema


def refitted(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, fitted: Fitted) -> tuple[Fitted, Schema]:
    """Return the same model learnt anew from every row, the holdout's too, with the schema of all of them."""
    schema = schema_of(spec, catalog, material, material.features)
    learner = learners_of(spec, own=material.code is not None)[fitted.learner]
    return learner.refit(rows_of(schema, material), fitted, aim=aim_of(spec, material)), schema
