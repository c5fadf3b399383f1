"""Whether to train again now."""

from shipworthy.families import members
from shipworthy.retraining import reasons as family
from shipworthy.retraining.reasons.base import Because, History, Reason

REASONS = members(family, Because)  # type: ignore[type-abstract]  # members are its subclasses


def due(history: History) -> list[Reason]:
    """Return every reason to train again that holds, none while the last training, whatever its outcome, is younger than `cool_down`.

    A model without a champion is not retrained: its first training is a person's decision.
    """
    if history.champion is None or cooling(history):
        return []
    held = [reason.holds(history) for reason in REASONS.values()]
    return [reason for reason in held if reason is not None]


def cooling(history: History) -> bool:
    """Return whether the last training is too young for another."""
    return history.last_training is not None and history.as_of - history.last_training < history.spec.cool_down
