"""What is done with a model's answers, learnt from rows that it has not learnt from: their calibration, and the threshold."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.evaluation.calibration import calibration_of
from shipworthy.evaluation.threshold import indifference, threshold_of
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.fitting import refitted
from shipworthy.flows.material import Material
from shipworthy.registry.decision import AS_IT_IS, Decision
from shipworthy.registry.encoding import encode
from shipworthy.spec.model import ModelSpec
from shipworthy.training.fitted import Fitted

Numbers = npt.NDArray[np.float64]


def decision_of(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, fitted: Fitted) -> Decision:
    """Return how the answers of `fitted` are calibrated, and from which on to act; as they are where the spec asks for neither.

    The model is learnt again from `split.learn` alone, with the same parameters and as many steps, and asked about `split.tail`.
    The tail chose the number of steps, and nothing else; the holdout is not looked at. Where the tail knows one outcome only,
    the threshold is that of the costs alone.
    """
    said = spec.evaluation
    if material.rule_meaning is not None:
        return Decision(rule=tuple(tuple(line) for line in material.rule_meaning.tolist()))
    if material.task != "binary" or (said.calibrate == "none" and said.costs is None):
        return AS_IT_IS
    tail = material.split.tail
    truth, times, answers = material.target[tail], material.times[tail], _unseen(spec, catalog, material, fitted)
    together = None if material.split.together is None else material.split.together[tail]
    mended = calibration_of(said.calibrate, truth, answers, times, together=together)
    decision = Decision() if mended is None else Decision(mended.said, mended.means)
    if said.costs is None:
        return decision
    meant = decision.meaning(answers)
    threshold = threshold_of(said.costs, truth, meant, times, together=together, capacity=said.capacity)
    return replace(decision, threshold=indifference(said.costs) if threshold is None else threshold)


def _unseen(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, fitted: Fitted) -> Numbers:
    """Return what a model learnt from `split.learn` alone says to the rows of the tail."""
    learn = material.split.learn
    part = replace(material, features=material.features.filter(pa.array(learn)), target=material.target[learn])
    earlier, schema = refitted(spec, catalog, part, fitted)
    return earlier.answers(encode(schema, material.features.filter(pa.array(material.split.tail))))
