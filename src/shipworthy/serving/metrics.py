"""What the service counts, in Prometheus' text format, in a registry of its own."""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from shipworthy.serving.answer import Answers
from shipworthy.serving.forms import Row

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        own = self.registry
        self._requests = Counter("shipworthy_requests", "Requests, by route and status.", ["route", "model", "status"], registry=own)
        self._seconds = Histogram("shipworthy_request_seconds", "Time to answer.", ["route", "model"], buckets=SECONDS, registry=own)
        self._rows = Counter("shipworthy_predictions", "Predictions answered.", ["model", "version"], registry=own)
        self._unseen = Counter(
            "shipworthy_unseen_values", "Category values that the model cannot tell apart.", ["model", "column"], registry=own
        )
        self._outside = Counter(
            "shipworthy_outside_values", "Numbers beyond what the model learnt from.", ["model", "column"], registry=own
        )
        self._lookups = Counter(
            "shipworthy_lookups", "Looks into the online store: found, or why not.", ["model", "relation", "result"], registry=own
        )
        self._outcomes = Counter("shipworthy_outcomes", "Outcomes accepted.", ["model"], registry=own)
        self._version = Gauge("shipworthy_model_version", "The version that answers.", ["model"], registry=own)
        self._trouble = Gauge("shipworthy_model_trouble", "1 where the promoted version could not be taken.", ["model"], registry=own)

    def answered(self, route: str, model: str, status: int, seconds: float) -> None:
        """Count one request; `model` is empty where it is none of ours, lest a stranger invent series."""
        self._requests.labels(route, model, str(status)).inc()
        self._seconds.labels(route, model).observe(seconds)

    def predicted(self, answers: Answers) -> None:
        """Count the rows of a request, and what in them the model had not met."""
        self._rows.labels(answers.model, str(answers.version)).inc(len(answers.predictions))
        for counter, names in (
            (self._unseen, (name for one in answers.predictions for name in one.unseen)),
            (self._outside, (name for one in answers.predictions for name in one.outside)),
        ):
            _count(counter, answers.model, names)

    def looked_up(self, model: str, rows: Sequence[Row]) -> None:
        """Count what was looked up for the rows of a request, by relation and what it came to."""
        looks = (found for row in rows for found in (row.lookups or {}).values())
        for (relation, result), times in Tally((found.relation, found.missing or "found") for found in looks).items():
            self._lookups.labels(model, relation, result).inc(times)

    def accepted(self, model: str, outcomes: int) -> None:
        """Count outcomes."""
        self._outcomes.labels(model).inc(outcomes)

    def live(self, versions: dict[str, int], trouble: Iterable[str]) -> None:
        """Set which version of each model answers, and which models could not take what was promoted."""
        self._version.clear()
        self._trouble.clear()
        for model, version in versions.items():
            self._version.labels(model).set(version)
            self._trouble.labels(model).set(0)
        for model in trouble:
            self._trouble.labels(model).set(1)

    def text(self) -> bytes:
        """Return all of it, as Prometheus reads it."""
        return generate_latest(self.registry)


def _count(counter: Counter, model: str, names: Iterable[str]) -> None:
    for name, times in Tally(names).items():
        counter.labels(model, name).inc(times)
