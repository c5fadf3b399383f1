"""Parts of rows: cut honestly, told only where they are surely worse."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.evaluation.slices import declared, discovered
from shipworthy.evaluation.slicing import Part, parts_of

DAYS, EACH = 28, 150
N = DAYS * EACH
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(DAYS) * np.timedelta64(1, "D"), EACH)


def columns(rng: np.random.Generator, rows: int = N) -> list[Part]:
    """Return the parts of six columns: 34 of them."""
    made = {f"text_{number}": pa.chunked_array([rng.choice(list("abcdefgh"), rows)]) for number in range(3)}
    made |= {f"number_{number}": pa.chunked_array([rng.normal(size=rows)]) for number in range(2)}
    return [part for name, column in made.items() for part in parts_of(name, column, least=50)]


def losses(rng: np.random.Generator) -> np.ndarray:
    """Return losses of rows whose days have moods."""
    return rng.gamma(2, 3, N) * np.repeat(rng.uniform(0.7, 1.3, DAYS), EACH)


class TestParts:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            (["b", "a", "b", None], ["x = b", "x = a", "x has no value"]),
            ([1, 2, 2, 1], ["x = 1", "x = 2"]),
            ([0.5, None, 0.5, 2.0], ["x = 0.5", "x = 2", "x has no value"]),
            ([True, False, True, True], ["x = true", "x = false"]),
            (
                list(range(100)),
                ["x from 0 to 19.8", "x from 19.8 to 39.6", "x from 39.6 to 59.4", "x from 59.4 to 79.2", "x from 79.2 to 99"],
            ),
            ([datetime(2026, 1, 1)] * 3, []),
        ],
    )
    def test_each_kind_of_column_has_its_cuts(self, values: list, words: list[str]) -> None:
        """
        Few values are told one by one, the most frequent first; many numbers by ranges; times not at all.
        """
        parts = parts_of("x", pa.chunked_array([values]))

        assert [part.where for part in parts] == words
        assert not parts or sum(part.rows.sum() for part in parts) == len(values)

    def test_small_parts_are_left_out(self) -> None:
        """
        What has too few rows is no part.
        """
        assert [part.where for part in parts_of("x", pa.chunked_array([["a"] * 60 + ["b"] * 3]), least=50)] == ["x = a"]


class TestDiscovered:
    def test_a_bad_part_is_found_with_its_loss(self) -> None:
        """
        Where one of eight categories is off by half more, it is told, first, with what it costs there and elsewhere.
        """
        rng = np.random.default_rng(3)
        parts, lost = columns(rng), losses(rng)
        bad = next(part for part in parts if part.where == "text_1 = c")
        found = discovered(parts, np.where(bad.rows, lost * 1.5, lost), TIMES)

        assert [one.part.where for one in found] == ["text_1 = c"]
        assert found[0].loss / found[0].elsewhere == pytest.approx(1.5, abs=0.15)

    def test_clean_rows_hardly_ever_alarm(self) -> None:
        """
        Of sixty models that are equally good everywhere, at most five have a part that is said to be worse.
        """
        made = [np.random.default_rng(seed) for seed in range(60)]

        assert sum(bool(discovered(columns(rng), losses(rng), TIMES)) for rng in made) <= 5

    def test_the_same_rows_are_told_once(self) -> None:
        """
        Two columns that say the same name one part.
        """
        rng = np.random.default_rng(3)
        parts, lost = columns(rng), losses(rng)
        bad = next(part for part in parts if part.where == "text_1 = c")
        twin = Part("twin", "twin = c", bad.rows)

        assert len(discovered([*parts, twin], np.where(bad.rows, lost * 2, lost), TIMES)) == 1

    def test_a_part_of_few_rows_or_days_is_not_told(self) -> None:
        """
        Forty rows, or rows of four days, cannot be told from chance however bad they are; no loss at all is nothing to look at.
        """
        few = Part("x", "x = 1", np.arange(N) < 40)
        lost = np.where(few.rows, 100.0, 1.0)

        assert discovered([few], lost, TIMES) == []
        assert discovered([few], np.zeros(N), TIMES) == []
        assert discovered([Part("x", "x = 1", np.arange(N) % 2 == 0)], lost, TIMES[:1].repeat(N)) == []


class TestDeclared:
    def test_a_part_on_which_the_rule_is_better_is_surely_worse(self) -> None:
        """
        Of eight parts the one on which the model loses to the rule is told, and the others are not.
        """
        rng = np.random.default_rng(4)
        parts = [part for part in columns(rng) if part.column == "text_0"]
        own = losses(rng)
        rule = np.where(parts[2].rows, own * 0.8, own * 1.1) + rng.normal(0, 0.1, N)

        assert [one.worse for one in declared(parts, own, rule, TIMES)] == [place == 2 for place in range(len(parts))]

    def test_equal_parts_are_rarely_refused(self) -> None:
        """
        Of forty models that are as good as the rule on each of eight parts, at most four are refused for one.
        """
        refused = 0
        for seed in range(40):
            rng = np.random.default_rng(seed)
            parts = [part for part in columns(rng) if part.column == "text_0"]
            own = losses(rng)
            refused += any(one.worse for one in declared(parts, own, own + rng.normal(0, 2, N), TIMES))

        assert refused <= 4

    def test_what_cannot_be_told_is_said_to_be_unknown(self) -> None:
        """
        Too few rows, or no rule: the loss is told, and whether it is worse is not known.
        """
        part, empty = Part("x", "x = 1", np.arange(N) < 30), Part("x", "x = 2", np.zeros(N, np.bool_))
        own = losses(np.random.default_rng(5))

        [few] = declared([part, empty], own, own + 1, TIMES)
        [alone] = declared([part], own, None, TIMES)
        assert (few.rows, few.worse, alone.worse, alone.rule) == (30, None, None, None)
