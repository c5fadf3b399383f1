"""`promote` and `rollback`: which version answers from now on; append-only, with who and why.

The logbook's line is the truth; the pointer file that the service watches follows it, and is mended by every
later flow if a crash came between the two.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read, write
from shipworthy.records import Deployment, ModelVersion, Verdict
from shipworthy.registry import pointer
from shipworthy.registry.gate import sound
from shipworthy.registry.package import load
from shipworthy.spec.project import Project, model


@dataclass(frozen=True, slots=True)
class Promotion:
    """What became of a promotion: `deployment` is None where a gate refused, and `red` says which."""

    version: ModelVersion
    deployment: Deployment | None
    red: tuple[Verdict, ...]


def promote(
    project: Project, book: Engine, name: str, number: int | None, *, who: str, why: str, at: datetime, approved: bool = True
) -> Promotion:
    """Let version `number` of the model `name` answer (the newest if None), if its gates are green or waived.

    `approved` says that a person stands behind it; a spec with `approval: person` refuses a promotion without.

    Raises:
        UnknownName: no such model or version.
        BadArtifact: its package is not what was packaged.
    """
    spec = model(project, name)
    version = _version(book, name, number)
    verdicts = [verdict for _, verdict in read.verdicts(book, subject=f"{name}@{version.version}")]
    red = [verdict for verdict in verdicts if verdict.outcome != "pass" and not verdict.waived_by]
    if spec.deployment.approval == "person" and not approved:
        red.append(
            Verdict(
                "approval",
                f"{name}@{version.version}",
                "unknown",
                "The spec asks for a person's word.",
                f"shipworthy promote {name} --version {version.version}",
            )
        )
    if red or not sound(verdicts):
        return Promotion(version, None, tuple(red))
    load(project.state / version.artifact, trust=trust_of(project))
    deployment = Deployment(name, version.version, at, "promote", who, why)
    if read.champion(book, name) != version.version:
        write.deployment(book, deployment)
    follow(project, book, name)
    return Promotion(version, deployment, ())


def rollback(project: Project, book: Engine, name: str, *, who: str, why: str, at: datetime, number: int | None = None) -> Deployment:
    """Let the version before today's (or version `number`, which must have answered before) answer again.

    Raises:
        ShipworthyError: there is nothing to go back to.
    """
    model(project, name)
    history = [line.version for line in read.deployments(book, name)]
    champion = history[-1] if history else None
    earlier = [version for version in dict.fromkeys(reversed(history)) if version not in (champion, None)]
    if number is not None and number not in earlier:
        raise UnknownName.of("earlier version", str(number), known=[str(version) for version in earlier], where=name)
    if not earlier:
        raise ShipworthyError(where=name, what="no version has answered before this one", fix="train and promote another version")
    target = number if number is not None else _before(history)
    load(project.state / _version(book, name, target).artifact, trust=trust_of(project))
    deployment = Deployment(name, target, at, "rollback", who, why)
    write.deployment(book, deployment)
    follow(project, book, name)
    return deployment


def _before(history: list[int | None]) -> int | None:
    """Return the version that answered before the last one began to; going back twice goes back two.

    >>> _before([1, 2]), _before([1, 2, 3, 2])
    (1, 1)
    """
    stack: list[int | None] = []
    for version in history:
        stack = stack[: stack.index(version) + 1] if version in stack else [*stack, version]
    return stack[-2] if len(stack) > 1 else next(version for version in reversed(history) if version != history[-1])


def follow(project: Project, book: Engine, name: str) -> None:
    """Point the service to the version that the logbook names, if it points elsewhere."""
    champion = read.champion(book, name)
    there = pointer.read(project.live, name)
    if champion is not None and (there is None or there.version != champion):
        pointer.write(project.live, name, champion)


def _version(book: Engine, name: str, number: int | None) -> ModelVersion:
    known = read.versions(book, name)
    found = known[-1] if known and number is None else read.version(book, name, number) if number is not None else None
    if found is None:
        raise UnknownName.of(
            "version", "newest" if number is None else str(number), known=[str(version.version) for version in known], where=name
        )
    return found
