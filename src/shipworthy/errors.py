"""Every error a user can meet: where, what, fix.

Made by named constructors, rendered only by the faces (stderr and an exit code, a page, one JSON
shape). A message shows the offending value and never a secret.
"""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMES_SHOWN = 10


class ShipworthyError(Exception):
    """Something could not be run. It says where, what is wrong, and how to mend it.

    >>> print(ShipworthyError(where="churn.yml:3", what="no owner", fix="write brief.owner"))
    churn.yml:3: no owner
      fix: write brief.owner
    """

    def __init__(self, *, where: str, what: str, fix: str) -> None:
        super().__init__(where, what, fix)
        self.where, self.what, self.fix = where, what, fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  fix: {self.fix}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (type(self), self.where, self.what, self.fix))

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Return the one JSON shape of an error."""
        return {"error": {"where": self.where, "what": self.what, "fix": self.fix}}


def _rebuilt(kind: type[ShipworthyError], where: str, what: str, fix: str) -> ShipworthyError:
    return kind(where=where, what=what, fix=fix)


class UnknownName(ShipworthyError):
    """A name that nothing answers to."""

    @classmethod
    def of(cls, kind: str, name: str, *, known: Iterable[str], where: str) -> "UnknownName":
        """Return the error for `name`, with the nearest known one.

        >>> print(UnknownName.of("column", "custmer_id", known=["customer_id", "plan"], where="churn.yml:14"))
        churn.yml:14: no column 'custmer_id'
          fix: did you mean 'customer_id'? Known: customer_id, plan
        """
        names = sorted(set(known))
        near = get_close_matches(name, names, n=1)
        guess = f"did you mean '{near[0]}'? " if near else ""
        shown = ", ".join(names[:MOST_NAMES_SHOWN]) or "none"
        more = f" and {len(names) - MOST_NAMES_SHOWN} more" if len(names) > MOST_NAMES_SHOWN else ""
        return cls(where=where, what=f"no {kind} '{name}'", fix=f"{guess}Known: {shown}{more}")


class BadSpec(ShipworthyError):
    """A YAML file of the project says something that cannot be so."""


class BadData(ShipworthyError):
    """Data that breaks what was said about it; carries the counter-example in words."""


class BadRequest(ShipworthyError):
    """A request to the service that cannot be answered; names the field and the reason."""


class BadArtifact(ShipworthyError):
    """A packaged model that is not what was packaged, or that nobody was told to trust."""


class StepFailed(ShipworthyError):
    """A step of a flow ended badly: a dbt node, a child process, a foreign power."""


class Disconnected(StepFailed):
    """A database or broker that could not be reached, or went away in the middle; what was not acknowledged comes again."""


class Busy(ShipworthyError):
    """Somebody else holds the lease."""


class Unauthorised(ShipworthyError):
    """Keys are set and the caller showed none, or one without the role."""


class NotLogged(ShipworthyError):
    """An answer that could not be written down, and so is not given."""


class NoFeatures(ShipworthyError):
    """Online features that cannot be looked up now: no answer is given rather than one from nothing."""
