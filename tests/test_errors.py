"""Errors: where, what, fix; the same in another process, and in JSON."""

import json
import pickle

import pytest

from shipworthy import errors
from shipworthy.errors import ShipworthyError, UnknownName

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ShipworthyError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_says_where_what_and_fix(kind: type[ShipworthyError]) -> None:
    """
    All three are in what a person reads and in what a machine reads, and outlive the way to another process.
    """
    error = kind(where="churn.yml:3", what="no owner", fix="write brief.owner")
    travelled = pickle.loads(pickle.dumps(error))

    assert str(error) == "churn.yml:3: no owner\n  fix: write brief.owner"
    assert json.loads(json.dumps(error.as_dict())) == {"error": {"where": "churn.yml:3", "what": "no owner", "fix": "write brief.owner"}}
    assert (type(travelled), str(travelled)) == (kind, str(error))


def test_the_nearest_name_is_offered() -> None:
    """
    A slip of the finger is answered with the name that was meant.
    """
    error = UnknownName.of("model", "arival_delay", known=["arrival_delay", "churn"], where="ml")

    assert error.fix == "did you mean 'arrival_delay'? Known: arrival_delay, churn"


def test_a_name_that_is_like_none_gets_no_guess() -> None:
    """
    Where nothing is near, nothing is guessed; where nothing is known, that is said.
    """
    assert UnknownName.of("model", "zzz", known=["churn"], where="ml").fix == "Known: churn"
    assert UnknownName.of("model", "zzz", known=[], where="ml").fix == "Known: none"


def test_of_many_names_ten_are_shown() -> None:
    """
    A long list is cut, and says how much is left out; a name that is there twice counts once.
    """
    known = [f"column_{number:02}" for number in range(25)]
    fix = UnknownName.of("column", "x", known=known + known, where="churn.yml:14").fix

    assert fix == f"Known: {', '.join(known[:10])} and 15 more"
