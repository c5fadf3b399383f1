"""Explains answers: what each feature of a row contributes to what the model says to it; nothing is logged."""

from collections.abc import Sequence

import msgspec
import numpy as np

from shipworthy.errors import BadRequest
from shipworthy.registry.encoding import encode_row
from shipworthy.registry.explaining.explained import Scale
from shipworthy.registry.explaining.explainer import Explainer
from shipworthy.registry.explaining.reasons import Reason, reasons, top_words
from shipworthy.registry.package import Package
from shipworthy.registry.reply import replies
from shipworthy.serving.forms import Row

MOST_ROWS = 20  # at once: an explanation takes as long as hundreds of predictions


class Explanation(msgspec.Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """Why the model answers a row as it does: `base` and the contributions of `reasons` add up to `total`, on `scale`.

    `class` is the class that is explained where there are several, `answer` its probability. On the scale `label` they are in the label's
    unit and `total` is what the model says; on `log-odds` they are those of the probability, on `log` logarithms, on `score` what a
    softmax makes probabilities from. `words` say the weightiest reasons.
    """

    entity: str
    answer: float
    scale: Scale
    base: float
    total: float
    words: list[str]
    reasons: list[Reason]
    class_: str | None = None


class Explanations(msgspec.Struct, frozen=True):
    """The explanations that a request asks for, in the order of its rows."""

    model: str
    version: int
    explanations: list[Explanation]


def explain(package: Package, explainer: Explainer | None, rows: Sequence[Row]) -> Explanations:
    """Return why `package` answers each of `rows`, which have every feature, as it does.

    Raises:
        BadRequest: more than 20 rows, or a version that was packaged without the rows it is compared with.
    """
    model, version = package.manifest.model, package.manifest.version
    if explainer is None:
        what = f"version {version} holds no rows to compare with, and its kind of model needs them"
        raise BadRequest(where=model, what=what, fix="train and promote it again")
    if len(rows) > MOST_ROWS:
        raise BadRequest(where="rows", what=f"{len(rows)} to explain, at most {MOST_ROWS} at once", fix="send fewer at a time")
    told = [_one(package, explainer, row) for row in rows]
    return Explanations(model, version, told)


def _one(package: Package, explainer: Explainer, row: Row) -> Explanation:
    matrix = np.array([encode_row(package.schema, row.inputs)])
    found, (said,) = explainer.explain(matrix), replies(package.schema, package.answers(matrix).tolist())
    why = reasons(package.schema, row.inputs, found.contributions[0], found.scale)
    base, total = float(found.bases[0]), float(found.answers[0])
    return Explanation(row.entity, said.answer, found.scale, base, total, top_words(why), why, said.class_)
