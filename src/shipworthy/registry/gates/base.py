"""What a gate is, and the candidate that it is shown."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from shipworthy.bounds import WORST_FIRST, Outcome
from shipworthy.records import Chapter, Interval, Promise, Verdict, Window
from shipworthy.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class AgainstChampion:
    """The candidate beside the champion on the same recent rows; lower is better.

    `difference` is candidate minus champion, paired by row; None where there are too few rows to tell.
    """

    metric: str
    window: Window
    rows: int
    value: float | None
    champion: float | None
    difference: Interval | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A packaged version and all that was found out about it.

    `descriptions` are those of the features, `foundations` those of what the model stands on besides: relations, label, keys.
    `champion` is the version that answers today, None if none does. `checks` are the verdicts on the
    relations that the model reads; a relation that nobody looked at is unknown. `training_data` are those on the
    training set, waivers laid on. `reproduction` is the largest difference between the fitted and the packaged model,
    in the unit of the label, `reproduction_bound` what its format allows. `studied` has what each study found out,
    by its name; a study that found nothing to ask is absent.
    """

    spec: ModelSpec
    version: int
    offline: Promise
    features: tuple[str, ...]
    descriptions: Mapping[str, str]
    foundations: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Verdict, ...] = ()
    training_data: tuple[Verdict, ...] = ()
    champion: int | None = None
    against_champion: AgainstChampion | None = None
    reproduction: float | None = None
    reproduction_bound: float = 0.0
    unit: str = ""
    studied: Mapping[str, Chapter] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The candidate's name: `model@version`."""
        return f"{self.spec.model}@{self.version}"


class Gate(ABC):
    """One question to a candidate. A member's docstring says what it fires on and what it is blind to.

    `passes`, `fails` and `unknown` are candidates that show it; `unknown` is None for a gate that can always tell.
    """

    passes: ClassVar[Candidate]
    fails: ClassVar[Candidate]
    unknown: ClassVar[Candidate | None]

    @property
    def name(self) -> str:
        """The gate's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict on `candidate`: pass, fail or unknown, in words, with the figures."""

    def verdict(
        self, candidate: Candidate, outcome: Outcome, words: str, fix: str = "", evidence: Mapping[str, Any] | None = None
    ) -> Verdict:
        """Return the gate's verdict; its words are a sentence, a red one's begin with what became of it."""
        begin = {"pass": "", "fail": "Refused: ", "unknown": "Unknown: "}[outcome]
        sentence = (words if begin else words[:1].upper() + words[1:]).rstrip(".") + "."
        return Verdict(self.name, candidate.subject, outcome, begin + sentence, "" if outcome == "pass" else fix, evidence or {})

    def of_study(self, candidate: Candidate, study: str, *, fix: str = "") -> Verdict:
        """Return the worst of what a study says of `candidate` as this gate's verdict; what nobody studied is unknown.

        A noted verdict stays noted: it passes, and is worth a look all the same.
        """
        chapter = candidate.studied.get(study)
        if chapter is None or not chapter.verdicts:
            words = f"nobody has looked: the study '{study.replace('_', ' ')}' has no verdict"
            return self.verdict(candidate, "unknown", words, "train again, so that it is studied")
        said = min(chapter.verdicts, key=lambda one: (WORST_FIRST.index(one.outcome), not one.noted))
        return self.verdict(candidate, said.outcome, said.words, said.fix or fix, said.evidence)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks say of some relations: `failed` verdicts, `untold` relations that no check could speak for."""

    failed: list[Verdict] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


def looked_at(candidate: Candidate, relations: list[str], names: frozenset[str]) -> Looked:
    """Return what the checks called one of `names` say of each of `relations`; one without a passed check is untold."""
    of_relation = {relation: [check for check in candidate.checks if _about(check, relation, names)] for relation in relations}
    failed = [check for checks in of_relation.values() for check in checks if check.outcome == "fail"]
    untold = [relation for relation, checks in of_relation.items() if not checks or any(check.outcome == "unknown" for check in checks)]
    return Looked(failed, untold)


def _about(check: Verdict, relation: str, names: frozenset[str]) -> bool:
    return check.name in names and check.subject.partition(".")[0] == relation


def studied(study: str, outcome: Outcome, words: str, evidence: Mapping[str, Any]) -> Chapter:
    """Return a chapter of a study with one verdict, to show a gate."""
    fix = "" if outcome == "pass" else "mend it"
    return Chapter(study, study.title(), (words,), verdicts=(Verdict(study, "arrival_delay@4", outcome, words, fix, evidence),))


_SPEC = {
    "model": "arrival_delay",
    "brief": {
        "goal": "Tell passengers when they will really arrive",
        "decision": "shown in the app when the aircraft leaves the gate",
        "owner": "data@example.org",
        "business_metric": {"relation": "kpi_daily", "column": "support_contacts", "better": "lower"},
        "target": {"metric": "mae", "at_most": 12},
    },
    "decisions": {"relation": "flights", "entity": "flight_id", "time": "left_at"},
    "label": {"relation": "arrivals", "column": "delay_minutes", "known_at": "arrived_at", "horizon": "1 day"},
    "features": [{"relation": "weather", "on": "origin"}],
    "baseline": {"sql": "departure_delay", "words": "arrival delay = departure delay"},
}
_MAY = Window(datetime(2013, 5, 1, tzinfo=UTC), datetime(2013, 5, 29, tzinfo=UTC))
EXAMPLE = Candidate(
    spec=ModelSpec.model_validate(_SPEC),
    version=4,
    offline=Promise(
        "arrival_delay",
        4,
        "offline",
        "mae",
        _MAY,
        27345,
        11.9,
        Interval(11.4, 12.4),
        13.8,
        Interval(-2.3, -1.5),
        datetime(2013, 5, 30, tzinfo=UTC),
    ),
    features=("departure_delay", "wind_speed"),
    descriptions={"departure_delay": "Minutes behind schedule at the gate", "wind_speed": "Wind at the origin, last observed"},
    foundations={
        "flights": "One row for each flight",
        "flights.flight_id": "The flight",
        "arrivals.delay_minutes": "Arrival after schedule",
    },
    checks=tuple(
        Verdict(name, relation, "pass", "sound") for name in ("grain", "future_values") for relation in ("flights", "arrivals", "weather")
    ),
    training_data=(Verdict("imbalance", "arrival_delay", "pass", "arrival_delay: nothing of its kind to look at"),),
    champion=3,
    against_champion=AgainstChampion("mae", _MAY, 27345, 11.9, 12.3, Interval(-0.7, -0.1)),
    reproduction=0.0,
    unit="minutes",
    studied={
        name: studied(name, "pass", "nothing is wrong", {"rows": 1000})
        for name in ("behaviour", "explanation", "fairness", "robustness", "shortcut", "slices", "threshold")
    },
)


def with_study(study: str, outcome: Outcome, words: str, evidence: Mapping[str, Any]) -> Candidate:
    """Return the example with another verdict of one study, to show a gate."""
    return replace(EXAMPLE, studied={**EXAMPLE.studied, study: studied(study, outcome, words, evidence)})


def without_study(study: str) -> Candidate:
    """Return the example as nobody has studied it, to show a gate."""
    return replace(EXAMPLE, studied={name: chapter for name, chapter in EXAMPLE.studied.items() if name != study})
