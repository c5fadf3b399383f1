"""Charts of several classes: which are taken for which, and how well each is told from the others."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.charting import Spec, axis
from shipworthy.evaluation.curves import confusion_spec, curve_points, curve_spec

Numbers = npt.NDArray[np.float64]
MOST_CURVES = 6


def class_charts(truth: Numbers, answers: Numbers, classes: Sequence[str]) -> dict[str, Spec]:
    """Return `confusion`, and `roc` and `precision_recall` of the commonest six classes, each against the rest.

    Args:
        truth: the code of the class that came true, shape (n,).
        answers: the probability of each class, shape (n, c).
        classes: their names, in the order of the codes.
    """
    counts = np.bincount(truth.astype(np.int64), minlength=len(classes))
    common = [int(code) for code in np.argsort(-counts, kind="stable")[:MOST_CURVES] if 0 < counts[code] < len(truth)]
    points: list[dict[str, str | float | None]] = [
        {"who": classes[code], **point} for code in common for point in curve_points((truth == code).astype(np.float64), answers[:, code])
    ]
    color = {"field": "who", "type": "nominal", "scale": {"domain": [classes[code] for code in common]}}
    return {
        "confusion": confusion(truth, answers, classes),
        "roc": curve_spec(
            "ROC of each class", "each against the rest; up and to the left is better", points, "false_alarms", "recall", color
        ),
        "precision_recall": curve_spec(
            "Precision and recall of each class", "each against the rest", points, "recall", "precision", color, order="acted"
        ),
    }


def confusion(truth: Numbers, answers: Numbers, classes: Sequence[str]) -> Spec:
    """Return how many rows of each class were taken for each; the most probable class is the one taken."""
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (truth.astype(np.int64), answers.argmax(axis=1)), 1)
    points = [
        {"truth": came, "answer": said, "rows": int(counts[row, column])}
        for row, came in enumerate(classes)
        for column, said in enumerate(classes)
    ]
    words = "rows by the class that came true and the most probable one"
    return confusion_spec(words, points, axis("answer", "nominal", "taken for"), axis("truth", "nominal", "came true"), "text")
