"""Lengths of time: read as a person writes them, written in the largest whole unit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shipworthy.spec.duration import Duration, duration, in_words


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1 day", timedelta(days=1)),
        ("4 weeks", timedelta(weeks=4)),
        ("90 minutes", timedelta(minutes=90)),
        ("1.5 hours", timedelta(minutes=90)),
        ("30seconds", timedelta(seconds=30)),
        ("  2  days ", timedelta(days=2)),
        (timedelta(hours=3), timedelta(hours=3)),
    ],
)
def test_a_length_is_read(text: object, length: timedelta) -> None:
    """
    A number and a unit, singular or plural, with or without a space.
    """
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "day", "3", 3, "0 days", "-1 day", "1 month", "1 day 2 hours", "1,5 hours", "one day", None])
def test_what_is_no_length_is_refused_with_its_text(text: object) -> None:
    """
    No unit, no number, nothing above zero, or a unit that has no fixed length.
    """
    with pytest.raises(ValueError, match="is not a length of time such as") as error:
        duration(text)
    assert repr(text) in str(error.value)


@given(st.timedeltas(timedelta(microseconds=1), timedelta(days=10_000)) | st.integers(1, 10_000_000).map(lambda n: timedelta(seconds=n)))
def test_words_are_read_back_as_the_same_length(length: timedelta) -> None:
    """
    What is written into a file is the length that was read from it.
    """
    assert duration(in_words(length)) == length


def test_a_field_of_a_spec_travels_as_words() -> None:
    """
    In JSON a length is its words, and comes back as itself.
    """
    kind = TypeAdapter(Duration)

    assert kind.dump_python(timedelta(days=14), mode="json") == "2 weeks"
    assert kind.validate_python("2 weeks") == timedelta(days=14)
