"""The quick model that checks of training sets have fitted."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from shipworthy.checks.training_set.base.frame import Frame, Mask, Numbers
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import infer
from shipworthy.training.fitted import Rows
from shipworthy.training.quick import quick_answers


def learner(frame: Frame, fit: Mask, asked: Mask, features: Sequence[str] | None = None) -> Numbers:
    """Return the answers of a quick model for the rows `asked`: see `checks.training_set.base.frame.Learner`.

    Dates and times are left out: no model takes them, and a training refuses them in its own words.
    """
    named = list(frame.features) if features is None else list(features)
    chosen = [name for name in named if frame.features[name].kind not in ("date", "timestamp")]
    if not chosen:
        return np.full(int(asked.sum()), float(frame.label[fit].mean()))
    table = frame.rows.select(chosen)
    schema = infer(table.filter(pa.array(fit)), chosen, model=frame.model, task=frame.task, label="label")
    rows = Rows(encode(schema, table), frame.label, schema.names, schema.categorical)
    return quick_answers(rows, fit, asked, task=frame.task, seed=frame.seed)
