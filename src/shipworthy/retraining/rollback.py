"""Whether the version before was better."""

from shipworthy.records import Interval, Verdict


def worse(model: str, version: int, previous: int, difference: Interval | None, *, rows: int, minimum_rows: int = 200) -> Verdict:
    """Return whether `version` is to be rolled back: "fail" where it is worse than `previous` beyond doubt.

    A version that is merely not better stays: going back and forth on noise serves nobody.

    Args:
        model: the model's name.
        version: the version that answers now.
        previous: the version that answered before.
        difference: of their realized losses on the same rows, `version` minus `previous`, in the metric's unit; lower is better.
        rows: matured predictions that both were measured on.
        minimum_rows: fewer are unknown.

    >>> worse("demand", 2, 1, Interval(0.4, 1.9), rows=5000).outcome, worse("demand", 2, 1, None, rows=0).outcome
    ('fail', 'unknown')
    """
    subject = f"{model}@{version}"
    if difference is None or rows < minimum_rows:
        words = f"version {version} cannot yet be compared with version {previous}: {rows:,} matured rows"
        return Verdict("rollback", subject, "unknown", words)
    apart = f"{difference.low:+.3g} to {difference.high:+.3g}"
    figures = f"its error lies {apart} from that of version {previous}, on the same {rows:,} matured rows"
    evidence = {"low": difference.low, "high": difference.high, "rows": rows, "previous": previous}
    if difference.low > 0:
        return Verdict("rollback", subject, "fail", f"version {version} is worse: {figures}", f"roll back to version {previous}", evidence)
    return Verdict("rollback", subject, "pass", f"version {version} is not worse beyond doubt: {figures}", evidence=evidence)
