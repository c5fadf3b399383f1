"""The learners that a spec names as candidates."""

from shipworthy.errors import UnknownName
from shipworthy.families import members
from shipworthy.spec.model import ModelSpec
from shipworthy.training import learners
from shipworthy.training.learners.base import Learner

USUAL = ("constant", "linear", "lightgbm")
OWN = "custom"


def learners_of(spec: ModelSpec, *, own: bool) -> dict[str, Learner]:
    """Return the learners of `training.candidates` by name, the simplest first; the usual ones where it names none.

    Args:
        spec: of the model.
        own: whether the team brings its own `train.py`: then it is among the usual ones.

    Raises:
        UnknownName: a candidate, or a group of parameters, is named after no learner; with the nearest.
    """
    known, where = members(learners, Learner), f"ml/{spec.model}/model.yml: training"  # type: ignore[type-abstract]
    grouped = [name for name, value in spec.training.parameters.items() if isinstance(value, dict)]
    chosen = spec.training.candidates or [*USUAL, *([OWN] if own else [])]
    for name, place in [*((one, "candidates") for one in chosen), *((one, "parameters") for one in grouped)]:
        if name not in known:
            raise UnknownName.of("learner", name, known=known, where=f"{where}.{place}")
    named = {name: known[name] for name in chosen}
    return dict(sorted(named.items(), key=lambda one: one[1].complexity))
