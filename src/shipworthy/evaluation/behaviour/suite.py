"""All cases of a model, tried one after the other."""

from collections.abc import Iterator, Mapping

from shipworthy.evaluation.behaviour.cases import directed, invariant, known, ordered
from shipworthy.evaluation.behaviour.embedding import Embed, alike
from shipworthy.evaluation.behaviour.ground import Ground
from shipworthy.evaluation.behaviour.made import made
from shipworthy.evaluation.behaviour.tried import Tried
from shipworthy.spec.behaviours import Behaviours


def on_answers(said: Behaviours, ground: Ground, monotone: Mapping[str, str], roles: Mapping[str, str]) -> Iterator[Tried]:
    """Yield what became of each case about answers: those written down first, then those that are made.

    Args:
        said: the cases.
        ground: rows, and how the model answers them.
        monotone: `increasing` or `decreasing`, by feature.
        roles: identifier, sensitive and others, by feature.

    Raises:
        UnknownName: a case names what is no feature.
        BadSpec: a condition or a value that cannot be.
    """
    yield from (invariant(ground.about(case), case) for case in said.invariance)
    yield from (directed(ground.about(case), case) for case in said.direction)
    yield from (known(ground.about(case), case) for case in said.known)
    yield from (ordered(ground.about(case), case) for case in said.order)
    if said.generate:
        yield from made(ground, monotone, roles)


def on_texts(said: Behaviours, embed: Embed, where: str) -> Iterator[Tried]:
    """Yield what became of each case about texts."""
    yield from (alike(embed, case, where=where) for case in said.similarity)
