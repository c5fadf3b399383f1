"""The frame that every chart of an evaluation stands in: title, size, axes, figures cut short."""

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Spec = dict[str, Any]

WIDE, HIGH = 520, 260


def chart(title: str, subtitle: str, values: list[dict[str, Any]], mark: str | Spec, encoding: Spec, high: int | None = HIGH) -> Spec:
    """Return a chart of `values`: with a title, and a sentence below it that says how to read it."""
    size = {"width": WIDE, "height": high} if high else {"width": WIDE}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": title,
        "title": {"text": title, "subtitle": subtitle},
        **size,
        "data": {"values": values},
        "mark": mark,
        "encoding": encoding,
    }


def axis(field: str, kind: str, title: str | None, *, zero: bool = True) -> Spec:
    """Return an axis; `zero` says whether it begins there."""
    scale = {} if zero or kind != "quantitative" else {"scale": {"zero": False}}
    return {"field": field, "type": kind, "title": title, **scale}


def edges_of(values: Numbers, bins: int) -> Numbers:
    """Return the edges of `bins` equal bins between the 1st and 99th hundredth of `values`."""
    low, high = np.quantile(values, [0.01, 0.99])
    reach = (high - low) or 1.0
    edges: Numbers = np.linspace(low, low + reach, bins + 1)
    return edges


def shares_of(values: Numbers, edges: Numbers) -> Numbers:
    """Return the share of `values` in each bin; what lies beyond the edges falls in the outermost."""
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    return counts / max(1, len(values))


def short(value: float | None) -> float | None:
    """Return `value` to six figures; None where it is not known."""
    return float(f"{value:.6g}") if value is not None and np.isfinite(value) else None
