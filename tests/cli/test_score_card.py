"""`score-card` on the command line."""

import json
from collections.abc import Callable

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]


def test_it_shows_each_test_with_what_would_raise_it(promoted: Shop, command: Command) -> None:
    """
    28 lines of tests under four sections, the score first; without a bound it is sound.
    """
    said = command("score-card", "--project", promoted.root)

    assert said.code == 0
    assert said.out.startswith(f"{MODEL}  0  More of a research project")
    assert said.out.count("to raise it:") > 20


def test_a_bound_makes_the_exit_code(promoted: Shop, command: Command) -> None:
    """
    Below what is asked for it is 1; the data is the same.
    """
    said = command("score-card", MODEL, "--project", promoted.root, "--at-least", "3", "--json")
    (card,) = json.loads(said.out)

    assert said.code == 1
    assert len(card["scores"]) == 28
    assert card["final"] == min(card["sections"].values())
